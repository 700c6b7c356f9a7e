//! 6.3: parts are decided in order, and the strictest result is the whole's.

use serde_json::{Value, json};

use crate::fixture::*;

fn eur(value: &str) -> Value {
    json!({"value": value, "currency": "EUR"})
}

#[test]
fn the_strictest_part_decides_and_by_names_the_rules_of_all_such_parts() {
    let policy = policy(vec![
        rule("k#1 allow create payment-batch", json!([{"to": [{"payee": 1}]}]), json!({})),
        rule("k#2 deny create payment-batch", json!([{"to": [{"payee": 0}]}]), json!({})),
        rule("k#3 deny create payment-batch", json!([{"over": [{"value": "9.00", "currency": "EUR"}]}]), json!({})),
    ]);
    let part = |iban: &str, value: &str| json!({"payee": {"iban": iban}, "amount": eur(value)});
    let check = |parts: Value, said: &str| check(&policy, "create payment-batch", json!({"parts": parts}), said);
    check(json!([part(SHOP, "5"), part(SHOP, "6")]), "allow rule k#1");
    check(json!([part(SHOP, "5"), part(STRANGER, "6")]), "deny default");
    check(json!([part(STRANGER, "5"), part(LANDLORD, "6")]), "deny rule k#2");
    check(json!([part(SHOP, "10"), part(LANDLORD, "6"), part(SHOP, "1")]), "deny rule k#2+k#3");
}

#[test]
fn a_part_inherits_only_what_the_catalogue_does_not_place_in_parts() {
    let rules = vec![rule(
        "k#1 allow create payment-batch",
        json!([{"on": [{"account": 0}]}, {"to": [{"payee": 1}]}, {"via": ["transfer"]}]),
        json!({}),
    )];
    let policy = policy(rules);
    let base = json!({"account": {"id": 42}, "method": "transfer"});
    let facts = |more: Value| {
        let mut facts = base.clone();
        for (name, value) in more.as_object().unwrap() {
            facts[name] = value.clone();
        }
        facts
    };
    let shop = json!({"iban": SHOP});
    check(&policy, "create payment-batch", facts(json!({"parts": [{"payee": shop}]})), "allow rule k#1");
    check(
        &policy,
        "create payment-batch",
        facts(json!({"parts": [{"amount": eur("1")}], "payee": shop})),
        "deny default",
    );
    check(&policy, "create payment-batch", facts(json!({"payee": shop})), "allow rule k#1");
    check(&policy, "create payment-batch", facts(json!({"payee": shop, "parts": [{"payee": shop}]})), "deny malformed");
    let own = json!({"method": "transfer", "parts": [{"payee": shop, "account": {"id": 42}}]});
    check(&policy, "create payment-batch", own, "allow rule k#1");
}

#[test]
fn parts_stand_where_the_operation_has_them_and_hold_what_parts_hold() {
    let policy = policy(vec![rule("k#1 allow create payment-batch, create payment", json!([]), json!({}))]);
    let malformed = |words: &str, facts: Value| check(&policy, words, facts, "deny malformed");
    malformed("create payment", json!({"parts": [{"amount": eur("1")}]}));
    malformed("create payment-batch", json!({"parts": []}));
    malformed("create payment-batch", json!({"parts": [{"method": "card"}]}));
    malformed("create payment-batch", json!({"parts": [{"amount": eur("1")}, {"amount": eur("0")}]}));
    malformed("create payment-batch", json!({"parts": [{"amount": eur("1"), "key": "k"}]}));
    malformed("create payment-batch", json!({"parts": {"amount": eur("1")}}));
    check(&policy, "create payment-batch", json!({"parts": [{}]}), "allow rule k#1");
    check(&policy, "create payment-batch", json!({"amount": {}, "parts": [{"amount": eur("1")}]}), "allow rule k#1");
}

#[test]
fn earlier_parts_count_as_executed() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op("create payment-batch")], "when": [{"to": [{"payee": 1}]}]}],
        "counters": [
            {"id": "c-day", "scopes": [0], "period": "day", "counting": {"money": "EUR"}},
            {"id": "c-times", "scopes": [0], "period": "total", "counting": "times"}
        ]
    });
    let when = json!([
        {"up-to": [{"value": "10.00", "currency": "EUR", "counter": 0}]},
        {"at-most": [{"times": 3, "counter": 1}]}
    ]);
    let policy = load(&with(vec![rule("k#1 allow create payment-batch", when, json!({}))], more));
    let part = |iban: &str, value: &str| json!({"payee": {"iban": iban}, "amount": eur(value)});
    let check = |parts: Value, said: &str| check(&policy, "create payment-batch", json!({"parts": parts}), said);
    check(json!([part(SHOP, "5"), part(SHOP, "5")]), "allow rule k#1");
    check(json!([part(SHOP, "5"), part(SHOP, "5.01")]), "deny default");
    check(json!([part(STRANGER, "5"), part(SHOP, "5.01")]), "allow rule k#1");
    check(json!([part(SHOP, "1"), part(SHOP, "1"), part(SHOP, "1")]), "allow rule k#1");
    check(json!([part(SHOP, "1"), part(SHOP, "1"), part(SHOP, "1"), part(SHOP, "1")]), "deny default");
    check(json!([{"payee": {"iban": SHOP}}, part(SHOP, "1")]), "deny default");
    // The unknown amount of an earlier part makes the sum unknown for the parts after it, here in another currency.
    let usd = json!({"payee": {"iban": SHOP}, "amount": {"value": "99", "currency": "USD"}});
    check(json!([usd, part(SHOP, "10")]), "deny default");
}
