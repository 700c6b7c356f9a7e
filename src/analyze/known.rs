//! Requests that leave nothing out.

use bpol_engine::ir::Dimension;

use crate::analyze::decision::Builder;
use crate::analyze::mdd::Id;
use crate::analyze::space::Variable;

impl Builder<'_, '_> {
    /// Where every fact is told that a call can tell.
    pub(crate) fn all_known(&mut self) -> Id {
        let space = self.space;
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
                let unknown = self.one_of(variable, [0]);
                known.push(self.diagrams.not(unknown));
            }
        }
        if space.account.size() > 1 {
            let told = space.account.classes().filter(|(_, fact)| fact.iban.is_some() && fact.id.is_some());
            let told: Vec<u32> = told.map(|(class, _)| class).collect();
            known.push(self.one_of(Variable::Account, told));
        }
        self.diagrams.all(known)
    }
}
