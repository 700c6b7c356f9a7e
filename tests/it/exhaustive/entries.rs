//! The entries of the past that scopes of counters can tell apart.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::facts::{Values, Wanted};
use super::most;
use super::said::Said;
use super::sums::uses;
use crate::naive::clause::World;
use crate::naive::model::Clause;
use crate::naive::request::{Facts, contradicts};
use crate::naive::rule::{Membership, keys};
use crate::naive::vocabulary::Vocabulary;

/// All entries that words about scopes tell apart, of every key. "Left out are entries whose facts contradict the
/// declarations" of one of the policies.
pub(super) fn entries(worlds: &mut [World<'_>]) -> Option<Vec<Facts>> {
    let vocabulary = Vocabulary::bunq();
    let mut said = Said::default();
    let mut kinds: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut capped: Vec<(usize, usize)> = Vec::new();
    for (side, world) in worlds.iter().enumerate() {
        for (place, rule) in world.rules.iter().enumerate() {
            let mut any = false;
            uses(world, rule, &mut |_| any = true);
            if any {
                capped.push((side, place));
            }
        }
    }
    for (side, place) in &capped {
        let rule = &worlds[*side].rules[*place];
        let narrows =
            |clause: &&Clause| matches!(clause, Clause::On(_) | Clause::To(_) | Clause::Via(_) | Clause::Repeating(_));
        let policy = worlds[*side].policy;
        said.clauses(policy, rule.clauses.iter().map(|stated| &stated.clause).filter(narrows));
        for block in rule.unless.iter().filter(|block| block.iter().all(|clause| narrows(&clause))) {
            said.clauses(policy, block);
        }
    }
    if capped.is_empty() {
        return Some(Vec::new());
    }
    for operation in 0..vocabulary.operations.len() {
        let about = &vocabulary.operations[operation];
        if about.is_view() {
            continue;
        }
        let mut kind: Vec<u8> = Vec::new();
        let mut counted = false;
        for (side, place) in &capped {
            let membership = worlds[*side].rules[*place].counted(operation, vocabulary);
            counted |= membership != Membership::Outside;
            kind.push(membership as u8);
        }
        for dimension in ["account", "payee", "method", "repeat", "amount"] {
            kind.extend([u8::from(about.has(dimension)), u8::from(about.tells(dimension))]);
        }
        kind.push(u8::from(about.tier == "spend"));
        if counted {
            kinds.entry(kind).or_insert(operation);
        }
    }
    let mut names: Vec<String> = worlds.iter().flat_map(|world| keys(world.policy)).collect();
    names.sort();
    names.dedup();
    let mut operations: Vec<usize> = kinds.into_values().collect();
    operations.sort_unstable();
    let mut out = Vec::new();
    for operation in operations {
        for key in &names {
            let values = Values::of(&said, worlds, key, operation, Wanted::All, &[]);
            if values.count() + out.len() as u64 > (most() / 2).min(5_000) {
                return None;
            }
            _ = values.each(worlds, &mut |worlds, facts| {
                if worlds.iter().all(|world| !contradicts(facts, world.policy)) {
                    out.push(facts.clone());
                }
                ControlFlow::Continue(())
            });
        }
    }
    Some(out)
}
