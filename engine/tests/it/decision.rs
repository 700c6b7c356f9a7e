//! 6.3: deny beats ask beats allow, and what nothing allows is denied.

use bpol_engine::{History, Policy};
use serde_json::{Value, json};

use crate::fixture::*;

fn plain(head: &str) -> Value {
    rule(head, json!([]), json!({}))
}

#[test]
fn nothing_is_allowed_unless_it_is_written() {
    let policy = policy(vec![]);
    check(&policy, "create payment", json!({}), "deny default");
    check(&policy, "read account", json!({}), "deny default");
}

#[test]
fn a_key_that_the_policy_does_not_name_is_denied_everything() {
    let policy = policy(vec![plain("k#1 allow create payment")]);
    check(&policy, "create payment", json!({"key": "nobody"}), "deny unknown-key");
    check(&policy, "read health", json!({"key": "nobody"}), "deny unknown-key");
    check(&policy, "create payment", json!({"key": "K"}), "deny unknown-key");
}

#[test]
fn malformed_comes_before_unknown_key() {
    check(&policy(vec![]), "create payment", json!({"key": "nobody", "method": "sepa"}), "deny malformed");
}

#[test]
fn base_operations_need_no_rule_and_obey_those_that_take() {
    let open = policy(vec![]);
    check(&open, "open session", json!({}), "allow base (name kind)");
    check(&open, "read health", json!({}), "allow base");
    let bound = policy(vec![rule(
        "k#1 deny open session, read health",
        json!([]),
        json!({"unless": [[{"from": [{"network": 0}]}]]}),
    )]);
    check(&bound, "open session", json!({"ip": "203.0.113.1"}), "allow base (name kind)");
    check(&bound, "open session", json!({"ip": "198.51.100.1"}), "deny rule k#1");
    check(&bound, "open session", json!({}), "deny rule k#1");
}

#[test]
fn the_strictest_rule_wins_in_any_order() {
    let mut rules =
        vec![plain("k#1 allow create payment"), plain("k#2 ask create payment"), plain("k#3 deny create payment")];
    for _ in 0..3 {
        rules.rotate_left(1);
        check(&policy(rules.clone()), "create payment", json!({}), "deny rule k#3");
    }
    rules.retain(|rule| rule["effect"] != "deny");
    check(&policy(rules.clone()), "create payment", json!({}), "ask rule k#2");
    rules.retain(|rule| rule["effect"] != "ask");
    check(&policy(rules), "create payment", json!({}), "allow rule k#1");
}

#[test]
fn ask_alone_allows_nothing() {
    check(&policy(vec![plain("k#1 ask create payment")]), "create payment", json!({}), "deny default");
}

#[test]
fn a_deny_or_ask_that_is_not_false_holds() {
    let landlord = json!([{"to": [{"payee": 0}]}]);
    let rules = vec![
        plain("k#1 allow create payment"),
        rule("k#2 ask create payment", json!([{"over": [{"value": "5.00", "currency": "EUR"}]}]), json!({})),
        rule("k#3 deny create payment", landlord, json!({})),
    ];
    let policy = policy(rules);
    let facts =
        |iban: &str, value: &str| json!({"payee": {"iban": iban}, "amount": {"value": value, "currency": "EUR"}});
    check(&policy, "create payment", facts(SHOP, "5"), "allow rule k#1");
    check(&policy, "create payment", facts(SHOP, "6"), "ask rule k#2");
    check(&policy, "create payment", facts(LANDLORD, "5"), "deny rule k#3");
    check(&policy, "create payment", json!({"payee": {"iban": SHOP}}), "ask rule k#2");
    check(&policy, "create payment", json!({}), "deny rule k#3");
}

#[test]
fn exceptions_are_negated_blocks() {
    let more = json!({"unless": [
        [{"to": [{"payee": 0}]}, {"up-to": [{"value": "900.00", "currency": "EUR"}]}],
        [{"via": ["ideal"]}]
    ]});
    let rules = vec![plain("k#1 allow create payment"), rule("k#2 deny create payment", json!([]), more)];
    let policy = policy(rules);
    let facts = |iban: &str, value: &str| json!({"payee": {"iban": iban}, "amount": {"value": value, "currency": "EUR"}, "method": "card"});
    check(&policy, "create payment", facts(LANDLORD, "900"), "allow rule k#1");
    check(&policy, "create payment", facts(LANDLORD, "901"), "deny rule k#2");
    check(&policy, "create payment", facts(SHOP, "1"), "deny rule k#2");
    check(&policy, "create payment", json!({"method": "ideal"}), "allow rule k#1");
    check(&policy, "create payment", json!({"payee": {"iban": LANDLORD}, "method": "card"}), "deny rule k#2");
    let not_landlord = one_with("k#1 allow create payment", json!({"unless": [[{"to": [{"payee": 0}]}]]}));
    check(&not_landlord, "create payment", json!({"payee": {"iban": SHOP}}), "allow rule k#1");
    check(&not_landlord, "create payment", json!({}), "deny default");
}

fn one_with(head: &str, more: Value) -> Policy {
    policy(vec![rule(head, json!([]), more)])
}

#[test]
fn guardrails_bind_every_key_that_they_do_not_except() {
    let more = json!({"guardrails": [
        {"rules": [rule("every#1 deny create payment", json!([{"via": ["card"]}]), json!({}))]},
        {"except": ["other"], "rules": [rule("every#2 ask create payment", json!([]), json!({}))]}
    ]});
    let mut document = with(vec![plain("k#1 allow create payment"), plain("k#2 ask create payment")], more);
    document["keys"][1]["rules"] = json!([plain("other#1 allow create payment")]);
    let policy = load(&document);
    check(&policy, "create payment", json!({"method": "transfer"}), "ask rule k#2+every#2");
    check(&policy, "create payment", json!({"key": "other", "method": "transfer"}), "allow rule other#1");
    check(&policy, "create payment", json!({"key": "other", "method": "card"}), "deny rule every#1");
    check(&policy, "create payment", json!({"key": "other"}), "deny rule every#1");
}

#[test]
fn by_names_each_statement_once_in_document_order() {
    let rules = vec![
        plain("k#1 allow create payment"),
        rule("k#2 deny create payment", json!([{"via": ["card"]}]), json!({})),
        rule("k#3 deny create payment", json!([{"via": ["ideal"]}]), json!({})),
        plain("k#4 deny create payment"),
        rule("k#2 deny create payment", json!([{"via": ["card", "ideal"]}]), json!({})),
    ];
    let policy = policy(rules);
    check(&policy, "create payment", json!({"method": "ideal"}), "deny rule k#2+k#3+k#4");
    check(&policy, "create payment", json!({"method": "card"}), "deny rule k#2+k#4");
}

#[test]
fn an_approval_makes_ask_count_as_allow_and_opens_nothing_else() {
    let rules = vec![
        plain("k#1 allow create payment"),
        plain("k#2 ask create payment"),
        rule("k#3 deny create payment", json!([{"via": ["card"]}]), json!({})),
        plain("k#4 ask unfreeze card"),
    ];
    let policy = policy(rules);
    let decide = |words: &str, facts: Value| {
        let json = request(words, facts);
        let request = policy.read_request(&json).unwrap();
        let decision = policy.decide_approved(&request, &History::new(), now());
        format!("{:?} {:?} {}", decision.effect(), decision.reason(), decision.by().collect::<Vec<_>>().join("+"))
    };
    assert_eq!(decide("create payment", json!({"method": "ideal"})), "Allow Rule k#1");
    assert_eq!(decide("create payment", json!({"method": "card"})), "Deny Rule k#3");
    assert_eq!(decide("unfreeze card", json!({})), "Deny Default ");
}

#[test]
fn a_request_is_decided_by_the_policy_that_read_it() {
    let (reader, decider) =
        (policy(vec![plain("k#1 allow create payment")]), policy(vec![plain("k#1 allow create payment")]));
    let json = request("create payment", json!({}));
    let request = reader.read_request(&json).unwrap();
    assert_eq!(reader.decide(&request, &History::new(), now()).effect(), bpol_engine::ir::Effect::Allow);
    assert_eq!(decider.decide(&request, &History::new(), now()).reason(), bpol_engine::Reason::Malformed);
}

#[test]
fn a_request_with_a_time_is_decided_at_that_time() {
    let policy = one("k#1 allow create payment", json!([{"before": "2027-01-01"}]));
    check(&policy, "create payment", json!({}), "allow rule k#1");
    check(&policy, "create payment", json!({"time": "2027-01-01T00:00:00+01:00"}), "deny default");
}

#[test]
fn a_view_is_the_operation_that_it_views() {
    let policy =
        policy(vec![rule("k#1 allow read account", json!([]), json!({"showing": ["name", "kind", "balance"]}))]);
    check(&policy, "read balance", json!({}), "allow rule k#1 (name kind balance)");
    check(&policy, "read account", json!({}), "allow rule k#1 (name kind balance)");
}
