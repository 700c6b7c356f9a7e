//! A small bank and policies over it, as the JSON that the compiler would write.

use bpol_engine::{History, Policy};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const NOW: &str = "2026-11-24T10:00:00Z";

/// Accounts and payees of the fixture.
pub(crate) const GROCERIES: &str = "NL20INGB0001234567";
pub(crate) const SAVINGS: &str = "NL91ABNA0417164300";
pub(crate) const EXTERNAL: &str = "DE89370400440532013000";
pub(crate) const LANDLORD: &str = "GB29NWBK60161331926819";
pub(crate) const SHOP: &str = "NO9386011117947";
pub(crate) const STRANGER: &str = "AT611904300234573201";

const OPERATIONS: [&str; 12] = [
    "open session",
    "read account",
    "read transaction",
    "create payment",
    "create payment-batch",
    "create scheduled-payment",
    "unfreeze card",
    "create webhook",
    "approve card-challenge",
    "read health",
    "cancel request",
    "read card-challenge",
];

/// The document without keys.
pub(crate) fn document() -> Value {
    json!({
        "bpol": 1,
        "bank": {"name": "bunq", "catalogue": "0000000000000000000000000000000000000000000000000000000000000000"},
        "timezone": "Europe/Amsterdam",
        "requires": [],
        "methods": ["transfer", "card", "ideal"],
        "kinds": [
            {"word": "bank", "own": true}, {"word": "joint", "own": true}, {"word": "savings", "own": true},
            {"word": "external", "own": false}, {"word": "card", "own": true}, {"word": "shared", "own": false}
        ],
        "operations": [
            {"action": "open", "resource": "session", "tier": "base", "dimensions": ["fields"],
             "fields": ["name", "kind"], "extra_fields": ["email"]},
            {"action": "read", "resource": "account", "tier": "read", "dimensions": ["account", "fields"],
             "fields": ["name", "iban", "kind", "balance"], "extra_fields": ["email"]},
            {"action": "read", "resource": "transaction", "tier": "read",
             "dimensions": ["account", "payee", "amount", "method", "record", "fields"],
             "fields": ["amount", "date", "counterparty", "text"], "extra_fields": ["balance", "email"]},
            {"action": "create", "resource": "payment", "tier": "spend",
             "dimensions": ["account", "payee", "amount", "method"]},
            {"action": "create", "resource": "payment-batch", "tier": "spend",
             "dimensions": ["account", "payee", "amount", "method"], "parts": ["payee", "amount"]},
            {"action": "create", "resource": "scheduled-payment", "tier": "spend",
             "dimensions": ["account", "payee", "amount", "method", "repeat"], "parts": ["payee", "amount"]},
            {"action": "unfreeze", "resource": "card", "tier": "control", "dimensions": ["account"]},
            {"action": "create", "resource": "webhook", "tier": "control", "dimensions": ["account", "url"],
             "parts": ["account", "url"]},
            {"action": "approve", "resource": "card-challenge", "tier": "spend",
             "dimensions": ["account", "payee", "amount", "method"], "untold": ["account", "payee", "amount"]},
            {"action": "read", "resource": "health", "tier": "base"},
            {"action": "cancel", "resource": "request", "tier": "write", "dimensions": ["account", "record"]},
            {"action": "read", "resource": "card-challenge", "tier": "read",
             "dimensions": ["account", "fields"], "untold": ["account"], "fields": ["amount"]}
        ],
        "views": [{"action": "read", "resource": "balance", "operation": 1}],
        "accounts": [
            {"name": "Groceries", "iban": GROCERIES, "id": 42, "kind": "joint"},
            {"name": "Savings", "iban": SAVINGS, "kind": "savings"},
            {"name": "Wallet", "id": 7, "kind": "bank"},
            {"name": "Elsewhere", "iban": EXTERNAL, "kind": "external"}
        ],
        "payees": [
            {"name": "landlord", "ibans": [LANDLORD]},
            {"name": "shops", "ibans": ["CH9300762011623852957", LANDLORD, SHOP]}
        ],
        "networks": [{"name": "office", "blocks": ["203.0.113.0/24", "2001:db8::/48"]}],
        "limits": [], "scopes": [], "counters": [], "keys": [], "guardrails": [], "routes": [], "dropped": []
    })
}

/// The number of an operation.
pub(crate) fn op(words: &str) -> usize {
    OPERATIONS.iter().position(|known| *known == words).unwrap()
}

/// A rule `ID EFFECT OPERATION, OPERATION` with `when` clauses and, in `more`, anything else.
pub(crate) fn rule(head: &str, when: Value, more: Value) -> Value {
    let (id, rest) = head.split_once(' ').unwrap();
    let (effect, operations) = rest.split_once(' ').unwrap();
    let mut operations: Vec<usize> = operations.split(", ").map(op).collect();
    operations.sort_unstable();
    let mut rule = json!({
        "id": id, "effect": effect, "operations": operations, "when": when,
        "place": {"file": "a.bpol", "line": 1, "column": 1}, "text": ""
    });
    for (name, value) in more.as_object().unwrap() {
        rule[name] = value.clone();
    }
    rule
}

/// The fixture's document with a key `k` of these rules, a key `other` without, and `more` in place of its tables.
pub(crate) fn with(rules: Vec<Value>, more: Value) -> Value {
    let mut document = document();
    document["keys"] = json!([{"name": "k", "rules": rules}, {"name": "other", "rules": []}]);
    for (name, value) in more.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

pub(crate) fn load(document: &Value) -> Policy {
    match Policy::load(document.to_string().as_bytes()) {
        Ok(policy) => policy,
        Err(fault) => panic!("{fault}"),
    }
}

/// A policy of one key `k`.
pub(crate) fn policy(rules: Vec<Value>) -> Policy {
    load(&with(rules, json!({})))
}

/// A policy whose key `k` has one rule over one operation.
pub(crate) fn one(head: &str, when: Value) -> Policy {
    policy(vec![rule(head, when, json!({}))])
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A request of key `k`: `ACTION RESOURCE` and facts.
pub(crate) fn request(words: &str, facts: Value) -> String {
    let (action, resource) = words.split_once(' ').unwrap();
    let mut request = json!({"key": "k", "action": action, "resource": resource});
    for (name, value) in facts.as_object().unwrap() {
        request[name] = value.clone();
    }
    request.to_string()
}

/// The decision in short: `allow rule k#1`, then `each` and the fields where there are some.
pub(crate) fn say_after(policy: &Policy, words: &str, facts: Value, past: &History) -> String {
    let report = policy.answer(&request(words, facts), past, now());
    let json = serde_json::to_value(&report).unwrap();
    let word = |name: &str| json[name].as_str().unwrap().to_owned();
    let mut said = vec![word("decision"), word("reason")];
    if !report.by.is_empty() {
        said.push(report.by.join("+"));
    }
    if report.each {
        said.push("each".to_owned());
    }
    if let Some(fields) = &report.fields {
        said.push(format!("({})", fields.join(" ")));
    }
    said.join(" ")
}

pub(crate) fn say(policy: &Policy, words: &str, facts: Value) -> String {
    say_after(policy, words, facts, &History::new())
}

#[track_caller]
pub(crate) fn check(policy: &Policy, words: &str, facts: Value, said: &str) {
    assert_eq!(say(policy, words, facts.clone()), said, "{words} {facts}");
}

/// A history of entries, each a request of a key with its time.
pub(crate) fn history(policy: &Policy, entries: &[(&str, &str, Value)]) -> History {
    let mut history = History::new();
    for (time, words, facts) in entries {
        let mut entry: Value = serde_json::from_str(&request(words, facts.clone())).unwrap();
        entry["time"] = json!(time);
        history.extend(policy.read_entry(&entry.to_string()).unwrap());
    }
    history
}
