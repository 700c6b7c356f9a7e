//! A file as a flat list of what is printed.

use crate::source::Span;
use crate::syntax::pieces::Piece;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a string or a value.
    Word,
    /// `,`
    Comma,
    /// `-` between days or hours.
    Dash,
    /// `;`
    Semicolon,
    /// `<`
    Open,
    /// `>`
    Close,
    /// A comment.
    Comment,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// Whether it is the first of its line.
    pub(super) line_start: bool,
    /// Whether a blank line stands before it.
    pub(super) blank_before: bool,
}

impl Token {
    /// Whether something stands before it on its line.
    pub(super) const fn trailing(self) -> bool {
        !self.line_start
    }

    pub(super) fn is_doc(self, text: &str) -> bool {
        self.kind == Kind::Comment && self.span.of(text).starts_with("///")
    }
}

/// Whether a blank stands between two tokens of a line.
pub(super) fn blank_between(before: Kind, after: Kind) -> bool {
    !matches!(after, Kind::Comma | Kind::Dash) && before != Kind::Dash
}

/// The tokens of a text, comments among them.
pub(super) fn tokens(text: &str, pieces: &[Piece]) -> Vec<Token> {
    let mut list = List { text, tokens: Vec::with_capacity(pieces.len() * 2), end: 0 };
    for piece in pieces {
        match *piece {
            Piece::Value(span) => list.push(Kind::Word, span),
            Piece::Comment(span) => list.push(Kind::Comment, span),
            Piece::Glue(span) => list.glue(span),
        }
    }
    list.tokens
}

struct List<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    end: u32,
}

impl List<'_> {
    fn push(&mut self, kind: Kind, span: Span) {
        let between = Span::new(self.end, span.start).of(self.text);
        let lines = between.bytes().filter(|&byte| byte == b'\n').count();
        self.tokens.push(Token {
            kind,
            span,
            line_start: lines > 0 || self.tokens.is_empty(),
            blank_before: lines > 1,
        });
        self.end = span.end;
    }

    /// Words of the grammar and punctuation.
    fn glue(&mut self, part: Span) {
        let bytes = part.of(self.text).as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let kind = match byte {
                b' ' | b'\t'..=b'\r' => {
                    at += 1;
                    continue;
                }
                b',' => Kind::Comma,
                b'-' => Kind::Dash,
                b';' => Kind::Semicolon,
                b'<' => Kind::Open,
                b'>' => Kind::Close,
                _ => Kind::Word,
            };
            let rest = bytes.get(at..).unwrap_or_default();
            let length = match kind {
                Kind::Word => rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len()).max(1),
                _ => 1,
            };
            let start = part.start + u32::try_from(at).unwrap_or(u32::MAX);
            self.push(kind, Span::new(start, start + u32::try_from(length).unwrap_or(u32::MAX)));
            at += length;
        }
    }
}
