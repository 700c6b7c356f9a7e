//! Random policies without an error: what section 5 of the language forbids is never made.

use super::allow::rule;
use super::rng::Rng;
use super::role::{Lacks, use_role};
use super::take::{ask, deny, granted, only};
use super::universe::{KEYS, Universe, needs_zone};
use crate::naive::model::{Effect, Item, Policy, Rule, Statement};
use crate::naive::rule::{Flat, Membership, keys, rules_of};
use crate::naive::vocabulary::{Operation, Vocabulary};

/// How often each noun is spoken of.
const NOUNS: [(usize, &str); 25] = [
    (9, "payment"),
    (6, "payment-batch"),
    (4, "draft-payment"),
    (6, "scheduled-payment"),
    (4, "incoming-request"),
    (2, "auto-allocation"),
    (2, "debit-mandate"),
    (2, "currency-exchange"),
    (1, "international-transfer"),
    (2, "payment-initiation"),
    (4, "card"),
    (1, "card-secret"),
    (1, "card-challenge"),
    (9, "transaction"),
    (4, "balance"),
    (5, "account"),
    (2, "event"),
    (2, "insight"),
    (3, "request"),
    (3, "webhook"),
    (1, "statement"),
    (1, "device"),
    (1, "callback-url"),
    (1, "health"),
    (1, "session"),
];

/// Mostly what the policy is about, so that its rules meet.
pub(super) fn noun(rng: &mut Rng, universe: &Universe) -> &'static str {
    match universe.favourite {
        Some(favourite) if rng.percent(70) => favourite,
        _ => any_noun(rng),
    }
}

pub(super) fn any_noun(rng: &mut Rng) -> &'static str {
    rng.weighted(&NOUNS)
}

pub(crate) fn policy(rng: &mut Rng, vocabulary: &Vocabulary) -> (Policy, Universe) {
    let universe = Universe::random(rng);
    let mut policy = Policy { items: universe.items(rng) };
    let lacks = rng.weighted(&[(4, Lacks::Nothing), (1, Lacks::Account), (1, Lacks::Amount)]);
    let inner = (0..rng.below(3)).map(|_| rule(rng, &universe, vocabulary, lacks)).collect::<Vec<_>>();
    policy.items.push(Item::Role { name: "inner".to_owned(), statements: inner });
    let mut outer: Vec<Statement> = (0..rng.below(2)).map(|_| statement(rng, &universe, vocabulary, &[])).collect();
    outer.push(use_role(rng, &universe, vocabulary, &policy, "inner", lacks));
    policy.items.push(Item::Role { name: "outer".to_owned(), statements: outer });
    let several = rng.weighted(&[(4, 1), (2, 2), (1, 3)]);
    for name in &KEYS[..several] {
        let mut statements = Vec::new();
        for _ in 0..1 + rng.below(4) {
            statements.push(match rng.below(10) {
                0 => use_role(rng, &universe, vocabulary, &policy, "inner", lacks),
                1 => use_role(rng, &universe, vocabulary, &policy, "outer", Lacks::Nothing),
                _ => {
                    let granted = granted(&statements, vocabulary);
                    statement(rng, &universe, vocabulary, &granted)
                }
            });
        }
        policy.items.push(Item::Key { name: (*name).to_owned(), statements });
    }
    for _ in 0..rng.weighted(&[(5, 0), (2, 1), (1, 2)]) {
        let except = if rng.percent(25) { vec![KEYS[0].to_owned()] } else { Vec::new() };
        let granted: Vec<&Operation> = policy
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Key { statements, .. } => Some(granted(statements, vocabulary)),
                _ => None,
            })
            .flatten()
            .collect();
        let statements = (0..1 + rng.below(2)).map(|_| guardrail(rng, &universe, vocabulary, &granted)).collect();
        policy.items.push(Item::Every { except, statements });
    }
    drop_empty_asks(&mut policy, vocabulary);
    if rng.percent(30) {
        rng.shuffle(&mut policy.items);
    }
    if !needs_zone(&policy) && rng.percent(50) {
        policy.items.retain(|item| !matches!(item, Item::Timezone(_)));
    }
    (policy, universe)
}

/// An `allow`, `ask`, `deny` or `only`.
pub(super) fn statement(
    rng: &mut Rng,
    universe: &Universe,
    vocabulary: &Vocabulary,
    granted: &[&Operation],
) -> Statement {
    match rng.below(10) {
        0..=5 => rule(rng, universe, vocabulary, Lacks::Nothing),
        6 | 7 => ask(rng, universe, vocabulary, granted),
        8 => deny(rng, universe, vocabulary),
        _ => only(rng, universe, vocabulary),
    }
}

/// What may stand under `every key`.
pub(super) fn guardrail(
    rng: &mut Rng,
    universe: &Universe,
    vocabulary: &Vocabulary,
    granted: &[&Operation],
) -> Statement {
    match rng.below(3) {
        0 => ask(rng, universe, vocabulary, granted),
        1 => deny(rng, universe, vocabulary),
        _ => only(rng, universe, vocabulary),
    }
}

/// "An `ask` whose operations, with what counts as them, no `allow` of the key names (in a role: of no key that uses it;
/// in a guardrail: of no key)" is an error, so it goes.
pub(crate) fn drop_empty_asks(policy: &mut Policy, vocabulary: &Vocabulary) {
    while let Some((item, statement)) = empty_ask(policy, vocabulary) {
        match &mut policy.items[item] {
            Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } => {
                statements.remove(statement);
            }
            _ => unreachable!("only blocks hold statements"),
        }
    }
}

fn empty_ask(policy: &Policy, vocabulary: &Vocabulary) -> Option<(usize, usize)> {
    let all: Vec<Vec<Flat>> = keys(policy).map(|key| rules_of(policy, &key, vocabulary)).collect();
    let mut guardrails = 0;
    for (place, item) in policy.items.iter().enumerate() {
        let (statements, first) = match item {
            Item::Key { statements, .. } | Item::Role { statements, .. } => (statements, 0),
            Item::Every { statements, .. } => {
                guardrails += statements.len();
                (statements, guardrails - statements.len())
            }
            _ => continue,
        };
        for (index, statement) in statements.iter().enumerate() {
            if !matches!(statement, Statement::Rule(Rule { effect: Effect::Ask, .. })) {
                continue;
            }
            let id = match item {
                Item::Key { name, .. } => format!("{name}#{}", index + 1),
                Item::Role { name, .. } => format!("/{name}#{}", index + 1),
                _ => format!("every#{}", first + index + 1),
            };
            let allowed = all.iter().any(|rules| {
                rules.iter().filter(|rule| rule.id == id || (id.starts_with('/') && rule.id.ends_with(&id))).any(
                    |ask| {
                        rules.iter().filter(|rule| rule.effect == Effect::Allow).any(|allow| {
                            (0..vocabulary.operations.len()).any(|operation| {
                                ask.membership(operation, vocabulary) != Membership::Outside
                                    && allow.membership(operation, vocabulary) != Membership::Outside
                            })
                        })
                    },
                )
            });
            if !allowed {
                return Some((place, index));
            }
        }
    }
    None
}
