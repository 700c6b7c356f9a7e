//! A piece with its idioms put right, and the way back to where its words stand.

use crate::source::Span;
use crate::syntax::cut::span;

/// A text with edits applied.
#[derive(Debug, Default)]
pub(crate) struct Repaired {
    /// The new text.
    pub(crate) text: String,
    /// For each edit and each stretch between them: where it begins in the new text, and where it stands in the file.
    /// An edited stretch is one place.
    parts: Vec<(usize, Span, bool)>,
}

/// Applies edits, which are sorted and do not overlap, to a part of a text.
pub(crate) fn apply(text: &str, part: Span, edits: &[(Span, String)]) -> Repaired {
    let mut repaired = Repaired::default();
    let mut at = part.start;
    for (place, new) in edits {
        repaired.keep(text, Span::new(at, place.start));
        repaired.parts.push((repaired.text.len(), *place, true));
        repaired.text.push_str(new);
        at = place.end;
    }
    repaired.keep(text, Span::new(at, part.end));
    repaired
}

impl Repaired {
    fn keep(&mut self, text: &str, part: Span) {
        if part.start < part.end {
            self.parts.push((self.text.len(), part, false));
            self.text.push_str(part.of(text));
        }
    }

    /// Where a span of the new text stands in the file.
    pub(crate) fn back(&self, start: usize, end: usize) -> Span {
        Span::new(self.offset(start, false), self.offset(end, true))
    }

    /// Where an offset of the new text stands. What was edited is taken as a whole: an end lies behind it.
    fn offset(&self, at: usize, is_end: bool) -> u32 {
        let behind = self.parts.partition_point(|(start, ..)| if is_end { *start < at } else { *start <= at });
        let Some((start, place, edited)) = behind.checked_sub(1).and_then(|index| self.parts.get(index)) else {
            return self.parts.first().map_or(0, |(_, place, _)| place.start);
        };
        match (edited, is_end) {
            (true, false) => place.start,
            (true, true) => place.end,
            (false, _) => place.start + span(0, at - start).end,
        }
    }
}
