//! What the naive evaluator makes of a request, as far as claims and comparisons speak of it.

use super::said::Said;
use crate::naive::clause::World;
use crate::naive::model::{Effect, Policy};
use crate::naive::request::{Facts, contradicts};
use crate::naive::rule::{Flat, Membership};
use crate::naive::vocabulary::Vocabulary;
use crate::naive::{Outcome, decide_piece};

/// A policy before anything was done.
pub(super) fn world(policy: &Policy) -> World<'_> {
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    World::new(policy, Vocabulary::bunq(), Vec::new(), now)
}

/// How much a decision lets happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grade {
    /// Deny, ask, each record by itself, allow.
    pub(super) step: u8,
    pub(super) fields: Vec<String>,
}

impl Grade {
    fn of(outcome: Outcome) -> Self {
        let step = match (outcome.effect, outcome.each) {
            (Effect::Deny, _) => 0,
            (Effect::Ask, _) => 1,
            (Effect::Allow, true) => 2,
            (Effect::Allow, false) => 3,
        };
        Self { step, fields: outcome.fields.unwrap_or_default() }
    }

    /// "allow → ask is narrower, fewer fields are narrower"
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.step < other.step
            || self.step == other.step && self.fields.iter().all(|field| other.fields.contains(field))
    }
}

/// What is decided; a request that contradicts the declarations is denied.
pub(super) fn grade(world: &World<'_>, facts: &Facts, answer: bool) -> Grade {
    if contradicts(facts, world.policy) {
        return Grade { step: 0, fields: Vec::new() };
    }
    Grade::of(decide_piece(world, facts, answer))
}

/// The rules of a key that an operation is in the subject of.
pub(super) fn rules<'w>(world: &'w World<'_>, key: &str, operation: usize) -> impl Iterator<Item = &'w Flat> {
    let of_key = world.rules.iter().filter(move |rule| rule.key == key);
    of_key.filter(move |rule| rule.membership(operation, world.vocabulary) != Membership::Outside)
}

/// The operations of which something may be allowed and that some rule speaks of. All others are denied by default, or
/// are of tier base and allowed.
pub(super) fn operations(worlds: &[World<'_>], key: &str) -> Vec<usize> {
    let vocabulary = Vocabulary::bunq();
    let base = |operation: usize| vocabulary.operations[operation].tier == "base";
    let open = |world: &World<'_>, operation: usize| {
        rules(world, key, operation).any(|rule| rule.effect == Effect::Allow || base(operation))
    };
    let all = (0..vocabulary.operations.len()).filter(|operation| !vocabulary.operations[*operation].is_view());
    all.filter(|operation| worlds.iter().any(|world| open(world, *operation))).collect()
}

/// What the rules of a key say of an operation.
pub(super) fn said(worlds: &[World<'_>], key: &str, operation: usize) -> Said {
    let mut said = Said::default();
    for world in worlds {
        for rule in rules(world, key, operation) {
            said.clauses(world.policy, rule.clauses.iter().map(|stated| &stated.clause));
            said.clauses(world.policy, rule.unless.iter().flatten());
        }
    }
    said
}
