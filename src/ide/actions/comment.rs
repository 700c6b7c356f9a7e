//! A comment that keeps a lint from being reported at one place. Its reason is for the user to write: until then it
//! hides nothing, and says so.

use super::layout::{indent, line_start, newline};
use super::{Action, Kind, edit};
use crate::diag::{Diagnostic, Level, Power};
use crate::ide::{View, cursor};
use crate::lint;
use crate::source::Span;

/// The comment for a finding of a lint.
pub(super) fn allow(view: View<'_>, found: &Diagnostic) -> Option<Action> {
    let is_lint = lint::all().iter().any(|lint| lint.name == found.name);
    let is_about_comments = found.name.ends_with("-suppression");
    if !is_lint || is_about_comments || found.level == Level::Error || found.place.file != view.file {
        return None;
    }
    let text = view.text();
    let item = cursor::item(view, found.place.span.start)?;
    let statement = cursor::statement(item, found.place.span.start).filter(|it| found.place.span.end <= it.span.end);
    let (span, doc) = statement.map_or((item.span, &item.doc), |it| (it.span, &it.doc));
    let start = line_start(text, doc.first().map_or(span, |doc| doc.to(span)).start);
    let comment = format!("{}// bpol: allow({}) …{}", indent(text, start), found.name, newline(text));
    Some(Action {
        title: format!("allow `{}` here (write the reason behind it)", found.name),
        kind: Kind::Fix,
        power: Some(Power::Same),
        preferred: false,
        edits: vec![edit(view, Span::new(start, start), comment)],
    })
}
