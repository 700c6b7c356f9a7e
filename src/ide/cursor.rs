//! What stands at a place: the item, the statement, the word.

use crate::ide::View;
use crate::source::Span;
use crate::syntax::token::{Kind, Token, tokens};
use crate::syntax::tree::{Item, ItemKind, Statement, StatementKind, Subject};

/// A place in an item, and the words of the item.
pub(super) struct Cursor<'v> {
    pub(super) text: &'v str,
    pub(super) item: &'v Item,
    pub(super) tokens: Vec<Token>,
    /// Which of the words it is.
    pub(super) at: usize,
}

impl<'v> Cursor<'v> {
    /// What stands at an offset, or ends there; nothing between words and in comments.
    pub(super) fn of(view: View<'v>, offset: u32) -> Option<Self> {
        let text = view.text();
        let item = item(view, offset)?;
        // The words of one statement are enough, and an item may be long.
        let part = statement(item, offset).map_or(item.span, |statement| statement.span);
        let tokens = tokens(text, part);
        let after = tokens.partition_point(|token| token.span.end <= offset);
        let holds =
            |place: &usize| tokens.get(*place).is_some_and(|it| it.span.start <= offset && offset <= it.span.end);
        let is_mark = |place: &usize| tokens.get(*place).is_some_and(|it| matches!(it.kind, Kind::Mark(_)));
        let before = after.checked_sub(1).filter(holds);
        let at = Some(after).filter(holds).filter(|at| !is_mark(at)).or(before.filter(|at| !is_mark(at)))?;
        Some(Self { text, item, tokens, at })
    }

    pub(super) fn token(&self) -> Token {
        // `at` is a place in the list, by the way in which it was made.
        self.tokens.get(self.at).copied().unwrap_or(Token {
            kind: Kind::Mark(' '),
            span: self.item.span,
            line_start: false,
        })
    }

    /// A word before or behind, as it is written.
    pub(super) fn word(&self, step: isize) -> &'v str {
        let place = self.at.checked_add_signed(step);
        place.and_then(|place| self.tokens.get(place)).map_or("", |token| token.span.of(self.text))
    }

    /// The last word of the grammar before a list of strings or values: `account` for each name in `account "A", "B"`.
    pub(super) fn lead(&self) -> &'v str {
        let before = self.tokens.get(..self.at).unwrap_or_default();
        let lead = before.iter().rev().find(|token| token.kind == Kind::Word);
        lead.map_or("", |token| token.span.of(self.text))
    }
}

/// The item at an offset, its doc comment included.
pub(super) fn item(view: View<'_>, offset: u32) -> Option<&Item> {
    let items = &view.tree()?.items;
    let next = items.partition_point(|item| item.span.end < offset);
    let holds = |item: &&Item| {
        item.doc.first().map_or(item.span, |doc| doc.to(item.span)).start <= offset && offset <= item.span.end
    };
    items.get(next).filter(holds).or_else(|| items.get(next + 1).filter(holds))
}

/// The statements of an item.
pub(super) fn statements(item: &Item) -> &[Statement] {
    match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => body,
        _ => &[],
    }
}

/// The statement at an offset.
pub(super) fn statement(item: &Item, offset: u32) -> Option<&Statement> {
    let all = statements(item);
    let next = all.partition_point(|statement| statement.span.end < offset);
    all.get(next).filter(|it| it.span.start <= offset)
}

/// What is spoken of at an offset: the subject of a rule, a claim or an expectation.
pub(super) fn subject(item: &Item, offset: u32) -> Option<&Subject> {
    let holds = |span: Span| span.start <= offset && offset <= span.end;
    let subject = match &item.kind {
        ItemKind::Ensure(claim) => Some(&claim.subject),
        ItemKind::Test(test) => test
            .expectations
            .iter()
            .find(|it| holds(it.span))
            .and_then(|it| it.expect.as_ref())
            .map(|expect| &expect.subject),
        _ => statement(item, offset).and_then(|statement| match &statement.kind {
            StatementKind::Rule(rule) => Some(&rule.subject),
            _ => None,
        }),
    };
    subject.filter(|subject| holds(subject.span))
}
