//! The requests that go against a claim, as a diagram.

use std::rc::Rc;

use bpol_engine::ir::{Clause, Effect, Operation, Rule};

use crate::analyze::TooLarge;
use crate::analyze::claim::{Area, Claim, Verb};
use crate::analyze::decision::{Builder, Pass};
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET, Outcome, fields};
use crate::analyze::space::{Draft, History, Side, Space};

/// A claim about one operation of a key.
pub(super) struct Question<'q, 'p> {
    pub(super) names: &'q Rc<Names<'p>>,
    pub(super) operation: &'p Operation,
    /// The rules that bind the key and list the operation.
    pub(super) rules: &'q [&'p Rule],
    pub(super) claim: &'q Claim,
    pub(super) area: &'q Area,
    /// Only what one of these rules lets through.
    pub(super) through: Option<&'q [&'p Rule]>,
}

impl<'p> Question<'_, 'p> {
    /// A space in which the rules and the claim tell all facts apart that they can.
    fn space(&self) -> Result<Space<'p>, TooLarge> {
        let mut draft = Draft::new(vec![Side::of(self.names, self.operation)], History::Empty);
        for rule in self.rules {
            rule.when.iter().chain(rule.unless.iter().flatten()).for_each(|clause| draft.clause(0, clause));
        }
        let claimed = self.area.when.iter().chain(self.area.unless.iter().flatten());
        claimed.for_each(|clause| draft.clause(0, clause));
        draft.finish(&|side, counter| (side, counter))
    }

    /// Where, after nothing was done before, a request is in the area and decided against the claim. Of the area only the
    /// clauses that count are looked at.
    pub(super) fn against(&self, counts: &dyn Fn(&Clause) -> bool) -> Result<(Space<'p>, Diagrams, Id), TooLarge> {
        let space = self.space()?;
        let mut diagrams = Diagrams::new(space.domains(), BUDGET);
        let mut outcomes = Vec::new();
        let mut builder = region::builder(&space, &mut diagrams, History::Empty);
        let (plain, _) = region::decisions(&mut builder, 0, self.rules, self.operation, &mut outcomes)?;
        let wrong: Vec<bool> = outcomes.iter().map(|outcome| self.is_wrong(outcome)).collect();
        let wrong = builder.diagrams.holds(plain, |value| wrong.get(value as usize).copied().unwrap_or(false));
        let inside = self.inside(&mut builder, counts);
        let mut both = builder.diagrams.and(wrong, inside);
        if let Some(rules) = self.through {
            let mut lets = Vec::new();
            for rule in rules {
                let value = builder.rule(0, rule, Pass::Plain);
                lets.push(builder.diagrams.holds(value, |value| value == 2));
            }
            let lets = builder.diagrams.any(lets);
            both = builder.diagrams.and(both, lets);
        }
        if self.claim.verb == Verb::Can {
            let known = builder.all_known();
            both = builder.diagrams.and(both, known);
        }
        let against = builder.within_reach(both)?;
        Ok((space, diagrams, against))
    }

    /// The area: where it is not false, or after `can` where it is true.
    fn inside(&self, builder: &mut Builder<'_, '_>, counts: &dyn Fn(&Clause) -> bool) -> Id {
        builder.strict = true;
        let value = builder.conditions(0, &self.area.when, &self.area.unless, Pass::Plain, false, counts);
        builder.strict = false;
        let can = self.claim.verb == Verb::Can;
        builder.diagrams.holds(value, |value| if can { value == 2 } else { value > 0 })
    }

    /// Whether an outcome goes against the claim.
    fn is_wrong(&self, outcome: &Outcome) -> bool {
        let showing = &self.area.showing;
        let shows = |field: &String| {
            let bit = fields(self.operation).position(|name| name == field);
            outcome.fields.zip(bit).is_some_and(|(shown, bit)| shown >> bit & 1 != 0)
        };
        match self.claim.verb {
            Verb::Cannot if showing.is_empty() => outcome.effect != Effect::Deny,
            Verb::Cannot => outcome.effect == Effect::Allow && showing.iter().any(shows),
            Verb::MustAsk => outcome.effect == Effect::Allow && (showing.is_empty() || showing.iter().any(shows)),
            Verb::Can => outcome.effect != Effect::Allow || !showing.iter().all(shows),
        }
    }
}
