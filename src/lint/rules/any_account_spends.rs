//! Money that may leave any account.

use bpol_engine::ir::{AccountRef, Dimension};

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{given, moves, name, once, tells};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("any-account-spends", Level::Warning, "money that a key may take from any account, without asking")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        let any = |kind: &ClauseKind| matches!(kind, ClauseKind::On(refs) if refs.iter().any(is_any));
        let Some(place) = given.clause(any) else { continue };
        let wanted = |operation: &_| moves(cx, operation) && tells(operation, Dimension::Account);
        let Some((operation, _)) = given.open(cx, wanted, |possible| possible.on_a_strange_account()) else { continue };
        let operation = name(cx, operation);
        let message =
            format!("`{operation}` may take money from every account, those that are opened later among them");
        out.push(lint.at(place, message).help("name the accounts that it is meant for"));
    }
    once(out)
}

fn is_any(on: &AccountRef) -> bool {
    matches!(on, AccountRef::Any { .. })
}
