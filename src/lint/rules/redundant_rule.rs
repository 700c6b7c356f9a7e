//! A line to which others that do the same leave nothing.

use std::collections::BTreeSet;

use crate::check::StatementKind;
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::site::{Idle, Why, idle, labelled};
use crate::lint::taking::taking_out;
use crate::lint::twins::needed;
use crate::lint::{Lint, Rule};
use crate::source::{FileSpan, Span};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "redundant-rule",
        Level::Hint,
        "a line that adds nothing, because others that do the same cover all of it",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    // Of a line that stands in its block twice, and is needed once, another lint speaks.
    let twins: BTreeSet<FileSpan> = needed(cx).into_iter().flatten().map(|(place, _)| place).collect();
    for idle in idle(cx).iter().filter(|idle| idle.why == Why::Redundant && !twins.contains(&idle.place)) {
        let word = cx.word(idle.place);
        let by = match idle.by.as_slice() {
            [one] if cx.word(*one) == word => format!("another `{word}` covers"),
            [one] => format!("`{}` covers", cx.word(*one)),
            _ => "other lines together cover".to_owned(),
        };
        let found = lint.at(idle.place, format!("this `{word}` adds nothing: {by} all of it"));
        let mut found = labelled(found, &idle.by, "covers all of it", "covers a part of it")
            .help("take the line out; what is allowed stays the same");
        if let Some(span) = removable(cx, idle) {
            found = found.fix("take the line out", Power::Same, span, "");
        }
        out.push(found);
    }
    out
}

/// The text that goes with the line, where the line itself can be taken out.
fn removable(cx: &Context<'_>, idle: &Idle) -> Option<Span> {
    let (key, label) = idle.instances.first()?;
    let rule = cx.rule(*key, *label)?;
    let statement = rule.statement;
    if !rule.path.is_empty() || statement.doc.is_some() || !matches!(statement.kind, StatementKind::Rule(_)) {
        return None;
    }
    taking_out(&cx.checked.sources, idle.place)
}
