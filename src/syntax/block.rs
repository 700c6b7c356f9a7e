//! A block while its lines are read.

use crate::source::Span;
use crate::syntax::parse::{Header, Line, Shape};
use crate::syntax::tree::{Expectation, Item, ItemKind, Statement, StatementKind, Test};

/// A block that was opened and not yet closed.
#[derive(Debug)]
pub(crate) struct Block {
    /// The item so far.
    kind: ItemKind,
    /// From its first word to its `<`.
    pub(crate) header: Span,
    /// Where its `<` stands; empty when it is missing.
    pub(crate) open: Span,
    /// The doc comment above it.
    doc: Vec<Span>,
    /// Where its last line ends.
    last: u32,
    /// Blocks opened in it that do not belong there.
    pub(crate) strays: usize,
}

impl Block {
    /// A block whose header could be read.
    pub(crate) fn new(header: Header, span: Span, open: Span, doc: Vec<Span>) -> Self {
        let kind = match header {
            Header::Key(name) => ItemKind::Key { name, body: Vec::new() },
            Header::Role(name) => ItemKind::Role { name, body: Vec::new() },
            Header::Guardrail(except) => ItemKind::Guardrail { except, body: Vec::new() },
            Header::Payees(name) => ItemKind::Payees { name, entries: Vec::new() },
            Header::Network(name) => ItemKind::Network { name, blocks: Vec::new() },
            Header::Limit(name) => ItemKind::Limit { name, caps: Vec::new() },
            Header::Test(name, key, settings) => {
                ItemKind::Test(Box::new(Test { name, key, settings, expectations: Vec::new() }))
            }
        };
        Self { kind, header: span, open, doc, last: open.end.max(span.end), strays: 0 }
    }

    /// A block whose header could not be read.
    pub(crate) fn bad(span: Span, open: Span, doc: Vec<Span>) -> Self {
        Self { kind: ItemKind::Bad, header: span, open, doc, last: open.end.max(span.end), strays: 0 }
    }

    /// Where its last line ends.
    pub(crate) const fn last(&self) -> u32 {
        self.last
    }

    /// What its lines are; nothing where that is not known.
    pub(crate) const fn shape(&self) -> Option<Shape> {
        match self.kind {
            ItemKind::Key { .. } | ItemKind::Role { .. } | ItemKind::Guardrail { .. } => Some(Shape::Statement),
            ItemKind::Payees { .. } => Some(Shape::Payee),
            ItemKind::Network { .. } => Some(Shape::Network),
            ItemKind::Limit { .. } => Some(Shape::Cap),
            ItemKind::Test(_) => Some(Shape::Expectation),
            _ => None,
        }
    }

    /// Adds a line. `doc` comes back when such a line takes none.
    pub(crate) fn push(&mut self, line: Line, span: Span, doc: Vec<Span>) -> Vec<Span> {
        self.last = self.last.max(span.end);
        match (&mut self.kind, line) {
            (ItemKind::Key { body, .. } | ItemKind::Role { body, .. } | ItemKind::Guardrail { body, .. }, line) => {
                let kind = if let Line::Statement(kind) = line { kind } else { StatementKind::Bad };
                body.push(Statement { span, doc, kind });
                return Vec::new();
            }
            (ItemKind::Test(test), line) => {
                let expect = if let Line::Expectation(expect) = line { Some(expect) } else { None };
                test.expectations.push(Expectation { span, doc, expect });
                return Vec::new();
            }
            (ItemKind::Payees { entries, .. }, Line::Payee(entry)) => entries.push(entry),
            (ItemKind::Network { blocks, .. }, Line::Network(network)) => blocks.push(network),
            (ItemKind::Limit { caps, .. }, Line::Cap(cap)) => caps.push(cap),
            _ => {}
        }
        doc
    }

    /// The item, which ends at `end`, or at its last line when its `>` is missing.
    pub(crate) fn close(mut self, end: Option<u32>) -> Item {
        match &mut self.kind {
            ItemKind::Key { body, .. } | ItemKind::Role { body, .. } | ItemKind::Guardrail { body, .. } => shrink(body),
            ItemKind::Test(test) => shrink(&mut test.expectations),
            ItemKind::Payees { entries, .. } => shrink(entries),
            _ => {}
        }
        let span = Span::new(self.header.start, end.unwrap_or(self.last));
        Item { span, doc: self.doc, kind: self.kind }
    }
}

/// Gives back memory where it pays.
fn shrink<T>(list: &mut Vec<T>) {
    if list.capacity() - list.len() > list.len() / 4 {
        list.shrink_to_fit();
    }
}
