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

    /// How many units a text is long.
    pub(crate) fn length(self, text: &str) -> u32 {
        let length = match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        };
        number(length)
    }
}

/// A text and where its lines begin.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    /// Looks through a text.
    pub(crate) fn new(text: &'t str, encoding: Encoding) -> Self {
        let after_breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(after_breaks).collect(), encoding }
    }

    /// The range of a span.
    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The position of an offset; the start of the character for one inside of it, the end of the text for one past it.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let before = &self.text[self.starts[line]..offset];
        Position { line: number(line), character: self.encoding.length(before) }
    }

    /// The offset of a position: the end of the line for one past it, the end of the text past the last line, the start of
    /// the character for one inside of it.
    pub(crate) fn offset(&self, position: Position) -> u32 {
        let Some(&start) = self.starts.get(position.line as usize) else { return number(self.text.len()) };
        let next = self.starts.get(position.line as usize + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[start..next];
        let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        let within = match self.encoding {
            Encoding::Utf8 => line.floor_char_boundary(position.character as usize),
            Encoding::Utf16 => {
                let mut units = 0;
                let fits = |character: &char| {
                    units += character.len_utf16();
                    units <= position.character as usize
                };
                line.chars().take_while(fits).map(char::len_utf8).sum()
            }
        };
        number(start + within)
    }

    /// The span of a range; one that ends before it begins is empty.
    pub(crate) fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start, end.max(start))
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Lines};
    use lsp_types::Position;

    #[track_caller]
    fn check(text: &str, offset: u32, utf8: (u32, u32), utf16: (u32, u32)) {
        let at = |encoding| {
            let start = Lines::new(text, encoding).position(offset);
            (start.line, start.character)
        };
        assert_eq!((at(Encoding::Utf8), at(Encoding::Utf16)), (utf8, utf16));
    }

    #[track_caller]
    fn check_back(text: &str, (line, character): (u32, u32), utf8: u32, utf16: u32) {
        let at = |encoding| Lines::new(text, encoding).offset(Position { line, character });
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

    #[test]
    fn positions_are_counted_as_agreed() {
        check_back("a\né𝄞b", (1, 1), 2, 4);
        check_back("a\né𝄞b", (1, 2), 4, 4);
        check_back("a\né𝄞b", (1, 3), 4, 8);
        check_back("a\né𝄞b", (1, 6), 8, 9);
    }

    #[test]
    fn positions_past_the_end_mean_the_end() {
        check_back("ab\r\nc", (0, 99), 2, 2);
        check_back("ab\r\nc", (1, 99), 5, 5);
        check_back("ab\r\nc", (7, 0), 5, 5);
        check_back("", (0, 3), 0, 0);
    }
}
