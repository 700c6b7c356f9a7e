//! Web addresses that whoever holds the key may choose.

use bpol_engine::ir::Dimension;

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{given, name, once, tells};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("free-redirect-url", Level::Hint, "a web address that whoever holds the key may choose")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        if given.clause(|kind| matches!(kind, ClauseKind::ToUrl(_))).is_some() {
            continue;
        }
        let has_url = |operation: &_| tells(operation, Dimension::Url);
        let Some((operation, _)) = given.open(cx, has_url, |possible| possible.at_a_strange_url()) else { continue };
        let operation = name(cx, operation);
        let message =
            format!("`{operation}` takes any web address: whoever holds the key chooses where people or data go");
        out.push(lint.at(given.place(), message).help("write `to url \"https://…\"` with the addresses that you use"));
    }
    once(out)
}
