//! What each statement of a key adds to its decisions: something, or nothing, and then because of which others.
//!
//! A statement is said to add nothing only where that is proved for every request and every past. Where a key is too
//! large nothing is said of it at all.

mod blind;
mod contest;
mod group;
mod partly;
mod verdict;

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::rc::Rc;

use bpol_engine::ir::{Effect, Ir, Rule, Tier};

use crate::analyze::TooLarge;
use crate::analyze::mdd::Id;
use crate::analyze::names::Names;
use crate::analyze::regions::{Shape, bound, shape};

pub(crate) use blind::Blind;
pub(crate) use contest::Label;
use contest::{Contest, alone};
use group::Group;
pub(crate) use partly::{Part, Partly};

/// The statements that bind a key, and what they add.
#[derive(Debug)]
pub(crate) struct Standings<'p> {
    /// Own statements, then those of guardrails.
    pub(crate) lines: Vec<Line<'p>>,
    /// Operations that an `allow` names and a `deny` closes only because a call does not tell a fact.
    pub(crate) blind: Vec<Blind>,
    /// What of an `allow` has no effect, though the line names it.
    pub(crate) partly: Vec<Partly>,
}

/// A statement: all rules of one id.
#[derive(Debug)]
pub(crate) struct Line<'p> {
    /// The id.
    pub(crate) id: &'p str,
    /// The effect of its rules.
    pub(crate) effect: Effect,
    /// Whether it stands in the key itself, or in a role that it uses.
    pub(crate) own: bool,
    /// Its rules.
    pub(crate) rules: Vec<&'p Rule>,
    /// What it adds.
    pub(crate) standing: Standing,
    /// Whether it meets something that the key may do; told of guardrails and of each `ask`.
    pub(crate) meets: bool,
}

/// What a statement adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It was not asked, or asked about another key that is bound alike.
    Unasked,
    /// It decides some request that would be decided otherwise without it, as far as can be told.
    Decides,
    /// No request meets its conditions.
    Empty,
    /// Statements of the same effect count wherever it does.
    Redundant(Vec<Label>),
    /// Wherever it counts, these deny.
    Closed(Vec<Label>),
    /// Wherever it counts, some of these count or deny.
    Shadowed(Vec<Label>),
}

/// The steps for one key, and for all keys of a policy together.
const BUDGET: (u64, u64) = (1_500_000, 6_000_000);

/// The least steps that some keys have together, however many others there are: what most policies need for as many.
const SHARE: u64 = 1_500_000;

/// What was asked so far about keys of a policy.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Guardrails that bind a key together, each set once.
    guardrails: HashSet<Vec<usize>>,
    /// Steps that are left.
    budget: u64,
}

impl Asked {
    /// Nothing yet, of keys that have a share of the steps among so many.
    pub(crate) fn share(of: usize) -> Self {
        let parts = u64::try_from(of.max(1)).unwrap_or(u64::MAX);
        Self { guardrails: HashSet::new(), budget: (BUDGET.1 / parts).max(SHARE) }
    }
}

impl<'p> Standings<'p> {
    /// What the statements that bind a key add, by its place in the policy.
    pub(crate) fn of(names: &Rc<Names<'p>>, key: usize, asked: &mut Asked) -> Result<Self, TooLarge> {
        let ir = names.ir;
        let rules = bound(ir, key);
        let own = ir.keys.get(key).map_or(0, |key| key.rules.len());
        let (lines, labels) = lines(&rules, own);
        let guardrails = asked.guardrails.insert(guardrails_of(ir, key));
        let mut all = Self { lines, blind: Vec::new(), partly: Vec::new() };
        let budget = BUDGET.0.min(asked.budget);
        let mut work = Work { budget, groups: Vec::new(), contests: Vec::new() };
        let done = all.look(names, &rules, &labels, guardrails, &mut work);
        let steps = work.groups.iter().map(|group| group.diagrams.work()).sum();
        asked.budget = asked.budget.saturating_sub(steps);
        done.map(|()| all)
    }

    fn look(
        &mut self,
        names: &Rc<Names<'p>>,
        rules: &[&'p Rule],
        labels: &[Label],
        guardrails: bool,
        work: &mut Work<'p>,
    ) -> Result<(), TooLarge> {
        let busy = self.first_look(names, rules, labels, guardrails, work)?;
        verdict::settle(&mut self.lines, &busy, work)?;
        self.blind = blind::find(&mut work.groups);
        self.partly = partly::find(&mut work.groups, &self.lines);
        work.sound()
    }

    /// Builds the groups that are needed and tells the statements that decide something alone.
    fn first_look(
        &mut self,
        names: &Rc<Names<'p>>,
        rules: &[&'p Rule],
        labels: &[Label],
        guardrails: bool,
        work: &mut Work<'p>,
    ) -> Result<BTreeSet<Label>, TooLarge> {
        let ir = names.ir;
        let mut listed: Vec<Vec<usize>> = vec![Vec::new(); ir.operations.len()];
        for (place, rule) in rules.iter().enumerate() {
            for operation in &rule.operations {
                if let Some(list) = listed.get_mut(*operation as usize) {
                    list.push(place);
                }
            }
        }
        let grants = |operation: &usize| {
            let list = listed.get(*operation);
            list.is_some_and(|list| list.iter().any(|place| rules.get(*place).is_some_and(|rule| allows(rule))))
        };
        let (first, then): (Vec<usize>, Vec<usize>) = (0..ir.operations.len()).partition(grants);
        let mut busy = BTreeSet::new();
        let mut known: HashMap<Shape<'p>, usize> = HashMap::new();
        for (operation, granted) in first.into_iter().map(|it| (it, true)).chain(then.into_iter().map(|it| (it, false)))
        {
            let (Some(list), Some(about)) = (listed.get(operation), ir.operations.get(operation)) else { continue };
            let present: Vec<Label> = list.iter().filter_map(|place| labels.get(*place).copied()).collect();
            if about.tier == Tier::Base {
                present.iter().for_each(|label| self.meet(*label));
            }
            if !granted && !self.is_open(&present, guardrails, &mut busy) {
                continue;
            }
            let shape = shape(list, about);
            if let Some(group) = known.get(&shape).and_then(|place| work.groups.get_mut(*place)) {
                group.operations.push(operation);
                continue;
            }
            let own = list.iter().filter_map(|place| Some((*labels.get(*place)?, *rules.get(*place)?))).collect();
            let mut group = Group::of(names, about, own, work.budget)?;
            group.operations.push(operation);
            let contests = group.contests(work.groups.len(), about, &self.lines, guardrails)?;
            for contest in &contests {
                busy.extend(alone(&mut group.diagrams, contest, &|_| false));
            }
            busy.extend(group.hiding());
            if granted {
                self.meetings(&mut group);
            }
            work.budget = work.budget.saturating_sub(group.diagrams.work());
            known.insert(shape, work.groups.len());
            work.groups.push(group);
            work.contests.extend(contests);
            work.sound()?;
        }
        Ok(busy)
    }

    /// Whether an operation that nothing grants can still tell of an own statement that it adds nothing. One that has no
    /// rival there is busy.
    fn is_open(&self, present: &[Label], guardrails: bool, busy: &mut BTreeSet<Label>) -> bool {
        let line = |label: &Label| self.lines.get(*label as usize);
        let mut open = false;
        for own in [true, false] {
            if !own && !guardrails {
                continue;
            }
            for effect in [Effect::Deny, Effect::Ask] {
                let is = |label: &&Label| line(label).is_some_and(|line| line.own == own && line.effect == effect);
                let mut rivals: Vec<Label> = present.iter().filter(is).copied().collect();
                rivals.dedup();
                let denied = effect == Effect::Ask
                    && present.iter().any(|label| line(label).is_some_and(|line| line.effect == Effect::Deny));
                if rivals.len() < 2 && !denied {
                    busy.extend(rivals);
                } else {
                    open |= rivals.iter().any(|label| !busy.contains(label));
                }
            }
        }
        open
    }

    /// Notes which statements meet something that the key may do.
    fn meetings(&mut self, group: &mut Group<'p>) {
        let granted = group.diagrams.and(group.granted, group.reach);
        let items: Vec<(Label, Id)> = group.rules.iter().map(|(label, _)| *label).zip(group.values.clone()).collect();
        for (label, value) in items {
            if self
                .lines
                .get(label as usize)
                .is_some_and(|line| !line.meets && (!line.own || line.effect == Effect::Ask))
            {
                let counts = group.diagrams.holds(value, |value| value > 0);
                if group.diagrams.and(counts, granted) != Id::FALSE {
                    self.meet(label);
                }
            }
        }
    }

    fn meet(&mut self, label: Label) {
        if let Some(line) = self.lines.get_mut(label as usize) {
            line.meets = true;
        }
    }
}

/// What was built for one key.
struct Work<'p> {
    budget: u64,
    groups: Vec<Group<'p>>,
    contests: Vec<Contest>,
}

impl Work<'_> {
    /// Results of exhausted diagrams mean nothing.
    fn sound(&self) -> Result<(), TooLarge> {
        if self.groups.iter().any(|group| group.diagrams.is_exhausted()) {
            return Err(TooLarge {
                reason: "looking for lines without effect takes more steps than allowed".to_owned(),
            });
        }
        Ok(())
    }
}

fn allows(rule: &Rule) -> bool {
    rule.effect == Effect::Allow
}

/// The statements of rules, and the label of each rule's.
fn lines<'p>(rules: &[&'p Rule], own: usize) -> (Vec<Line<'p>>, Vec<Label>) {
    let mut lines: Vec<Line<'p>> = Vec::new();
    let mut labels = Vec::with_capacity(rules.len());
    for (place, rule) in rules.iter().enumerate() {
        match lines.last_mut() {
            Some(line) if line.id == rule.id => line.rules.push(rule),
            _ => lines.push(Line {
                id: &rule.id,
                effect: rule.effect,
                own: place < own,
                rules: vec![rule],
                standing: Standing::Unasked,
                meets: false,
            }),
        }
        labels.push(lines.len() as Label - 1);
    }
    (lines, labels)
}

/// The guardrails that bind a key.
fn guardrails_of(ir: &Ir, key: usize) -> Vec<usize> {
    let Some(key) = ir.keys.get(key) else { return Vec::new() };
    let binds = |(_, guardrail): &(usize, &bpol_engine::ir::Guardrail)| !guardrail.except.contains(&key.name);
    ir.guardrails.iter().enumerate().filter(binds).map(|(place, _)| place).collect()
}
