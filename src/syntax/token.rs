//! The words of a piece that could not be read, for saying what is wrong with it.

use crate::source::Span;
use crate::syntax::cut::{quoted_length, span};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, whatever its letters.
    Word,
    /// Begins with a digit.
    Number,
    /// A quoted string that ends.
    Text,
    /// A quoted string that does not end on its line.
    OpenText,
    /// A string in quotes of another kind.
    OtherText,
    /// Any other character.
    Mark(char),
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) span: Span,
    /// Whether it is the first of its line.
    pub(crate) line_start: bool,
}

/// So many tokens of one piece are looked at; what is wrong shows at the front.
const MOST: usize = 20_000;

/// The tokens of a part of the text, comments left out.
pub(crate) fn tokens(text: &str, part: Span) -> Vec<Token> {
    let mut list = Vec::new();
    let (mut at, end) = (part.start as usize, part.end as usize);
    let mut line_start =
        text[..at].bytes().rev().find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|byte| byte == b'\n');
    while at < end && list.len() < MOST {
        let rest = &text[at..end];
        let Some(first) = rest.chars().next() else { break };
        if first.is_ascii_whitespace() || first == '\x0b' {
            line_start |= first == '\n';
            at += 1;
            continue;
        }
        if rest.starts_with("//") || first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let (kind, length) = token(rest, first);
        list.push(Token { kind, span: span(at, at + length), line_start });
        line_start = false;
        at += length;
    }
    list
}

fn token(rest: &str, first: char) -> (Kind, usize) {
    match first {
        '"' => text_token(rest),
        '“' | '”' | '„' | '‘' | '’' | '\'' => match quoted_length(rest) {
            Some(length) => (Kind::OtherText, length),
            None => (Kind::Mark(first), first.len_utf8()),
        },
        '0'..='9' => (Kind::Number, length_while(rest, |c| c.is_ascii_alphanumeric() || "._:/+-".contains(c))),
        ':' if rest.starts_with("::") => {
            (Kind::Number, length_while(rest, |c| c.is_ascii_hexdigit() || ".:/".contains(c)))
        }
        _ if first.is_alphabetic() || first == '_' => word_token(rest),
        _ => (Kind::Mark(first), first.len_utf8()),
    }
}

fn word_token(rest: &str) -> (Kind, usize) {
    let length = length_while(rest, |c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if rest[length..].starts_with(':') && rest[..length].bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return (Kind::Number, length_while(rest, |c| c.is_ascii_hexdigit() || ".:/".contains(c)));
    }
    (Kind::Word, length)
}

fn text_token(rest: &str) -> (Kind, usize) {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return (Kind::OpenText, rest[..at].trim_end().len()),
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return (Kind::Text, at + 1),
            _ => {}
        }
    }
    (Kind::OpenText, rest.len())
}

fn length_while(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !holds(c)).unwrap_or(text.len())
}

/// The word that a token is, or nothing.
pub(crate) fn word<'t>(text: &'t str, token: Option<&Token>) -> &'t str {
    match token {
        Some(token) if token.kind == Kind::Word => token.span.of(text),
        _ => "",
    }
}
