//! Says what a call is and what is decided on it:
//! `cargo run -p bpol-engine --example call -- policy.json KEY METHOD TARGET [BODY]`.

use std::error::Error;

use bpol_engine::{History, Policy};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, key, method, target, body @ ..] = arguments.as_slice() else {
        return Err("say: policy.json KEY METHOD TARGET [BODY]".into());
    };
    let policy = Policy::load(&std::fs::read(policy)?)?;
    let body = body.first().map(String::as_str).unwrap_or_default();
    let headers: &[(&str, &[u8])] = if body.is_empty() { &[] } else { &[("content-type", b"application/json")] };
    let routed = match policy.route(method, target, headers, body.as_bytes()) {
        Ok(routed) => routed.for_key(key).at(jiff::Timestamp::UNIX_EPOCH),
        Err(refusal) => {
            println!("refused: {refusal}");
            return Ok(());
        }
    };
    let report = policy.report(routed.request(), &History::new(), jiff::Timestamp::UNIX_EPOCH);
    println!("{} {}: {}", routed.action(), routed.resource(), serde_json::to_string(&report)?);
    for look_up in routed.look_ups() {
        println!("not known yet: {look_up:?}");
    }
    Ok(())
}
