//! Whole calls: routed strictly, or refused with the reason; answers cut by the decision.

use std::sync::OnceLock;

use bpol_engine::http::{Refusal, Routed};
use bpol_engine::{History, Policy};
use jiff::Timestamp;

mod body;
mod facts;
mod filter;
mod headers;
mod never;
mod path;
mod query;
mod routed;

const ACCOUNT: &str = "/v1/user/1/monetary-account/42";
const PAYMENTS: &str = "/v1/user/1/monetary-account/42/payment";
const JSON: &[(&str, &[u8])] = &[("Content-Type", b"application/json")];

/// The policy `tests/data/gateway.bpol`, compiled.
fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| Policy::load(include_bytes!("../data/gateway.json")).unwrap())
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn route<'c>(method: &str, target: &'c str, body: &'c str) -> Result<Routed<'static, 'c>, Refusal> {
    policy().route(method, target, if body.is_empty() { &[] } else { JSON }, body.as_bytes())
}

/// What a call is: its operation, or the name of the refusal and its place.
fn outcome(routed: Result<Routed<'_, '_>, Refusal>) -> String {
    match routed {
        Ok(routed) => format!("{} {}", routed.action(), routed.resource()),
        Err(refusal) => format!("{} at {}", refusal.name(), refusal.place),
    }
}

/// Checks one call. `expected` is an operation, or `NAME at PLACE`.
#[track_caller]
fn check(method: &str, target: &str, body: &str, expected: &str) {
    assert_eq!(outcome(route(method, target, body)), expected, "{method} {target} {body}");
}

/// What a key's call is decided as.
fn decided(routed: &Routed<'_, '_>) -> String {
    let decision = policy().decide(routed.request(), &History::new(), now());
    format!("{:?}", decision.effect()).to_lowercase()
}
