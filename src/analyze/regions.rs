//! The decisions of one key about every operation.

use hashbrown::HashMap;
use std::rc::Rc;

use bpol_engine::ir::{Effect, Ir, Operation, Rule, Tier};
use jiff::Timestamp;

use crate::analyze::TooLarge;
use crate::analyze::facts::Facts;
use crate::analyze::mdd::Diagrams;
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET, Bound, Outcome, Region};
use crate::analyze::space::{Draft, History, Side, Totals};

/// What one key may do.
#[derive(Debug)]
pub struct Regions<'p> {
    /// Regions, each for the operations that the same rules are about in the same way.
    pub regions: Vec<Region<'p>>,
    /// The region of each operation of the table; none where nothing grants it, so that it is always denied.
    pub of_operation: Vec<Option<usize>>,
}

impl<'p> Regions<'p> {
    /// The regions of a key, by its place in the policy.
    pub fn of(ir: &'p Ir, key: usize) -> Result<Self, TooLarge> {
        Self::with(&Rc::new(Names::of(ir)), key, History::Any)
    }

    /// The regions of a key of a policy whose names are known, for some or any past.
    pub(crate) fn with(names: &Rc<Names<'p>>, key: usize, history: History) -> Result<Self, TooLarge> {
        let ir = names.ir;
        let mut out = Self { regions: Vec::new(), of_operation: vec![None; ir.operations.len()] };
        let rules = bound(ir, key);
        for group in grouped(ir, &rules) {
            let Some(operation) = group.operations.first().and_then(|first| ir.operations.get(*first)) else {
                continue;
            };
            for place in &group.operations {
                if let Some(slot) = out.of_operation.get_mut(*place) {
                    *slot = Some(out.regions.len());
                }
            }
            out.regions.push(region(names, operation, &group.rules, history)?);
        }
        Ok(out)
    }

    /// The region of an operation; nothing where it is always denied.
    pub fn region(&self, operation: usize) -> Option<&Region<'p>> {
        self.regions.get((*self.of_operation.get(operation)?)?)
    }

    /// The decision about concrete facts; nothing where they contradict the declarations.
    pub fn at(
        &self,
        operation: usize,
        facts: &Facts,
        answer: bool,
        now: Timestamp,
        totals: Totals<'_>,
    ) -> Option<Outcome> {
        match self.region(operation) {
            Some(region) => region.at(facts, answer, now, totals).cloned(),
            None => Some(Outcome { effect: Effect::Deny, each: false, fields: None }),
        }
    }
}

/// What makes two operations one to the rules.
pub(crate) type Shape<'p> = (
    Vec<usize>,
    &'p [bpol_engine::ir::Dimension],
    &'p [bpol_engine::ir::Dimension],
    Tier,
    bool,
    &'p [String],
    &'p [String],
);

pub(crate) fn shape<'p>(rules: &[usize], operation: &'p Operation) -> Shape<'p> {
    let tier = if operation.tier == Tier::Base { Tier::Base } else { Tier::Read };
    (
        rules.to_vec(),
        &operation.dimensions,
        &operation.untold,
        tier,
        operation.action == "read",
        &operation.fields,
        &operation.extra_fields,
    )
}

/// The rules that bind a key: its own, and those of guardrails that do not except it.
pub(crate) fn bound(ir: &Ir, key: usize) -> Bound<'_> {
    let Some(key) = ir.keys.get(key) else { return Vec::new() };
    let guardrails = ir.guardrails.iter().filter(|guardrail| !guardrail.except.contains(&key.name));
    key.rules.iter().chain(guardrails.flat_map(|guardrail| &guardrail.rules)).collect()
}

/// Operations that are one to the rules that bind a key.
pub(crate) struct Group<'p> {
    /// The rules that list them.
    pub(crate) rules: Bound<'p>,
    /// Their places in the table.
    pub(crate) operations: Vec<usize>,
}

/// The operations that may be granted somewhere, in groups that the same rules are about in the same way.
pub(crate) fn grouped<'p>(ir: &'p Ir, rules: &[&'p Rule]) -> Vec<Group<'p>> {
    let mut listed: Vec<Vec<usize>> = vec![Vec::new(); ir.operations.len()];
    for (place, rule) in rules.iter().enumerate() {
        for operation in &rule.operations {
            if let Some(list) = listed.get_mut(*operation as usize) {
                list.push(place);
            }
        }
    }
    let mut out: Vec<Group<'p>> = Vec::new();
    let mut known: HashMap<Shape<'_>, usize> = HashMap::new();
    for ((place, operation), list) in ir.operations.iter().enumerate().zip(&listed) {
        let of_operation: Bound<'p> = list.iter().filter_map(|rule| rules.get(*rule).copied()).collect();
        if operation.tier != Tier::Base && !of_operation.iter().any(|rule| rule.effect == Effect::Allow) {
            continue;
        }
        let group = *known.entry(shape(list, operation)).or_insert(out.len());
        match out.get_mut(group) {
            Some(group) => group.operations.push(place),
            None => out.push(Group { rules: of_operation, operations: vec![place] }),
        }
    }
    out
}

fn region<'p>(
    names: &Rc<Names<'p>>,
    operation: &'p Operation,
    rules: &[&'p Rule],
    history: History,
) -> Result<Region<'p>, TooLarge> {
    let mut draft = Draft::new(vec![Side::of(names, operation)], history);
    for clause in rules.iter().flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten())) {
        draft.clause(0, clause);
    }
    let space = draft.finish(&|side, counter| (side, counter))?;
    let mut diagrams = Diagrams::new(space.domains(), BUDGET);
    let mut outcomes = Vec::new();
    let mut builder = region::builder(&space, &mut diagrams, history);
    let (plain, answer) = region::decisions(&mut builder, 0, rules, operation, &mut outcomes)?;
    Ok(Region { space, diagrams, plain, answer, outcomes, history })
}
