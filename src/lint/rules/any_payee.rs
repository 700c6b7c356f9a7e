//! Money that may go to anyone.

use bpol_engine::ir::PayeeRef;

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{given, moves, name, once};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("any-payee", Level::Warning, "money that a key may send to anyone, without asking")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        let anyone = |kind: &ClauseKind| matches!(kind, ClauseKind::To(refs) if refs.contains(&PayeeRef::Anyone));
        let Some(place) = given.clause(anyone) else { continue };
        let Some((operation, _)) = given.open(cx, |one| moves(cx, one), |possible| possible.paying_a_stranger()) else {
            continue;
        };
        let operation = name(cx, operation);
        let message = format!("`{operation}` may send money to anyone: whoever takes the key pays themselves");
        out.push(lint.at(place, message).help("name whom it pays, or let an `ask` stand before what goes to others"));
    }
    once(out)
}
