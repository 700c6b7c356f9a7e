//! Cuts a text into pieces at `;`, `<` and `>` outside strings and comments, and takes the comments out of their way.
//!
//! This is one pass over the bytes that knows no words. What is wrong with a character as such (NUL, bidirectional
//! controls, escapes, strings without an end) is found here, so it is found everywhere.

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::{fault, string};

/// So many faults of one file are told.
pub(crate) const MOST_FAULTS: usize = 5_000;

/// How a piece ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `;`
    Semicolon,
    /// `<`, or `{`.
    Open,
    /// `>`, or `}`.
    Close,
    /// The end of the text.
    End,
}

/// A piece of text and the mark that ends it.
#[derive(Debug)]
pub(crate) struct Piece {
    /// From the first word to the last, without the mark; empty when there is no word.
    pub(crate) span: Span,
    /// How it ends.
    pub(crate) mark: Mark,
    /// Where the mark stands; a brace is one byte like `<`.
    pub(crate) mark_span: Span,
    /// Lines of doc comment above the first word.
    pub(crate) doc: Vec<Span>,
}

impl Piece {
    /// The piece with its mark.
    pub(crate) fn whole(&self) -> Span {
        Span::new(self.span.start, self.mark_span.end)
    }
}

/// Reads pieces, one after the other.
pub(crate) struct Cutter<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    /// Comments that are not doc comments.
    pub(crate) comments: Vec<Span>,
    /// What is wrong with single characters and strings.
    pub(crate) faults: Vec<Diagnostic>,
}

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Blank,
    Quote,
    Slash,
    Mark,
    Hash,
    Odd,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    let blanks = b" \t\n\x0b\x0c\r";
    let mut i = 0;
    while i < blanks.len() {
        table[blanks[i] as usize] = Class::Blank;
        i += 1;
    }
    let marks = b";<>{}";
    i = 0;
    while i < marks.len() {
        table[marks[i] as usize] = Class::Mark;
        i += 1;
    }
    table[b'"' as usize] = Class::Quote;
    table[b'/' as usize] = Class::Slash;
    table[b'#' as usize] = Class::Hash;
    // NUL, a single quote, and the first bytes of bidirectional controls and curly quotes.
    table[0] = Class::Odd;
    table[b'\'' as usize] = Class::Odd;
    table[0xd8] = Class::Odd;
    table[0xe2] = Class::Odd;
    table
};

impl<'t> Cutter<'t> {
    pub(crate) fn new(file: FileId, text: &'t str, start: usize) -> Self {
        Self { file, text, at: start, comments: Vec::new(), faults: Vec::new() }
    }

    /// The next piece; the last one ends with [`Mark::End`].
    pub(crate) fn next(&mut self) -> Piece {
        let bytes = self.text.as_bytes();
        let mut doc = Vec::new();
        self.skip_blanks(&mut doc);
        let start = self.at;
        // The piece ends behind the last word seen; words are not looked at, so it is the last place where a
        // comment or the mark begins, less the blanks before it.
        let mut end = start;
        let mut solid_from = start;
        loop {
            let Some(&byte) = bytes.get(self.at) else {
                end = self.trimmed(solid_from, end);
                return self.piece(start, end, Mark::End, doc);
            };
            match CLASSES[byte as usize] {
                Class::Plain | Class::Blank => self.at += 1,
                Class::Quote => self.string(),
                Class::Odd => self.odd(),
                Class::Slash if bytes.get(self.at + 1) != Some(&b'/') => self.at += 1,
                Class::Slash | Class::Hash => {
                    end = self.trimmed(solid_from, end);
                    let comment = self.comment();
                    self.comments.push(comment);
                    solid_from = self.at;
                }
                Class::Mark => {
                    end = self.trimmed(solid_from, end);
                    let mark = match byte {
                        b';' => Mark::Semicolon,
                        b'<' | b'{' => Mark::Open,
                        _ => Mark::Close,
                    };
                    let piece = self.piece(start, end, mark, doc);
                    self.at += 1;
                    return piece;
                }
            }
        }
    }

    /// Keeps a fault, if there are not too many of them already.
    fn fault(&mut self, fault: Diagnostic) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn piece(&mut self, start: usize, end: usize, mark: Mark, mut doc: Vec<Span>) -> Piece {
        let mark_end = if mark == Mark::End { self.at } else { self.at + 1 };
        if start >= end && !doc.is_empty() {
            // A doc comment above nothing is a comment.
            self.comments.append(&mut doc);
            self.comments.sort_unstable();
        }
        let words = if start < end { span(start, end) } else { span(self.at, self.at) };
        Piece { span: words, mark, mark_span: span(self.at, mark_end), doc }
    }

    /// The end of the last word between `from` and here; `end` when there is none.
    fn trimmed(&self, from: usize, end: usize) -> usize {
        let bytes = &self.text.as_bytes()[from..self.at];
        match bytes.iter().rposition(|&byte| CLASSES[byte as usize] != Class::Blank) {
            Some(last) => from + last + 1,
            None => end,
        }
    }

    /// Skips blanks and comments before a piece.
    fn skip_blanks(&mut self, doc: &mut Vec<Span>) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match CLASSES[byte as usize] {
                Class::Blank => self.at += 1,
                Class::Slash if bytes.get(self.at + 1) == Some(&b'/') => {
                    let comment = self.comment();
                    let text = comment.of(self.text);
                    let list = if is_doc(text) { &mut *doc } else { &mut self.comments };
                    list.push(comment);
                }
                Class::Hash => {
                    let comment = self.comment();
                    self.comments.push(comment);
                }
                _ => return,
            }
        }
    }

    /// A comment up to its line end; a `#` is taken for one.
    fn comment(&mut self) -> Span {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if bytes[start] == b'#' {
            self.fault(fault::hash_comment(self.file, span(start, start + 1)));
        }
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => break,
                0 | 0xd8 | 0xe2 => self.control(),
                _ => self.at += 1,
            }
        }
        let end = start + self.text[start..self.at].trim_end_matches(['\r', ' ', '\t']).len();
        span(start, end)
    }

    /// A string up to its quote, or up to its line end where the quote is missing.
    fn string(&mut self) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return;
                }
                Some(b'\\') => self.escape(),
                Some(0 | 0xd8 | 0xe2) => self.control(),
                Some(b'\n') | None => {
                    let end = start + self.text[start..self.at].trim_end().len();
                    self.fault(fault::unterminated_string(self.file, span(start, end)));
                    return;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) {
        let rest = &self.text[self.at..];
        // An escape ends with its line, and is short: a text of escapes must not be searched over and over.
        let window = (0..=12.min(rest.len())).rev().find(|&end| rest.is_char_boundary(end)).unwrap_or(0);
        let line = rest[..window].split('\n').next().unwrap_or_default();
        let (character, length) = string::read_escape(line);
        let whole = span(self.at, self.at + length);
        match character {
            Some('\0') => self.fault(fault::nul(self.file, whole)),
            Some(character) if is_bidi(character) => self.fault(fault::bidi_control(self.file, whole, character)),
            Some(_) => {}
            None => {
                let shown = length.max(line.chars().take(2).map(char::len_utf8).sum());
                self.fault(fault::bad_escape(self.file, span(self.at, self.at + shown), line));
            }
        }
        self.at += length;
    }

    /// A byte that may begin a control character or another kind of quote.
    fn odd(&mut self) {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return };
        if matches!(first, '“' | '”' | '„' | '‘' | '’' | '\'') {
            // The marks inside what is meant as a string must not cut it.
            self.at += quoted_length(rest).unwrap_or(first.len_utf8());
        } else {
            self.control();
        }
    }

    fn control(&mut self) {
        let Some(character) = self.text[self.at..].chars().next() else { return };
        let end = self.at + character.len_utf8();
        if character == '\0' {
            self.fault(fault::nul(self.file, span(self.at, end)));
        } else if is_bidi(character) {
            self.fault(fault::bidi_control(self.file, span(self.at, end), character));
        }
        self.at = end;
    }
}

/// Whether a comment is a doc comment. A ruler of slashes is none.
pub(crate) fn is_doc(comment: &str) -> bool {
    comment.starts_with("///") && !comment.starts_with("////")
}

/// Whether a character changes the order in which text is shown.
pub(crate) const fn is_bidi(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// The length of a string in other quotes at the start of `text`, if it ends on its line and holds no control.
pub(crate) fn quoted_length(text: &str) -> Option<usize> {
    let mut characters = text.char_indices();
    let (_, first) = characters.next()?;
    for (at, character) in characters.take(200) {
        match character {
            '\n' | '\0' => return None,
            _ if is_bidi(character) => return None,
            '\'' | '’' | '‘' if matches!(first, '\'' | '‘' | '’') => return Some(at + character.len_utf8()),
            '”' | '“' | '"' if matches!(first, '“' | '”' | '„') => return Some(at + character.len_utf8()),
            _ => {}
        }
    }
    None
}

/// A span of offsets that fit: longer texts are refused before they get here.
#[expect(clippy::cast_possible_truncation, reason = "the parser takes texts of less than 4 GiB only")]
pub(crate) const fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}
