//! The rules of a key about operations of one shape, each as a diagram of where it counts.

use std::cell::RefCell;
use std::rc::Rc;

use bpol_engine::ir::{Clause, Effect, Operation, Rule};

use crate::analyze::TooLarge;
use crate::analyze::decision::{Builder, Pass};
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::names::Names;
use crate::analyze::region::{self, shown_by};
use crate::analyze::space::{Draft, History, Side, Space};
use crate::analyze::standing::Line;
use crate::analyze::standing::contest::{Contest, Label, any};

/// Operations that the same rules are about in the same way.
#[derive(Debug)]
pub(super) struct Group<'p> {
    pub(super) space: Space<'p>,
    pub(super) diagrams: Diagrams,
    /// The rules, with the labels of their statements.
    pub(super) rules: Vec<(Label, &'p Rule)>,
    /// Operations of the shape.
    pub(super) operations: Vec<usize>,
    /// Where some request can be.
    pub(super) reach: Id,
    /// The value of each rule for requests whose facts are told or unknown.
    pub(super) values: Vec<Id>,
    /// Where some `deny` counts, for the same requests.
    pub(super) denied: Id,
    /// Where some `allow` counts, for the same requests.
    pub(super) granted: Id,
}

/// Counters beyond this number are taken to be independent: then less is found, and nothing wrong.
const COUNTERS: usize = 24;

impl<'p> Group<'p> {
    pub(super) fn of(
        names: &Rc<Names<'p>>,
        operation: &'p Operation,
        rules: Vec<(Label, &'p Rule)>,
        budget: u64,
    ) -> Result<Self, TooLarge> {
        let mut draft = Draft::new(vec![Side::of(names, operation)], History::Any);
        for clause in rules.iter().flat_map(|(_, rule)| rule.when.iter().chain(rule.unless.iter().flatten())) {
            draft.clause(0, clause);
        }
        let space = draft.finish(&|side, counter| (side, counter))?;
        let mut diagrams = Diagrams::new(space.domains(), budget);
        let mut builder = region::builder(&space, &mut diagrams, History::Any);
        let counters: Vec<u32> = (0..builder.space.tallies.len() as u32).collect();
        let reach = builder.reach(if counters.len() > COUNTERS { &[] } else { &counters })?;
        let values: Vec<Id> = rules.iter().map(|(_, rule)| builder.rule(0, rule, Pass::Plain)).collect();
        let mut group = Self {
            space,
            diagrams,
            rules,
            operations: Vec::new(),
            reach,
            values,
            denied: Id::FALSE,
            granted: Id::FALSE,
        };
        let values = group.values.clone();
        let denies = group.items(Effect::Deny, &values, &|_| true);
        group.denied = any(&mut group.diagrams, &denies, &|_| true);
        let allows = group.items(Effect::Allow, &values, &|_| true);
        group.granted = any(&mut group.diagrams, &allows, &|_| true);
        Ok(group)
    }

    pub(super) fn builder(&mut self) -> Builder<'_, 'p> {
        region::builder(&self.space, &mut self.diagrams, History::Any)
    }

    /// Where rules of an effect count, by their values.
    pub(super) fn items(&mut self, effect: Effect, values: &[Id], wanted: &dyn Fn(Label) -> bool) -> Vec<(Label, Id)> {
        let mut items = Vec::new();
        for ((label, rule), value) in self.rules.iter().zip(values) {
            if rule.effect == effect && wanted(*label) {
                let least = if effect == Effect::Allow { 2 } else { 1 };
                items.push((*label, self.diagrams.holds(*value, |value| value >= least)));
            }
        }
        items
    }

    /// The contests of own rules and, where `guardrails` says so, of those of guardrails among themselves.
    pub(super) fn contests(
        &mut self,
        number: usize,
        operation: &Operation,
        lines: &[Line<'p>],
        guardrails: bool,
    ) -> Result<Vec<Contest>, TooLarge> {
        let is_own = |label: Label| lines.get(label as usize).is_some_and(|line| line.own);
        let mut out = Vec::new();
        let reads = operation.action == "read";
        let passes: &[Pass] = if reads { &[Pass::Plain, Pass::Best, Pass::Worst] } else { &[Pass::Plain] };
        let only: Vec<&Rule> = self.rules.iter().map(|(_, rule)| *rule).collect();
        for pass in passes {
            let values: Vec<Id> = match pass {
                Pass::Plain => self.values.clone(),
                pass => {
                    let mut builder = self.builder();
                    only.iter().map(|rule| builder.rule(0, rule, *pass)).collect()
                }
            };
            let (reach, denies) = (self.reach, self.items(Effect::Deny, &values, &|_| true));
            let denied = any(&mut self.diagrams, &denies, &|_| true);
            let not_denied = self.diagrams.not(denied);
            let mask = self.diagrams.and(reach, not_denied);
            let contest =
                |items, denies, mask| Contest { group: number, items, denies, reach, mask, covers: RefCell::default() };
            let allows = self.items(Effect::Allow, &values, &is_own);
            if reads && !allows.is_empty() && *pass != Pass::Best {
                for places in shown_by(operation, &only)? {
                    let showing = |label: Label| {
                        let shows = |place: &usize| self.rules.get(*place).is_some_and(|(other, _)| *other == label);
                        places.iter().any(shows)
                    };
                    let items: Vec<_> = allows.iter().copied().filter(|(label, _)| showing(*label)).collect();
                    if !items.is_empty() && items.len() < allows.len() {
                        out.push(contest(items, denies.clone(), mask));
                    }
                }
            }
            if !allows.is_empty() {
                out.push(contest(allows, denies.clone(), mask));
            }
            let asks = self.items(Effect::Ask, &values, &is_own);
            if !asks.is_empty() {
                out.push(contest(asks, denies.clone(), mask));
            }
            let own: Vec<_> = denies.iter().copied().filter(|(label, _)| is_own(*label)).collect();
            if !own.is_empty() {
                out.push(contest(own, Vec::new(), reach));
            }
            if guardrails {
                let others: Vec<_> = denies.iter().copied().filter(|(label, _)| !is_own(*label)).collect();
                let asks = self.items(Effect::Ask, &values, &|label| !is_own(label));
                if !asks.is_empty() {
                    let denied = any(&mut self.diagrams, &others, &|_| true);
                    let not_denied = self.diagrams.not(denied);
                    let mask = self.diagrams.and(reach, not_denied);
                    out.push(contest(asks, others.clone(), mask));
                }
                if !others.is_empty() {
                    out.push(contest(others, Vec::new(), reach));
                }
            }
        }
        Ok(out)
    }

    /// Statements that hide a field from some answer that is given: they do something even where they give nothing.
    pub(super) fn hiding(&mut self) -> Vec<Label> {
        let mut out = Vec::new();
        for (label, rule) in self.rules.clone().into_iter().filter(|(_, rule)| !rule.hiding.is_empty()) {
            for pass in [Pass::Plain, Pass::Best] {
                let reach = self.reach;
                let rules: Vec<&Rule> = self.rules.iter().map(|(_, rule)| *rule).collect();
                let mut builder = self.builder();
                let hides = builder.rule_without_caps(0, rule, pass);
                let values: Vec<Id> = rules.iter().map(|rule| builder.rule(0, rule, pass)).collect();
                let denies = self.items(Effect::Deny, &values, &|_| true);
                let denied = any(&mut self.diagrams, &denies, &|_| true);
                let (not_denied, hides) = (self.diagrams.not(denied), self.diagrams.holds(hides, |value| value > 0));
                let there = self.diagrams.all(vec![hides, not_denied, reach]);
                if there != Id::FALSE {
                    out.push(label);
                    break;
                }
            }
        }
        out
    }
}

/// Whether the rule shares a budget with others, so that what it is about is counted for them.
pub(super) fn shares_a_budget(rule: &Rule) -> bool {
    rule.when.iter().chain(rule.unless.iter().flatten()).any(|clause| matches!(clause, Clause::Within(_)))
}
