//! 6.1: what is not exactly right is malformed, never guessed at.

use bpol_engine::Policy;
use serde_json::{Value, json};

use crate::fixture::*;

const PAY: &str = "create payment";

#[track_caller]
fn malformed_text(text: &str, reason: &str) {
    let fault = policy(vec![]).read_request(text).unwrap_err().reason;
    assert!(fault.contains(reason), "{text}\n{fault}");
}

#[track_caller]
fn malformed(facts: Value, reason: &str) {
    malformed_text(&request(PAY, facts), reason);
}

fn reads(policy: &Policy, words: &str, facts: Value) -> bool {
    policy.read_request(&request(words, facts)).is_ok()
}

#[test]
fn the_request_of_the_definition_is_read() {
    let text = r#"{ "key": "k", "action": "create", "resource": "payment",
      "time": "2026-11-24T10:00:00Z", "ip": "203.0.113.7",
      "account": {"iban": "NL20INGB0001234567", "id": 42, "name": "Groceries", "kind": "joint"},
      "payee": {"iban": "NL91ABNA0417164300", "own": true, "favorite": false},
      "amount": {"value": "12.50", "currency": "EUR"},
      "method": "transfer", "repeat": "once", "url": "https://example.com/hook",
      "record": {"created": "2026-11-01T08:00:00Z", "own": true}, "answer": false, "id": "a-1" }"#;
    let policy = policy(vec![]);
    let request = policy.read_request(text).unwrap();
    assert_eq!((request.key(), request.id(), request.time()), ("k", Some("a-1"), Some(now())));
}

#[test]
fn text_that_is_no_json_object_is_malformed() {
    for text in [
        "",
        " ",
        "x",
        "[]",
        "null",
        "1",
        "\"a\"",
        "{",
        "{}x",
        "{\"key\"}",
        "{\"key\":}",
        "{\"key\":\"a\",}",
        "{,}",
        "{key:\"a\"}",
        "{\"key\":\"a\" \"action\":\"b\"}",
        "\u{feff}{}",
    ] {
        assert!(policy(vec![]).read_request(text).is_err(), "{text}");
    }
    let good = request(PAY, json!({}));
    malformed_text(&format!("{good} {good}"), "nothing more expected");
    malformed_text(&good[..good.len() - 1], "expected");
}

#[test]
fn what_is_read_is_json_for_others_too() {
    // Every text that is one deletion or doubling away from a good one, and is read, is JSON for serde_json as well.
    let policy = policy(vec![]);
    let good = request(
        "create payment-batch",
        json!({
            "account": {"id": 42, "name": "a\"\u{e9}\\"}, "answer": false, "time": NOW, "parts": [{"amount": {"value": "1.5", "currency": "EUR"}}, {}]
        }),
    );
    assert!(policy.read_request(&good).is_ok());
    let marks: Vec<usize> = good.char_indices().map(|(at, _)| at).chain([good.len()]).collect();
    let mut read = 0;
    for pair in marks.windows(2) {
        let (from, until) = (pair[0], pair[1]);
        for text in [format!("{}{}", &good[..from], &good[until..]), format!("{}{}", &good[..until], &good[from..])] {
            if policy.read_request(&text).is_ok() {
                read += 1;
                assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
            }
        }
    }
    assert!(read > 0);
}

#[test]
fn unknown_duplicate_null_and_wrong_types_are_malformed() {
    malformed(json!({"foo": 1}), "unknown field `foo`");
    malformed(json!({"Key": "k"}), "unknown field `Key`");
    malformed(json!({"account": {"bic": "X"}}), "unknown field `bic`");
    malformed(json!({"payee": {"name": "X"}}), "unknown field `name`");
    malformed(json!({"amount": {"value": "1", "currency": "EUR", "x": 1}}), "unknown field `x`");
    malformed(json!({"record": {"date": "X"}}), "unknown field `date`");
    malformed_text(r#"{"key":"k","key":"k","action":"create","resource":"payment"}"#, "field `key` stands twice");
    malformed_text(
        r#"{"key":"k","action":"create","resource":"payment","account":{"id":1,"id":1}}"#,
        "field `id` stands twice",
    );
    malformed_text(r#"{"key":"k","k\u0065y":"k","action":"create","resource":"payment"}"#, "field `key` stands twice");
    for field in [
        "key", "time", "ip", "account", "payee", "amount", "method", "repeat", "url", "record", "answer", "parts", "id",
    ] {
        let mut facts = json!({});
        facts[field] = Value::Null;
        malformed(facts.clone(), "is null");
        for wrong in [json!(1), json!(1.5), json!([[]]), json!("\u{0}"), json!({"x": {}})] {
            facts[field] = wrong;
            assert!(!reads(&policy(vec![]), PAY, facts.clone()) || field == "key" || field == "id", "{facts}");
        }
    }
    malformed(json!({"key": 1}), "`key` must be a string, this is a number");
    malformed(json!({"answer": "true"}), "`answer` must be true or false, this is a string");
    malformed(json!({"account": {"id": "42"}}), "`account.id` must be a whole number");
    malformed(json!({"account": {"id": null}}), "is null");
    malformed(json!({"account": {"id": -1}}), "whole number");
    malformed(json!({"account": {"id": 42.5}}), "whole number");
    malformed(json!({"account": "Groceries"}), "`account` must be an object, this is a string");
    malformed(json!({"payee": {"own": "yes"}}), "`payee.own` must be true or false");
    malformed(
        json!({"amount": {"value": 12.5, "currency": "EUR"}}),
        "`amount.value` must be a string, this is a number",
    );
    malformed(json!({"amount": "12.50"}), "`amount` must be an object");
}

#[test]
fn key_action_and_resource_are_required() {
    for missing in ["key", "action", "resource"] {
        let mut good: Value = serde_json::from_str(&request(PAY, json!({}))).unwrap();
        good.as_object_mut().unwrap().remove(missing);
        malformed_text(&good.to_string(), &format!("`{missing}` is missing"));
    }
}

#[test]
fn unknown_words_are_malformed_and_the_known_ones_are_named() {
    malformed_text(&request("create paiment", json!({})), "the bank's catalogue has no `paiment`");
    malformed_text(&request("creat payment", json!({})), "the bank's catalogue has no `creat`; `payment` has `create`");
    malformed_text(&request("read payment", json!({})), "`payment` has no `read`; it has `create`");
    malformed_text(&request("create payments", json!({})), "no `payments`");
    malformed_text(&request("Create payment", json!({})), "no `Create`");
    malformed(json!({"account": {"kind": "current"}}), "unknown kind `current`");
    malformed(json!({"method": "sepa"}), "unknown method `sepa`; known are `transfer`, `card`, `ideal`");
    malformed(json!({"repeat": "biweekly"}), "unknown rhythm `biweekly`");
}

#[test]
fn amounts_are_positive_figures_of_a_currency() {
    let amount = |value: &str, currency: &str| json!({"amount": {"value": value, "currency": currency}});
    for (value, reason) in [
        ("0", "is zero"),
        ("0.00", "is zero"),
        ("-1", "must be digits"),
        ("+1", "must be digits"),
        ("1e2", "must be digits"),
        ("1,50", "must be digits"),
        (" 1", "must be digits"),
        (".5", "must be digits"),
        ("5.", "must be digits"),
        ("", "must be digits"),
        ("05", "must not begin with a zero"),
        ("12.505", "more decimals"),
        ("100000000000000", "more than 14 digits"),
    ] {
        malformed(amount(value, "EUR"), reason);
    }
    for code in ["XXX", "XAU", "DEM", "eur", "EU", "", "EURO"] {
        malformed(amount("1", code), "no ISO 4217 code");
    }
    malformed(amount("1.5", "JPY"), "more decimals");
    malformed(json!({"amount": {"value": "1"}}), "`amount.currency` is missing");
    malformed(json!({"amount": {"currency": "EUR"}}), "`amount.value` is missing");
    for value in ["0.5", "12.5", "12.50", "99999999999999.99"] {
        assert!(reads(&policy(vec![]), PAY, amount(value, "EUR")), "{value}");
    }
}

#[test]
fn ibans_addresses_instants_and_urls_must_parse() {
    for place in ["account", "payee"] {
        let iban = |iban: &str| json!({place: {"iban": iban}});
        malformed(iban("NL20INGB0001234568"), "wrong checksum");
        malformed(iban("NL20 INGB 0001 2345 67"), "without blanks");
        malformed(iban("nl20ingb0001234567"), "in capitals");
        malformed(iban("NL20INGB000123456"), "wrong checksum");
        // Length and shape of a country are for whoever writes an IBAN into a policy: the check digits of this are right.
        assert!(reads(&policy(vec![]), PAY, iban("NL45ABNA04171643")));
        malformed(iban(""), "is no IBAN");
    }
    for ip in ["", "203.0.113", "203.0.113.007", "203.0.113.7/32", "fe80::1%eth0", "localhost", " 203.0.113.7"] {
        malformed(json!({"ip": ip}), "no IPv4 or IPv6 address");
    }
    for time in ["2026-11-24", "2026-11-24T10:00:00", "2026-11-24 10:00:00Z", "2026-02-30T10:00:00Z", "now"] {
        malformed(json!({"time": time}), "no RFC 3339 instant");
        malformed(json!({"record": {"created": time}}), "no RFC 3339 instant");
    }
    for url in ["", "/hook", "example.com/hook", "https://", "https://exa mple.com/"] {
        malformed(json!({"url": url}), "no absolute URL");
    }
    assert!(reads(&policy(vec![]), PAY, json!({"time": "2026-11-24T10:00:00.25+01:00"})));
}

#[test]
fn answers_are_for_reads_of_one_piece() {
    malformed(json!({"answer": true}), "`create` is no read");
    assert!(reads(&policy(vec![]), PAY, json!({"answer": false})));
    assert!(reads(&policy(vec![]), "read balance", json!({"answer": true})));
    malformed_text(&request("read transaction", json!({"answer": true, "parts": [{}]})), "beside `parts`");
}

#[test]
fn facts_that_contradict_a_declaration_are_malformed() {
    for (account, reason) in [
        (json!({"iban": GROCERIES, "id": 43}), "the IBAN is that of `Groceries`, which has another id"),
        (json!({"iban": STRANGER, "id": 42}), "the id is that of `Groceries`, which has another IBAN"),
        (json!({"iban": SAVINGS, "id": 42}), "the IBAN is that of `Savings`, the id that of `Groceries`"),
        (json!({"iban": SAVINGS, "id": 7}), "the IBAN is that of `Savings`, the id that of `Wallet`"),
        (json!({"iban": GROCERIES, "kind": "bank"}), "`Groceries` is declared with another kind"),
        (json!({"id": 7, "kind": "joint"}), "`Wallet` is declared with another kind"),
    ] {
        malformed(json!({ "account": account }), reason);
    }
    malformed(json!({"payee": {"iban": SAVINGS, "own": false}}), "the holder's account `Savings`");
    let batch = json!({"parts": [{}, {"account": {"iban": GROCERIES, "id": 43}}]});
    malformed_text(&request("create payment-batch", batch), "part 2: `account` contradicts");
    let policy = policy(vec![]);
    for facts in [
        json!({"account": {"iban": SAVINGS, "id": 99}}),
        json!({"account": {"iban": STRANGER, "id": 7}}),
        json!({"payee": {"iban": EXTERNAL, "own": false}}),
        json!({"payee": {"iban": EXTERNAL, "own": true}}),
        json!({"account": {"iban": GROCERIES, "name": "Renamed"}}),
    ] {
        assert!(reads(&policy, PAY, facts.clone()), "{facts}");
    }
}

#[test]
fn facts_that_the_operation_lacks_are_checked_like_the_rest() {
    for facts in
        [json!({"amount": {"value": "0", "currency": "EUR"}}), json!({"account": {"iban": GROCERIES, "id": 43}})]
    {
        assert!(!reads(&policy(vec![]), "read health", facts.clone()), "{facts}");
        assert!(!reads(&policy(vec![]), "approve card-challenge", facts.clone()), "{facts}");
    }
}

#[test]
fn names_of_keys_are_compared_in_nfc() {
    let mut document = with(vec![], json!({}));
    document["keys"][0]["name"] = json!("caf\u{e9}");
    check(&load(&document), "read health", json!({"key": "cafe\u{301}"}), "allow base");
}

#[test]
fn every_message_is_about_the_request() {
    // Messages are lower case or begin with the user's word, and have no full stop.
    for text in ["", "{", "[]", r#"{"key":1}"#, r#"{"key":"k","action":"x","resource":"y"}"#] {
        let reason = policy(vec![]).read_request(text).unwrap_err().reason;
        assert!(!reason.ends_with('.') && !reason.starts_with(char::is_uppercase), "{reason}");
    }
}
