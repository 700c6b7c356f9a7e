//! Requests at the edge of being none: both voices must call the same ones malformed.

use serde_json::json;

use super::engine::Engine;
use super::{Naive, Voice, compared};
use crate::naive::model::{Account, Item, Policy};
use crate::random::Situation;

/// A declared account of each kind of declaration, and a key that may do nothing.
fn policy() -> Policy {
    let account = |name: &str, iban: Option<&str>, id, kind: Option<&str>| {
        Item::Account(Account { name: name.into(), iban: iban.map(Into::into), id, kind: kind.map(Into::into) })
    };
    Policy {
        items: vec![
            account("A", Some("NL20INGB0001234567"), Some(1), Some("bank")),
            account("B", Some("NL02ABNA0123456789"), None, Some("external")),
            account("C", None, Some(3), None),
            Item::Key { name: "k".into(), statements: Vec::new() },
        ],
    }
}

#[track_caller]
fn agree(requests: &[String]) {
    let policy = policy();
    let engine = Engine::learn(&policy).expect("the policy compiles");
    let naive = Naive::learn(&policy).expect("the evaluator takes it");
    let mut differing = Vec::new();
    for request in requests {
        let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
        let situation = Situation { request: request.clone(), past: Vec::new(), now };
        let (engine, naive) = (compared(&engine.decide(&situation)), compared(&naive.decide(&situation)));
        if engine != naive {
            differing.push(format!("{request}\n  engine {}, naive {}", engine["reason"], naive["reason"]));
        }
    }
    assert!(differing.is_empty(), "\n{}\n", differing.join("\n"));
}

/// A payment with one member more, given as JSON text.
fn with(name: &str, values: &[&str]) -> Vec<String> {
    let of = |action: &str, resource: &str, value: &&str| {
        format!(r#"{{"key":"k","action":"{action}","resource":"{resource}","{name}":{value}}}"#)
    };
    values.iter().flat_map(|value| [of("create", "payment", value), of("read", "health", value)]).collect()
}

#[test]
fn amounts() {
    let values = [
        "0",
        "0.0",
        "0.00",
        "00",
        "01",
        "1",
        "1.",
        ".1",
        "0.1",
        "0.01",
        "0.001",
        "1.5",
        "1.50",
        "1.500",
        "-1",
        "+1",
        "1e1",
        "1E1",
        "1,5",
        "1 000",
        "1_000",
        " 1",
        "1 ",
        "",
        "a",
        "\u{661}",
        "99999999999999",
        "99999999999999.99",
        "100000000000000",
        "0099",
        "1.2.3",
        "1..2",
        "NaN",
        "inf",
        "0x1",
    ];
    let currencies = ["EUR", "JPY", "KWD", "eur", "XXX", "XAU", "", "EURO", "DEM"];
    let amounts: Vec<String> = values
        .iter()
        .flat_map(|value| {
            currencies.iter().map(move |currency| json!({"value": value, "currency": currency}).to_string())
        })
        .collect();
    agree(&with("amount", &amounts.iter().map(String::as_str).collect::<Vec<_>>()));
    agree(&with(
        "amount",
        &[
            r#"{"value":1,"currency":"EUR"}"#,
            r#"{"value":"1"}"#,
            r#"{"currency":"EUR"}"#,
            r#"{"value":"1","currency":"EUR","unit":"cent"}"#,
            r#"{"value":"1","value":"1","currency":"EUR"}"#,
            r#"{"value":null,"currency":"EUR"}"#,
            r#""1 EUR""#,
            "[]",
            "null",
            "1",
        ],
    ));
}

#[test]
fn instants() {
    let values = [
        "2026-11-24T10:00:00Z",
        "2026-11-24T10:00:00.5Z",
        "2026-11-24T10:00:00.123456789Z",
        "2026-11-24T10:00:00+01:00",
        "2026-11-24T10:00:00-00:00",
        "2026-11-24T10:00:00+0100",
        "2026-11-24T10:00:00+01",
        "2026-11-24T10:00:00",
        "2026-11-24T10:00Z",
        "2026-11-24 10:00:00Z",
        "2026-11-24",
        "20261124T100000Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T10:60:00Z",
        "2026-11-24T25:00:00Z",
        "2026-13-24T10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2028-02-29T10:00:00Z",
        "2026-11-24T10:00:00.Z",
        "2026-11-24T10:00:00,5Z",
        "12026-11-24T10:00:00Z",
        "2026-11-24T10:00:00+25:00",
        "2026-11-24T10:00:00+01:60",
        "2026-11-24T10:00:00Z[Europe/Amsterdam]",
        " 2026-11-24T10:00:00Z",
        "2026-11-24T10:00:00Z ",
        "2026-W48-2T10:00:00Z",
        "1700000000",
        "now",
        "",
        "2026-11-24T10:00:00+01:00:00",
        "2026-11-24T10:00:00UTC",
        "+2026-11-24T10:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ];
    let instants: Vec<String> = values.iter().map(|value| json!(value).to_string()).collect();
    agree(&with("time", &instants.iter().map(String::as_str).collect::<Vec<_>>()));
    let records: Vec<String> = values.iter().map(|value| json!({"created": value}).to_string()).collect();
    agree(&with("record", &records.iter().map(String::as_str).collect::<Vec<_>>()));
    agree(&with("record", &["{}", r#"{"own":1}"#, r#"{"own":true,"age":3}"#, "[]", r#"{"created":1}"#]));
}

#[test]
fn addresses() {
    let values = [
        "203.0.113.7",
        "::1",
        "2001:db8::1",
        "::ffff:203.0.113.7",
        "2001:DB8::1",
        "203.0.113.07",
        "203.0.113",
        "[::1]",
        "fe80::1%eth0",
        "203.0.113.7/32",
        "203.0.113.7:80",
        " 203.0.113.7",
        "localhost",
        "",
        "256.0.0.1",
        "1.2.3.4.5",
        "::ffff:0:0:0:0:0",
        "3405803783",
        "0x7f.1.1.1",
    ];
    let addresses: Vec<String> = values.iter().map(|value| json!(value).to_string()).collect();
    agree(&with("ip", &addresses.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn accounts_and_payees() {
    let a = "NL20INGB0001234567";
    let b = "NL02ABNA0123456789";
    let accounts = [
        json!({}),
        json!([]),
        json!("A"),
        json!({"iban": a}),
        json!({"iban": a, "id": 1}),
        json!({"iban": a, "id": 2}),
        json!({"iban": b, "id": 2}),
        json!({"iban": b, "id": 1}),
        json!({"iban": b, "id": 3}),
        json!({"iban": "DE89370400440532013000", "id": 1}),
        json!({"iban": "DE89370400440532013000", "id": 3}),
        json!({"iban": a, "kind": "bank"}),
        json!({"iban": a, "kind": "joint"}),
        json!({"id": 1, "kind": "joint"}),
        json!({"id": 3, "kind": "joint"}),
        json!({"kind": "savings account"}),
        json!({"kind": ""}),
        json!({"name": ""}),
        json!({"name": 1}),
        json!({"id": -1}),
        json!({"id": 1.0}),
        json!({"id": 1.5}),
        json!({"id": "1"}),
        json!({"id": 0}),
        json!({"id": 18_446_744_073_709_551_615_u64}),
        json!({"iban": a.to_lowercase()}),
        json!({"iban": "NL20 INGB 0001 2345 67"}),
        json!({"iban": "NL21INGB0001234567"}),
        json!({"iban": "NL"}),
        json!({"iban": ""}),
        json!({"iban": "NL20INGB000123456"}),
        json!({"iban": a, "bic": "INGBNL2A"}),
        json!({"iban": a, "own": true}),
    ];
    let accounts: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    agree(&with("account", &accounts.iter().map(String::as_str).collect::<Vec<_>>()));
    let payees = [
        json!({}),
        json!({"iban": a, "own": false}),
        json!({"iban": b, "own": false}),
        json!({"iban": a, "own": true}),
        json!({"own": false}),
        json!({"own": "false"}),
        json!({"favorite": 1}),
        json!({"favorite": true}),
        json!({"id": 1}),
        json!({"name": "baker"}),
        json!({"iban": null}),
    ];
    let payees: Vec<String> = payees.iter().map(ToString::to_string).collect();
    agree(&with("payee", &payees.iter().map(String::as_str).collect::<Vec<_>>()));
    agree(&with("account", &[r#"{"id":1e0}"#, r#"{"id":18446744073709551616}"#, r#"{"id":1,"id":1}"#, r#"{"id":-0}"#]));
}

#[test]
fn urls() {
    let values = [
        "https://example.com",
        "https://example.com/a?b=c#d",
        "http://example.com:8080/",
        "ftp://example.com/x",
        "https://[2001:db8::1]/",
        "https://user@example.com/",
        "example.com",
        "/hook",
        "//example.com",
        "https:",
        "https://",
        "https:///x",
        "",
        " https://example.com",
        "https://exam ple.com",
        "https://example.com/a b",
        "HTTPS://example.com",
        "https//example.com",
        "1https://example.com",
        "https://example.com/\u{e9}",
    ];
    let urls: Vec<String> = values.iter().map(|value| json!(value).to_string()).collect();
    agree(&with("url", &urls.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn words_and_members() {
    agree(&with("method", &[r#""transfer""#, r#""sepa""#, r#""Transfer""#, r#""""#, "1", "null", "[]"]));
    agree(&with("repeat", &[r#""once""#, r#""never""#, r#""ONCE""#, "true"]));
    agree(&with("answer", &["true", "false", r#""true""#, "1", "null"]));
    agree(&with("id", &[r#""x""#, r#""""#, "1", "null", "{}"]));
    agree(&with("colour", &["1", "null"]));
    agree(&with("key", &[r#""k""#]));
    agree(&with("k\\u0065y", &[r#""k""#]));
    let whole = [
        "",
        " ",
        "{}",
        "[]",
        "null",
        "1",
        "\"k\"",
        "{",
        r#"{"key":"k"}"#,
        r#"{"key":"k","action":"read","resource":"health"}"#,
        r#" {"key":"k","action":"read","resource":"health"} "#,
        r#"{"key":"k","action":"read","resource":"health"}{}"#,
        r#"{"key":"k","action":"read","resource":"health",}"#,
        r#"{"key":"k","action":"read","resource":"healths"}"#,
        r#"{"key":"k","action":"read","resource":"transactions"}"#,
        r#"{"key":"k","action":"Read","resource":"health"}"#,
        r#"{"key":"k","action":"read","resource":"everything"}"#,
        r#"{"key":"k","action":"read","resource":"payment"}"#,
        r#"{"key":"k","action":"read","resource":"balance"}"#,
        r#"{"key":"k","action":"open","resource":"session"}"#,
        r#"{"key":"k","action":"open","resource":"session","answer":true}"#,
        r#"{"key":"k","action":"read","resource":"session","answer":true}"#,
        r#"{"key":"k","action":"create","resource":"statement","answer":true}"#,
        r#"{"key":"k","action":"check","resource":"funds","answer":true}"#,
        r#"{"key":"","action":"read","resource":"health"}"#,
        r#"{"key":null,"action":"read","resource":"health"}"#,
        r#"{"key":"\u006b","action":"read","resource":"health"}"#,
        r#"{"key":"\ud800","action":"read","resource":"health"}"#,
        r#"{"key":"k","action":"read","resource":"health","answer":true,"answer":true}"#,
        "\u{feff}{\"key\":\"k\",\"action\":\"read\",\"resource\":\"health\"}",
        "{'key':'k','action':'read','resource':'health'}",
    ];
    agree(&whole.map(str::to_owned));
}

#[test]
fn parts() {
    let of = |resource: &str, action: &str, rest: &str| {
        format!(r#"{{"key":"k","action":"{action}","resource":"{resource}",{rest}}}"#)
    };
    let amount = r#""amount":{"value":"1","currency":"EUR"}"#;
    let rests = [
        r#""parts":[]"#.to_owned(),
        r#""parts":[{}]"#.to_owned(),
        r#""parts":{}"#.to_owned(),
        r#""parts":null"#.to_owned(),
        r#""parts":[1]"#.to_owned(),
        r#""parts":[null]"#.to_owned(),
        r#""parts":[[]]"#.to_owned(),
        format!(r#""parts":[{{{amount}}}]"#),
        format!(r#"{amount},"parts":[{{}}]"#),
        format!(r#"{amount},"parts":[{{{amount}}}]"#),
        format!(r#"{amount},"parts":[{{}},{{{amount}}}]"#),
        format!(r#""parts":[{{{amount},{amount}}}]"#),
        r#""parts":[{"account":{"id":1}}]"#.to_owned(),
        r#""account":{"id":1},"parts":[{"account":{"id":1}}]"#.to_owned(),
        r#""account":{"id":1},"parts":[{"payee":{"own":true}}]"#.to_owned(),
        r#""account":{},"parts":[{"account":{"id":1}}]"#.to_owned(),
        r#""account":{"id":1},"parts":[{"account":{}}]"#.to_owned(),
        r#""parts":[{"account":{"id":1,"kind":"joint"}}]"#.to_owned(),
        r#""parts":[{"payee":{"iban":"NL20INGB0001234567","own":false}}]"#.to_owned(),
        r#""parts":[{"payee":{"iban":"x"}}]"#.to_owned(),
        r#""parts":[{"url":"https://example.com"}]"#.to_owned(),
        r#""parts":[{"url":"/x"}]"#.to_owned(),
        r#""url":"https://example.com","parts":[{"url":"https://example.com"}]"#.to_owned(),
        r#""parts":[{"method":"transfer"}]"#.to_owned(),
        r#""parts":[{"record":{"own":true}}]"#.to_owned(),
        r#""parts":[{"key":"k"}]"#.to_owned(),
        r#""parts":[{"parts":[{}]}]"#.to_owned(),
        r#""parts":[{}],"parts":[{}]"#.to_owned(),
        r#""parts":[{}],"answer":false"#.to_owned(),
        r#""parts":[{}],"answer":true"#.to_owned(),
    ];
    let operations =
        [("payment-batch", "create"), ("webhook", "create"), ("payment", "create"), ("transaction", "read")];
    let requests: Vec<String> = operations
        .iter()
        .flat_map(|(resource, action)| rests.iter().map(move |rest| of(resource, action, rest)))
        .collect();
    agree(&requests);
}
