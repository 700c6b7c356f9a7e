//! A line to which others that do the same leave nothing.

use crate::check::StatementKind;
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::site::{Idle, Why, idle, labelled};
use crate::lint::{Lint, Rule};
use crate::source::Span;

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
    for idle in idle(cx).iter().filter(|idle| idle.why == Why::Redundant) {
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

/// The text that goes with the line: its own lines when nothing else stands on them. Nothing where a comment would be
/// lost, or would speak of the next line.
fn removable(cx: &Context<'_>, idle: &Idle) -> Option<Span> {
    let (key, label) = idle.instances.first()?;
    let rule = cx.rule(*key, *label)?;
    let statement = rule.statement;
    if !rule.path.is_empty() || statement.doc.is_some() || !matches!(statement.kind, StatementKind::Rule(_)) {
        return None;
    }
    let text = &cx.checked.sources.get(idle.place.file).text;
    let (start, end) = (idle.place.span.start as usize, idle.place.span.end as usize);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    if text.get(start..end)?.contains("//") {
        return None;
    }
    let head = before.rfind('\n').map_or(0, |at| at + 1);
    let tail = after.find('\n').map_or(after.len(), |at| at + 1);
    let (indent, rest) = (before.get(head..)?, after.get(..tail)?);
    if rest.contains("//")
        || before.get(..head)?.lines().next_back().is_some_and(|line| line.trim_start().starts_with("//"))
    {
        return None;
    }
    let own_lines = indent.trim().is_empty() && rest.trim().is_empty();
    let blanks = |text: &str| text.len() - text.trim_matches(' ').len();
    let (start, end) = match (own_lines, rest.trim().is_empty()) {
        (true, _) => (head, end + tail),
        (false, true) => (start - blanks(indent.trim_start()), end),
        (false, false) => (start, end + blanks(rest.trim_end())),
    };
    Some(Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}
