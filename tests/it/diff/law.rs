//! Verdicts on random changes of random policies, against the engine.

use std::collections::BTreeMap;

use bpol_engine::ir::{Dimension, Ir};
use bpol_engine::{History, Policy};
use bpolc::analyze::diff::{Verdict, diff};
use bpolc::analyze::past::operation;
use serde_json::{Value, json};

use super::compiled;
use crate::laws::{no_wider, order};
use crate::naive::model::{Cap, Clause, Item, PayeeEntry, Policy as Model, Rule, Statement};
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::take::{deny, only};
use crate::random::{Case, cases};

/// A change of a policy, and what must come of it.
pub(crate) struct Edit {
    pub(crate) name: &'static str,
    pub(crate) policy: Model,
    fits: fn(Verdict) -> bool,
}

fn no_gain(verdict: Verdict) -> bool {
    !verdict.gains()
}

fn none(verdict: Verdict) -> bool {
    verdict == Verdict::Equal
}

fn any(_: Verdict) -> bool {
    true
}

fn blocks(policy: &mut Model) -> Vec<&mut Vec<Statement>> {
    let items = policy.items.iter_mut();
    let blocks = items.filter_map(|item| match item {
        Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } => {
            Some(statements)
        }
        _ => None,
    });
    blocks.filter(|statements| !statements.is_empty()).collect()
}

fn keys(policy: &mut Model) -> Vec<&mut Vec<Statement>> {
    let items = policy.items.iter_mut();
    let blocks = items.filter_map(|item| match item {
        Item::Key { statements, .. } => Some(statements),
        _ => None,
    });
    blocks.collect()
}

/// The figures of a statement's caps, multiplied.
fn scaled(clauses: &mut [Clause], by: i128) {
    for clause in clauses {
        match clause {
            Clause::UpTo(caps) | Clause::Over(caps) => {
                caps.iter_mut().filter_map(|cap| cap.amount.as_mut()).for_each(|money| money.minor *= by);
            }
            Clause::AtMost(caps) | Clause::MoreThan(caps) => caps.iter_mut().for_each(|cap| cap.times *= by as u32),
            _ => {}
        }
    }
}

pub(crate) fn edit(rng: &mut Rng, case: &Case) -> Edit {
    let vocabulary = Vocabulary::bunq();
    let mut policy = case.policy.clone();
    let at = |rng: &mut Rng, count: usize| rng.below(count.max(1));
    let (name, fits): (&'static str, fn(Verdict) -> bool) = match rng.below(14) {
        0 | 1 => {
            let more = deny(rng, &case.universe, vocabulary);
            let mut keys = keys(&mut policy);
            let place = at(rng, keys.len());
            keys[place].insert(0, more);
            ("a deny more", no_gain)
        }
        2 | 3 => {
            let more = only(rng, &case.universe, vocabulary);
            let mut keys = keys(&mut policy);
            let place = at(rng, keys.len());
            keys[place].push(more);
            ("an only more", no_gain)
        }
        4 => {
            policy = order::reversed(&policy);
            ("other order", none)
        }
        5 => {
            let mut blocks = blocks(&mut policy);
            let place = at(rng, blocks.len());
            let statements = &mut blocks[place];
            let twice = rng.pick(statements).clone();
            statements.push(twice);
            ("a statement twice", none)
        }
        6 => {
            let mut blocks = blocks(&mut policy);
            let place = at(rng, blocks.len());
            let statement = at(rng, blocks[place].len());
            let gone = blocks[place].remove(statement);
            match gone {
                Statement::Rule(Rule { effect: crate::naive::model::Effect::Allow, .. }) => ("an allow less", any),
                _ => ("a statement less", any),
            }
        }
        7 | 8 => {
            let by = if rng.percent(50) { 2 } else { 3 };
            let mut blocks = blocks(&mut policy);
            let place = at(rng, blocks.len());
            let statement = at(rng, blocks[place].len());
            match &mut blocks[place][statement] {
                Statement::Rule(rule) => {
                    scaled(&mut rule.clauses, by);
                    rule.unless.iter_mut().for_each(|block| scaled(block, by));
                }
                Statement::Use { clauses, .. } | Statement::Only(clauses) => scaled(clauses, by),
            }
            ("other figures", any)
        }
        9 => {
            for item in &mut policy.items {
                if let Item::Limit { caps, .. } = item {
                    for cap in caps {
                        match cap {
                            Cap::Money(cap) => cap.amount.iter_mut().for_each(|money| money.minor *= 2),
                            Cap::Count(cap) => cap.times *= 2,
                        }
                    }
                }
            }
            ("larger limits", any)
        }
        10 | 11 => {
            // What is declared of an account, or less of it, wherever no rule needs it.
            let mut accounts: Vec<_> = policy
                .items
                .iter_mut()
                .filter_map(|item| match item {
                    Item::Account(account) => Some(account),
                    _ => None,
                })
                .collect();
            let place = at(rng, accounts.len());
            if let Some(account) = accounts.get_mut(place) {
                match rng.below(3) {
                    0 if account.iban.is_some() => account.id = None,
                    1 if account.id.is_some() => account.iban = None,
                    _ => account.kind = None,
                }
            }
            ("less declared of an account", any)
        }
        12 => {
            for item in &mut policy.items {
                if let Item::Payees { entries, .. } = item {
                    entries.push(PayeeEntry::Iban("GB33BUKB20201555555555".to_owned()));
                }
            }
            ("a payee more", any)
        }
        _ => {
            let mut keys = keys(&mut policy);
            let (from, to) = (at(rng, keys.len()), at(rng, keys.len()));
            let more = keys[from].first().cloned();
            keys[to].extend(more.filter(|more| !matches!(more, Statement::Only(_))));
            ("a statement of another key", any)
        }
    };
    Edit { name, policy, fits }
}

pub(crate) fn zoned(policy: &mut Model) {
    if !policy.items.iter().any(|item| matches!(item, Item::Timezone(_))) {
        policy.items.push(Item::Timezone("Europe/Amsterdam".to_owned()));
    }
}

/// What both policies decide, or nothing for a request that is left out.
pub(crate) fn decided(policies: [&Policy; 2], case: &Case, with_past: bool) -> Option<[Value; 2]> {
    let request: Value = serde_json::from_str(&case.situation.request).ok()?;
    if request.get("parts").is_some() {
        return None;
    }
    let one = |policy: &Policy| {
        let mut history = History::new();
        if with_past {
            for line in &case.situation.past {
                history.extend(policy.read_entry(line).expect("an entry"));
            }
        }
        let report = policy.answer(&case.situation.request, &history, case.situation.now);
        json!({"decision": report.decision, "each": report.each, "fields": report.fields})
    };
    Some([one(policies[0]), one(policies[1])])
}

/// The request with facts of each declared account that are not all of one account, where its operation tells accounts.
pub(crate) fn contradicting(case: &Case, ir: &Ir) -> Vec<Case> {
    let Ok(request) = serde_json::from_str::<Value>(&case.situation.request) else { return Vec::new() };
    let words = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let about = operation(ir, &words("action"), &words("resource")).and_then(|place| ir.operations.get(place));
    let tells =
        about.is_some_and(|it| it.dimensions.contains(&Dimension::Account) && !it.untold.contains(&Dimension::Account));
    if !tells || request.get("parts").is_some() {
        return Vec::new();
    }
    let mut facts: Vec<Value> = Vec::new();
    for account in &ir.accounts {
        let kinds = ir.kinds.iter().map(|kind| &kind.word);
        match (&account.iban, account.id) {
            (Some(iban), _) => {
                facts.push(json!({"iban": iban, "id": 999}));
                facts.extend(ir.accounts.iter().filter_map(|other| Some(json!({"iban": iban, "id": other.id?}))));
                facts.extend(kinds.map(|kind| json!({"iban": iban, "kind": kind})));
            }
            (None, Some(id)) => {
                facts.push(json!({"iban": "GB33BUKB20201555555555", "id": id}));
                facts.extend(kinds.map(|kind| json!({"id": id, "kind": kind})));
            }
            (None, None) => {}
        }
    }
    let with = |account: Value| {
        let mut request = request.clone();
        request["account"] = account;
        let mut case = case.clone();
        case.situation.request = request.to_string();
        case
    };
    facts.into_iter().map(with).collect()
}

pub(crate) fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn verdicts_on_random_changes_are_what_the_engine_decides() {
    let first = setting("BPOL_SEED", 0);
    let mut verdicts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut compared = 0_u32;
    for seed in first..first + setting("BPOL_CASES", 400) {
        let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(21));
        let mut cases = cases(&mut rng, 12);
        for case in &mut cases {
            zoned(&mut case.policy);
        }
        let Edit { name, policy, fits } = edit(&mut rng, &cases[0]);
        let texts = [print(&cases[0].policy), print(&policy)];
        let Ok(old) = compiled(&texts[0]) else { continue };
        // A change may leave an `ask` about nothing, or figures without a bound.
        let Ok(new) = compiled(&texts[1]) else { continue };
        let found = diff(&old, &new);
        let say = || format!("with BPOL_SEED={seed} BPOL_CASES=1: {name}\n{}\n---\n{}\n{found:#?}", texts[0], texts[1]);
        let verdict = match found.verdict {
            Ok(verdict) => verdict,
            Err(ref reason) => panic!("{reason}\n{}", say()),
        };
        assert!(fits(verdict), "{}\n{}", verdict.word(), say());
        *verdicts.entry((name, verdict.word())).or_default() += 1;
        if name == "less declared of an account" {
            let more: Vec<Case> = cases.iter().take(6).flat_map(|case| contradicting(case, &old)).collect();
            cases.extend(more);
        }
        let engines = [Policy::from_ir(old).unwrap(), Policy::from_ir(new).unwrap()];
        // Where scopes change the past is not the same sum for both.
        let same_scopes = matches!(name, "other order" | "a statement twice" | "other figures" | "larger limits");
        let stricter = matches!(name, "a deny more" | "an only more");
        for case in &cases {
            for past in [false, true] {
                if past && !same_scopes && !stricter {
                    continue;
                }
                let Some([before, after]) = decided([&engines[0], &engines[1]], case, past) else { continue };
                compared += 1;
                let more =
                    || format!("{before}\n{after}\n{}\n{:?}\n{}", case.situation.request, case.situation.past, say());
                assert!(verdict.gains() || no_wider(&after, &before), "newly possible\n{}", more());
                let exact = !past || same_scopes;
                assert!(!exact || verdict.loses() || no_wider(&before, &after), "no longer possible\n{}", more());
            }
        }
    }
    println!("{verdicts:#?} {compared}");
    assert!(compared > 0);
}
