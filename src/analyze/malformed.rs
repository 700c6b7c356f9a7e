//! Points at which no request is: facts that contradict what a policy declares.

use std::collections::BTreeMap;

use crate::analyze::decision::Builder;
use crate::analyze::mdd::Id;
use crate::analyze::space::Variable;
use crate::analyze::space::flag::NO;
use crate::analyze::space::payee::Unit;

impl Builder<'_, '_> {
    /// Points that no request is at: facts that contradict the declarations of every policy.
    pub(crate) fn contradictions(&mut self) -> Id {
        let all = (0..self.space.sides.len()).map(|side| self.malformed(side)).collect();
        self.diagrams.all(all)
    }

    /// Facts that contradict the declarations of one policy.
    pub(crate) fn malformed(&mut self, number: usize) -> Id {
        let space = self.space;
        let Some(side) = space.sides.get(number) else { return Id::FALSE };
        let mixed = space.account.classes().filter(|(_, fact)| side.names.declared(fact).is_err());
        let mixed: Vec<u32> = mixed.map(|(class, _)| class).collect();
        let mut wrong: Vec<Id> = self.wrong(number).into_iter().map(|(_, wrong)| wrong).collect();
        if !mixed.is_empty() {
            wrong.push(self.one_of(Variable::Account, mixed));
        }
        self.diagrams.any(wrong)
    }

    /// Where one fact contradicts what a policy declares of an account that others tell, by that fact: its kind, and
    /// whether it is the holder's own.
    pub(crate) fn wrong(&mut self, number: usize) -> Vec<(Variable, Id)> {
        let space = self.space;
        let Some(side) = space.sides.get(number) else { return Vec::new() };
        let mut by_kind: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (class, fact) in space.account.classes() {
            let declared = side.names.declared(fact).ok().flatten();
            let kind = declared.and_then(|place| side.names.ir.accounts.get(place)?.kind.as_deref());
            if let Some(kind) = kind {
                by_kind.entry(kind).or_default().push(class);
            }
        }
        let mut kinds = Vec::new();
        for (kind, classes) in by_kind {
            let account = self.one_of(Variable::Account, classes);
            let right = space.kind.class(Some(kind));
            let fits = self.one_of(Variable::Kind, [0, right]);
            let other = self.diagrams.not(fits);
            kinds.push(self.diagrams.and(account, other));
        }
        let mut wrong = Vec::new();
        if !kinds.is_empty() {
            wrong.push((Variable::Kind, self.diagrams.any(kinds)));
        }
        let mut own: Vec<u32> = space.payee.classes(&Unit::Own(number)).to_vec();
        let fact = |class: u32| space.payee.fact(class).is_some_and(|iban| side.names.is_own(iban));
        own.extend((0..space.payee.size()).filter(|class| fact(*class)));
        if space.payee_own.used && !own.is_empty() {
            own.sort_unstable();
            own.dedup();
            let own = self.one_of(Variable::Payee, own);
            let denied = self.one_of(Variable::PayeeOwn, [NO]);
            wrong.push((Variable::PayeeOwn, self.diagrams.and(own, denied)));
        }
        wrong
    }
}
