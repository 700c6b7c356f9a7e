//! From text to nodes.

use super::{Document, Kind, Node, Span, slice};
use crate::json;

/// How large a text may be, and how deep its objects and lists may stand in each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) bytes: usize,
    pub(crate) depth: usize,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    TooLarge,
    NotUtf8,
    ByteOrderMark,
    NotJson,
    TrailingData,
    TooDeep,
    DuplicateKey,
}

/// A flaw and the JSON pointer of the value in which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) flaw: Flaw,
    pub(crate) pointer: String,
}

/// Objects with more members are checked for keys that stand twice by sorting them.
const FEW: usize = 64;

/// Reads a text.
pub(crate) fn read(bytes: &[u8], limits: Limits) -> Result<Document<'_>, Fault> {
    let whole = |flaw| Fault { flaw, pointer: String::new() };
    if bytes.len() > limits.bytes || u32::try_from(bytes.len()).is_err() {
        return Err(whole(Flaw::TooLarge));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(whole(Flaw::ByteOrderMark));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| whole(Flaw::NotUtf8))?;
    let nodes = Vec::with_capacity(text.len() / 24);
    let mut parser = Parser { text, at: 0, nodes, depth: limits.depth };
    let parsed = parser.value(None, 0).and_then(|()| match parser.peek() {
        None => Ok(()),
        Some(_) => Err((Flaw::TrailingData, 0)),
    });
    let document = Document { text, nodes: parser.nodes };
    match parsed {
        Ok(()) => Ok(document),
        Err((flaw, node)) => Err(Fault { flaw, pointer: document.pointer(node) }),
    }
}

/// A flaw and the number of the node in which it is.
type Broken = (Flaw, u32);

struct Parser<'t> {
    text: &'t str,
    at: usize,
    nodes: Vec<Node>,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn value(&mut self, key: Option<(Span, bool)>, depth: usize) -> Result<(), Broken> {
        let first = self.peek();
        let here = self.here();
        let (key, escaped) = key.unwrap_or_default();
        let from = self.offset();
        let kind = match first {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Text,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b't' | b'f') => Kind::Truth,
            Some(b'n') => Kind::Null,
            _ => return Err((Flaw::NotJson, here.saturating_sub(1))),
        };
        // The end of a value that is still open is beyond all that is read of it.
        let span = Span { from, until: from };
        self.nodes.push(Node { kind, escaped: (escaped, false), end: u32::MAX, key, value: span });
        let mut value = span;
        let mut inside = false;
        match kind {
            Kind::Object | Kind::List => {
                if depth >= self.depth {
                    return Err((Flaw::TooDeep, here));
                }
                self.forward(1);
                let deeper = depth.saturating_add(1);
                if kind == Kind::Object {
                    self.members(here, deeper)?
                } else {
                    self.entries(here, deeper)?
                }
                value.until = self.offset();
            }
            Kind::Text => (value, inside) = self.string().ok_or((Flaw::NotJson, here))?,
            Kind::Number => {
                self.number().ok_or((Flaw::NotJson, here))?;
                value.until = self.offset();
            }
            Kind::Truth | Kind::Null => {
                let word = ["true", "false", "null"].into_iter().find(|word| self.rest().starts_with(word.as_bytes()));
                self.forward(word.ok_or((Flaw::NotJson, here))?.len());
                value.until = self.offset();
            }
        }
        let end = self.here();
        if let Some(node) = usize::try_from(here).ok().and_then(|at| self.nodes.get_mut(at)) {
            (node.end, node.value, node.escaped.1) = (end, value, inside);
        }
        Ok(())
    }

    fn members(&mut self, object: u32, depth: usize) -> Result<(), Broken> {
        if self.skip(b'}') {
            return Ok(());
        }
        let (mut count, mut seen) = (0_usize, 0_u64);
        loop {
            if self.peek() != Some(b'"') {
                return Err((Flaw::NotJson, object));
            }
            let key = self.string().ok_or((Flaw::NotJson, object))?;
            count = count.saturating_add(1);
            if count <= FEW {
                let bit = self.bit(key);
                if seen & bit != 0 && self.has_key(object, key) {
                    let here = self.here();
                    let (key, escaped) = key;
                    let node = Node { kind: Kind::Null, escaped: (escaped, false), end: u32::MAX, key, value: key };
                    self.nodes.push(node);
                    return Err((Flaw::DuplicateKey, here));
                }
                seen |= bit;
            }
            if !self.skip(b':') {
                return Err((Flaw::NotJson, object));
            }
            self.value(Some(key), depth)?;
            if self.skip(b'}') {
                break;
            }
            if !self.skip(b',') {
                return Err((Flaw::NotJson, object));
            }
        }
        if count > FEW && self.has_twins(object) {
            return Err((Flaw::DuplicateKey, object));
        }
        Ok(())
    }

    fn entries(&mut self, list: u32, depth: usize) -> Result<(), Broken> {
        if self.skip(b']') {
            return Ok(());
        }
        loop {
            self.value(None, depth)?;
            if self.skip(b']') {
                return Ok(());
            }
            if !self.skip(b',') {
                return Err((Flaw::NotJson, list));
            }
        }
    }

    /// One of 64 bits, the same for the same key. Most keys of an object have different ones.
    fn bit(&self, (span, escaped): (Span, bool)) -> u64 {
        let raw = slice(self.text, span);
        let decoded = if escaped { json::unescaped(raw).unwrap_or_default() } else { raw.into() };
        let sum = decoded.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        1_u64.checked_shl(sum.wrapping_mul(0x9e37_79b1) >> 26).unwrap_or(0)
    }

    /// Whether a key stands already among the members of an object that is still open.
    fn has_key(&self, object: u32, (span, escaped): (Span, bool)) -> bool {
        let raw = slice(self.text, span);
        let wanted = if escaped { json::unescaped(raw).unwrap_or_default() } else { raw.into() };
        self.keys(object).any(|(key, escaped)| {
            let raw = slice(self.text, key);
            if escaped { json::unescaped(raw).is_some_and(|key| key == wanted) } else { raw == wanted }
        })
    }

    fn has_twins(&self, object: u32) -> bool {
        let mut keys: Vec<_> = self
            .keys(object)
            .map(|(key, escaped)| {
                let raw = slice(self.text, key);
                if escaped { json::unescaped(raw).unwrap_or_default() } else { raw.into() }
            })
            .collect();
        keys.sort_unstable();
        keys.windows(2).any(|pair| matches!(pair, [one, two] if one == two))
    }

    /// The keys of the members that are read already.
    fn keys(&self, object: u32) -> impl Iterator<Item = (Span, bool)> {
        let mut next = usize::try_from(object).unwrap_or(usize::MAX).saturating_add(1);
        std::iter::from_fn(move || {
            let node = self.nodes.get(next)?;
            next = usize::try_from(node.end).unwrap_or(usize::MAX);
            Some((node.key, node.escaped.0))
        })
    }

    /// A string: its place without quotes, and whether it holds escapes, which are checked.
    fn string(&mut self) -> Option<(Span, bool)> {
        self.forward(1);
        let from = self.offset();
        let mut escaped = false;
        loop {
            let plain = json::ends_plain(self.rest())?;
            self.forward(plain);
            match self.rest() {
                [b'"', ..] => break,
                [b'\\', ..] => {
                    escaped = true;
                    self.forward(2);
                }
                _ => return None,
            }
        }
        let span = Span { from, until: self.offset() };
        self.forward(1);
        if escaped {
            json::unescaped(slice(self.text, span))?;
        }
        Some((span, escaped))
    }

    /// `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`
    fn number(&mut self) -> Option<()> {
        if self.rest().starts_with(b"-") {
            self.forward(1);
        }
        if self.rest().starts_with(b"0") {
            self.forward(1)
        } else {
            self.digits()?
        }
        if self.rest().starts_with(b".") {
            self.forward(1);
            self.digits()?;
        }
        if let [b'e' | b'E', after @ ..] = self.rest() {
            self.forward(if matches!(after, [b'+' | b'-', ..]) { 2 } else { 1 });
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let rest = self.rest();
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.forward(count);
        (count > 0).then_some(())
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no blank, not consumed.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.forward(1),
                other => return other.copied(),
            }
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.forward(1);
        }
        there
    }

    fn forward(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    /// The number of the next node.
    fn here(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }
}
