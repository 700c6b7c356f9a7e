//! From text to tree.

mod block;
pub(crate) mod cut;
mod explain;
mod fault;
mod file;
mod idiom;
pub(crate) mod parse;
pub mod pieces;
pub(crate) mod recover;
mod repair;
pub(crate) mod reparse;
mod shift;
pub mod string;
pub(crate) mod token;
pub mod tree;
pub(crate) mod words;

use std::collections::HashSet;

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};

/// A tree and the faults that were met on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parse {
    /// The tree; broken pieces are in it.
    pub tree: tree::Tree,
    /// What could not be read, in document order.
    pub faults: Vec<Diagnostic>,
}

/// Parses a file. Total: any text gives a tree.
pub fn parse(file: FileId, text: &str) -> Parse {
    let mut parse = file::parse(file, text);
    let odd = odd_line_ends(text, 0);
    if !odd.is_empty() {
        let known: HashSet<Span> = parse.faults.iter().map(|fault| fault.place.span).collect();
        let new = odd.into_iter().filter(|(place, _)| !known.contains(place));
        parse.faults.extend(new.map(|(place, character)| fault::odd_line_end(file, place, character)));
        parse.faults.sort_by_key(|fault| (fault.place.span, fault.name));
    }
    parse
}

/// Characters at which some editors begin a line and the language does not: a statement behind one in a comment would
/// look alive and be dead. At most a hundred are told. `offset` is where the text stands in its file.
fn odd_line_ends(text: &str, offset: usize) -> Vec<(Span, char)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(at) = bytes[start..].iter().position(|byte| matches!(byte, b'\r' | 0x0b | 0x0c | 0xc2 | 0xe2)) {
        let at = start + at;
        start = at + 1;
        let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
        start = at + character.len_utf8();
        let odd = match character {
            '\r' => bytes.get(start) != Some(&b'\n'),
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => true,
            _ => false,
        };
        if odd {
            found.push((cut::span(offset + at, offset + start), character));
        }
        if found.len() == 100 {
            break;
        }
    }
    found
}
