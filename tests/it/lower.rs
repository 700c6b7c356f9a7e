//! What rules become in the compiled policy.

use bpol_engine::ir::{Capability, Ir};
use bpol_engine::{History, Policy};
use bpolc::Input;
use camino::Utf8Path;

const NAMES: &str = r#"
account "A" is iban NL20INGB0001234567, id 42, bank;
payee "P" is NL91ABNA0417164300;
"#;

fn compile(text: &str) -> Ir {
    let input = Input { path: "policy.bpol".into(), text: format!("{NAMES}{text}") };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).unwrap_or_else(|| panic!("{text}\n{:#?}", checked.diagnostics))
}

#[track_caller]
fn check_requires(text: &str, expected: &[Capability]) {
    assert_eq!(compile(text).requires, expected, "{text}");
}

/// The decision on a request after a past.
fn decide(policy: &Policy, request: &str, past: &[&str]) -> String {
    let mut history = History::new();
    for entry in past {
        history.extend(policy.read_entry(entry).expect("an entry"));
    }
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    let report = serde_json::to_value(policy.answer(request, &history, now)).expect("JSON");
    format!("{} {}", report["decision"], report["by"]).replace('"', "")
}

/// The operations of a rule in words.
fn operations(ir: &Ir, id: &str) -> Vec<String> {
    let rules = ir.keys.iter().flat_map(|key| &key.rules).chain(ir.guardrails.iter().flat_map(|block| &block.rules));
    let all = rules.filter(|rule| rule.id == id).flat_map(|rule| &rule.operations);
    all.map(|&at| &ir.operations[at as usize]).map(|one| format!("{} {}", one.action, one.resource)).collect()
}

#[test]
fn what_counts_as_a_payment_is_denied_with_it_and_asked_about_without_reads() {
    let ir =
        compile(r#"key "k" < allow read card-secret on any account; allow order card on any account; ask payment; >"#);
    let asked = operations(&ir, "k#3");
    assert!(asked.contains(&"order card".to_owned()), "{asked:?}");
    assert!(!asked.iter().any(|one| one.starts_with("read ")), "{asked:?}");
    let policy = Policy::from_ir(ir).expect("it loads");
    let request =
        |action: &str, resource: &str| format!(r#"{{"key":"k","action":"{action}","resource":"{resource}"}}"#);
    assert_eq!(decide(&policy, &request("read", "card-secret"), &[]), "allow [k#1]");
    assert_eq!(decide(&policy, &request("order", "card"), &[]), "ask [k#3]");

    let denied = operations(&compile(r#"key "k" < deny payment; >"#), "k#1");
    assert!(denied.contains(&"read card-secret".to_owned()), "{denied:?}");
    assert_eq!(denied.len(), 29);
}

#[test]
fn a_limit_is_one_budget_of_all_keys_and_a_cap_in_a_guardrail_is_one_for_each() {
    let pay = |key: &str, value: &str| {
        format!(
            r#"{{"key":"{key}","action":"create","resource":"payment","time":"2026-11-24T10:00:00Z","account":{{"id":42}},"payee":{{"iban":"NL91ABNA0417164300"}},"amount":{{"value":"{value}","currency":"EUR"}}}}"#
        )
    };
    let two = |allow: &str, more: &str| {
        let keys = ["a", "b"]
            .map(|key| format!(r#"key "{key}" < allow create payment on account "A" to payee "P" {allow}; >"#));
        Policy::from_ir(compile(&format!("{}{}{more}", keys[0], keys[1]))).expect("it loads")
    };
    let shared = two(r#"within limit "L""#, r#"limit "L" < 100 EUR per 24h; >"#);
    assert_eq!(decide(&shared, &pay("b", "60"), &[&pay("a", "40")]), "allow [b#1]");
    assert_eq!(decide(&shared, &pay("b", "60"), &[&pay("a", "41")]), "deny []");

    let each = two("up to any amount in total", "every key < only up to 100 EUR per 24h; >");
    assert_eq!(decide(&each, &pay("b", "60"), &[&pay("a", "41")]), "allow [b#1]");
    assert_eq!(decide(&each, &pay("b", "60"), &[&pay("b", "41")]), "deny [every#1]");
}

#[test]
fn a_policy_requires_what_its_rules_look_at() {
    use Capability::{Approval, ClientIp, Counters, Lookup, OwnRecords, ResponseFields, ResponseFilter};
    // Opening the session shows fields, so every key needs that.
    check_requires("", &[]);
    check_requires(r#"key "k" < allow read picture; >"#, &[ResponseFields]);
    check_requires(r#"every key < only from ip 203.0.113.7; >"#, &[]);
    check_requires(r#"key "k" < allow read picture; only from ip 203.0.113.7; >"#, &[ClientIp, ResponseFields]);
    check_requires(r#"key "k" < allow read picture; only from anywhere; >"#, &[ResponseFields]);
    check_requires(r#"key "k" < allow read picture at most 3 times per 24h; >"#, &[Counters, ResponseFields]);
    check_requires(
        r#"key "k" < allow create payment on account "A" to payee "P" up to 5 EUR in total; ask payment over 3 EUR; >"#,
        &[Approval, Counters, ResponseFields],
    );
    check_requires(r#"key "k" < allow read transactions on any account; >"#, &[ResponseFields]);
    check_requires(r#"key "k" < allow read transactions on account "A"; >"#, &[ResponseFields, ResponseFilter]);
    let own = r#"key "k" < allow read requests on any account created by this key; >"#;
    check_requires(own, &[OwnRecords, ResponseFields, ResponseFilter]);
    check_requires(
        r#"key "k" < allow cancel requests on any account created by this key; >"#,
        &[OwnRecords, ResponseFields],
    );
    let accept = |cap: &str, whom: &str| {
        format!(r#"key "k" < allow accept incoming-request on account "A" to {whom} up to {cap} in total; >"#)
    };
    check_requires(&accept("any amount", "anyone"), &[ResponseFields]);
    check_requires(&accept("any amount", r#"payee "P""#), &[Lookup, ResponseFields]);
    check_requires(&accept("50 EUR", "anyone"), &[Counters, Lookup, ResponseFields]);
}

#[test]
fn places_are_relative_to_the_root_and_guardrails_know_their_place() {
    let input = Input {
        path: "some/where/./p.bpol".into(),
        text: "every key < deny control; >\nkey \"k\" < deny control; >\nevery key < deny spend; >\n".into(),
    };
    let checked = bpolc::check(vec![input], Utf8Path::new("some/where"), &|_| Err(String::new()));
    let ir = bpolc::compile(&checked).expect("it compiles");
    assert_eq!(ir.keys[0].rules[0].place.file, "p.bpol");
    assert_eq!((ir.guardrails[0].keys_behind, ir.guardrails[1].keys_behind), (1, 0));
    let policy = Policy::from_ir(ir).expect("it loads");
    let request = r#"{"key":"k","action":"create","resource":"device"}"#;
    assert_eq!(decide(&policy, request, &[]), "deny [every#1,k#1]");
}

/// What a counter counts under its name must not change, or a store would go on from the sum of something else.
#[test]
fn a_counter_of_accounts_by_their_kind_is_another_when_these_are_declared_otherwise() {
    let ids = |declared: &str, rules: &str| -> Vec<String> {
        let ir = compile(&format!("timezone \"Europe/Amsterdam\"; {declared} key \"k\" < {rules} >"));
        ir.counters.into_iter().map(|counter| counter.id).collect()
    };
    let by_kind = "allow create payment on joint accounts to payee \"P\" up to 10 EUR per day;";
    let but_kind = "allow create payment on any account except joint accounts to payee \"P\" up to 10 EUR per day;";
    let own = "deny payment over 5 EUR per day unless to own accounts;";
    let by_name = "allow create payment on account \"A\" to payee \"P\" up to 10 EUR per day;";
    let [bank, joint] = ["bank", "joint"].map(|kind| format!("account \"J\" is iban GB29NWBK60161331926819, {kind};"));
    for rules in [by_kind, but_kind, own] {
        assert_ne!(ids(&bank, rules), ids(&joint, rules), "{rules}");
        assert_ne!(ids("", rules), ids(&joint, rules), "{rules}");
        assert_eq!(ids(&joint, rules), ids(&joint.replace("\"J\"", "\"Other\""), rules), "{rules}");
    }
    assert_eq!(ids(&bank, by_name), ids(&joint, by_name));
}
