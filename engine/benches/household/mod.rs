//! Policies of many keys over the sample bank, as text, and requests to them.

use std::fmt::Write;

use bpol_engine::ir::Effect;
use jiff::Timestamp;

/// The moment of all requests.
pub(crate) fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

/// An IBAN with right check digits for a number.
pub(crate) fn iban(number: usize) -> String {
    // "ABNA" is 10 11 23 10 and "NL00" is 23 21 00 in the number that is taken modulo 97.
    let account = format!("{number:010}");
    let spelled = format!("10112310{account}232100");
    let rest = spelled.bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("NL{:02}ABNA{account}", 98 - rest)
}

/// The account of all requests.
pub(crate) fn account() -> String {
    iban(1)
}

/// A payee on the list.
pub(crate) fn payee() -> String {
    iban(1_000_002)
}

/// A policy of so many keys `key-0 …`, each with four rules over its own counter, and one list of so many payees.
pub(crate) fn policy(keys: usize, payees: usize) -> String {
    let place = r#""place":{"file":"household.bpol","line":10,"column":5}"#;
    let mut text = String::from(
        r#"{"bpol":1,"bank":{"name":"bunq","catalogue":"00"},"timezone":"Europe/Amsterdam","requires":["counters"],
        "methods":["transfer","card","ideal"],"kinds":[{"word":"bank","own":true},{"word":"joint","own":true}],
        "operations":["#,
    );
    // As many operations as a real catalogue has.
    for number in 0..130 {
        write!(text, r#"{{"action":"update","resource":"thing-{number}","tier":"control","dimensions":["account"]}},"#)
            .unwrap();
    }
    text.push_str(
        r#"{"action":"create","resource":"payment","tier":"spend","dimensions":["account","payee","amount","method"]},
        {"action":"read","resource":"transaction","tier":"read","dimensions":["account","payee","amount","method","record","fields"],
         "fields":["amount","date","counterparty","text"],"extra_fields":["balance","email"]},
        {"action":"create","resource":"webhook","tier":"control","dimensions":["account","url"]}],"views":[],"#,
    );
    write!(
        text,
        r#""accounts":[{{"name":"Groceries","iban":"{}","id":42,"kind":"joint"}}],"payees":[{{"name":"shops","ibans":["#,
        account()
    )
    .unwrap();
    for number in 0..payees {
        let comma = if number == 0 { "" } else { "," };
        write!(text, r#"{comma}"{}""#, iban(1_000_000 + number)).unwrap();
    }
    text.push_str(r#"]}],"networks":[{"name":"office","blocks":["203.0.113.0/24"]}],"limits":[],"scopes":["#);
    for number in 0..keys {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"key":"key-{number}","operations":[130],"when":[{{"on":[{{"account":0}}]}},{{"to":[{{"payee":0}}]}}]}}"#
        )
        .unwrap();
    }
    text.push_str(r#"],"counters":["#);
    for number in 0..keys {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"id":"c-{number:016x}","scopes":[{number}],"period":"month","counting":{{"money":"EUR"}}}}"#
        )
        .unwrap();
    }
    text.push_str(r#"],"keys":["#);
    for number in 0..keys {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"name":"key-{number}","rules":[
            {{"id":"key-{number}#1","effect":"allow","operations":[131],"when":[{{"on":[{{"account":0}}]}},{{"since":{{"age":7776000}}}}],
              "hiding":["counterparty"],{place},"text":"allow read transactions on account \"Groceries\" since 90d hiding counterparty;"}},
            {{"id":"key-{number}#2","effect":"allow","operations":[130],"when":[{{"on":[{{"account":0}}]}},{{"to":[{{"payee":0}}]}},
              {{"up-to":[{{"value":"100.00","currency":"EUR"}},{{"value":"500.00","currency":"EUR","counter":{number}}}]}}],
              {place},"text":"allow create payment on account \"Groceries\" to payees \"shops\" up to 100 EUR each, 500 EUR per month;"}},
            {{"id":"key-{number}#3","effect":"ask","operations":[130],"when":[{{"over":[{{"value":"50.00","currency":"EUR"}}]}}],
              {place},"text":"ask payment over 50 EUR;"}},
            {{"id":"key-{number}#4","effect":"deny","operations":[132],"when":[],{place},"text":"deny webhooks;"}}]}}"#
        )
        .unwrap();
    }
    let all = (0..133).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    write!(
        text,
        r#"],"guardrails":[{{"rules":[{{"id":"every#1","effect":"deny","operations":[{all}],"when":[],
        "unless":[[{{"from":[{{"network":0}}]}}]],{place},"text":"only from network \"office\";"}}]}}],"routes":[],"dropped":[]}}"#
    )
    .unwrap();
    text
}

/// Requests of a key and what they come to.
pub(crate) fn requests(key: &str) -> Vec<(String, Effect)> {
    let ip = r#","ip":"203.0.113.7""#;
    vec![
        (payment(key, "12.50", &payee(), ip), Effect::Allow),
        (payment(key, "60.00", &payee(), ip), Effect::Ask),
        (payment(key, "101.00", &payee(), ip), Effect::Deny),
        (payment(key, "12.50", &iban(7), ip), Effect::Deny),
        (payment(key, "12.50", &payee(), ""), Effect::Deny),
        (
            format!(
                r#"{{"key":"{key}","action":"read","resource":"transaction","answer":true,"account":{{"id":42}}{ip}}}"#
            ),
            Effect::Allow,
        ),
        (format!(r#"{{"key":"{key}","action":"create","resource":"webhook"{ip}}}"#), Effect::Deny),
    ]
}

/// The sample request of the language's definition.
pub(crate) fn payment(key: &str, value: &str, payee: &str, more: &str) -> String {
    format!(
        r#"{{"key":"{key}","action":"create","resource":"payment","account":{{"iban":"{}","id":42,"name":"Groceries","kind":"joint"}},"payee":{{"iban":"{payee}","own":false,"favorite":false}},"amount":{{"value":"{value}","currency":"EUR"}},"method":"transfer","repeat":"once","url":"https://example.com/hook","record":{{"created":"2026-11-01T08:00:00Z","own":true}}{more}}}"#,
        account()
    )
}
