//! Keys that move money and may loosen what holds them at the bank.

use bpol_engine::ir::Operation;

use crate::catalogue::Change;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{Given, changes, given, moves, name, once};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "raises-own-limits",
        Level::Warning,
        "a key that moves money and may raise limits at the bank, or let others act",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for given in &all {
        let raises =
            |operation: &Operation| changes(cx, operation, Change::Limit) || changes(cx, operation, Change::Access);
        let Some((operation, _)) = given.open(cx, raises, |possible| possible.everywhere()) else { continue };
        let pays = |other: &&Given<'_>| {
            other.key == given.key && other.open(cx, |one| moves(cx, one), |possible| possible.everywhere()).is_some()
        };
        let Some(pays) = all.iter().find(pays) else { continue };
        let limit = cx.ir.operations.get(operation).is_some_and(|one| changes(cx, one, Change::Limit));
        let what = if limit { "raises what the bank lets leave" } else { "lets others act, whom no line here binds" };
        out.push(
            lint.at(given.place(), format!("a key that moves money may `{}`, which {what}", name(cx, operation)))
                .label(pays.place(), "moves money")
                .help("give this line to a key of its own, or let an `ask` stand before it"),
        );
    }
    once(out)
}
