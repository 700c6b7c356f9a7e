//! Lines of a key as a role, and a role as lines. Offered only where both are decided alike.

use super::layout::{free, head, newline};
use super::{Action, Kind, edit, same};
use crate::analyze::paste::quoted;
use crate::diag::Power;
use crate::ide::hover::declared;
use crate::ide::{View, cursor};
use crate::source::Span;
use crate::syntax::tree::{Clause, Effect, Item, ItemKind, Rule, Statement, StatementKind};

/// Takes the selected lines of a key out as a role.
pub(super) fn extract(view: View<'_>, selected: Span) -> Option<Action> {
    let text = view.text();
    let item = cursor::item(view, selected.start)?;
    let ItemKind::Key { name, body } = &item.kind else { return None };
    // A caret alone selects nothing: nobody asked for it.
    if selected.start == selected.end {
        return None;
    }
    let within = |one: &&Statement| selected.start < one.span.end && one.span.start < selected.end;
    let chosen: Vec<&Statement> = body.iter().filter(within).collect();
    let (first, last) = (chosen.first()?, chosen.last()?);
    if chosen.iter().any(|one| matches!(one.kind, StatementKind::Bad)) {
        return None;
    }
    let start = first.doc.first().map_or(first.span, |doc| doc.to(first.span)).start;
    let part = Span::new(start, last.span.end);
    let key = name.value(text);
    let role = free(&format!("{key} part"), &|name| declared(view, "role", name).is_some());
    let n = newline(text);
    let block = format!("role {} <{n}  {}{n}>", quoted(&role), part.of(text));
    let using = format!("use role {};", quoted(&role));
    let new_key = replaced(item, text, part, &using);
    let before = same::compiled(view, item.span.of(text), None)?;
    let after = same::compiled(view, &format!("{block}\n{new_key}"), None)?;
    if !same::alike(&before, &after) {
        return None;
    }
    let at = head(text, item);
    Some(Action {
        title: format!("take {} out as a role", crate::words::number(chosen.len(), "line")),
        kind: Kind::Extract,
        power: Some(Power::Same),
        preferred: false,
        edits: vec![edit(view, Span::new(at, at), format!("{block}{n}{n}")), edit(view, part, using)],
    })
}

/// Puts the lines of a role where it is used.
pub(super) fn inline(view: View<'_>, selected: Span) -> Option<Action> {
    let text = view.text();
    let item = cursor::item(view, selected.start)?;
    let statement = cursor::statement(item, selected.start)?;
    let StatementKind::Use { role, clauses } = &statement.kind else { return None };
    if !matches!(item.kind, ItemKind::Key { .. }) {
        return None;
    }
    let name = role.value(text).into_owned();
    let (file, declaration) = declared(view, "role", &name)?;
    let ItemKind::Role { body, .. } = &declaration.kind else { return None };
    let of_role = &view.checked.sources.get(file).text;
    let lines = lines(of_role, declaration, body, text, clauses)?;
    let new_key = replaced(item, text, statement.span, &lines);
    let before = same::compiled(view, item.span.of(text), None)?;
    let after = same::compiled(view, &new_key, None)?;
    if !same::alike(&before, &after) {
        return None;
    }
    Some(Action {
        title: format!("put the lines of role {} here", quoted(&name)),
        kind: Kind::Inline,
        power: Some(Power::Same),
        preferred: false,
        edits: vec![edit(view, statement.span, lines)],
    })
}

/// An item with a part of it replaced.
fn replaced(item: &Item, text: &str, part: Span, new: &str) -> String {
    let before = Span::new(item.span.start, part.start).of(text);
    let after = Span::new(part.end, item.span.end).of(text);
    format!("{before}{new}{after}")
}

/// The lines of a role with its comments, each `allow` with the clauses of the `use`.
fn lines(of_role: &str, role: &Item, body: &[Statement], text: &str, clauses: &[Clause]) -> Option<String> {
    let last = body.last()?;
    let added: String = clauses.iter().map(|clause| format!(" {}", clause.span.of(text))).collect();
    let open = role.span.of(of_role).find('<')?;
    let from = role.span.start + u32::try_from(open).ok()? + 1;
    let inner = Span::new(from, last.span.end);
    let mut out = String::new();
    let mut at = inner.start;
    for statement in body {
        if let StatementKind::Rule(rule) = &statement.kind
            && rule.effect == Effect::Allow
        {
            let end = end_of_clauses(rule);
            out.push_str(Span::new(at, end).of(of_role));
            out.push_str(&added);
            at = end;
        }
        if matches!(statement.kind, StatementKind::Use { .. }) && !added.is_empty() {
            let end = statement.span.end.checked_sub(1)?;
            out.push_str(Span::new(at, end).of(of_role));
            out.push_str(&added);
            at = end;
        }
    }
    out.push_str(Span::new(at, inner.end).of(of_role));
    Some(out.trim().to_owned())
}

/// Where the clauses of a rule before `unless` end.
pub(super) fn end_of_clauses(rule: &Rule) -> u32 {
    rule.clauses.last().map_or(rule.subject.span.end, |clause| clause.span.end)
}
