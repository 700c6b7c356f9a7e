//! 6.4: what counters count, and when.

use bpol_engine::{History, Policy};
use serde_json::{Value, json};

use crate::fixture::*;

const PAY: &str = "create payment";

fn eur(value: &str) -> Value {
    json!({"amount": {"value": value, "currency": "EUR"}})
}

/// `allow create payment up to 100 EUR PERIOD` over a scope with `more` in it.
fn capped(period: Value, scope: Value) -> Policy {
    let mut whole = json!({"key": "k", "operations": [op(PAY), op("create payment-batch"), op("create scheduled-payment"), op("unfreeze card")]});
    for (name, value) in scope.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let more = json!({
        "scopes": [whole],
        "counters": [{"id": "c-money", "scopes": [0], "period": period, "counting": {"money": "EUR"}}]
    });
    let up_to = json!([{"up-to": [{"value": "100.00", "currency": "EUR", "counter": 0}]}]);
    load(&with(vec![rule("k#1 allow create payment, create scheduled-payment", up_to, json!({}))], more))
}

#[track_caller]
fn allows(policy: &Policy, past: &History, facts: Value, expected: bool) {
    let said = say_after(policy, PAY, facts.clone(), past);
    assert_eq!(said, if expected { "allow rule k#1" } else { "deny default" }, "{facts}");
}

#[test]
fn a_calendar_period_begins_with_its_first_instant_in_the_zone() {
    for (period, before, first) in [
        ("day", "2026-11-23T22:59:59.999999999Z", "2026-11-23T23:00:00Z"),
        ("week", "2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z"),
        ("month", "2026-10-31T22:59:59Z", "2026-10-31T23:00:00Z"),
        ("year", "2025-12-31T22:59:59Z", "2025-12-31T23:00:00Z"),
    ] {
        let policy = capped(json!(period), json!({}));
        let outside = history(&policy, &[(before, PAY, eur("60"))]);
        allows(&policy, &outside, eur("100"), true);
        allows(&policy, &outside, eur("100.01"), false);
        let inside = history(&policy, &[(first, PAY, eur("60"))]);
        allows(&policy, &inside, eur("40"), true);
        allows(&policy, &inside, eur("40.01"), false);
    }
}

#[test]
fn a_rolling_period_leaves_out_what_is_exactly_as_old() {
    let policy = capped(json!({"rolling": 86_400}), json!({}));
    let old = history(&policy, &[("2026-11-23T10:00:00Z", PAY, eur("60"))]);
    allows(&policy, &old, eur("100"), true);
    let young = history(&policy, &[("2026-11-23T10:00:00.001Z", PAY, eur("60"))]);
    allows(&policy, &young, eur("100"), false);
    allows(&policy, &young, eur("40"), true);
}

#[test]
fn in_total_counts_everything_and_what_is_dated_after_now_counts_too() {
    let policy = capped(json!("total"), json!({}));
    allows(&policy, &history(&policy, &[("2001-01-01T00:00:00Z", PAY, eur("60"))]), eur("50"), false);
    let policy = capped(json!("day"), json!({}));
    allows(&policy, &history(&policy, &[("2031-01-01T00:00:00Z", PAY, eur("60"))]), eur("50"), false);
}

#[test]
fn only_the_same_key_the_listed_operations_and_the_same_currency_count() {
    let policy = capped(json!("day"), json!({}));
    let with_key = |key: &str| {
        let mut facts = eur("60");
        facts["key"] = json!(key);
        facts
    };
    for (entry, words, counts) in [
        (eur("60"), PAY, true),
        (eur("60"), "create payment-batch", true),
        (with_key("other"), PAY, false),
        (with_key("nobody"), PAY, false),
        (eur("60"), "read transaction", false),
        (json!({"amount": {"value": "60", "currency": "USD"}}), PAY, false),
        (json!({}), "unfreeze card", false),
    ] {
        let past = history(&policy, &[(NOW, words, entry.clone())]);
        allows(&policy, &past, eur("50"), !counts);
    }
}

#[test]
fn an_unknown_amount_makes_the_sum_unknown() {
    let policy = capped(json!("day"), json!({}));
    let past = history(&policy, &[(NOW, PAY, json!({}))]);
    allows(&policy, &past, eur("1"), false);
    let yesterday = history(&policy, &[("2026-11-22T10:00:00Z", PAY, json!({}))]);
    allows(&policy, &yesterday, eur("1"), true);
}

#[test]
fn a_scope_holds_what_its_clauses_do_not_rule_out() {
    let scope = json!({"when": [{"on": [{"account": 0}]}], "unless": [[{"via": ["card"]}]]});
    let policy = capped(json!("day"), scope);
    let entry = |more: Value| {
        let mut facts = eur("60");
        for (name, value) in more.as_object().unwrap() {
            facts[name] = value.clone();
        }
        history(&policy, &[(NOW, PAY, facts)])
    };
    allows(&policy, &entry(json!({"account": {"id": 42}})), eur("50"), false);
    allows(&policy, &entry(json!({"account": {"id": 43}})), eur("50"), true);
    allows(&policy, &entry(json!({})), eur("50"), false);
    allows(&policy, &entry(json!({"account": {"id": 42}, "method": "ideal"})), eur("50"), false);
    allows(&policy, &entry(json!({"account": {"id": 42}, "method": "card"})), eur("50"), true);
}

#[test]
fn a_contradictory_fact_of_an_entry_is_unknown_as_a_whole() {
    let policy = capped(json!("day"), json!({"when": [{"on": [{"account": 1}]}]}));
    let contradictory = json!({"account": {"iban": GROCERIES, "id": 7}, "amount": {"value": "60", "currency": "EUR"}});
    let mut plain = contradictory.clone();
    plain["account"] = json!({"iban": GROCERIES, "id": 42});
    allows(&policy, &history(&policy, &[(NOW, PAY, contradictory)]), eur("50"), false);
    allows(&policy, &history(&policy, &[(NOW, PAY, plain)]), eur("50"), true);
}

#[test]
fn what_the_bank_repeats_cannot_be_counted() {
    let policy = capped(json!("month"), json!({}));
    let order = |repeat: Value| {
        let mut facts = eur("1");
        if !repeat.is_null() {
            facts["repeat"] = repeat;
        }
        say(&policy, "create scheduled-payment", facts)
    };
    assert_eq!(order(json!("once")), "allow rule k#1");
    assert_eq!(order(json!(null)), "allow rule k#1");
    assert_eq!(order(json!("monthly")), "deny default");
    assert_eq!(order(json!("anytime")), "deny default");
    // A payment has no rhythm: what it is said to have is ignored.
    let mut facts = eur("1");
    facts["repeat"] = json!("monthly");
    check(&policy, PAY, facts, "allow rule k#1");
    let each = one("k#1 allow create scheduled-payment", json!([{"up-to": [{"value": "5.00", "currency": "EUR"}]}]));
    let mut facts = eur("5");
    facts["repeat"] = json!("monthly");
    check(&each, "create scheduled-payment", facts, "allow rule k#1");
}

#[test]
fn counts_count_whatever_the_amount() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY), op("unfreeze card")]}],
        "counters": [{"id": "c-times", "scopes": [0], "period": "day", "counting": "times"}]
    });
    let when = json!([{"at-most": [{"times": 2, "counter": 0}]}]);
    let policy = load(&with(vec![rule("k#1 allow create payment", when, json!({}))], more.clone()));
    allows(&policy, &history(&policy, &[(NOW, PAY, json!({}))]), json!({}), true);
    let two = history(&policy, &[(NOW, PAY, json!({})), (NOW, "unfreeze card", json!({}))]);
    allows(&policy, &two, json!({}), false);

    let ask = rule("k#2 ask create payment", json!([{"more-than": [{"times": 1, "counter": 0}]}]), json!({}));
    let policy = load(&with(vec![rule("k#1 allow create payment", json!([]), json!({})), ask], more));
    check(&policy, PAY, json!({}), "allow rule k#1");
    let once = history(&policy, &[(NOW, PAY, json!({}))]);
    assert_eq!(say_after(&policy, PAY, json!({}), &once), "ask rule k#2");
}

#[test]
fn over_by_period_takes_what_is_unknown() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY)]}],
        "counters": [{"id": "c", "scopes": [0], "period": "day", "counting": {"money": "EUR"}}]
    });
    let over = json!([{"over": [{"value": "100.00", "currency": "EUR", "counter": 0}]}]);
    let policy = load(&with(
        vec![rule("k#1 allow create payment", json!([]), json!({})), rule("k#2 ask create payment", over, json!({}))],
        more,
    ));
    let past = history(&policy, &[(NOW, PAY, eur("60"))]);
    assert_eq!(say_after(&policy, PAY, eur("40"), &past), "allow rule k#1");
    assert_eq!(say_after(&policy, PAY, eur("40.01"), &past), "ask rule k#2");
    assert_eq!(say_after(&policy, PAY, json!({}), &past), "ask rule k#2");
    assert_eq!(say_after(&policy, PAY, eur("1"), &history(&policy, &[(NOW, PAY, json!({}))])), "ask rule k#2");
}

#[test]
fn a_limit_is_shared_and_all_its_caps_hold() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY)]}, {"key": "other", "operations": [op(PAY)]}],
        "counters": [
            {"id": "l-money", "scopes": [0, 1], "period": "month", "counting": {"money": "EUR"}},
            {"id": "l-times", "scopes": [0, 1], "period": "month", "counting": "times"}
        ],
        "limits": [{"name": "household", "caps": [
            {"money": {"value": "100.00", "currency": "EUR", "counter": 0}},
            {"money": {"value": "70.00", "currency": "EUR"}},
            {"count": {"times": 3, "counter": 1}}
        ]}]
    });
    let within = json!([{"within": [0]}]);
    let mut document = with(vec![rule("k#1 allow create payment", within.clone(), json!({}))], more);
    document["keys"][1]["rules"] = json!([rule("other#1 allow create payment", within, json!({}))]);
    let policy = load(&document);
    let mut others = eur("60");
    others["key"] = json!("other");
    let past = history(&policy, &[(NOW, PAY, others.clone())]);
    allows(&policy, &past, eur("40"), true);
    allows(&policy, &past, eur("41"), false);
    allows(&policy, &History::new(), eur("70"), true);
    allows(&policy, &History::new(), eur("71"), false);
    allows(&policy, &History::new(), json!({}), false);
    allows(&policy, &History::new(), json!({"amount": {"value": "1", "currency": "USD"}}), false);
    others["amount"]["value"] = json!("1");
    let thrice = history(&policy, &vec![(NOW, PAY, others); 3]);
    allows(&policy, &thrice, eur("1"), false);
}

#[test]
fn guardrails_count_each_key_by_itself_unless_the_limit_is_shared() {
    let more = |each_key: bool| {
        json!({
            "scopes": [{"operations": [op(PAY)], "except": ["other"]}],
            "counters": [{"id": "c", "scopes": [0], "each_key": each_key, "period": "day", "counting": "times"}],
            "guardrails": [{"rules": [rule("every#1 deny create payment", json!([{"more-than": [{"times": 1, "counter": 0}]}]), json!({}))]}]
        })
    };
    let rules = || vec![rule("k#1 allow create payment", json!([]), json!({}))];
    for (each_key, said) in [(true, "allow rule k#1"), (false, "deny rule every#1")] {
        let mut document = with(rules(), more(each_key));
        document["keys"].as_array_mut().unwrap().push(json!({"name": "third", "rules": []}));
        let policy = load(&document);
        let past = history(&policy, &[(NOW, PAY, json!({"key": "third"}))]);
        assert_eq!(say_after(&policy, PAY, json!({}), &past), said, "{each_key}");
        let past = history(&policy, &[(NOW, PAY, json!({"key": "other"}))]);
        assert_eq!(say_after(&policy, PAY, json!({}), &past), "allow rule k#1");
        let past = history(&policy, &[(NOW, PAY, json!({}))]);
        assert_eq!(say_after(&policy, PAY, json!({}), &past), "deny rule every#1");
    }
}

#[test]
fn an_entry_in_several_scopes_of_a_counter_counts_once() {
    let more = json!({
        "scopes": [{"key": "k", "operations": [op(PAY)]}, {"key": "k", "operations": [op(PAY)], "when": [{"via": ["card"]}]}],
        "counters": [{"id": "c", "scopes": [0, 1], "period": "day", "counting": "times"}]
    });
    let when = json!([{"at-most": [{"times": 2, "counter": 0}]}]);
    let policy = load(&with(vec![rule("k#1 allow create payment", when, json!({}))], more));
    allows(&policy, &history(&policy, &[(NOW, PAY, json!({}))]), json!({}), true);
}

#[test]
fn the_order_in_which_entries_come_does_not_matter() {
    let policy = capped(json!("day"), json!({}));
    let times = ["2026-11-24T09:00:00Z", "2026-11-20T09:00:00Z", "2026-11-24T08:00:00Z", "2026-11-23T22:59:59Z"];
    let entries = times.map(|time| (time, PAY, eur("20")));
    let mut pushed = History::new();
    for entry in &entries {
        let mut json: Value = serde_json::from_str(&request(PAY, entry.2.clone())).unwrap();
        json["time"] = json!(entry.0);
        policy.read_entry(&json.to_string()).unwrap().into_iter().for_each(|entry| pushed.push(entry));
    }
    for past in [history(&policy, &entries), pushed] {
        assert_eq!(past.len(), 4);
        allows(&policy, &past, eur("60"), true);
        allows(&policy, &past, eur("60.01"), false);
    }
}

#[test]
fn an_entry_with_parts_is_one_per_part() {
    let policy = capped(json!("day"), json!({}));
    let mut batch: Value = serde_json::from_str(&request("create payment-batch", json!({}))).unwrap();
    batch["time"] = json!(NOW);
    batch["parts"] = json!([eur("30"), eur("31")]);
    let entries = policy.read_entry(&batch.to_string()).unwrap();
    assert_eq!(entries.len(), 2);
    let mut past = History::new();
    past.extend(entries);
    allows(&policy, &past, eur("39"), true);
    allows(&policy, &past, eur("40"), false);
}

#[test]
fn an_entry_of_another_policy_counts_with_an_unknown_amount() {
    let (policy, stranger) = (capped(json!("day"), json!({})), capped(json!("day"), json!({})));
    allows(&policy, &history(&stranger, &[(NOW, PAY, eur("1"))]), eur("1"), false);
}

#[test]
fn an_entry_needs_its_time_and_is_as_strict_as_a_request() {
    let policy = capped(json!("day"), json!({}));
    let fault = |facts: Value| policy.read_entry(&request(PAY, facts)).unwrap_err().reason;
    assert_eq!(fault(json!({})), "an entry of the past needs its `time`");
    assert!(fault(json!({"time": NOW, "method": "sepa"})).contains("unknown method `sepa`"));
    assert!(fault(json!({"time": NOW, "amount": {"value": "0", "currency": "EUR"}})).contains("is zero"));
}
