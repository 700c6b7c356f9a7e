//! JSON text as a list of nodes that point into it: bodies of calls and answers of the bank, read strictly.
//!
//! Nothing is guessed at: one value, no key twice in one object, depth and size bounded. What is kept stays as it stands
//! in the text, so a document that is written out again says the same.

use std::borrow::Cow;

use crate::json;

mod parse;

pub(crate) use parse::{Fault, Flaw, Limits, read};

/// A text that is one JSON value.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
}

/// What kind of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    List,
    Text,
    Number,
    Truth,
    Null,
}

/// A value; those inside it follow it, up to `end`.
#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// Whether the key, or the text, holds escapes.
    escaped: (bool, bool),
    end: u32,
    /// The key before it, without quotes; empty where there is none.
    key: Span,
    /// The value; of a text what stands between the quotes.
    value: Span,
}

/// Bytes of the text.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    from: u32,
    until: u32,
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'d, 't> {
    document: &'d Document<'t>,
    at: u32,
    node: Node,
}

impl<'t> Document<'t> {
    pub(crate) fn root(&self) -> Option<Value<'_, 't>> {
        self.value(0)
    }

    /// The first value whose key is written with escapes.
    pub(crate) fn escaped_key(&self) -> Option<Value<'_, 't>> {
        let at = self.nodes.iter().position(|node| node.escaped.0)?;
        self.value(u32::try_from(at).ok()?)
    }

    fn value(&self, at: u32) -> Option<Value<'_, 't>> {
        let node = *self.nodes.get(usize::try_from(at).ok()?)?;
        Some(Value { document: self, at, node })
    }

    fn slice(&self, span: Span) -> &'t str {
        slice(self.text, span)
    }

    /// The JSON pointer to a node.
    fn pointer(&self, to: u32) -> String {
        let mut pointer = String::new();
        let mut here = self.value(0);
        while let Some(value) = here.filter(|value| value.at < to) {
            let mut place = 0_usize;
            here = None;
            for child in value.children() {
                if to < child.node.end {
                    pointer.push('/');
                    match value.node.kind {
                        Kind::Object => pointer.push_str(&child.key().replace('~', "~0").replace('/', "~1")),
                        _ => pointer.push_str(&place.to_string()),
                    }
                    here = Some(child);
                    break;
                }
                place = place.saturating_add(1);
            }
        }
        pointer
    }
}

fn slice(text: &str, span: Span) -> &str {
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    text.get(place(span.from)..place(span.until)).unwrap_or_default()
}

impl<'d, 't> Value<'d, 't> {
    pub(crate) fn kind(self) -> Kind {
        self.node.kind
    }

    /// The key before it; empty in a list.
    pub(crate) fn key(self) -> Cow<'t, str> {
        let raw = self.raw_key();
        if self.node.escaped.0 { json::unescaped(raw).unwrap_or_default() } else { Cow::Borrowed(raw) }
    }

    /// The key as it stands in the text, without quotes.
    pub(crate) fn raw_key(self) -> &'t str {
        self.document.slice(self.node.key)
    }

    pub(crate) fn key_is_escaped(self) -> bool {
        self.node.escaped.0
    }

    pub(crate) fn key_is(self, word: &str) -> bool {
        if self.node.escaped.0 { self.key() == word } else { self.raw_key() == word }
    }

    /// The text; `None` for what is no text.
    pub(crate) fn text(self) -> Option<Cow<'t, str>> {
        let raw = self.document.slice(self.node.value);
        match self.node.kind {
            Kind::Text if self.node.escaped.1 => json::unescaped(raw),
            Kind::Text => Some(Cow::Borrowed(raw)),
            _ => None,
        }
    }

    pub(crate) fn text_is(self, word: &str) -> bool {
        self.node.kind == Kind::Text
            && if self.node.escaped.1 {
                self.text().is_some_and(|text| text == word)
            } else {
                self.document.slice(self.node.value) == word
            }
    }

    /// The value as it stands in the text; of a text what stands between the quotes.
    pub(crate) fn raw(self) -> &'t str {
        self.document.slice(self.node.value)
    }

    /// The values inside it, in the order of the text.
    pub(crate) fn children(self) -> Children<'d, 't> {
        let container = matches!(self.node.kind, Kind::Object | Kind::List);
        let next = self.at.saturating_add(1);
        Children { document: self.document, next, end: if container { self.node.end } else { next } }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.node.end <= self.at.saturating_add(1)
    }

    /// The value under a key of an object.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        if self.node.kind != Kind::Object {
            return None;
        }
        self.children().find(|child| child.key_is(key))
    }

    /// The JSON pointer to it.
    pub(crate) fn pointer(self) -> String {
        self.document.pointer(self.at)
    }
}

/// See [`Value::children`].
#[derive(Debug, Clone)]
pub(crate) struct Children<'d, 't> {
    document: &'d Document<'t>,
    next: u32,
    end: u32,
}

impl<'d, 't> Iterator for Children<'d, 't> {
    type Item = Value<'d, 't>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let child = self.document.value(self.next)?;
        self.next = child.node.end.max(self.next.saturating_add(1));
        Some(child)
    }
}
