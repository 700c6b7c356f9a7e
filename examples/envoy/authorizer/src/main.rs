//! Answers Envoy's ext_authz by a compiled policy: `bpol-authorizer POLICY COUNTERS ADDRESS [--new-counters]`.
//!
//! Whatever goes wrong here is a call that is not forwarded: Envoy refuses when it hears nothing (`failure_mode_allow: false`).

mod answer;
mod call;
mod gate;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use envoy_types::ext_authz::v3::pb::{Authorization, AuthorizationServer, CheckRequest, CheckResponse};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use gate::{Gate, Verdict};

const USAGE: &str = "say: bpol-authorizer POLICY COUNTERS ADDRESS [--new-counters]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bpol-authorizer: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (policy, counters, address, new) = match arguments.as_slice() {
        [policy, counters, address] => (policy, counters, address, false),
        [policy, counters, address, flag] if flag == "--new-counters" => (policy, counters, address, true),
        _ => return Err(USAGE.into()),
    };
    let gate = Arc::new(Gate::open(policy, counters, new, Timestamp::now())?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|fault| format!("{address}: {fault}"))?;
        say(&format!("listening on {}", listener.local_addr()?));
        let service = AuthorizationServer::new(Authorizer(gate));
        let incoming = TcpListenerStream::new(listener);
        Ok(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming).await?)
    })
}

/// One line of the log, written at once. A log that cannot be written stops no call that is allowed and lets none through.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

struct Authorizer(Arc<Gate>);

#[tonic::async_trait]
impl Authorization for Authorizer {
    async fn check(&self, request: Request<CheckRequest>) -> Result<Response<CheckResponse>, Status> {
        let gate = Arc::clone(&self.0);
        // The store waits for the disk before it says that something is reserved.
        let judged = tokio::task::spawn_blocking(move || {
            let (id, verdict) = match call::read(request.into_inner()) {
                Ok(call) => (call.id.clone(), gate.judge(&call, Timestamp::now())),
                Err(fault) => (String::new(), Verdict::refuse(400, fault.to_owned(), fault.to_owned())),
            };
            say(&verdict.log);
            answer::write(&id, &verdict)
        });
        judged.await.map(Response::new).map_err(|fault| Status::internal(fault.to_string()))
    }
}
