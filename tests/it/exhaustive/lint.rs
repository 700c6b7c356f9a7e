//! Without a line that is said to add nothing all requests are decided as before; without another they are not.
//!
//! That a line is needed is promised of an `allow` in a key's own block, once those that are said to add nothing are out
//! of the way. An `ask` or `deny` may guard against what is not allowed yet, and a line within a limit also counts.

use std::collections::BTreeMap;

use bpolc::source::line_column;

use super::diff::{Orders, shown};
use super::{compiled, seeds};
use crate::naive::model::{Clause, Effect, Item, Policy, Rule, Statement};
use crate::naive::print::print;
use crate::naive::rule::keys;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::small::small;

const IDLE: [&str; 4] = ["allow-closed", "idle-guardrail", "redundant-rule", "rule-never-decides"];

/// An item and a statement in it.
type Place = (usize, usize);

/// Where the statements of a policy stand in its text, by line.
fn lines(policy: &Policy) -> BTreeMap<usize, Place> {
    let mut out = BTreeMap::new();
    for (at, item) in policy.items.iter().enumerate() {
        let before = print(&Policy { items: policy.items[..at].to_vec() }).lines().count();
        if let Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } = item {
            out.extend((0..statements.len()).map(|number| (before + number + 2, (at, number))));
        }
    }
    out
}

/// The policy without some statements; nothing where more would go than what they allow.
fn without(policy: &Policy, places: &[Place]) -> Option<Policy> {
    let mut out = policy.clone();
    let mut places = places.to_vec();
    places.sort_unstable();
    for (item, number) in places.iter().rev() {
        let (Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. }) =
            &mut out.items[*item]
        else {
            return None;
        };
        if let Statement::Use { role, .. } = statements.remove(*number)
            && !only_allows(policy, &role)
        {
            return None;
        }
    }
    Some(out)
}

fn only_allows(policy: &Policy, role: &str) -> bool {
    policy.items.iter().any(|item| match item {
        Item::Role { name, statements } if name == role => {
            statements.iter().all(|it| matches!(it, Statement::Rule(Rule { effect: Effect::Allow, .. })))
        }
        _ => false,
    })
}

/// Whether some key is decided otherwise; nothing where that cannot be tried.
fn differ(policies: [&Policy; 2], orders: Orders) -> Option<Option<String>> {
    let mut out = None;
    for key in keys(policies[0]) {
        let shown = shown(policies, &key, orders, false)?;
        out = out.or(shown.gained).or(shown.lost);
    }
    Some(out)
}

fn limited(statement: &Statement) -> bool {
    let within = |clause: &Clause| matches!(clause, Clause::Within(_));
    match statement {
        Statement::Rule(rule) => rule.clauses.iter().chain(rule.unless.iter().flatten()).any(within),
        Statement::Use { clauses, .. } | Statement::Only(clauses) => clauses.iter().any(within),
    }
}

#[derive(Debug, Default)]
struct Count {
    policies: u64,
    said: u64,
    needed: u64,
    /// Of scopes and windows more is so than is worked out.
    cautious: u64,
    too_many: u64,
}

#[test]
fn lines_add_nothing_or_something_as_all_requests_show() {
    let vocabulary = Vocabulary::bunq();
    let mut count = Count::default();
    let mut names: BTreeMap<&str, u64> = BTreeMap::new();
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    for (seed, start) in seeds(43, 150) {
        let mut rng = Rng::new(start);
        let (mut policy, _) = small(&mut rng, vocabulary);
        if rng.percent(40) {
            // Lines that are alike make others idle.
            for item in &mut policy.items {
                if let Item::Key { statements, .. } = item
                    && let Some(first) = statements.first().cloned()
                {
                    statements.push(narrowed(&mut rng, first));
                }
            }
        }
        let text = print(&policy);
        let Some((checked, ir)) = compiled(&text) else { continue };
        count.policies += 1;
        let lines = lines(&policy);
        let found = bpolc::lint::lint(&checked, &ir, Some(now));
        let mut idle: Vec<(&str, Place)> = Vec::new();
        for found in found.iter().filter(|found| IDLE.contains(&found.name)) {
            let (line, _) = line_column(&text, found.place.span.start);
            idle.push((found.name, lines[&(line as usize)]));
        }
        let mut sets: Vec<(&str, Vec<Place>)> = idle.iter().map(|(name, place)| (*name, vec![*place])).collect();
        if idle.len() > 1 {
            sets.push(("all of them", idle.iter().map(|(_, place)| *place).collect()));
        }
        let say = |what: &str, other: &Policy, why: &str| {
            format!("with BPOL_SEED={seed} BPOL_CASES=1: {what} {idle:?}\n{text}\n---\n{}\n{why}", print(other))
        };
        for (name, places) in &sets {
            let Some(other) = without(&policy, places) else { continue };
            match differ([&policy, &other], Orders::All) {
                None => count.too_many += 1,
                Some(None) => {
                    count.said += 1;
                    *names.entry(name).or_default() += 1;
                }
                Some(Some(why)) => panic!("{}", say(name, &other, &why)),
            }
        }
        // What is left is needed.
        let all: Vec<Place> = idle.iter().map(|(_, place)| *place).collect();
        let Some(rest) = without(&policy, &all) else { continue };
        for (item, number) in lines.values().filter(|place| !all.contains(place)) {
            let Item::Key { statements, .. } = &policy.items[*item] else { continue };
            let statement = &statements[*number];
            if !matches!(statement, Statement::Rule(Rule { effect: Effect::Allow, .. })) || limited(statement) {
                continue;
            }
            let more: Vec<Place> = all.iter().copied().chain([(*item, *number)]).collect();
            let Some(other) = without(&policy, &more) else { continue };
            match differ([&rest, &other], Orders::All) {
                None => count.too_many += 1,
                Some(Some(_)) => count.needed += 1,
                Some(None) => {
                    let free = differ([&rest, &other], Orders::Nothing);
                    assert!(matches!(free, Some(Some(_)) | None), "{}", say("nobody needs it", &other, ""));
                    count.cautious += 1;
                }
            }
        }
    }
    println!("{count:#?}\n{names:#?}");
    assert!(count.said.min(count.needed) > 0, "{count:?}");
}

/// The statement again, perhaps with a clause less or a figure more.
fn narrowed(rng: &mut Rng, mut statement: Statement) -> Statement {
    if let Statement::Rule(rule) = &mut statement {
        match rng.below(4) {
            0 => rule.unless.clear(),
            1 => {
                for clause in &mut rule.clauses {
                    if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                        caps.iter_mut().filter_map(|cap| cap.amount.as_mut()).for_each(|money| money.minor += 100);
                    }
                }
            }
            2 => {
                rule.clauses.retain(|clause| !matches!(clause, Clause::From(_) | Clause::Since(_) | Clause::Hiding(_)))
            }
            _ => {}
        }
    }
    statement
}
