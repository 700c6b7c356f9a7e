//! What people type instead. Each idiom is looked for in the tokens of a piece that could not be read, is explained by
//! its own message, and is put right, so that the rest of the piece can be read.

mod joint;
mod name;
mod value;
mod wording;

use std::cell::Cell;

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::cut::is_bidi;
use crate::syntax::fault;
use crate::syntax::parse::Shape;
use crate::syntax::token::{self, Kind, Token};
use crate::syntax::words;

/// An idiom that was found.
pub(crate) struct Finding {
    /// Its message; nothing when it was reported before.
    pub(crate) fault: Option<Diagnostic>,
    /// What puts it right.
    pub(crate) edits: Vec<(Span, String)>,
    /// Whether the words of the tree say the same before and after.
    pub(crate) keeps: bool,
}

impl Finding {
    fn new(fault: Diagnostic, place: Span, text: impl Into<String>, keeps: bool) -> Self {
        Self { fault: Some(fault), edits: vec![(place, text.into())], keeps }
    }
}

/// A piece and its tokens.
pub(crate) struct Look<'t> {
    pub(crate) file: FileId,
    pub(crate) text: &'t str,
    pub(crate) tokens: &'t [Token],
    pub(crate) shape: Shape,
    /// Index behind the last name that was found without quotes.
    pub(crate) named: Cell<usize>,
}

impl<'t> Look<'t> {
    /// The word at an index; empty when it is none.
    pub(crate) fn word(&self, index: usize) -> &'t str {
        token::word(self.text, self.tokens.get(index))
    }

    /// The word before an index.
    pub(crate) fn before(&self, index: usize) -> &'t str {
        if index == 0 { "" } else { self.word(index - 1) }
    }

    fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    fn span(&self, index: usize) -> Span {
        self.tokens.get(index).map(|token| token.span).unwrap_or_default()
    }

    fn mark_before(&self, index: usize, mark: char) -> bool {
        index > 0 && self.kind(index - 1) == Some(Kind::Mark(mark))
    }

    /// The word and all words behind it of which a clause could be made.
    fn begins_clause(&self, index: usize) -> bool {
        let word = self.word(index);
        match self.shape {
            Shape::Expectation => words::FACTS.contains(&word),
            Shape::Header => word == "at" || word == "from",
            _ => words::CLAUSES.contains(&word),
        }
    }
}

/// All idioms of a piece. They do not overlap.
pub(crate) fn find(look: &Look<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut unless = false;
    while at < look.tokens.len() {
        unless |= look.word(at) == "unless";
        let hit = character(look, at)
            .or_else(|| value::find(look, at))
            .or_else(|| wording::find(look, at))
            .or_else(|| name::find(look, at))
            .or_else(|| joint::find(look, at, unless))
            .or_else(|| word(look, at));
        match hit {
            Some((finding, used)) => {
                found.push(finding);
                at += used.max(1);
            }
            None => at += 1,
        }
    }
    found
}

/// Characters that stand where none may.
fn character(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let Kind::Mark(character) = look.kind(at)? else { return None };
    let place = look.span(at);
    if character == '\0' || is_bidi(character) {
        return Some((Finding { fault: None, edits: vec![(place, String::new())], keeps: true }, 1));
    }
    let width_none = matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    if !character.is_whitespace() && !width_none {
        return None;
    }
    let instead = if width_none { "" } else { " " };
    Some((Finding::new(fault::odd_blank(look.file, place, character, instead), place, instead, true), 1))
}

/// Words in capitals, words for effects that the language does not have.
fn word(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let word = look.word(at);
    let place = look.span(at);
    if word.is_empty() {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let is_code = at > 0 && look.kind(at - 1) == Some(Kind::Number) && lower != word;
    if lower != word && words::is_grammar(&lower) && !is_code {
        return Some((Finding::new(fault::capitals(look.file, place, &lower), place, lower, true), 1));
    }
    if at == 0 && look.shape == Shape::Statement && !words::STATEMENTS.contains(&word) {
        if let Some(effect) = words::effect_meant(&lower) {
            return Some((Finding::new(fault::effect_word(look.file, place, word, effect), place, effect, true), 1));
        }
        if let Some(near) = words::nearest(word, &words::STATEMENTS) {
            return Some((Finding::new(fault::misspelt(look.file, place, word, near), place, near, true), 1));
        }
    }
    if at == 1 && look.word(0) == "expect" && !words::STATEMENTS.contains(&word) {
        let effect = words::effect_meant(&lower).or_else(|| words::nearest(word, &words::STATEMENTS[..3]))?;
        return Some((Finding::new(fault::effect_word(look.file, place, word, effect), place, effect, true), 1));
    }
    vocabulary_word(look, at, word, place)
}

/// A word of the bank that is not in small letters with `-`.
fn vocabulary_word(look: &Look<'_>, at: usize, word: &str, place: Span) -> Option<(Finding, usize)> {
    let instead = word.to_ascii_lowercase().replace('_', "-");
    let plain = word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    let value = at > 0 && (look.kind(at - 1) == Some(Kind::Number) || matches!(look.before(at), "iban" | "is"));
    if instead == word || !plain || value || !matches!(look.shape, Shape::Statement | Shape::Expectation | Shape::Item)
    {
        return None;
    }
    Some((Finding::new(fault::vocabulary_word(look.file, place, word, &instead), place, instead.as_str(), false), 1))
}
