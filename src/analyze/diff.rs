//! What a change of policy newly permits and no longer permits (language.md, section 9).
//!
//! Decisions are compared per key and operation, at every request within reach and at equal sums: counters of the two
//! policies that correspond are one variable (`counters`), all others are variables of their own, of which only is
//! known that a scope or window inside another never holds more. A request that contradicts the declarations of one
//! policy is denied there; where an account of the old policy is declared otherwise in the new one all accounts are
//! looked at, and else those that rules of the operation speak of, since a declaration that is only new opens nothing.
//! Facts that an operation is not about are not looked at, nor is what was spent under a scope that has changed: the past
//! is the same sum for both. Operations whose rules are the same by content on both sides are equal without a look at
//! requests.

mod change;
mod content;
mod counters;
mod example;
mod grade;
mod key;
mod operation;
mod scope;
mod verdict;

use std::rc::Rc;

use bpol_engine::ir::{Ir, Operation, Rule, Tier};

use crate::analyze::TooLarge;
use crate::analyze::names::Names;

pub use change::Change;
pub use example::Example;
pub use verdict::Verdict;

use content::{Content, Numbers};
use counters::Correspondence;
use scope::Entries;

/// How two policies stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// All keys together; or why it is not decided.
    pub verdict: Result<Verdict, TooLarge>,
    /// Keys in the order of the new policy, then those that it lacks.
    pub keys: Vec<Key>,
}

/// How the two policies stand to each other for one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Which of the policies declare it.
    pub presence: Presence,
    /// The verdict; or why it is not decided.
    pub verdict: Result<Verdict, TooLarge>,
    /// What is newly possible.
    pub gained: Vec<Change>,
    /// What is no longer possible.
    pub lost: Vec<Change>,
}

/// Which policies declare a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Both.
    Both,
    /// Only the new one.
    New,
    /// Only the old one.
    Removed,
}

/// Compares two policies.
pub fn diff(old: &Ir, new: &Ir) -> Diff {
    let mut numbers = Numbers::default();
    let contents = [Content::of(old, &mut numbers), Content::of(new, &mut numbers)];
    let names = [Rc::new(Names::of(old)), Rc::new(Names::of(new))];
    let twins = [twins(old, new), twins(new, old)];
    let redeclared = content::redeclared([&contents[0], &contents[1]]);
    let mut entries = Entries {
        names: [&names[0], &names[1]],
        contents: [&contents[0], &contents[1]],
        twins: [&twins[0], &twins[1]],
        redeclared: &redeclared,
        left: QUESTIONS,
    };
    let same = Correspondence::of(&mut entries);
    let tables = [Table::of(old, &contents[0], &mut numbers), Table::of(new, &contents[1], &mut numbers)];
    let mut engines = example::Engines::new([old, new]);
    let mut comparer = key::Comparer::new(&mut entries, &same, &tables);
    let mut keys: Vec<Key> = new.keys.iter().map(|key| comparer.key(&key.name, &mut engines)).collect();
    let removed = old.keys.iter().filter(|key| !new.keys.iter().any(|kept| kept.name == key.name));
    keys.extend(removed.map(|key| comparer.key(&key.name, &mut engines)));
    let verdict = keys.iter().map(|key| key.verdict.clone()).reduce(|one, other| Ok(one?.and(other?)));
    Diff { verdict: verdict.unwrap_or(Ok(Verdict::Equal)), keys }
}

/// How many pairs of scopes are decided by diagrams.
const QUESTIONS: u32 = 20_000;

/// The rules of a policy, by key, with their numbers by content.
struct Table<'p> {
    ir: &'p Ir,
    /// By key.
    own: Vec<Vec<(u32, &'p Rule)>>,
    /// By guardrail.
    guardrails: Vec<Vec<(u32, &'p Rule)>>,
    /// By operation: what makes two operations one to rules.
    shapes: Vec<u32>,
}

impl<'p> Table<'p> {
    fn of(ir: &'p Ir, content: &Content<'p>, numbers: &mut Numbers) -> Self {
        let mut numbered = |rules: &'p [Rule]| -> Vec<(u32, &'p Rule)> {
            rules.iter().map(|rule| (numbers.of(content.rule(rule)), rule)).collect()
        };
        let own = ir.keys.iter().map(|key| numbered(&key.rules)).collect();
        let guardrails = ir.guardrails.iter().map(|guardrail| numbered(&guardrail.rules)).collect();
        let shapes = ir.operations.iter().map(|operation| numbers.of(shape(operation))).collect();
        Self { ir, own, guardrails, shapes }
    }

    /// The rules that bind a key; nothing where it is not declared.
    fn bound(&self, key: &str) -> Option<Vec<(u32, &'p Rule)>> {
        let place = self.ir.keys.iter().position(|known| known.name == key)?;
        let mut rules = self.own.get(place)?.clone();
        for (guardrail, numbered) in self.ir.guardrails.iter().zip(&self.guardrails) {
            if !guardrail.except.iter().any(|name| name == key) {
                rules.extend(numbered);
            }
        }
        Some(rules)
    }
}

fn shape(operation: &Operation) -> String {
    let base = operation.tier == Tier::Base;
    let read = operation.action == "read";
    let Operation { dimensions, untold, fields, extra_fields, .. } = operation;
    format!("shape {dimensions:?} {untold:?} {base} {read} {fields:?} {extra_fields:?}")
}

/// For each operation of one policy its place in the table of the other.
fn twins(from: &Ir, to: &Ir) -> Vec<Option<u32>> {
    let places: std::collections::HashMap<(&str, &str), u32> =
        (0..).zip(&to.operations).map(|(place, it)| ((it.action.as_str(), it.resource.as_str()), place)).collect();
    from.operations.iter().map(|it| places.get(&(it.action.as_str(), it.resource.as_str())).copied()).collect()
}
