//! The full decision: its JSON, what to reserve, and what came closest.

use bpol_engine::{History, Policy};
use serde_json::{Value, json};

use crate::fixture::*;

const PAY: &str = "create payment";

fn eur(value: &str) -> Value {
    json!({"amount": {"value": value, "currency": "EUR"}})
}

fn household() -> Policy {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY), op("create payment-batch")], "when": [{"on": [{"account": 0}]}]}],
        "counters": [
            {"id": "c-month", "scopes": [0], "period": "month", "counting": {"money": "EUR"}},
            {"id": "c-times", "scopes": [0], "period": {"rolling": 86_400}, "counting": "times"},
            {"id": "c-dollars", "scopes": [0], "period": "total", "counting": {"money": "USD"}}
        ]
    });
    let when = json!([
        {"on": [{"account": 0}]}, {"to": [{"payee": 1}]},
        {"up-to": [{"value": "250.00", "currency": "EUR", "counter": 0}]},
        {"at-most": [{"times": 3, "counter": 1}]}
    ]);
    load(&with(vec![rule("k#1 allow create payment, create payment-batch", when, json!({}))], more))
}

fn facts(value: &str) -> Value {
    let mut facts = eur(value);
    facts["account"] = json!({"id": 42});
    facts["payee"] = json!({"iban": SHOP});
    facts
}

fn json_of(policy: &Policy, words: &str, facts: Value, past: &History) -> String {
    serde_json::to_string(&policy.answer(&request(words, facts), past, now())).unwrap()
}

#[test]
fn keys_of_the_json_stand_in_order() {
    let policy = one("k#1 allow read transaction", json!([]));
    assert_eq!(
        json_of(&policy, "read transaction", json!({}), &History::new()),
        r#"{"decision":"allow","reason":"rule","by":["k#1"],"each":false,"fields":["amount","date","counterparty","text"],"reserve":[],"near":[]}"#
    );
    assert_eq!(
        json_of(&policy, PAY, json!({"key": "x"}), &History::new()),
        r#"{"decision":"deny","reason":"unknown-key","by":[],"each":false,"fields":null,"reserve":[],"near":[]}"#
    );
}

#[test]
fn a_malformed_line_is_denied_and_the_message_stands_beside() {
    let report = household().answer("{", &History::new(), now());
    assert!(report.message.is_some());
    assert_eq!(
        serde_json::to_string(&report).unwrap(),
        r#"{"decision":"deny","reason":"malformed","by":[],"each":false,"fields":null,"reserve":[],"near":[]}"#
    );
}

fn reserved(policy: &Policy, words: &str, facts: Value) -> Value {
    serde_json::to_value(policy.answer(&request(words, facts), &History::new(), now())).unwrap()["reserve"].take()
}

#[test]
fn what_is_allowed_reserves_in_every_counter_that_would_count_it() {
    let policy = household();
    assert_eq!(
        reserved(&policy, PAY, facts("12.5")),
        json!([
            {"counter": "c-month", "amount": "12.50", "currency": "EUR",
             "from": "2026-11-01T00:00:00+01:00", "until": "2026-12-01T00:00:00+01:00"},
            {"counter": "c-times", "times": 1}
        ])
    );
    let part = |value: &str| json!({"amount": {"value": value, "currency": "EUR"}, "payee": {"iban": SHOP}});
    let batch = json!({"account": {"id": 42}, "parts": [part("1"), part("2.25")]});
    let reserve = reserved(&policy, "create payment-batch", batch);
    assert_eq!((&reserve[0]["amount"], &reserve[1]["times"]), (&json!("3.25"), &json!(2)));
}

#[test]
fn what_is_not_allowed_or_decided_record_by_record_reserves_nothing() {
    assert_eq!(reserved(&household(), PAY, facts("251")), json!([]));
    let more = json!({
        "scopes": [{"key": "k", "operations": [op("read transaction")]}],
        "counters": [{"id": "c", "scopes": [0], "period": "day", "counting": "times"}]
    });
    let policy = load(&with(vec![rule("k#1 allow read transaction", json!([]), json!({}))], more));
    assert_eq!(reserved(&policy, "read transaction", json!({"answer": true})), json!([]));
    assert_eq!(reserved(&policy, "read transaction", json!({}))[0]["times"], json!(1));
}

#[test]
fn what_was_approved_is_to_be_reserved() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY)]}],
        "counters": [{"id": "c", "scopes": [0], "period": "total", "counting": "times"}]
    });
    let rules = vec![
        rule("k#1 allow create payment", json!([]), json!({})),
        rule("k#2 ask create payment", json!([]), json!({})),
    ];
    let policy = load(&with(rules, more));
    let json = request(PAY, json!({}));
    let request = policy.read_request(&json).unwrap();
    assert!(policy.report(&request, &History::new(), now()).reserve.is_empty());
    let approved = policy.report_approved(&request, &History::new(), now());
    assert_eq!((approved.by, approved.reserve[0].times), (vec!["k#1".to_owned()], Some(1)));
}

#[test]
fn an_unknown_amount_is_reserved_as_unknown() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY)]}],
        "counters": [{"id": "c", "scopes": [0], "period": "total", "counting": {"money": "EUR"}}]
    });
    let policy = load(&with(vec![rule("k#1 allow create payment", json!(["any-amount"]), json!({}))], more));
    assert_eq!(reserved(&policy, PAY, json!({})), json!([{"counter": "c", "currency": "EUR"}]));
}

/// The failed clauses of the nearest rules, one a line.
fn near(policy: &Policy, words: &str, facts: Value, past: &History) -> String {
    let report = policy.answer(&request(words, facts), past, now());
    assert_eq!(report.message, None);
    let line = |rule: &str, failed: &bpol_engine::FailedClause| {
        format!("{rule} | {} | {:?} | {}\n", failed.clause, failed.value, failed.distance)
    };
    report.near.iter().flat_map(|near| near.failed.iter().map(|failed| line(&near.rule, failed))).collect()
}

#[test]
fn a_default_deny_says_how_far_each_clause_was() {
    let policy = household();
    let entry = |time: &'static str| (time, PAY, facts("87.50"));
    let past = history(&policy, &[entry("2026-11-02T10:00:00Z"), entry("2026-11-03T10:00:00Z")]);
    insta::assert_snapshot!(near(&policy, PAY, facts("87.50"), &past), @"k#1 | up to 250.00 EUR per month | False | 12.50 EUR over 250.00 EUR per month, resets 2026-12-01T00:00+01:00");
    let busy = history(&policy, &vec![("2026-11-24T09:00:00Z", PAY, facts("1")); 3]);
    let mut stranger = facts("1");
    stranger["payee"]["iban"] = json!(STRANGER);
    stranger["account"] = json!({"iban": SAVINGS});
    insta::assert_snapshot!(near(&policy, PAY, stranger, &busy), @r#"
    k#1 | on account "Groceries" | False | the account is `Savings`
    k#1 | to payee "shops" | False | the payee AT611904300234573201 is not in the list
    k#1 | at most 3 times per 24h | False | this would be number 4 of 3 times per 24h
    "#);
    insta::assert_snapshot!(near(&policy, PAY, json!({}), &History::new()), @r#"
    k#1 | on account "Groceries" | Unknown | the call does not tell the account
    k#1 | to payee "shops" | Unknown | the call does not tell the payee
    k#1 | up to 250.00 EUR per month | Unknown | the call does not tell the amount
    "#);
    let mut dollars = facts("1");
    dollars["amount"]["currency"] = json!("USD");
    insta::assert_snapshot!(near(&policy, PAY, dollars, &History::new()), @"k#1 | up to 250.00 EUR per month | Unknown | it has no cap in USD");
}

#[test]
fn every_kind_of_clause_has_its_distance() {
    let all = |operation: &str, clauses: Value, facts: Value| {
        near(&one(&format!("k#1 allow {operation}"), clauses), operation, facts, &History::new())
    };
    let read = json!([
        {"since": {"age": 864_000}}, {"since": {"date": "2026-11-20"}}, "created-by-this-key", {"via": ["card"]},
        {"from": [{"network": 0}, {"block": "198.51.100.0/24"}]},
        {"during": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": 540, "until": 600}]},
        {"starting": "2026-12-01"}, {"before": "2026-11-24"}
    ]);
    let facts = json!({
        "record": {"created": "2026-11-11T06:00:00Z", "own": false}, "method": "ideal", "ip": "192.0.2.1"
    });
    insta::assert_snapshot!(all("read transaction", read, facts), @r#"
    k#1 | since 10d | False | the record is too old by 3d 4h
    k#1 | since 2026-11-20 | False | the record is too old by 8d 17h
    k#1 | created by this key | False | another made the record
    k#1 | via card | False | the method is `ideal`
    k#1 | from network "office", ip 198.51.100.0/24 | False | the call comes from 192.0.2.1
    k#1 | during weekdays 09:00-10:00 | False | it is 2026-11-24T11:00+01:00, opens 2026-11-25T09:00+01:00
    k#1 | starting 2026-12-01 | False | it begins 2026-12-01T00:00+01:00, in 6d 13h
    k#1 | before 2026-11-24 | False | it ended 2026-11-24T00:00+01:00, 11h ago
    "#);
    let hook = json!([{"to-url": ["https://a.example/"]}, {"to": ["anyone"]}]);
    insta::assert_snapshot!(all("create webhook", hook, json!({"url": "https://b.example/"})), @r#"
    k#1 | to url "https://a.example/" | False | the url is `https://b.example/`
    k#1 | to anyone | Unknown | the operation has no payee
    "#);
    insta::assert_snapshot!(all("approve card-challenge", json!([{"on": [{"any": {"except": [{"kind": "card"}]}}]}]), json!({})), @"k#1 | on any account except card accounts | Unknown | a call of this operation never tells the account");
    insta::assert_snapshot!(all("create scheduled-payment", json!([{"repeating": ["once"]}, {"on": [{"name": "Fun"}]}]), json!({"repeat": "daily", "account": {"name": "Work", "kind": "bank"}})), @r#"
    k#1 | repeating once | False | the rhythm is `daily`
    k#1 | on account "Fun" | False | the account is `Work`, a bank account
    "#);
}

#[test]
fn exceptions_are_told_as_a_whole() {
    let policy = policy(vec![rule(
        "k#1 allow create payment",
        json!([]),
        json!({"unless": [[{"to": [{"payee": 0}]}, {"via": ["card"]}]]}),
    )]);
    insta::assert_snapshot!(near(&policy, PAY, json!({"payee": {"iban": LANDLORD}, "method": "card"}), &History::new()), @r#"k#1 | unless to payee "landlord" and via card | False | the exception holds"#);
    insta::assert_snapshot!(near(&policy, PAY, json!({"payee": {"iban": LANDLORD}}), &History::new()), @r#"k#1 | unless to payee "landlord" and via card | Unknown | the exception may hold: the call does not tell the method"#);
}

#[test]
fn the_nearest_rules_come_first_and_at_most_three() {
    let via = |id: &str, also: &[Value]| {
        let mut when = vec![json!({"via": ["card"]})];
        when.extend_from_slice(also);
        rule(&format!("{id} allow create payment"), json!(when), json!({}))
    };
    let starting = json!({"starting": "2027-01-01"});
    let policy = policy(vec![
        via("k#1", std::slice::from_ref(&starting)),
        via("k#2", &[]),
        via("k#3", &[starting]),
        via("k#4", &[]),
        via("k#2", &[]),
    ]);
    let report = policy.answer(&request(PAY, json!({"method": "ideal"})), &History::new(), now());
    let rules: Vec<&str> = report.near.iter().map(|near| near.rule.as_str()).collect();
    assert_eq!(rules, ["k#2", "k#4", "k#1"]);
    let denied = policy.answer(&request("unfreeze card", json!({})), &History::new(), now());
    assert!(denied.near.is_empty());
}
