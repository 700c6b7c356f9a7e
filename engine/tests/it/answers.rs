//! 6.5: facts that stand in the answer, and the fields that it shows.

use serde_json::{Value, json};

use crate::fixture::*;

const READ: &str = "read transaction";

fn open(more: Value) -> Value {
    let mut facts = json!({"answer": true});
    for (name, value) in more.as_object().unwrap() {
        facts[name] = value.clone();
    }
    facts
}

fn reads(when: Value, more: Value) -> Value {
    rule("k#1 allow read transaction", when, more)
}

#[test]
fn what_no_open_fact_can_change_is_decided_at_once() {
    let policy = one("k#1 allow read transaction", json!([{"on": [{"account": 0}]}]));
    check(&policy, READ, open(json!({"account": {"id": 42}})), "allow rule k#1 (amount date counterparty text)");
    check(&policy, READ, open(json!({"account": {"id": 43}})), "deny default");
    check(&policy, READ, open(json!({})), "allow rule k#1 each");
}

#[test]
fn records_are_decided_one_by_one_when_it_depends_on_them() {
    let policy = one("k#1 allow read transaction", json!([{"on": [{"account": 0}]}, {"since": {"age": 2_592_000}}]));
    let account = json!({"account": {"id": 42}});
    check(&policy, READ, open(account), "allow rule k#1 each");
    let record = |time: &str| json!({"account": {"id": 42}, "record": {"created": time}});
    check(&policy, READ, record("2026-11-14T10:00:00Z"), "allow rule k#1 (amount date counterparty text)");
    check(&policy, READ, record("2026-09-14T10:00:00Z"), "deny default");
    check(&policy, READ, open(record("2026-09-14T10:00:00Z")), "deny default");
}

#[test]
fn a_part_missing_from_a_fact_that_is_told_is_unknown() {
    let policy = one("k#1 allow read transaction", json!([{"on": [{"account": 0}]}, {"since": {"age": 60}}]));
    check(&policy, READ, open(json!({"account": {"name": "Groceries"}})), "deny default");
    check(&policy, READ, open(json!({"account": {"id": 42}, "record": {"own": true}})), "deny default");
    check(&policy, READ, open(json!({"account": {}})), "allow rule k#1 each");
}

#[test]
fn open_facts_harm_and_help_the_other_way_round_in_exceptions_and_in_what_takes() {
    let deny = policy(vec![
        rule("k#1 allow read transaction", json!([{"on": [{"any": {}}]}]), json!({})),
        rule("k#2 deny read transaction", json!([{"via": ["card"]}]), json!({})),
    ]);
    check(&deny, READ, open(json!({})), "allow rule k#1 each");
    check(&deny, READ, open(json!({"method": "card"})), "deny rule k#2");
    check(&deny, READ, open(json!({"method": "ideal"})), "allow rule k#1 (amount date counterparty text)");
    let unless = policy(vec![reads(json!([]), json!({"unless": [[{"to": [{"payee": 0}]}]]}))]);
    check(&unless, READ, open(json!({})), "allow rule k#1 each");
    check(&unless, READ, json!({}), "deny default");
    let exempt = policy(vec![
        reads(json!([]), json!({})),
        rule("k#2 deny read transaction", json!([]), json!({"unless": [[{"to": [{"payee": 0}]}]]})),
    ]);
    check(&exempt, READ, open(json!({})), "allow rule k#1 each");
    check(&exempt, READ, open(json!({"payee": {"iban": SHOP}})), "deny rule k#2");
}

#[test]
fn a_clause_that_an_open_fact_does_not_decide_keeps_its_value() {
    let any = one("k#1 allow read transaction", json!([{"on": [{"any": {}}]}]));
    check(&any, READ, open(json!({})), "allow rule k#1 (amount date counterparty text)");
    let denied = policy(vec![
        reads(json!([]), json!({})),
        rule("k#2 deny read transaction", json!([{"on": [{"any": {}}]}]), json!({})),
    ]);
    check(&denied, READ, open(json!({})), "deny rule k#2");
}

#[test]
fn untold_facts_and_facts_that_the_operation_lacks_are_never_open() {
    let untold = one("k#1 allow read card-challenge", json!([{"on": [{"account": 0}]}]));
    check(&untold, "read card-challenge", open(json!({})), "deny default");
    let lacks = one("k#1 allow read account", json!([{"since": {"age": 60}}]));
    check(&lacks, "read account", open(json!({})), "deny default");
}

#[test]
fn an_answer_is_never_put_to_the_account_holder() {
    let policy = policy(vec![reads(json!([]), json!({})), rule("k#2 ask read transaction", json!([]), json!({}))]);
    check(&policy, READ, open(json!({})), "deny rule k#2");
    check(&policy, READ, json!({}), "ask rule k#2");
}

#[test]
fn the_address_is_not_in_the_answer() {
    let policy = one("k#1 allow read transaction", json!([{"from": [{"network": 0}]}]));
    check(&policy, READ, open(json!({})), "deny default");
    check(&policy, READ, open(json!({"ip": "203.0.113.1"})), "allow rule k#1 (amount date counterparty text)");
}

#[test]
fn base_reads_stay_base() {
    check(&policy(vec![]), "read health", open(json!({})), "allow base");
}

#[test]
fn showing_is_exact_and_hiding_takes_from_the_default() {
    let shows = policy(vec![reads(json!([]), json!({"showing": ["balance", "amount"]}))]);
    check(&shows, READ, json!({}), "allow rule k#1 (amount balance)");
    let hides = policy(vec![reads(json!([]), json!({"hiding": ["counterparty"]}))]);
    check(&hides, READ, json!({}), "allow rule k#1 (amount date text)");
    let both = policy(vec![reads(json!([]), json!({"showing": ["text", "date"], "hiding": ["text"]}))]);
    check(&both, READ, json!({}), "allow rule k#1 (date)");
}

#[test]
fn a_field_is_shown_by_a_true_rule_and_hidden_by_one_that_is_not_false() {
    let rules = |when: Value| {
        policy(vec![
            reads(json!([]), json!({"showing": ["email", "text", "date"]})),
            rule("k#2 allow read transaction", when, json!({"hiding": ["text", "email"]})),
        ])
    };
    let card = rules(json!([{"via": ["card"]}]));
    check(&card, READ, json!({"method": "card"}), "allow rule k#1+k#2 (amount date counterparty)");
    check(&card, READ, json!({"method": "ideal"}), "allow rule k#1 (date text email)");
    check(&card, READ, json!({}), "allow rule k#1 (date)");
    check(&card, READ, open(json!({})), "allow rule k#1 (date)");
}

#[test]
fn used_up_counts_do_not_show_what_the_rule_hides() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(READ)]}],
        "counters": [{"id": "c", "scopes": [0], "period": "day", "counting": "times"}]
    });
    let rules = vec![
        reads(json!([]), json!({})),
        rule(
            "k#2 allow read transaction",
            json!([{"at-most": [{"times": 1, "counter": 0}]}]),
            json!({"hiding": ["text"]}),
        ),
    ];
    let policy = load(&with(rules, more.clone()));
    let used = history(&policy, &[("2026-11-24T09:00:00Z", READ, json!({}))]);
    assert_eq!(say_after(&policy, READ, json!({}), &used), "allow rule k#1 (amount date counterparty)");
    let unless = json!({"hiding": ["text"], "unless": [[{"more-than": [{"times": 1, "counter": 0}]}]]});
    let rules = vec![reads(json!([]), json!({})), rule("k#2 allow read transaction", json!([]), unless)];
    let policy = load(&with(rules, more));
    let used = history(&policy, &[("2026-11-24T09:00:00Z", READ, json!({}))]);
    assert_eq!(say_after(&policy, READ, json!({}), &used), "allow rule k#1 (amount date counterparty)");
}

#[test]
fn fields_are_for_reads_that_have_some() {
    let policy = policy(vec![rule("k#1 allow create payment, read account", json!([]), json!({}))]);
    check(&policy, "create payment", json!({}), "allow rule k#1");
    check(&policy, "read account", json!({}), "allow rule k#1 (name iban kind balance)");
    check(&policy, "read transaction", json!({}), "deny default");
}
