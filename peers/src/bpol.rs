//! bpol: its compiler and its engine.

use bpol_engine::ir::Effect;
use bpol_engine::{Past, Policy, Start, Tally};
use bpolc::{Checked, Input};
use jiff::Timestamp;
use serde_json::json;

use crate::clients::{self, Request, SPENT, TEAM};

/// Checks a policy and says how many keys it has.
pub(crate) fn check(text: &str) -> usize {
    checked(text).policy.keys.len()
}

fn checked(text: &str) -> Checked {
    let input = Input { path: "clients.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], "".into(), &|_| Err("nothing is imported".to_owned()));
    assert_eq!(checked.diagnostics, []);
    checked
}

/// What every key has spent.
struct Spent;

impl Past for Spent {
    fn spent(&self, _: &Tally<'_>, _: Start) -> Option<i128> {
        Some(SPENT.into())
    }

    fn count(&self, _: &Tally<'_>, _: Start) -> u64 {
        0
    }
}

/// A loaded policy and requests that were read.
pub(crate) struct Loaded {
    policy: Policy,
    requests: Vec<bpol_engine::Request<'static>>,
    now: Timestamp,
}

impl Loaded {
    pub(crate) fn new(text: &str, requests: &[Request]) -> Self {
        let ir = bpolc::compile(&checked(text)).expect("it has no errors");
        let policy = Policy::load(&serde_json::to_vec(&ir).expect("it is plain data")).expect("it is a policy");
        // Requests borrow their texts, which live as long as the program.
        let text = |request| -> &'static str { json(request).leak() };
        let requests =
            requests.iter().map(|request| policy.read_request(text(request)).expect("it is sound")).collect();
        Self { policy, requests, now: "2026-11-24T10:00:00Z".parse().expect("it is an instant") }
    }

    pub(crate) fn allows(&self, at: usize) -> bool {
        self.policy.decide(&self.requests[at], &Spent, self.now).effect() == Effect::Allow
    }
}

fn json(request: &Request) -> String {
    let key = format!("key {}", request.key);
    let account = json!({ "iban": clients::iban("BUNQ", request.key / TEAM) });
    let value = if request.pays {
        let value = format!("{}.{:02}", request.cents / 100, request.cents % 100);
        json!({
            "key": key, "action": "create", "resource": "payment", "account": account, "ip": request.ip,
            "payee": { "iban": clients::payee(request.payee) }, "amount": { "value": value, "currency": "EUR" },
        })
    } else {
        json!({ "key": key, "action": "read", "resource": "transaction", "account": account, "ip": request.ip })
    };
    value.to_string()
}
