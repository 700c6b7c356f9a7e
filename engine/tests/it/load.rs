//! Loading: closed shapes, and nothing that would be left unenforced.

use bpol_engine::Policy;
use bpol_engine::ir::Capability;
use serde_json::{Value, json};

use crate::fixture::*;

#[track_caller]
fn refused(document: &Value, reason: &str) {
    refused_text(&document.to_string(), reason);
}

#[track_caller]
fn refused_text(text: &str, reason: &str) {
    let fault = Policy::load(text.as_bytes()).unwrap_err().reason;
    assert!(fault.contains(reason), "{fault}");
}

/// The fixture with one member set: `a.0.b` is a path.
fn set(path: &str, value: Value) -> Value {
    let mut document = with(
        vec![rule("k#1 allow create payment", json!([{"on": [{"account": 0}]}]), json!({}))],
        json!({
            "scopes": [{"key": "k", "operations": [3]}],
            "counters": [
                {"id": "c-0", "scopes": [0], "period": "day", "counting": {"money": "EUR"}},
                {"id": "c-1", "scopes": [0], "period": "day", "counting": "times"}
            ],
            "limits": [{"name": "l", "caps": [{"money": {"value": "1.00", "currency": "EUR", "counter": 0}}]}],
            "guardrails": [{"rules": [rule("every#1 deny create payment", json!([{"via": ["card"]}]), json!({}))]}]
        }),
    );
    assert!(Policy::load(document.to_string().as_bytes()).is_ok());
    let pointer = format!("/{}", path.replace('.', "/"));
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    match name.parse::<usize>() {
        Ok(place) if place == parent.as_array().unwrap().len() => parent.as_array_mut().unwrap().push(value),
        Ok(place) => parent[place] = value,
        Err(_) => parent[name] = value,
    }
    document
}

/// The fixture with a clause in the place of the key's first.
fn clause(clause: Value) -> Value {
    set("keys.0.rules.0.when.0", clause)
}

#[test]
fn the_shape_is_closed() {
    refused(&set("extra", json!(1)), "unknown field `extra`");
    refused(&set("keys.0.rules.0.extra", json!(1)), "unknown field `extra`");
    refused(&set("bank.extra", json!(1)), "unknown field `extra`");
    refused(&clause(json!({"near": []})), "unknown variant `near`");
    refused(&clause(json!({"on": [{"account": 0}], "to": ["anyone"]})), "not a compiled policy");
    refused(&set("requires", json!(["teleport"])), "unknown variant `teleport`");
    let text = set("dropped", json!([])).to_string();
    refused_text(&text.replacen("\"bpol\":1", "\"bpol\":1,\"bpol\":1", 1), "duplicate field `bpol`");
    refused_text(&format!("{text} {{}}"), "trailing");
    refused_text(&text[..text.len() - 1], "not a compiled policy");
    refused_text("", "not a compiled policy");
    assert!(Policy::load(b"\xff").unwrap_err().reason.starts_with("not UTF-8"));
}

#[test]
fn null_is_not_absent_and_a_list_is_not_an_object() {
    refused(&set("timezone", Value::Null), "null; leave out");
    refused(&set("keys.0.rules.0.showing", Value::Null), "null; leave out");
    refused(&set("bank", json!(["bunq", "00"])), "written as a list");
    refused(&set("limits.0.caps.0.money", json!(["1.00", "EUR", 0])), "written as a list");
    // A name may hold the word, braces and escapes.
    let name = json!("null {\\\" n");
    assert!(Policy::load(set("keys.0.name", name.clone()).to_string().as_bytes()).is_err());
    let mut renamed = set("keys.0.name", name.clone());
    renamed["scopes"][0]["key"] = name;
    assert!(Policy::load(renamed.to_string().as_bytes()).is_ok());
}

#[test]
fn another_version_is_refused_whatever_it_holds() {
    refused(&set("bpol", json!(2)), "language version 2, this engine understands 1");
    refused_text(r#"{"bpol": 7, "unheard": true}"#, "language version 7");
}

#[test]
fn a_host_that_cannot_do_what_is_required_is_told_what() {
    let text = set("requires", json!(["approval", "counters"])).to_string();
    assert!(Policy::load(text.as_bytes()).is_ok());
    assert!(Policy::load_for(text.as_bytes(), &[Capability::Counters, Capability::Approval]).is_ok());
    let fault = Policy::load_for(text.as_bytes(), &[Capability::Counters]).unwrap_err().reason;
    assert_eq!(fault, "the policy requires what this gateway cannot do: `approval`");
    refused(&set("requires", json!(["counters", "approval"])), "requires: must be sorted");
    // A list that was cut does not get a policy past a gateway that cannot enforce it.
    for (clause, needed) in [
        (json!({"from": [{"network": 0}]}), "client-ip"),
        (json!("created-by-this-key"), "own-records"),
        (json!({"within": [0]}), "counters"),
        (json!({"up-to": [{"value": "1.00", "currency": "EUR", "counter": 0}]}), "counters"),
        (json!({"at-most": [{"times": 1, "counter": 1}]}), "counters"),
    ] {
        let text = self::clause(clause).to_string();
        let fault = Policy::load_for(text.as_bytes(), &[]).unwrap_err().reason;
        assert_eq!(fault, format!("the policy requires what this gateway cannot do: `{needed}`"));
    }
    let asks = set("keys.0.rules.0.effect", json!("ask")).to_string();
    assert!(Policy::load_for(asks.as_bytes(), &[]).unwrap_err().reason.ends_with("`approval`"));
    assert!(Policy::load_for(clause(json!({"from": ["anywhere"]})).to_string().as_bytes(), &[]).is_ok());
}

#[test]
fn guardrails_cannot_allow() {
    refused(&set("guardrails.0.rules.0.effect", json!("allow")), "guardrails[0].rules[0]: a guardrail cannot allow");
}

#[test]
fn numbers_point_into_their_tables() {
    refused(
        &set("keys.0.rules.0.operations", json!([99])),
        "keys[0].rules[0] (`k#1`): operations: there is no operation 99",
    );
    refused(&set("keys.0.rules.0.operations", json!([3, 3])), "ascending");
    refused(&set("views.0.operation", json!(99)), "views[0]");
    refused(&set("scopes.0.operations", json!([99])), "scopes[0].operations: there is no operation 99");
    refused(&set("scopes.0.key", json!("nobody")), "the policy has no key `nobody`");
    refused(&set("counters.0.scopes", json!([1])), "counters[0]: there is no scope 1");
    refused(&clause(json!({"on": [{"account": 9}]})), "keys[0].rules[0] (`k#1`): when[0]: on: there is no account 9");
    refused(&clause(json!({"on": [{"any": {"except": [{"account": 9}]}}]})), "there is no account 9");
    refused(&clause(json!({"to": [{"payee": 9}]})), "there is no payee 9");
    refused(&clause(json!({"to": [{"account": 9}]})), "there is no account 9");
    refused(&clause(json!({"to": [{"account": 2}]})), "`Wallet` has no IBAN");
    refused(&clause(json!({"within": [1]})), "there is no limit 1");
    refused(&clause(json!({"from": [{"network": 1}]})), "there is no network 1");
    refused(&clause(json!({"at-most": [{"times": 1, "counter": 2}]})), "there is no counter 2");
}

#[test]
fn routes_lead_to_operations_and_their_maps_say_a_word_once() {
    let route = |operation: usize| {
        let method = json!({"fact": "method", "from": [{"stands": {"at": ["/type"]}, "map": {"IDEAL": "ideal", "CARD": "card"}}]});
        json!({"method": "POST", "path": "/v1/payment", "operation": operation, "facts": [method]})
    };
    refused(&set("routes.0", route(99)), "routes[0]: there is no such operation");
    let text = set("routes.0", route(3)).to_string();
    assert!(Policy::load(text.as_bytes()).is_ok());
    refused_text(&text.replace("\"CARD\"", "\"IDEAL\""), "stands twice");
}

#[test]
fn caps_fit_their_counters() {
    refused(&clause(json!({"at-most": [{"times": 1, "counter": 0}]})), "does not count times");
    refused(&clause(json!({"at-most": [{"times": 0, "counter": 1}]})), "0 times");
    refused(&clause(json!({"up-to": [{"value": "1.00", "currency": "EUR", "counter": 1}]})), "does not sum EUR");
    refused(&clause(json!({"over": [{"value": "1.00", "currency": "USD", "counter": 0}]})), "does not sum USD");
    refused(&set("limits.0.caps.0.money.counter", json!(1)), "limits[0]: counter 1 does not sum EUR");
    refused(&set("counters.0.period", json!({"rolling": 0})), "rolling period of no seconds");
    refused(&set("counters.0.counting", json!({"money": "XXX"})), "`XXX` is no currency");
}

#[test]
fn values_are_checked() {
    refused(&set("timezone", json!("Europe/Nowhere")), "timezone: `Europe/Nowhere`");
    refused(&clause(json!({"up-to": [{"value": "1.005", "currency": "EUR"}]})), "`1.005 EUR` has more decimals");
    refused(&clause(json!({"up-to": [{"value": "1", "currency": "XAU"}]})), "`XAU` is no currency");
    refused(&clause(json!({"via": ["sepa"]})), "unknown method `sepa`");
    refused(&clause(json!({"repeating": ["often"]})), "unknown rhythm `often`");
    refused(&clause(json!({"on": [{"kind": {"kind": "x"}}]})), "unknown kind `x`");
    refused(&clause(json!({"on": [{"name": "e\u{301}"}]})), "not in Unicode NFC");
    refused(&clause(json!({"starting": "2026-02-30"})), "`2026-02-30` is no date");
    refused(&clause(json!({"before": "2026-2-3"})), "`2026-2-3` is no date");
    refused(&clause(json!({"since": {"date": "today"}})), "`today` is no date");
    refused(&clause(json!({"from": [{"block": "203.0.113.7/24"}]})), "host bits");
    refused(&clause(json!({"from": [{"block": "203.0.113.7"}]})), "no prefix length");
    refused(&set("networks.0.blocks.0", json!("x/8")), "networks[0]: `x/8`");
    refused(&clause(json!({"to": [{"iban": "NL91ABNA0417164301"}]})), "wrong checksum");
    refused(&clause(json!({"to-url": ["example.com"]})), "no absolute URL");
    refused(&clause(json!({"during": [{"days": [], "from": 0, "until": 60}]})), "week order");
    refused(&clause(json!({"during": [{"days": ["mon"], "from": 60, "until": 60}]})), "holds nothing");
    refused(
        &set("payees.0.ibans.0", json!("NL91ABNA0417164301")),
        "payees[0]: `NL91ABNA0417164301` has a wrong checksum",
    );
    refused(&set("accounts.0.iban", json!("NL91")), "accounts[0]: `NL91`");
    refused(&set("accounts.0.iban", json!(SAVINGS)), "the IBAN of another account");
    refused(&set("accounts.2.id", json!(42)), "the id of another account");
    refused(&set("accounts.0.kind", json!("x")), "accounts[0]: unknown kind `x`");
    refused(&set("accounts.2", json!({"name": "Wallet"})), "neither IBAN nor id");
    refused(&set("keys.0.rules.0.showing", json!(["pin"])), "no operation has a field `pin`");
    refused(&set("keys.1.name", json!("k")), "keys[1]: `k` stands twice");
    refused(&set("accounts.0.name", json!("Savings")), "stands twice");
    refused(
        &set("operations.0", json!({"action": "read", "resource": "health", "tier": "base"})),
        "`read health` stands twice",
    );
}

#[test]
fn a_calendar_needs_a_time_zone() {
    let without = |mut document: Value| {
        document.as_object_mut().unwrap().remove("timezone");
        document
    };
    refused(&without(set("dropped", json!([]))), "counters[0]: a calendar period needs `timezone`");
    let plain =
        |clause: Value| without(with(vec![rule("k#1 allow create payment", json!([clause]), json!({}))], json!({})));
    refused(&plain(json!({"before": "2026-01-01"})), "needs `timezone`");
    refused(&plain(json!({"during": [{"days": ["mon"], "from": 0, "until": 60}]})), "needs `timezone`");
    assert!(Policy::load(plain(json!({"since": {"age": 60}})).to_string().as_bytes()).is_ok());
}

#[test]
fn empty_lists_and_exceptions_are_refused() {
    for empty in
        ["on", "to", "to-url", "up-to", "over", "at-most", "more-than", "within", "via", "repeating", "from", "during"]
    {
        let mut one = json!({});
        one[empty] = json!([]);
        refused(&clause(one), "an empty list");
    }
    refused(&set("keys.0.rules.0.unless", json!([[]])), "unless[0]: an exception without clauses");
    refused(&set("payees.0.ibans", json!([])), "payees[0]: `landlord` holds no IBAN");
    refused(&set("networks.0.blocks", json!([])), "holds no block");
    refused(&set("limits.0.caps", json!([])), "has no caps");
    refused(&set("keys.0.rules.0.id", json!("")), "an empty id");
}

#[test]
fn scopes_are_narrowed_only_by_what_narrows() {
    refused(&set("scopes.0.when", json!([{"since": {"age": 60}}])), "only `on`, `to`, `via` and `repeating`");
    refused(
        &set("scopes.0.unless", json!([[{"via": ["card"]}, "any-amount"]])),
        "only `on`, `to`, `via` and `repeating`",
    );
}
