//! The language server for bpol: findings while one types. Speaks the Language Server Protocol on standard input and
//! output; `bpolc lsp` starts it too.

mod asked;
mod client;
mod colours;
mod disk;
mod fault;
mod findings;
mod handlers;
mod located;
mod path;
mod plain;
mod position;
mod progress;
mod server;
mod settings;
mod state;
#[cfg(test)]
mod tests;
mod worker;

use std::process::ExitCode;

/// Many small pieces are made and dropped at each keystroke.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use lsp_server::Connection;

fn main() -> ExitCode {
    if let Some(argument) = std::env::args().nth(1).filter(|argument| argument != "--stdio") {
        return about(&argument);
    }
    let (connection, threads) = Connection::stdio();
    let ended = server::run(&connection);
    // The writing thread ends when nobody can send any more.
    drop(connection);
    let joined = threads.join();
    match (ended, joined) {
        (Ok(server::End::AfterShutdown), Ok(())) => ExitCode::SUCCESS,
        (Ok(server::End::Abrupt), Ok(())) => ExitCode::FAILURE,
        (Err(error), _) => {
            eprintln!("bpol-lsp: {error}");
            ExitCode::FAILURE
        }
        (_, Err(error)) => {
            eprintln!("bpol-lsp: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Editors pass nothing, or say that they speak over standard input and output; people ask what this is.
fn about(argument: &str) -> ExitCode {
    match argument {
        "--version" | "-V" => println!("bpol-lsp {}", env!("CARGO_PKG_VERSION")),
        "--help" | "-h" => println!("bpol-lsp: the language server for bpol, to be started by an editor"),
        _ => {
            eprintln!("bpol-lsp: `{argument}` is not known; it takes no arguments and is started by an editor");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
