//! Between byte offsets and the positions that editors speak.

use bpolc::source::Span;
use lsp_types::{Position, PositionEncodingKind, Range};

/// In what editors count columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, what every editor understands.
    Utf16,
}

impl Encoding {
    /// UTF-8 where the editor offers it, as our offsets are bytes.
    pub(crate) fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        if offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8)) {
            Self::Utf8
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Looks through a text.
    pub(crate) fn new(text: &'t str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The range of a span.
    pub(crate) fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let before = &self.text[self.starts[line]..offset];
        let character = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(character) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Lines};
    use bpolc::source::Span;

    #[track_caller]
    fn check(text: &str, offset: u32, utf8: (u32, u32), utf16: (u32, u32)) {
        let lines = Lines::new(text);
        let at = |encoding| {
            let start = lines.range(Span::new(offset, offset), encoding).start;
            (start.line, start.character)
        };
        assert_eq!((at(Encoding::Utf8), at(Encoding::Utf16)), (utf8, utf16));
    }

    #[test]
    fn columns_are_counted_as_agreed() {
        check("a\né𝄞b", 0, (0, 0), (0, 0));
        check("a\né𝄞b", 4, (1, 2), (1, 1));
        check("a\né𝄞b", 8, (1, 6), (1, 3));
        check("a\r\nb", 3, (1, 0), (1, 0));
        check("a\n", 2, (1, 0), (1, 0));
        check("a", 99, (0, 1), (0, 1));
    }

    #[test]
    fn an_offset_inside_a_character_means_its_start() {
        check("é", 1, (0, 0), (0, 0));
    }
}
