//! What a word, a name, a value or a line means.

mod country;
mod keyword;
mod name;
mod operation;
mod rule;
#[cfg(test)]
mod tests;
mod value;

use jiff::Timestamp;

use crate::ide::View;
use crate::ide::cursor::{self, Cursor};
use crate::ide::page::{Page, code};
use crate::lint;
use crate::source::Span;
use crate::syntax::token::Kind;

pub(super) use name::declared;
pub(super) use rule::worst;
pub(super) use value::{grouped, seconds};

/// What there is to say of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// What is said.
    pub page: Page,
}

/// What there is to say of a place at a moment.
pub fn hover(view: View<'_>, offset: u32, now: Timestamp) -> Option<Hover> {
    if let Some(found) = lint_name(view, offset) {
        return Some(found);
    }
    let cursor = Cursor::of(view, offset)?;
    let token = cursor.token();
    let (page, span) = match token.kind {
        Kind::Text | Kind::OpenText => {
            (name::page(view, &cursor, now).or_else(|| value::page(view, &cursor, now)), None)
        }
        Kind::Number => (value::page(view, &cursor, now), None),
        Kind::Word => word(view, &cursor, now),
        Kind::OtherText | Kind::Mark(_) => (None, None),
    };
    Some(Hover { span: span.unwrap_or(token.span), page: page? })
}

fn word(view: View<'_>, cursor: &Cursor<'_>, now: Timestamp) -> (Option<Page>, Option<Span>) {
    let span = cursor.token().span;
    if let Some(subject) = cursor::subject(cursor.item, span.start) {
        return (operation::page(view, cursor, subject), None);
    }
    if let Some(page) = value::page(view, cursor, now) {
        return (Some(page), None);
    }
    if let Some(page) = rule::page(view, cursor, now) {
        return (Some(page), None);
    }
    if let Some(page) = operation::detail(view, cursor) {
        return (Some(page), None);
    }
    match keyword::page(cursor) {
        Some((page, span)) => (Some(page), Some(span)),
        None => (None, None),
    }
}

/// The name of a lint in a comment that hides it.
fn lint_name(view: View<'_>, offset: u32) -> Option<Hover> {
    let text = view.text();
    let comments = &view.tree()?.comments;
    let next = comments.partition_point(|comment| comment.end < offset);
    let comment = comments.get(next).filter(|comment| comment.start <= offset)?;
    if !comment.of(text).contains("bpol:") {
        return None;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let before = Span::new(comment.start, offset).of(text);
    let start = before.trim_end_matches(is_part).len();
    let after = Span::new(offset, comment.end).of(text);
    let length = after.find(|c| !is_part(c)).unwrap_or(after.len());
    let span = Span::new(comment.start + u32::try_from(start).ok()?, offset + u32::try_from(length).ok()?);
    let lint = lint::all().into_iter().find(|lint| lint.name == span.of(text))?;
    let page = Page::titled(format!("lint {}", code(lint.name)))
        .text(format!("Reports {}.", lint.summary))
        .text("This comment keeps it from being reported here; the words behind the name say why.");
    Some(Hover { span, page })
}
