//! Keys that may rename accounts, where a rule knows one by its name alone.

use bpol_engine::ir::{AccountRef, Operation};

use crate::catalogue::Change;
use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{changes, given, name, once};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "rename-escape",
        Level::Warning,
        "a key that may rename accounts, where a line knows an account by its name alone",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let by_name = all.iter().flat_map(|given| given.clauses().map(move |clause| (given, clause)));
    let by_name = by_name.into_iter().find_map(|(given, clause)| match &clause.kind {
        ClauseKind::On(refs) => refs.iter().find_map(|one| match one {
            AccountRef::Name(name) => Some((given.key, name, clause.place)),
            _ => None,
        }),
        _ => None,
    });
    let Some((owner, account, place)) = by_name else { return Vec::new() };
    let owner = cx.policy.keys.get(owner).map_or("", |key| key.name.as_str());
    let mut out = Vec::new();
    for given in &all {
        let renames = |operation: &Operation| changes(cx, operation, Change::Name);
        let Some((operation, _)) = given.open(cx, renames, |possible| possible.everywhere()) else { continue };
        let message = format!(
            "`{}` chooses which account is `{account}`: what `{owner}` may do goes to any account of that name",
            name(cx, operation)
        );
        out.push(
            lint.at(given.place(), message)
                .label(place, format!("knows `{account}` by its name alone"))
                .help(format!("declare the account `{account}` with its IBAN")),
        );
    }
    once(out)
}
