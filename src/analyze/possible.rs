//! Whether something can happen: requests of one key that are allowed without asking, after nothing was done before.
//!
//! Over one operation, or over two at once, so that what the one allows is set against the other at the same facts.
//! What seems possible is believed only after the engine has decided it.

use std::ops::ControlFlow;
use std::rc::Rc;

use bpol_engine::ir::{Clause, Dimension, Effect, PayeeRef, Rule};
use bpol_engine::{Policy, Report};

use crate::analyze::decision::Pass;
use crate::analyze::mdd::{Diagrams, Id, Step};
use crate::analyze::names::Names;
use crate::analyze::region::{self, Outcome, fields};
use crate::analyze::regions::bound;
use crate::analyze::space::flag::YES;
use crate::analyze::space::{Draft, History, Interval, Side, Space, Variable};
use crate::analyze::witness::{Aim, Witness};

/// What one key may do with one or two operations.
pub(crate) struct Possible<'p> {
    space: Space<'p>,
    diagrams: Diagrams,
    key: &'p str,
    parts: Vec<Part<'p>>,
}

/// One of the operations.
struct Part<'p> {
    rules: Vec<&'p Rule>,
    decided: Id,
    outcomes: Vec<Outcome>,
}

/// The steps that one look takes at most; past them nothing is said.
const BUDGET: u64 = 1_000_000;

/// How many paths are tried for a request that the engine confirms.
const PATHS: usize = 24;

impl<'p> Possible<'p> {
    /// What a key may do with operations, both by their places in the policy's tables; nothing where that is too much to
    /// look at.
    pub(crate) fn of(names: &Rc<Names<'p>>, key: usize, operations: &[usize]) -> Option<Self> {
        let ir = names.ir;
        let bound = bound(ir, key);
        let mut sides = Vec::new();
        let mut listed: Vec<Vec<&'p Rule>> = Vec::new();
        for place in operations {
            sides.push(Side::of(names, ir.operations.get(*place)?));
            let about = |rule: &&'p Rule| rule.operations.binary_search(&(*place as u32)).is_ok();
            listed.push(bound.iter().copied().filter(about).collect());
        }
        let mut draft = Draft::new(sides, History::Empty);
        for (side, rules) in listed.iter().enumerate() {
            rules
                .iter()
                .flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten()))
                .for_each(|clause| draft.clause(side, clause));
            // So that strangers are told apart from own accounts.
            draft.clause(side, &Clause::To(vec![PayeeRef::OwnAccounts]));
        }
        let space = draft.finish(&|side, counter| (side, counter)).ok()?;
        let mut diagrams = Diagrams::new(space.domains(), BUDGET);
        let mut builder = region::builder(&space, &mut diagrams, History::Empty);
        let mut parts = Vec::new();
        for (side, rules) in listed.into_iter().enumerate() {
            let operation = space.sides.get(side)?.operation;
            let mut outcomes = Vec::new();
            let (decided, _) = region::decisions(&mut builder, side, &rules, operation, &mut outcomes).ok()?;
            parts.push(Part { rules, decided, outcomes });
        }
        Some(Self { space, diagrams, key: &ir.keys.get(key)?.name, parts })
    }

    /// Steps of work done.
    pub(crate) fn work(&self) -> u64 {
        self.diagrams.work()
    }

    /// Where a request for an operation is allowed without asking.
    pub(crate) fn open(&mut self, side: usize) -> Id {
        self.where_outcome(side, &|outcome| outcome.effect == Effect::Allow)
    }

    /// Where a request for an operation is allowed or asked about.
    pub(crate) fn not_denied(&mut self, side: usize) -> Id {
        self.where_outcome(side, &|outcome| outcome.effect != Effect::Deny)
    }

    /// Where an answer shows a field.
    pub(crate) fn shows(&mut self, side: usize, field: &str) -> Id {
        let bit = self.space.sides.get(side).and_then(|side| fields(side.operation).position(|name| name == field));
        let Some(bit) = bit else { return Id::FALSE };
        self.where_outcome(side, &|outcome| {
            outcome.effect == Effect::Allow && outcome.fields.is_some_and(|shown| shown >> bit & 1 != 0)
        })
    }

    fn where_outcome(&mut self, side: usize, wanted: &dyn Fn(&Outcome) -> bool) -> Id {
        let Some(part) = self.parts.get(side) else { return Id::FALSE };
        let wanted: Vec<bool> = part.outcomes.iter().map(wanted).collect();
        self.diagrams.holds(part.decided, |value| wanted.get(value as usize).copied().unwrap_or(false))
    }

    /// Where a statement allows, by its id.
    pub(crate) fn through(&mut self, id: &str) -> Id {
        let Some(part) = self.parts.first() else { return Id::FALSE };
        let rules: Vec<&Rule> =
            part.rules.iter().copied().filter(|rule| rule.effect == Effect::Allow && rule.id == id).collect();
        let mut builder = region::builder(&self.space, &mut self.diagrams, History::Empty);
        let mut all = Vec::new();
        for rule in rules {
            let value = builder.rule(0, rule, Pass::Plain);
            all.push(builder.diagrams.holds(value, |value| value == 2));
        }
        self.diagrams.any(all)
    }

    /// Where the payee is nobody that the policy names, no own account and no favourite.
    pub(crate) fn paying_a_stranger(&mut self) -> Id {
        if !self.tells(Dimension::Payee) {
            return Id::TRUE;
        }
        let others = self.space.payee.others();
        let mut all = vec![self.one_of(Variable::Payee, [others])];
        for variable in [Variable::PayeeOwn, Variable::Favorite] {
            let told = self.one_of(variable, [YES]);
            all.push(self.diagrams.not(told));
        }
        self.diagrams.all(all)
    }

    /// Where the account is one that no rule names.
    pub(crate) fn on_a_strange_account(&mut self) -> Id {
        match self.space.account.stranger() {
            Some(class) => self.one_of(Variable::Account, [class]),
            None => Id::TRUE,
        }
    }

    /// Where the amount is in an interval that is wanted; in another currency than all that rules name where `others` says
    /// so.
    pub(crate) fn amounts(&mut self, others: bool, wanted: &dyn Fn(&Interval) -> bool) -> Id {
        if self.space.amount.size() == 1 {
            // No rule looks at it.
            return if others { Id::TRUE } else { Id::FALSE };
        }
        let mut classes: Vec<u32> =
            self.space.amount.intervals().filter(|(_, interval)| wanted(interval)).map(|(class, _)| class).collect();
        classes.extend(self.space.amount.others().filter(|_| others));
        self.one_of(Variable::Amount, classes)
    }

    /// Where the web address is one that no rule names.
    pub(crate) fn at_a_strange_url(&mut self) -> Id {
        let last = self.space.url.size().saturating_sub(1);
        self.one_of(Variable::Url, [last])
    }

    /// Everywhere.
    pub(crate) fn everywhere(&self) -> Id {
        Id::TRUE
    }

    /// Nowhere.
    pub(crate) fn nowhere(&self) -> Id {
        Id::FALSE
    }

    /// Where the caller's address is not known, which no `from` holds for.
    pub(crate) fn without_an_address(&mut self) -> Id {
        self.one_of(Variable::Ip, [0])
    }

    /// Where all dates that rules name are past.
    pub(crate) fn at_the_end(&mut self) -> Id {
        let last = self.space.now.size().saturating_sub(1);
        self.one_of(Variable::Now, [last])
    }

    /// Where the bank repeats it by itself.
    pub(crate) fn repeated(&mut self) -> Id {
        let once = self.space.repeat.class(Some("once"));
        let classes: Vec<u32> = (1..self.space.repeat.size()).filter(|class| *class != once).collect();
        self.one_of(Variable::Repeat, classes)
    }

    /// Where every fact is told that a call can tell.
    pub(crate) fn told(&mut self) -> Id {
        region::builder(&self.space, &mut self.diagrams, History::Empty).all_known()
    }

    /// Where it is so by some method, at some rhythm and about some record, whatever else is told.
    pub(crate) fn by_any_means(&mut self, mut id: Id) -> Id {
        use Variable::{Age, Created, Method, Own, Repeat, Url};
        for variable in [Own, Method, Repeat, Url, Created, Age] {
            id = self.diagrams.exists(id, self.space.number(variable));
        }
        id
    }

    /// Where it is so on the account, whatever else is told.
    pub(crate) fn on_the_account(&mut self, id: Id) -> Id {
        use Variable::{Amount, Favorite, Ip, Now, Payee, PayeeOwn, Week};
        let mut id = self.by_any_means(id);
        for variable in [Payee, PayeeOwn, Favorite, Amount, Ip, Now, Week] {
            id = self.diagrams.exists(id, self.space.number(variable));
        }
        id
    }

    pub(crate) fn not(&mut self, id: Id) -> Id {
        self.diagrams.not(id)
    }

    pub(crate) fn all(&mut self, ids: Vec<Id>) -> Id {
        self.diagrams.all(ids)
    }

    /// Whether no request is there. What is too much to look at is not said to be empty.
    pub(crate) fn is_empty(&mut self, there: Id) -> bool {
        let mut builder = region::builder(&self.space, &mut self.diagrams, History::Empty);
        builder.within_reach(there) == Ok(Id::FALSE)
    }

    /// A request there about which the engine says what it should, asked about each of the operations, with the ids of the
    /// rules that decide it for the first.
    pub(crate) fn confirmed(
        &mut self,
        there: Id,
        engine: &Policy,
        told: bool,
        is_so: &dyn Fn(usize, &Report) -> bool,
    ) -> Option<(Witness, Vec<String>)> {
        let mut builder = region::builder(&self.space, &mut self.diagrams, History::Empty);
        let there = builder.within_reach(there).ok()?;
        let (mut found, mut left) = (None, PATHS);
        let mut visit = |steps: &[Step], _: u32| {
            let mut reports = (0..self.parts.len()).map(|side| {
                let aim = Aim { space: &self.space, side, key: self.key, answer: false, told };
                let witness = aim.witness(steps)?;
                let report = witness.replay(engine).ok()?;
                is_so(side, &report).then_some((witness, report.by))
            });
            let first = reports.next().flatten();
            if reports.all(|report| report.is_some()) {
                found = first;
            }
            left -= 1;
            if found.is_some() || left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        _ = self.diagrams.paths(there, &|value| value == 2, &mut visit);
        found
    }

    fn tells(&self, dimension: Dimension) -> bool {
        self.space.sides.iter().any(|side| side.tells(dimension))
    }

    fn one_of(&mut self, variable: Variable, classes: impl IntoIterator<Item = u32>) -> Id {
        let number = self.space.number(variable);
        self.diagrams.one_of(number, classes)
    }
}
