//! The requests that go against a claim, as a diagram.

use std::rc::Rc;

use bpol_engine::ir::{Clause, Dimension, Effect, Operation, Rule};

use crate::analyze::TooLarge;
use crate::analyze::claim::{Area, Claim, Verb};
use crate::analyze::decision::{Builder, Pass};
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET, Outcome, fields};
use crate::analyze::space::{Draft, History, Side, Space, Variable};

/// A claim about one operation of a key.
pub(super) struct Question<'q, 'p> {
    pub(super) names: &'q Rc<Names<'p>>,
    pub(super) operation: &'p Operation,
    /// The rules that bind the key and list the operation.
    pub(super) rules: &'q [&'p Rule],
    pub(super) claim: &'q Claim,
    pub(super) area: &'q Area,
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
        if self.claim.verb == Verb::Can {
            let known = self.all_known(&mut builder);
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

    /// Where every fact is told that a call can tell.
    fn all_known(&self, builder: &mut Builder<'_, '_>) -> Id {
        let space = builder.space;
        let tells = |dimension| space.sides.iter().any(|side| side.tells(dimension));
        let mut variables: Vec<(Variable, u32)> = vec![(Variable::Ip, space.ip.size())];
        if tells(Dimension::Record) {
            variables.extend([(Variable::Own, space.own.size()), (Variable::Created, space.created.size())]);
            variables.push((Variable::Age, space.age.size()));
        }
        variables.extend([
            (Variable::Method, space.method.size()),
            (Variable::Repeat, space.repeat.size()),
            (Variable::Name, space.name.size()),
            (Variable::Kind, space.kind.size()),
            (Variable::Payee, space.payee.size()),
            (Variable::PayeeOwn, space.payee_own.size()),
            (Variable::Favorite, space.favorite.size()),
            (Variable::Url, space.url.size()),
            (Variable::Amount, space.amount.size()),
        ]);
        let mut known = Vec::new();
        for (variable, size) in variables {
            if size > 1 {
                let unknown = builder.one_of(variable, [0]);
                known.push(builder.diagrams.not(unknown));
            }
        }
        if space.account.size() > 1 {
            let told = space.account.classes().filter(|(_, fact)| fact.iban.is_some() && fact.id.is_some());
            let told: Vec<u32> = told.map(|(class, _)| class).collect();
            known.push(builder.one_of(Variable::Account, told));
        }
        builder.diagrams.all(known)
    }
}
