//! A policy with a cap per day and one per 24 hours, and a payment under them.

use bpol_engine::{Policy, Start};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub(crate) const NOW: &str = "2026-11-24T10:00:00Z";

pub(crate) const PAYMENT: &str = r#"{"key":"k","action":"create","resource":"payment","amount":{"value":"0.01","currency":"EUR"},"payee":{"iban":"NL91ABNA0417164300"}}"#;

type Begin = fn(Timestamp) -> Start;

/// The counters, and where their windows begin.
pub(crate) const COUNTERS: [(&str, Begin); 2] = [
    ("c-day", |now| Start::From(now - SignedDuration::from_hours(11))),
    ("c-24h", |now| Start::After(now - SignedDuration::from_hours(24))),
];

pub(crate) fn policy() -> Policy {
    let cap = |number: usize| json!({"up-to": [{"value": "99999999999999.00", "currency": "EUR", "counter": number}]});
    let counter = |id: &str, period: Value| json!({"id": id, "scopes": [0], "each_key": false, "period": period, "counting": {"money": "EUR"}});
    let document = json!({
        "bpol": 1, "bank": {"name": "bunq", "catalogue": "00"}, "timezone": "Europe/Amsterdam", "requires": ["counters"],
        "methods": [], "kinds": [{"word": "bank", "own": true}],
        "operations": [
            {"action": "create", "resource": "payment", "tier": "spend", "dimensions": ["account", "amount", "payee"]}
        ],
        "views": [], "accounts": [], "payees": [], "networks": [], "limits": [],
        "scopes": [{"key": "k", "operations": [0]}],
        "counters": [counter("c-day", json!("day")), counter("c-24h", json!({"rolling": 86_400}))],
        "keys": [{"name": "k", "rules": [{
            "id": "k#1", "effect": "allow", "operations": [0], "when": [cap(0), cap(1)],
            "place": {"file": "a.bpol", "line": 1, "column": 1}, "text": ""
        }]}],
        "guardrails": [], "routes": [], "dropped": []
    });
    Policy::load(document.to_string().as_bytes()).expect("the policy loads")
}
