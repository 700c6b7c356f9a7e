//! What lints read: the policy, its rules as they hold, and what each statement adds.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use bpol_engine::Policy as Engine;
use bpol_engine::ir::Ir;
use jiff::Timestamp;

use crate::Checked;
use crate::analyze::names::Names;
use crate::analyze::possible::Possible;
use crate::analyze::standing::{Asked, Label, Line, Standings};
use crate::check::{Expanded, Owner, Policy, expand};
use crate::lint::site::Idle;
use crate::parallel;
use crate::source::FileSpan;

/// A policy without errors and what is known of it.
pub(crate) struct Context<'c> {
    pub(crate) checked: &'c Checked,
    pub(crate) policy: &'c Policy,
    pub(crate) ir: &'c Ir,
    pub(crate) now: Option<Timestamp>,
    /// All rules as they hold for their owners.
    pub(crate) expanded: Vec<Expanded<'c>>,
    /// What the statements that bind each key add; nothing for a key that is too large.
    pub(crate) keys: Vec<Option<Standings<'c>>>,
    /// For each line of each key its place among the rules.
    rules: Vec<Vec<Option<usize>>>,
    /// Statements that add nothing, once they were asked for.
    pub(crate) idle: OnceCell<Vec<Idle>>,
    names: Rc<Names<'c>>,
    engine: OnceCell<Option<Engine>>,
    /// What keys may do with operations, once it was asked for.
    possible: RefCell<HashMap<Asking, Option<Possible<'c>>>>,
    /// The steps that such questions of one lint took.
    work: Cell<u64>,
}

/// A key and operations, by their places.
type Asking = (usize, Vec<usize>);

/// The steps that such questions of one lint take at most together, so that none is silent because of another, and those
/// that each question counts for by itself.
const MOST: u64 = 2_000_000;
const EVERY: u64 = 500;

/// How much of what keys may do is kept for the next question.
const KEPT: usize = 256;

/// A statement as it holds for one key.
#[derive(Clone, Copy)]
pub(crate) struct Instance<'c> {
    pub(crate) key: usize,
    pub(crate) label: Label,
    pub(crate) line: &'c Line<'c>,
    pub(crate) rule: &'c Expanded<'c>,
}

impl<'c> Context<'c> {
    pub(crate) fn of(checked: &'c Checked, ir: &'c Ir, now: Option<Timestamp>) -> Self {
        let policy = &checked.policy;
        let expanded = expand(policy);
        let keys = standings(ir);
        let mut by_id: HashMap<(Option<usize>, &str), usize> = HashMap::with_capacity(expanded.len());
        for (place, rule) in expanded.iter().enumerate() {
            by_id.entry((key_of(rule.owner), &rule.id)).or_insert(place);
        }
        let rules = keys.iter().enumerate().map(|(key, standings)| {
            let lines = standings.iter().flat_map(|standings| &standings.lines);
            lines.map(|line| by_id.get(&(line.own.then_some(key), line.id)).copied()).collect()
        });
        let rules = rules.collect();
        let names = Rc::new(Names::of(ir));
        let (idle, engine, possible, work) = <_>::default();
        Self { checked, policy, ir, now, expanded, keys, rules, idle, names, engine, possible, work }
    }

    /// Lets the next lint ask as much as the one before.
    pub(crate) fn next_lint(&self) {
        self.work.set(0);
    }

    /// Asks about what a key may do with operations; nothing where that is too much to look at, or where the engine does
    /// not take the policy.
    pub(crate) fn ask<T>(
        &self,
        key: usize,
        operations: &[usize],
        question: impl FnOnce(&mut Possible<'c>, &Engine) -> Option<T>,
    ) -> Option<T> {
        let engine = self.engine.get_or_init(|| Engine::from_ir(self.ir.clone()).ok()).as_ref()?;
        let mut known = self.possible.borrow_mut();
        let asked = (key, operations.to_vec());
        if !known.contains_key(&asked) {
            if known.len() >= KEPT {
                known.clear();
            }
            self.work.set(self.work.get() + EVERY);
            let made = if self.work.get() < MOST { Possible::of(&self.names, key, operations) } else { None };
            self.work.set(self.work.get() + made.as_ref().map_or(0, Possible::work));
            known.insert(asked.clone(), made);
        }
        let possible = known.get_mut(&asked)?.as_mut()?;
        let before = possible.work();
        let answer = question(possible, engine);
        self.work.set(self.work.get() + possible.work().saturating_sub(before));
        answer
    }

    /// The rule of a label of a key.
    pub(crate) fn rule(&self, key: usize, label: Label) -> Option<&Expanded<'c>> {
        self.expanded.get((*self.rules.get(key)?.get(label as usize)?)?)
    }

    /// Where the statement of a label stands.
    pub(crate) fn place(&self, key: usize, label: Label) -> Option<FileSpan> {
        Some(self.rule(key, label)?.statement.place)
    }

    /// Statements with all keys that they bind; without those that bind a key that is too large.
    pub(crate) fn statements(&self) -> BTreeMap<FileSpan, Vec<Instance<'_>>> {
        let mut all: BTreeMap<FileSpan, Vec<Instance<'_>>> = BTreeMap::new();
        let mut unknown: Vec<FileSpan> = Vec::new();
        for (key, standings) in self.keys.iter().enumerate() {
            let Some(standings) = standings else {
                let mine =
                    |rule: &&Expanded<'_>| matches!(rule.owner, Owner::Guardrail(_)) || rule.owner == Owner::Key(key);
                unknown.extend(self.expanded.iter().filter(mine).map(|rule| rule.statement.place));
                continue;
            };
            for (label, line) in (0..).zip(&standings.lines) {
                if let Some(rule) = self.rule(key, label) {
                    all.entry(rule.statement.place).or_default().push(Instance { key, label, line, rule });
                }
            }
        }
        unknown.iter().for_each(|place| _ = all.remove(place));
        all
    }

    /// The first word of a statement.
    pub(crate) fn word(&self, place: FileSpan) -> &str {
        self.checked.sources.text(place).split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default()
    }
}

/// Keys that are looked at together, with a share of the steps for all: the same on every machine.
const TOGETHER: usize = 64;

/// What the statements of each key add, the keys spread over the processors.
fn standings(ir: &Ir) -> Vec<Option<Standings<'_>>> {
    let keys: Vec<usize> = (0..ir.keys.len()).collect();
    let batches: Vec<&[usize]> = keys.chunks(TOGETHER).collect();
    let share = batches.len();
    let look = |batch: &[usize]| -> Vec<Option<Standings<'_>>> {
        let names = Rc::new(Names::of(ir));
        let mut asked = Asked::share(share);
        batch.iter().map(|key| Standings::of(&names, *key, &mut asked).ok()).collect()
    };
    parallel::map(batches, 1, look).into_iter().flatten().collect()
}

fn key_of(owner: Owner) -> Option<usize> {
    match owner {
        Owner::Key(key) => Some(key),
        Owner::Guardrail(_) => None,
    }
}
