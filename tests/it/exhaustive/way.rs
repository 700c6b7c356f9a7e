//! A looser way is one by which a key may do all that the plain one lets it do, and more, as all requests show.
//!
//! Looked at are requests of which all is told, before anything was done. How a call pays, how often the bank repeats it
//! and about which record it is are other words for other ways, so on neither side it matters which of them it is.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::facts::{Values, Wanted};
use super::judge::{grade, operations, rules, world};
use super::said::Said;
use super::{compiled, seeds};
use crate::naive::clause::World;
use crate::naive::model::{Clause, Effect, Item, Policy, Rule, Statement};
use crate::naive::print::print;
use crate::naive::request::Facts;
use crate::naive::rule::keys;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::small::small;

/// The most requests that are tried for one operation.
const MOST: u64 = 30_000;

/// Other ways to send money, and whether somebody has to say how often the bank repeats them.
const WAYS: [(&str, bool); 7] = [
    ("payment-batch", false),
    ("payment-batch", false),
    ("draft-payment", true),
    ("scheduled-payment", true),
    ("payment-initiation", false),
    ("international-transfer", false),
    ("debit-mandate", true),
];

/// What one operation lets a key do.
struct Reach {
    /// Requests that are told apart without method, rhythm and record.
    all: BTreeSet<String>,
    /// Those of them that are allowed by some method, at some rhythm, about some record.
    open: BTreeSet<String>,
}

/// The facts that both operations can tell, as text.
fn seen(facts: &Facts, pair: [usize; 2]) -> String {
    let vocabulary = Vocabulary::bunq();
    let told = |dimension| pair.iter().all(|operation| vocabulary.operations[*operation].tells(dimension));
    let account = facts.account.as_ref().filter(|_| told("account"));
    let payee = facts.payee.as_ref().filter(|_| told("payee"));
    let amount = facts.amount.as_ref().filter(|_| told("amount"));
    format!("{:?} {:?} {account:?} {payee:?} {amount:?}", facts.time, facts.ip)
}

/// What the rules of a key say of two operations.
fn said(world: &World<'_>, key: &str, pair: [usize; 2]) -> Said {
    let mut said = Said::default();
    for rule in pair.iter().flat_map(|operation| rules(world, key, *operation)) {
        said.clauses(world.policy, rule.clauses.iter().map(|stated| &stated.clause));
        said.clauses(world.policy, rule.unless.iter().flatten());
    }
    said
}

/// Nothing where there are too many requests.
fn reach(policy: &Policy, key: &str, operation: usize, pair: [usize; 2]) -> Option<Reach> {
    let mut worlds = [world(policy)];
    let said = said(&worlds[0], key, pair);
    let values = Values::all(&said, &mut worlds, key, operation, Wanted::Known);
    if values.count() > MOST {
        return None;
    }
    let mut reach = Reach { all: BTreeSet::new(), open: BTreeSet::new() };
    _ = values.each(&mut worlds, &mut |worlds, facts| {
        if crate::naive::request::contradicts(facts, policy) {
            return ControlFlow::Continue(());
        }
        let seen = seen(facts, pair);
        if grade(&worlds[0], facts, false).step == 3 {
            reach.open.insert(seen.clone());
        }
        reach.all.insert(seen);
        ControlFlow::Continue(())
    });
    Some(reach)
}

/// Whether one way reaches all that the plain one reaches, and more; nothing where there are too many requests.
fn is_looser(policy: &Policy, key: &str, way: usize, plain: usize) -> Option<bool> {
    // What the way does not tell may be anything: with the plain one it is then allowed for some of it, or closed for
    // some of it.
    let (wide, bound) = (reach(policy, key, way, [way, plain])?, reach(policy, key, plain, [way, plain])?);
    let exact = reach(policy, key, plain, [plain, plain])?;
    let covered = bound.open.is_subset(&wide.open);
    let some_is_closed = |request: &String| bound.all.contains(request) && !bound.open.contains(request);
    let untold = exact.all.len() > bound.all.len() && exact.open.len() < exact.all.len();
    let more =
        wide.open.iter().any(some_is_closed) || untold && more_of_what_is_untold(policy, key, [way, plain], &wide)?;
    Some(!bound.open.is_empty() && covered && more)
}

/// Whether the plain operation is closed for some of what the way reaches without telling it.
fn more_of_what_is_untold(policy: &Policy, key: &str, pair: [usize; 2], wide: &Reach) -> Option<bool> {
    let [_, plain] = pair;
    let mut worlds = [world(policy)];
    let said = said(&worlds[0], key, pair);
    let values = Values::all(&said, &mut worlds, key, plain, Wanted::Known);
    let mut whole: BTreeSet<(String, String)> = BTreeSet::new();
    let mut open: BTreeSet<String> = BTreeSet::new();
    _ = values.each(&mut worlds, &mut |worlds, facts| {
        if crate::naive::request::contradicts(facts, policy) {
            return ControlFlow::Continue(());
        }
        let exact = seen(facts, [plain, plain]);
        if grade(&worlds[0], facts, false).step == 3 {
            open.insert(exact.clone());
        }
        whole.insert((seen(facts, pair), exact));
        ControlFlow::Continue(())
    });
    Some(whole.iter().any(|(shared, exact)| wide.open.contains(shared) && !open.contains(exact)))
}

/// A policy in which some line about payments stands once more, about another way.
fn with_another_way(rng: &mut Rng) -> Policy {
    let (mut policy, _) = small(rng, Vocabulary::bunq());
    for item in &mut policy.items {
        let Item::Key { statements, .. } = item else { continue };
        let plain = statements.iter().find_map(|statement| match statement {
            Statement::Rule(rule)
                if rule.effect == Effect::Allow
                    && rule.subject.resources.iter().any(|it| it.starts_with("payment")) =>
            {
                Some(rule.clone())
            }
            _ => None,
        });
        let Some(mut rule) = plain else { continue };
        let (resource, repeats) = rng.pick(&WAYS);
        rule.subject.actions = vec!["create".to_owned()];
        rule.subject.resources = vec![resource.to_owned()];
        change(rng, &mut rule);
        rule.clauses.retain(|clause| !matches!(clause, Clause::Repeating(_)));
        if repeats {
            rule.clauses.push(Clause::Repeating(vec!["once".to_owned()]));
        }
        statements.push(Statement::Rule(rule));
    }
    policy
}

/// A figure more or less, or a condition less.
fn change(rng: &mut Rng, rule: &mut Rule) {
    let figures = |rule: &mut Rule, by: i128| {
        for clause in &mut rule.clauses {
            if let Clause::UpTo(caps) = clause {
                let money = caps.iter_mut().filter_map(|cap| cap.amount.as_mut());
                money.for_each(|money| money.minor = (money.minor + by).max(1));
            }
        }
    };
    match rng.below(5) {
        0 => rule.unless.clear(),
        1 | 2 => figures(rule, 100),
        3 => figures(rule, -100),
        _ => rule.clauses.retain(|clause| !matches!(clause, Clause::From(_) | Clause::Via(_) | Clause::During(_))),
    }
}

#[test]
fn a_looser_way_is_one_as_all_requests_show() {
    let vocabulary = Vocabulary::bunq();
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    let (mut said, mut silent, mut too_many) = (0_u64, 0_u64, 0_u64);
    for (seed, start) in seeds(47, 250) {
        let policy = with_another_way(&mut Rng::new(start));
        let text = print(&policy);
        let Some((checked, ir)) = compiled(&text) else { continue };
        let found = bpolc::lint::lint(&checked, &ir, Some(now), &|lint| lint.name == "looser-way");
        for key in keys(&policy) {
            let open = operations(&[world(&policy)], &key);
            let named = |operation: usize| {
                let about = &vocabulary.operations[operation];
                format!("`{} {}`", about.action, about.resource)
            };
            let spends = |operation: &usize| vocabulary.operations[*operation].tier == "spend";
            let plain = |operation: &usize| {
                let about = &vocabulary.operations[*operation];
                spends(operation) && about.tells("payee") && about.tells("amount")
            };
            // A draft does nothing before somebody accepts it.
            let waits = |way: usize| {
                let about = &vocabulary.operations[way];
                about.resource == "draft-payment"
                    && about.action != "accept"
                    && !open.iter().any(|it| named(*it) == "`accept draft-payment`")
            };
            let mine: Vec<&str> = found
                .iter()
                .filter(|found| {
                    let before = &text[..found.place.span.start as usize];
                    before.rfind("key \"").is_some_and(|at| before[at..].starts_with(&format!("key \"{key}\"")))
                })
                .map(|found| found.message.as_str())
                .collect();
            for plain in open.iter().copied().filter(|it| plain(it)) {
                let ways = open.iter().copied().filter(spends);
                for way in ways.filter(|way| *way != plain && vocabulary.counts_as(*way, plain) && !waits(*way)) {
                    let words = format!("{} goes round the bounds of {}: ", named(way), named(plain));
                    let reported = mine.iter().any(|message| message.starts_with(&words));
                    let Some(so) = is_looser(&policy, &key, way, plain) else {
                        too_many += 1;
                        continue;
                    };
                    let say = || format!("with BPOL_SEED={seed} BPOL_CASES=1: {words} {reported} {so}\n{text}");
                    assert!(so || !reported, "{}", say());
                    // Of one line it is said once.
                    assert!(!so || !mine.is_empty(), "{}", say());
                    said += u64::from(reported);
                    silent += u64::from(!so);
                }
            }
        }
    }
    println!("{said} times said, {silent} times not so, {too_many} times too many requests");
    assert!(said.min(silent) > 0, "{said} {silent}");
}
