//! 6.2: each clause is true, false or unknown. In an `allow` only true allows; a `deny` denies unless it is false; so two
//! policies tell the three values apart.

use serde_json::{Value, json};

use crate::fixture::*;

/// The value of a clause for an operation and facts.
fn value(operation: &str, clause: Value, facts: Value) -> &'static str {
    let clause = json!([clause]);
    let allows = one(&format!("k#1 allow {operation}"), clause.clone());
    let denies = policy(vec![
        rule(&format!("k#1 deny {operation}"), clause, json!({})),
        rule(&format!("k#2 allow {operation}"), json!([]), json!({})),
    ]);
    let allowed = say(&allows, operation, facts.clone());
    let denied = say(&denies, operation, facts);
    match (allowed.split(' ').next().unwrap(), denied.split(' ').next().unwrap()) {
        ("allow", "deny") => "true",
        ("deny", "deny") => "unknown",
        ("deny", "allow") => "false",
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn payment(clause: Value, facts: Value, expected: &str) {
    assert_eq!(value("create payment", clause.clone(), facts.clone()), expected, "{clause} {facts}");
}

#[test]
fn a_declared_account_is_compared_on_iban_and_id() {
    let on = json!({"on": [{"account": 0}]});
    for (fact, expected) in [
        (json!({"iban": GROCERIES}), "true"),
        (json!({"id": 42}), "true"),
        (json!({"iban": GROCERIES, "id": 42, "name": "Other", "kind": "joint"}), "true"),
        (json!({"iban": SAVINGS}), "false"),
        (json!({"id": 8}), "false"),
        (json!({"iban": STRANGER, "id": 8}), "false"),
        (json!({"name": "Groceries"}), "unknown"),
        (json!({"kind": "joint"}), "unknown"),
        (json!({}), "unknown"),
    ] {
        payment(on.clone(), json!({"account": fact}), expected);
    }
    payment(on, json!({}), "unknown");
    payment(json!({"on": [{"account": 2}]}), json!({"account": {"iban": STRANGER}}), "unknown");
    payment(json!({"on": [{"account": 1}]}), json!({"account": {"id": 42}}), "unknown");
}

#[test]
fn an_undeclared_account_is_compared_by_its_name_in_nfc() {
    let on = json!({"on": [{"name": "Caf\u{e9}"}]});
    payment(on.clone(), json!({"account": {"name": "Cafe\u{301}"}}), "true");
    payment(on.clone(), json!({"account": {"name": "Cafe"}}), "false");
    payment(on.clone(), json!({"account": {"iban": GROCERIES}}), "unknown");
    payment(on, json!({}), "unknown");
}

#[test]
fn a_kind_is_the_requests_or_that_of_the_declared_account() {
    let on = json!({"on": [{"kind": {"kind": "savings"}}]});
    payment(on.clone(), json!({"account": {"kind": "savings"}}), "true");
    payment(on.clone(), json!({"account": {"iban": SAVINGS}}), "true");
    payment(on.clone(), json!({"account": {"id": 42}}), "false");
    payment(on.clone(), json!({"account": {"iban": STRANGER}}), "unknown");
    payment(on, json!({}), "unknown");
}

#[test]
fn except_takes_out_of_kinds_and_of_any_account() {
    let any = json!({"on": [{"any": {"except": [{"account": 0}, {"kind": "savings"}]}}]});
    payment(any.clone(), json!({"account": {"id": 42}}), "false");
    payment(any.clone(), json!({"account": {"iban": SAVINGS}}), "false");
    payment(any.clone(), json!({"account": {"id": 7}}), "true");
    payment(any.clone(), json!({"account": {"iban": STRANGER}}), "unknown");
    payment(any, json!({}), "unknown");
    let kind = json!({"on": [{"kind": {"kind": "joint", "except": [{"account": 0}]}}]});
    payment(kind.clone(), json!({"account": {"id": 8, "kind": "joint"}}), "true");
    payment(kind.clone(), json!({"account": {"id": 42}}), "false");
    payment(kind, json!({"account": {"kind": "bank"}}), "false");
    payment(json!({"on": [{"any": {}}]}), json!({}), "true");
}

#[test]
fn lists_are_or() {
    let on = json!({"on": [{"account": 0}, {"name": "Fun"}]});
    payment(on.clone(), json!({"account": {"iban": GROCERIES, "name": "X"}}), "true");
    payment(on.clone(), json!({"account": {"name": "Fun"}}), "true");
    payment(on.clone(), json!({"account": {"iban": STRANGER}}), "unknown");
    payment(on, json!({"account": {"iban": STRANGER, "name": "X"}}), "false");
}

#[test]
fn payees_are_compared_by_iban() {
    let to = json!({"to": [{"payee": 1}]});
    payment(to.clone(), json!({"payee": {"iban": SHOP}}), "true");
    payment(to.clone(), json!({"payee": {"iban": LANDLORD}}), "true");
    payment(to.clone(), json!({"payee": {"iban": STRANGER}}), "false");
    payment(to.clone(), json!({"payee": {"own": true}}), "unknown");
    payment(to, json!({}), "unknown");
    payment(json!({"to": [{"payee": 0}]}), json!({"payee": {"iban": SHOP}}), "false");
    payment(json!({"to": [{"account": 1}]}), json!({"payee": {"iban": SAVINGS}}), "true");
    payment(json!({"to": [{"account": 1}]}), json!({"payee": {"iban": GROCERIES}}), "false");
    payment(json!({"to": [{"iban": STRANGER}]}), json!({"payee": {"iban": STRANGER}}), "true");
    payment(json!({"to": [{"iban": SHOP}]}), json!({"payee": {"iban": LANDLORD}}), "false");
    payment(json!({"to": ["anyone"]}), json!({}), "true");
}

#[test]
fn own_accounts_and_favorites_are_told_or_known_from_the_declarations() {
    let own = json!({"to": ["own-accounts"]});
    payment(own.clone(), json!({"payee": {"own": true}}), "true");
    payment(own.clone(), json!({"payee": {"own": false}}), "false");
    payment(own.clone(), json!({"payee": {"iban": SAVINGS}}), "true");
    payment(own.clone(), json!({"payee": {"iban": EXTERNAL}}), "unknown");
    payment(own.clone(), json!({"payee": {"iban": EXTERNAL, "own": false}}), "false");
    payment(own, json!({"payee": {"iban": STRANGER}}), "unknown");
    let favorites = json!({"to": ["favorites"]});
    payment(favorites.clone(), json!({"payee": {"favorite": true}}), "true");
    payment(favorites.clone(), json!({"payee": {"favorite": false}}), "false");
    payment(favorites, json!({"payee": {"iban": SHOP}}), "unknown");
}

#[test]
fn an_each_cap_looks_at_its_own_currency() {
    let eur = |value: &str| json!({"amount": {"value": value, "currency": "EUR"}});
    let up_to = json!({"up-to": [{"value": "50.00", "currency": "EUR"}]});
    payment(up_to.clone(), eur("50"), "true");
    payment(up_to.clone(), eur("50.01"), "false");
    payment(up_to.clone(), json!({"amount": {"value": "1", "currency": "USD"}}), "unknown");
    payment(up_to, json!({}), "unknown");
    let over = json!({"over": [{"value": "50.00", "currency": "EUR"}]});
    payment(over.clone(), eur("50"), "false");
    payment(over.clone(), eur("50.01"), "true");
    payment(over.clone(), json!({"amount": {"value": "1", "currency": "USD"}}), "unknown");
    payment(over, json!({}), "unknown");
    payment(json!("any-amount"), json!({}), "true");
}

#[test]
fn words_and_urls_are_in_the_list() {
    payment(json!({"via": ["transfer", "ideal"]}), json!({"method": "ideal"}), "true");
    payment(json!({"via": ["transfer"]}), json!({"method": "card"}), "false");
    payment(json!({"via": ["transfer"]}), json!({}), "unknown");
    let repeating = json!({"repeating": ["monthly", "yearly"]});
    for (facts, expected) in
        [(json!({"repeat": "monthly"}), "true"), (json!({"repeat": "once"}), "false"), (json!({}), "unknown")]
    {
        assert_eq!(value("create scheduled-payment", repeating.clone(), facts), expected);
    }
    let url = json!({"to-url": ["https://a.example/x"]});
    for (facts, expected) in [
        (json!({"url": "https://a.example/x"}), "true"),
        (json!({"url": "https://a.example/x/"}), "false"),
        (json!({}), "unknown"),
    ] {
        assert_eq!(value("create webhook", url.clone(), facts), expected);
    }
}

#[test]
fn records_are_compared_by_age_date_and_maker() {
    let read = |clause: Value, facts: Value| value("read transaction", clause, facts);
    let created = |time: &str| json!({"record": {"created": time}});
    let age = json!({"since": {"age": 3600}});
    assert_eq!(read(age.clone(), created("2026-11-24T09:00:00Z")), "true");
    assert_eq!(read(age.clone(), created("2026-11-24T08:59:59.999Z")), "false");
    assert_eq!(read(age.clone(), json!({"record": {"own": true}})), "unknown");
    assert_eq!(read(age, json!({})), "unknown");
    let date = json!({"since": {"date": "2026-11-01"}});
    assert_eq!(read(date.clone(), created("2026-10-31T23:00:00Z")), "true");
    assert_eq!(read(date, created("2026-10-31T22:59:59Z")), "false");
    let own = json!("created-by-this-key");
    assert_eq!(read(own.clone(), json!({"record": {"own": true}})), "true");
    assert_eq!(read(own.clone(), json!({"record": {"own": false}})), "false");
    assert_eq!(read(own, created("2026-10-31T22:59:59Z")), "unknown");
}

#[test]
fn addresses_are_in_a_network() {
    let from = json!({"from": [{"network": 0}, {"block": "198.51.100.7/32"}]});
    payment(from.clone(), json!({"ip": "203.0.113.9"}), "true");
    payment(from.clone(), json!({"ip": "::ffff:203.0.113.9"}), "true");
    payment(from.clone(), json!({"ip": "198.51.100.7"}), "true");
    payment(from.clone(), json!({"ip": "198.51.100.8"}), "false");
    payment(from, json!({}), "unknown");
    payment(json!({"from": ["anywhere"]}), json!({}), "true");
}

#[test]
fn hours_are_by_the_clock_of_the_zone() {
    let office = json!({"during": [{"days": ["tue"], "from": 540, "until": 1020}]});
    payment(office.clone(), json!({}), "true");
    payment(office.clone(), json!({"time": "2026-11-24T08:00:00Z"}), "true");
    payment(office.clone(), json!({"time": "2026-11-24T07:59:59Z"}), "false");
    payment(office.clone(), json!({"time": "2026-11-24T15:59:59Z"}), "true");
    payment(office.clone(), json!({"time": "2026-11-24T16:00:00Z"}), "false");
    payment(office, json!({"time": "2026-07-21T07:00:00Z"}), "true");
    // The night of the change: 02:30 comes twice, and both times count.
    let night = json!({"during": [{"days": ["sun"], "from": 150, "until": 180}]});
    payment(night.clone(), json!({"time": "2026-10-25T00:30:00Z"}), "true");
    payment(night.clone(), json!({"time": "2026-10-25T01:30:00Z"}), "true");
    payment(night, json!({"time": "2026-10-25T02:30:00Z"}), "false");
}

#[test]
fn validity_begins_and_ends_with_the_first_instant_of_a_date() {
    payment(json!({"starting": "2026-11-24"}), json!({"time": "2026-11-23T23:00:00Z"}), "true");
    payment(json!({"starting": "2026-11-24"}), json!({"time": "2026-11-23T22:59:59Z"}), "false");
    payment(json!({"before": "2026-11-24"}), json!({"time": "2026-11-23T22:59:59.999999999Z"}), "true");
    payment(json!({"before": "2026-11-24"}), json!({"time": "2026-11-23T23:00:00Z"}), "false");
}

#[test]
fn a_clause_about_a_dimension_that_the_operation_lacks_is_unknown() {
    for clause in [
        json!({"to": ["anyone"]}),
        json!("any-amount"),
        json!({"up-to": [{"value": "5", "currency": "EUR"}]}),
        json!({"over": [{"value": "5", "currency": "EUR"}]}),
        json!({"via": ["card"]}),
        json!({"repeating": ["once"]}),
        json!({"since": {"age": 60}}),
        json!("created-by-this-key"),
        json!({"to-url": ["https://a.example/"]}),
    ] {
        let facts = json!({
            "payee": {"own": true, "favorite": true, "iban": SHOP}, "amount": {"value": "1", "currency": "EUR"},
            "method": "card", "repeat": "once", "url": "https://a.example/",
            "record": {"created": NOW, "own": true}
        });
        assert_eq!(value("unfreeze card", clause.clone(), facts), "unknown", "{clause}");
    }
    // A session has no account, so it cannot be on any, and the exception is not true.
    let unless = json!({"unless": [[{"on": [{"any": {}}]}]]});
    let bound = policy(vec![rule("k#1 deny open session", json!([]), unless)]);
    check(&bound, "open session", json!({}), "deny rule k#1");
}

#[test]
fn untold_facts_are_unknown_even_when_told() {
    let facts = json!({
        "account": {"id": 42}, "payee": {"iban": SHOP, "own": true}, "amount": {"value": "1", "currency": "EUR"}
    });
    for (clause, expected) in [
        (json!({"on": [{"account": 0}]}), "unknown"),
        (json!({"on": [{"any": {}}]}), "true"),
        (json!({"on": [{"any": {"except": [{"kind": "card"}]}}]}), "unknown"),
        (json!({"to": [{"payee": 1}]}), "unknown"),
        (json!({"to": ["own-accounts"]}), "unknown"),
        (json!({"to": ["anyone"]}), "true"),
        (json!({"up-to": [{"value": "5", "currency": "EUR"}]}), "unknown"),
        (json!("any-amount"), "true"),
    ] {
        assert_eq!(value("approve card-challenge", clause.clone(), facts.clone()), expected, "{clause}");
    }
}
