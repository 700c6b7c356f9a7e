//! What one read hides and another shows.

use bpol_engine::ir::{Effect, Operation};

use crate::check::ClauseKind::{Hiding, Showing};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{Given, by_key, counting_as, given, name, once};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "balance-leak",
        Level::Hint,
        "a balance, or another thing that has a noun of its own, which one read hides and another shows",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        let hiding: Vec<(&Given<'_>, usize, String)> = all
            .iter()
            .filter(|one| one.key == mine.key && one.clause(|kind| matches!(kind, Hiding(_) | Showing(_))).is_some())
            .flat_map(|one| hides(cx, one).into_iter().map(move |(hidden, field)| (one, hidden, field)))
            .collect();
        for (hiding, hidden, field) in hiding {
            let same = counting_as(cx, hidden);
            for leak in mine.operations(cx, |one| one.action == "read").into_iter().filter(|leak| *leak != hidden) {
                let Some(one) = cx.ir.operations.get(leak) else { continue };
                // An answer without fields comes whole.
                let whole = one.fields.is_empty() && same.contains(&leak);
                if !whole && !has(one, &field) {
                    continue;
                }
                let Some(by) = shows(cx, mine.key, [leak, hidden], &field, whole) else { continue };
                let Some(line) = mine.giver(leak, &by) else { continue };
                let (leak, hidden) = (name(cx, leak), name(cx, hidden));
                let help = if whole {
                    format!("take `{leak}` out, for it comes whole, or show `{field}` in both")
                } else {
                    format!("hide `{field}` here as well, or show it in both")
                };
                out.push(
                    lint.at(line.place(), format!("`{leak}` shows the `{field}` that `{hidden}` hides"))
                        .label(hiding.place(), format!("leaves `{field}` out"))
                        .help(help),
                );
            }
        }
    }
    once(out)
}

fn has(operation: &Operation, field: &str) -> bool {
    operation.fields.iter().chain(&operation.extra_fields).any(|one| one == field)
}

/// The fields that a line leaves out of answers which show them by themselves, as far as they are nouns, too.
fn hides(cx: &Context<'_>, given: &Given<'_>) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let reads = given.operations().into_iter().filter_map(|place| Some((place, cx.ir.operations.get(place)?)));
    for (place, operation) in reads.filter(|(_, operation)| operation.action == "read") {
        for field in operation.fields.iter().filter(|field| cx.policy.bank.resource(field).is_some()) {
            let left_out = given.clauses().any(|clause| match &clause.kind {
                Hiding(words) => words.contains(field),
                Showing(words) => !words.contains(field),
                _ => false,
            });
            if left_out {
                out.push((place, field.clone()));
            }
        }
    }
    out
}

/// Whether the first read shows a field on an account on which the other is allowed and never shows it; the rules by which
/// it does.
fn shows(cx: &Context<'_>, key: usize, reads: [usize; 2], field: &str, whole: bool) -> Option<Vec<String>> {
    cx.ask(key, &reads, |possible, engine| {
        let told = possible.told();
        let shown = if whole { possible.open(0) } else { possible.shows(0, field) };
        let (open, visible) = (possible.open(1), possible.shows(1, field));
        let (open, visible) = (possible.on_the_account(open), possible.on_the_account(visible));
        let kept = possible.not(visible);
        let there = possible.all(vec![told, shown, open, kept]);
        possible.confirmed(there, engine, true, &|side, report| {
            let shows = report.fields.as_ref().is_some_and(|fields| fields.iter().any(|one| one == field));
            if side == 0 { report.decision == Effect::Allow && (whole || shows) } else { !shows }
        })
    })
    .map(|(_, by)| by)
}
