//! Saying yes to what the key cannot see.

use bpol_engine::ir::{Dimension, Operation};

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::given::{Given, by_key, counting_as, given, name, once, place_of, spends};
use crate::lint::{Lint, Rule};
use crate::source::Span;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("accept-without-read", Level::Hint, "money that a key may send by a record that it cannot read"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        let unseen = |operation: &Operation| {
            let Some(read) = place_of(cx, "read", &operation.resource) else { return false };
            spends(operation) && operation.dimensions.contains(&Dimension::Record) && !mine.has(&counting_as(cx, read))
        };
        if mine.operations(cx, unseen).is_empty() {
            continue;
        }
        for one in all.iter().filter(|one| one.key == mine.key) {
            let Some((operation, _)) = one.open(cx, unseen, |possible| possible.everywhere()) else { continue };
            let Some(resource) = cx.ir.operations.get(operation).map(|operation| operation.resource.clone()) else {
                continue;
            };
            let message = format!(
                "`{}` without `read {resource}`: the key sends money by what it cannot see",
                name(cx, operation)
            );
            let found = lint
                .at(one.place(), message)
                .help(format!("allow `read {resource}` on the same accounts, or let an `ask` stand before it"));
            out.push(reading(found, cx, one, &resource));
        }
    }
    once(out)
}

/// Adds the fix that lets the key read it, on a line before.
fn reading(found: Diagnostic, cx: &Context<'_>, given: &Given<'_>, resource: &str) -> Diagnostic {
    let on = given.clause(|kind| matches!(kind, ClauseKind::On(_))).filter(|_| given.rule.path.is_empty());
    let Some(on) = on else { return found };
    let start = found.place.span.start;
    let source = &cx.checked.sources.get(found.place.file).text;
    let line = source.get(..start as usize).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let gap = if line.trim().is_empty() { format!("\n{line}") } else { " ".to_owned() };
    let text = format!("allow read {resource} {};{gap}", cx.checked.sources.text(on));
    found.fix(format!("allow `read {resource}`"), Power::Widens, Span::new(start, start), text)
}
