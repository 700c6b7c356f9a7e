//! Keys that are held to the payees on file and may put new ones there.

use bpol_engine::ir::{Dimension, Operation, PayeeRef};

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{Given, given, name, once, place_of, tells};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "payee-administration",
        Level::Warning,
        "a key that pays whom the bank has on file, and may put others there",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for given in &all {
        let adds = |operation: &Operation| !supplied(cx, operation).is_empty();
        let Some((operation, _)) = given.open(cx, adds, |possible| possible.everywhere()) else { continue };
        let to = cx.ir.operations.get(operation).map_or_else(Vec::new, |one| supplied(cx, one));
        let pays = all.iter().filter(|other| other.key == given.key);
        let Some((pays, payment)) = pays.into_iter().find_map(|other| Some((other, by_the_file(cx, other, &to)?)))
        else {
            continue;
        };
        let message = format!(
            "`{}` lets this key choose whom `{}` pays: the payees on file are no bound then",
            name(cx, operation),
            name(cx, payment)
        );
        out.push(
            lint.at(given.place(), message)
                .label(pays.place(), "pays whom the bank has on file")
                .help("give this line to a key of its own, or let an `ask` stand before it"),
        );
    }
    once(out)
}

/// The operations that pay whom an operation puts on file.
fn supplied(cx: &Context<'_>, operation: &Operation) -> Vec<usize> {
    let bank = &cx.policy.bank;
    let found = bank.find(&operation.action, &operation.resource);
    let to = found.map_or(&[][..], |found| &bank.operation(found).supplies);
    to.iter().map(|id| bank.operation(*id)).filter_map(|one| place_of(cx, &one.action, &one.resource)).collect()
}

/// The operation by which a line pays whom the bank has on file: favourites, or by a number that the policy cannot see.
fn by_the_file(cx: &Context<'_>, given: &Given<'_>, to: &[usize]) -> Option<usize> {
    let favorites = |kind: &ClauseKind| matches!(kind, ClauseKind::To(refs) if refs.contains(&PayeeRef::Favorites));
    let favorites = given.clause(favorites).is_some();
    let filed = |operation: &Operation| {
        let supplied = place_of(cx, &operation.action, &operation.resource).is_some_and(|place| to.contains(&place));
        supplied && (favorites || !tells(operation, Dimension::Payee))
    };
    given.open(cx, filed, |possible| possible.everywhere()).map(|(operation, _)| operation)
}
