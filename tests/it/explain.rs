//! Overviews: equal policies read alike, no key spends more than is said, and clauses combine to the decision.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bpol_engine::ir::{Effect, Ir, Tier};
use bpol_engine::{History, Policy, Traced};
use bpolc::analyze::Regions;
use bpolc::explain::{Key, Overview, overview, why};
use camino::Utf8Path;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::laws::{Verdict, holds, order};
use crate::naive::model::{self, Item};
use crate::naive::print::print;
use crate::random::{Case, Situation};

fn compile(policy: &model::Policy) -> Result<Ir, String> {
    compile_text(&print(policy))
}

fn compile_text(text: &str) -> Result<Ir, String> {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).ok_or_else(|| checked.diagnostics.iter().map(|it| it.message.clone()).collect())
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().expect("an instant")
}

fn said(policy: &model::Policy) -> Result<Value, String> {
    let ir = compile(policy)?;
    Ok(serde_json::to_value(overview(&ir, &[], now())).expect("is data"))
}

/// Every statement of every key twice, and everything the other way round.
fn rewritten(policy: &model::Policy) -> model::Policy {
    let mut policy = order::reversed(policy);
    for item in &mut policy.items {
        if let Item::Key { statements, .. } = item {
            let again: Vec<_> =
                statements.iter().filter(|it| !matches!(it, model::Statement::Use { .. })).cloned().collect();
            statements.extend(again);
        }
    }
    policy
}

#[test]
fn equal_policies_read_alike() {
    holds(32, 1, &|case: &Case| {
        let other = rewritten(&case.policy);
        match said(&case.policy).and_then(|first| said(&other).map(|second| (first, second))) {
            Err(why) => Verdict::Refused(why),
            Ok((first, second)) if first == second => Verdict::Holds,
            Ok((first, second)) => {
                let (first, second) = (format!("{first:#}"), format!("{second:#}"));
                let lines = first.lines().zip(second.lines()).filter(|(one, other)| one != other).take(6);
                let why: String = lines.map(|(one, other)| format!("- {one}\n+ {other}\n")).collect();
                Verdict::Broken { sign: "not alike".to_owned(), why: format!("{why}{}", print(&other)) }
            }
        }
    });
}

/// Requests that pay, by a key, as regions know them.
fn payments(ir: &Ir, key: usize) -> Vec<Value> {
    let mut regions = Regions::of(ir, key).expect("random policies are small");
    let mut out = Vec::new();
    for number in 0..regions.regions.len() {
        let listed: Vec<usize> = (0..ir.operations.len())
            .filter(|place| regions.of_operation[*place] == Some(number) && ir.operations[*place].tier == Tier::Spend)
            .collect();
        let mut tries = 0;
        let mut visit = |witness: Option<bpolc::analyze::Witness>, _: &_| {
            for place in &listed {
                if let Some(witness) = &witness {
                    let mut request = witness.request.clone();
                    request["action"] = json!(ir.operations[*place].action);
                    request["resource"] = json!(ir.operations[*place].resource);
                    out.push(request);
                }
            }
            tries += 1;
            if tries < 6 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let region = &mut regions.regions[number];
        region.witnesses(&ir.keys[key].name, false, &|it| it.effect == Effect::Allow, &mut visit).expect("small");
    }
    out
}

/// What a key spends that takes all it can get: when, the currency and how much.
fn spent(ir: &Ir, engine: &Policy, key: usize) -> Vec<(Timestamp, String, i128)> {
    let payments = payments(ir, key);
    let mut history = History::new();
    let mut out = Vec::new();
    for step in 0..12 {
        let at = now() + SignedDuration::from_hours(53 * step);
        for request in &payments {
            let Some(currency) = request["amount"]["currency"].as_str() else { continue };
            let told = request["amount"]["value"].as_str().and_then(|value| value.parse::<f64>().ok()).unwrap_or(1.0);
            for value in [told, 60.0, 5.0] {
                let mut request = request.clone();
                let decimals = bpol_engine::amount::decimals(currency).unwrap_or(2) as usize;
                let value = format!("{value:.decimals$}");
                if value.bytes().all(|digit| !digit.is_ascii_digit() || digit == b'0') {
                    continue;
                }
                request["amount"]["value"] = json!(value);
                request["time"] = json!(at.to_string());
                for _ in 0..4 {
                    let text = request.to_string();
                    if engine.answer(&text, &history, at).decision != Effect::Allow {
                        break;
                    }
                    history.extend(engine.read_entry(&text).expect("is an entry"));
                    out.push((at, currency.to_owned(), value.replace('.', "").parse().expect("digits")));
                }
            }
        }
    }
    out
}

/// The most that was spent in a window of a period in words; nothing for periods that are not tried.
fn most(spent: &[(Timestamp, i128)], per: &str, zone: &TimeZone) -> Option<i128> {
    let label = |at: Timestamp| {
        let local = zone.to_datetime(at).date();
        Some(match per {
            "a day" => local.to_string(),
            "a week" => format!("{:?}", local.iso_week_date().week()) + &local.iso_week_date().year().to_string(),
            "a month" => local.first_of_month().to_string(),
            "a year" => local.year().to_string(),
            _ if per == "in all" || per.starts_with("until") => String::new(),
            _ => return None,
        })
    };
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for (at, amount) in spent {
        *sums.entry(label(*at)?).or_default() += amount;
    }
    sums.into_values().max()
}

fn overspent(ir: &Ir, key: &Key, all: &[(Timestamp, String, i128)]) -> Option<String> {
    let zone = ir.timezone.as_deref().map_or(TimeZone::UTC, |name| TimeZone::get(name).expect("a zone"));
    let mut by_currency: BTreeMap<&str, Vec<(Timestamp, i128)>> = BTreeMap::new();
    for (at, currency, amount) in all {
        by_currency.entry(currency).or_default().push((*at, *amount));
    }
    for (currency, spent) in by_currency {
        let said = key.spending.iter().filter(|it| !it.with_approval);
        let of = said
            .clone()
            .find(|it| it.currency.as_deref() == Some(currency))
            .or(said.clone().find(|it| it.currency.is_none()));
        let Some(of) = of else { return Some(format!("{currency} is spent, which is not said: {:?}", key.spending)) };
        for bound in of.at_most.iter().filter(|_| of.no_bound.is_empty()) {
            let cap: i128 = bound.minor.parse().expect("digits");
            if let Some(most) = most(&spent, &bound.per, &zone).filter(|most| *most > cap) {
                return Some(format!("{most} {currency} spent where {cap} {} is said", bound.per));
            }
        }
    }
    None
}

#[test]
fn no_key_spends_more_than_is_said() {
    let tried = std::cell::Cell::new((0, 0));
    holds(33, 1, &|case: &Case| {
        let ir = match compile(&case.policy) {
            Ok(ir) => ir,
            Err(why) => return Verdict::Refused(why),
        };
        let engine = Policy::from_ir(ir.clone()).expect("what is compiled loads");
        let Overview { keys, .. } = overview(&ir, &[], now());
        for (place, declared) in ir.keys.iter().enumerate() {
            let key = keys.iter().find(|key| key.name == declared.name).expect("every key is there");
            let all = spent(&ir, &engine, place);
            let bounded = key.spending.iter().any(|it| !it.at_most.is_empty() && it.no_bound.is_empty());
            let (keys, payments) = tried.get();
            tried.set((keys + usize::from(bounded && !all.is_empty()), payments + all.len()));
            if let Some(why) = overspent(&ir, key, &all) {
                return Verdict::Broken { sign: "more is spent".to_owned(), why: format!("key {}: {why}", key.name) };
            }
        }
        Verdict::Holds
    });
    println!("bounded keys that spent, payments: {:?}", tried.get());
    assert!(tried.get().0 > 0);
}

#[test]
fn clauses_combine_to_the_decision() {
    holds(34, 8, &|case: &Case| {
        let ir = match compile(&case.policy) {
            Ok(ir) => ir,
            Err(why) => return Verdict::Refused(why),
        };
        let engine = Policy::from_ir(ir).expect("what is compiled loads");
        let Situation { request, past, now } = &case.situation;
        let mut history = History::new();
        for entry in past {
            history.extend(engine.read_entry(entry).expect("an entry"));
        }
        let why = why(&engine, request, &history, *now);
        let plain = !request.contains("\"answer\":true") && !request.contains("\"parts\"");
        if !plain || why.decision.reason == bpol_engine::Reason::Malformed {
            return Verdict::Holds;
        }
        let mut decision = (Effect::Deny, Vec::new());
        for effect in [Effect::Allow, Effect::Ask, Effect::Deny] {
            let least = if effect == Effect::Allow { Traced::True } else { Traced::Unknown };
            let mut by: Vec<&str> = Vec::new();
            for rule in why.rules.iter().filter(|rule| rule.effect == effect) {
                let value = |clauses: &[bpol_engine::TracedClause]| {
                    clauses.iter().map(|clause| clause.value).min().unwrap_or(Traced::True)
                };
                let opposite = |value| match value {
                    Traced::True => Traced::False,
                    Traced::Unknown => Traced::Unknown,
                    Traced::False => Traced::True,
                };
                let unless = rule.unless.iter().map(|block| opposite(value(block))).min().unwrap_or(Traced::True);
                let all = value(&rule.clauses).min(unless);
                if all != rule.value {
                    return Verdict::Broken { sign: "a rule".to_owned(), why: format!("{rule:?} is {all:?}") };
                }
                if all >= least && !by.contains(&rule.rule.as_str()) {
                    by.push(&rule.rule);
                }
            }
            match effect {
                _ if by.is_empty() => {}
                Effect::Ask if decision.0 == Effect::Deny => {}
                _ => decision = (effect, by),
            }
        }
        let mut by = why.decision.by.clone();
        by.sort();
        decision.1.sort_unstable();
        if why.decision.reason == bpol_engine::Reason::Base
            || (decision.0, by.iter().map(String::as_str).collect()) == (why.decision.decision, decision.1.clone())
        {
            Verdict::Holds
        } else {
            Verdict::Broken { sign: "not the decision".to_owned(), why: format!("{decision:?} {why:#?}") }
        }
    });
}

const NAMES: &str = r#"
timezone "Europe/Amsterdam";
account "Private" is iban NL30BUNQ0000000010, bank;
account "Joint" is iban NL57BUNQ0000000009, joint;
payee "Bob" is NL31TEST0000000006;
payee "Ans" is NL58TEST0000000005;
limit "household" < 300 EUR per month; >
"#;

#[track_caller]
fn check_money(statements: &str, expected: &[&str]) {
    let ir = compile_text(&format!("{NAMES} key \"k\" < {statements} >")).expect("compiles");
    let found = overview(&ir, &[], now());
    let mut said = Vec::new();
    for one in &found.keys[0].spending {
        let bounds = one.at_most.iter().map(|bound| format!("{} {}", bound.amount, bound.per)).collect::<Vec<_>>();
        let bounds = if one.no_bound.is_empty() { bounds.join(", ") } else { "no bound".to_owned() };
        let asks = if one.with_approval { " with approval" } else { "" };
        said.push(format!("{}: {bounds}{asks}", one.currency.as_deref().unwrap_or("other")));
    }
    assert_eq!(said, expected);
}

#[test]
fn several_budgets_are_added_up() {
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to 100 EUR per month;
           allow create payment on account "Joint" to payee "Ans" up to 50 EUR per month;"#,
        &["EUR: 150 EUR a month"],
    );
}

#[test]
fn a_limit_that_all_share_counts_once() {
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to 200 EUR per month within limit "household";
           allow create payment on account "Joint" to payee "Ans" up to 200 EUR per month within limit "household";"#,
        &["EUR: 300 EUR a month"],
    );
}

#[test]
fn a_guardrail_bounds_what_rules_do_not() {
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to any amount in total;
           deny payment over 40 EUR per day;"#,
        &["EUR: 40 EUR a day"],
    );
}

#[test]
fn so_many_times_so_much_is_a_bound() {
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to 20 EUR each at most 3 times per day;"#,
        &["EUR: 60 EUR a day"],
    );
}

#[test]
fn what_nothing_bounds_is_said() {
    check_money(r#"allow create payment on any account to anyone up to any amount in total;"#, &["other: no bound"]);
    check_money(
        r#"allow create scheduled-payment on account "Private" to payee "Bob"
               up to 50 EUR each, any amount in total repeating monthly;"#,
        &["EUR: no bound"],
    );
}

#[test]
fn an_end_bounds_the_whole() {
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to 100 EUR per month before 2027-02-01;"#,
        &["EUR: 100 EUR a month, 300 EUR until it ends on 2027-02-01"],
    );
}

#[test]
fn what_is_asked_is_added_apart() {
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to 100 EUR per month;
           ask payment over 20 EUR each;"#,
        &["EUR: 100 EUR a month"],
    );
    check_money(
        r#"allow create payment on account "Private" to payee "Bob" up to 100 EUR per month;
           allow create payment on account "Joint" to payee "Bob" up to 70 EUR per month;
           ask payment on account "Joint";"#,
        &["EUR: 100 EUR a month", "EUR: 170 EUR a month with approval"],
    );
}
