//! Rules as lines that a target can print one by one: each about operations that it treats alike.

use bpol_engine::ir::{Clause, Dimension, Effect, Ir, Operation, Rule};

use crate::analyze::names::is_cap;

use super::clause;
use super::formula::{Atom, Formula, Kleene};

/// Whom a rule binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Binds {
    /// The key of this name.
    Key(String),
    /// Every declared key but these.
    Every(Vec<String>),
}

/// A rule about some of its operations.
#[derive(Debug)]
pub(crate) struct Line<'p> {
    /// The rule.
    pub(crate) rule: &'p Rule,
    /// Whom it binds.
    pub(crate) binds: Binds,
    /// Its statement's place among all statements, in document order.
    pub(crate) statement: usize,
    /// Operations, by place in the table.
    pub(crate) operations: Vec<u32>,
    /// When it decides: an `allow` that is true, an `ask` or `deny` that is not false.
    pub(crate) holds: Formula,
    /// When it decides about an answer whose records may yet be dropped one by one; absent where that is the same.
    pub(crate) at_best: Option<Formula>,
    /// When an `allow` may yet hide its fields.
    pub(crate) hides: Option<Formula>,
}

/// All rules of a policy as lines, statements in document order.
pub(crate) fn lines(ir: &Ir) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut statements: Vec<(usize, &str)> = Vec::new();
    for (block, (binds, rules)) in blocks(ir).into_iter().enumerate() {
        for rule in rules {
            let known = statements.iter().position(|known| *known == (block, rule.id.as_str()));
            let statement = known.unwrap_or_else(|| {
                statements.push((block, &rule.id));
                statements.len().saturating_sub(1)
            });
            out.extend(of_rule(ir, rule, &binds, statement));
        }
    }
    out
}

/// Keys and guardrails in document order.
pub(crate) fn blocks(ir: &Ir) -> Vec<(Binds, &[Rule])> {
    let mut out = Vec::new();
    let mut guardrails = ir.guardrails.iter().peekable();
    for (place, key) in ir.keys.iter().enumerate() {
        let behind = ir.keys.len().saturating_sub(place);
        while let Some(guardrail) =
            guardrails.next_if(|guardrail| usize::try_from(guardrail.keys_behind).is_ok_and(|keys| keys >= behind))
        {
            out.push((Binds::Every(guardrail.except.clone()), guardrail.rules.as_slice()));
        }
        out.push((Binds::Key(key.name.clone()), key.rules.as_slice()));
    }
    out.extend(guardrails.map(|guardrail| (Binds::Every(guardrail.except.clone()), guardrail.rules.as_slice())));
    out
}

fn of_rule<'p>(ir: &'p Ir, rule: &'p Rule, binds: &Binds, statement: usize) -> Vec<Line<'p>> {
    let mut groups: Vec<(Shape, Vec<u32>)> = Vec::new();
    for place in &rule.operations {
        let Some(operation) = usize::try_from(*place).ok().and_then(|at| ir.operations.get(at)) else { continue };
        let shape = Shape::of(ir, rule, operation);
        match groups.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, operations)) => operations.push(*place),
            None => groups.push((shape, vec![*place])),
        }
    }
    let line = |(shape, operations): (Shape, Vec<u32>)| {
        let holds = holds(ir, rule, &shape, false, &|_| true);
        let at_best = holds_at_best(ir, rule, &shape).filter(|best| *best != holds);
        let hides = (rule.effect == Effect::Allow && !rule.hiding.is_empty()).then(|| may_hide(ir, rule, &shape));
        if holds == Formula::FALSE && at_best.is_none() && hides.is_none() {
            return None;
        }
        Some(Line { rule, binds: binds.clone(), statement, operations, holds, at_best, hides })
    };
    groups.into_iter().filter_map(line).collect()
}

/// What tells operations of a rule apart: which dimensions of its clauses they have, and which their calls tell.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    has: Vec<Dimension>,
    told: Vec<Dimension>,
    reads: bool,
}

impl Shape {
    fn of(ir: &Ir, rule: &Rule, operation: &Operation) -> Self {
        let mut asked: Vec<Dimension> = clauses(rule).filter_map(|one| clause::about(ir, one)).collect();
        asked.sort_unstable();
        asked.dedup();
        let has: Vec<Dimension> = asked.into_iter().filter(|one| operation.dimensions.contains(one)).collect();
        let told = has.iter().copied().filter(|one| !operation.untold.contains(one)).collect();
        Self { has, told, reads: operation.action == "read" }
    }

    fn value(&self, ir: &Ir, one: &Clause) -> Kleene {
        match clause::about(ir, one) {
            Some(dimension) if !self.has.contains(&dimension) => Kleene::UNKNOWN,
            Some(dimension) if !self.told.contains(&dimension) => clause::untold(one),
            _ => clause::told(ir, one),
        }
    }

    /// The value with what stands in the answer taken as true, or as false.
    fn taken(&self, ir: &Ir, one: &Clause, truth: bool) -> Kleene {
        let value = self.value(ir, one);
        let openable = [Dimension::Record, Dimension::Account, Dimension::Payee, Dimension::Amount, Dimension::Method];
        let dimension = clause::about(ir, one).filter(|one| openable.contains(one) && self.told.contains(one));
        let Some(dimension) = dimension.filter(|_| self.reads) else { return value };
        // Nobody knows what was done before, of an answer no more than of a request.
        if clause::counts(one) || value.yes == Formula::TRUE || value.no == Formula::TRUE {
            return value;
        }
        let open = Formula::Is(Atom::Open(dimension));
        match truth {
            true => Kleene { yes: value.yes.or(open), no: value.no },
            false => Kleene { yes: value.yes, no: value.no.or(open) },
        }
    }
}

fn clauses(rule: &Rule) -> impl Iterator<Item = &Clause> {
    rule.when.iter().chain(rule.unless.iter().flatten())
}

fn holds_at_best(ir: &Ir, rule: &Rule, shape: &Shape) -> Option<Formula> {
    shape.reads.then(|| holds(ir, rule, shape, true, &|_| true))
}

/// When a rule decides; at best with what stands in the answer taken as helps the caller.
fn holds(ir: &Ir, rule: &Rule, shape: &Shape, best: bool, counts: &dyn Fn(&Clause) -> bool) -> Formula {
    let value = value(ir, rule, shape, best, counts);
    match rule.effect {
        Effect::Allow => value.yes,
        Effect::Ask | Effect::Deny => !value.no,
    }
}

/// When an `allow` is not false at best, sums and counts left out.
fn may_hide(ir: &Ir, rule: &Rule, shape: &Shape) -> Formula {
    !value(ir, rule, shape, true, &|one| !is_cap(one)).no
}

fn value(ir: &Ir, rule: &Rule, shape: &Shape, best: bool, counts: &dyn Fn(&Clause) -> bool) -> Kleene {
    let gives = rule.effect == Effect::Allow;
    let clause = |one: &Clause, truth: bool| {
        if best { shape.taken(ir, one, truth) } else { shape.value(ir, one) }
    };
    let mut all = Kleene::TRUE;
    for one in rule.when.iter().filter(|one| counts(one)) {
        all = all.and(clause(one, gives));
    }
    for block in rule.unless.iter().filter(|block| block.iter().all(counts)) {
        let exception = block.iter().fold(Kleene::TRUE, |all, one| all.and(clause(one, !gives)));
        all = all.and(!exception);
    }
    all
}
