//! Lines and columns, fast for many places: every file is looked through once.

use std::collections::HashMap;

use bpolc::source::{FileId, FileSpan, Sources};
use schemars::JsonSchema;
use serde::Serialize;

/// A place as people and programs say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Place<'s> {
    /// Path as the user named it.
    pub(crate) file: &'s str,
    /// Line from 1.
    pub(crate) line: usize,
    /// Column from 1, in characters.
    pub(crate) column: usize,
    /// Line of the end.
    pub(crate) end_line: usize,
    /// Column after the last character.
    pub(crate) end_column: usize,
}

/// Turns spans into places.
#[derive(Debug)]
pub(crate) struct Places<'s> {
    sources: &'s Sources,
    indexes: HashMap<FileId, Index>,
}

impl<'s> Places<'s> {
    /// Places in these files.
    pub(crate) fn new(sources: &'s Sources) -> Self {
        Self { sources, indexes: HashMap::new() }
    }

    /// Where a span begins and ends.
    pub(crate) fn of(&mut self, place: FileSpan) -> Place<'s> {
        let source = self.sources.get(place.file);
        let index = self.index(place.file);
        let (line, column) = index.line_column(&source.text, place.span.start as usize);
        let (end_line, end_column) = index.line_column(&source.text, place.span.end as usize);
        Place { file: source.path.as_str(), line, column, end_line, end_column }
    }

    /// `file:line:column`
    pub(crate) fn start(&mut self, place: FileSpan) -> String {
        let Place { file, line, column, .. } = self.of(place);
        format!("{file}:{line}:{column}")
    }

    /// The index of a file.
    pub(crate) fn index(&mut self, file: FileId) -> &Index {
        self.indexes.entry(file).or_insert_with(|| Index::new(&self.sources.get(file).text))
    }
}

/// Where lines begin, and how many characters stand before every [`STEP`]th byte, so that a column is not counted
/// from the start of a line that may be the whole file.
#[derive(Debug)]
pub(crate) struct Index {
    lines: Vec<usize>,
    characters: Vec<usize>,
}

const STEP: usize = 1024;

impl Index {
    /// Looks through a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut lines = vec![0];
        let mut characters = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at.is_multiple_of(STEP) {
                characters.push(count);
            }
            count += usize::from(begins_character(byte));
            if byte == b'\n' {
                lines.push(at + 1);
            }
        }
        if text.len().is_multiple_of(STEP) {
            characters.push(count);
        }
        Self { lines, characters }
    }

    /// Line and column of an offset, both from 1; a byte order mark counts as no column.
    pub(crate) fn line_column(&self, text: &str, offset: usize) -> (usize, usize) {
        let offset = text.floor_char_boundary(offset);
        let line = self.line(offset);
        let start = self.lines[line];
        let mut column = self.characters_before(text, offset) - self.characters_before(text, start);
        if line == 0 && offset > 0 && text.starts_with('\u{feff}') {
            column -= 1;
        }
        (line + 1, column + 1)
    }

    /// The line of an offset, from 0.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|&start| start <= offset) - 1
    }

    /// Where a line begins and the next one does, or the file ends.
    pub(crate) fn range(&self, text: &str, line: usize) -> (usize, usize) {
        let start = |line: usize| self.lines.get(line).copied().unwrap_or(text.len());
        (start(line), start(line + 1))
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let step = offset / STEP;
        let rest = &text.as_bytes()[step * STEP..offset];
        self.characters[step] + rest.iter().filter(|&&byte| begins_character(byte)).count()
    }
}

const fn begins_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::{Index, STEP};
    use bpolc::source;

    #[track_caller]
    fn check(text: &str) {
        let index = Index::new(text);
        for offset in 0..=text.len() + 1 {
            let (line, column) = source::line_column(text, offset as u32);
            assert_eq!(index.line_column(text, offset), (line as usize, column as usize), "at {offset}");
        }
    }

    #[test]
    fn agrees_with_counting_from_the_start() {
        check("");
        check("\n");
        check("a\r\nbé\n\nc");
        check("\u{feff}a\nb");
        check("\u{feff}");
        check(&"é".repeat(STEP));
        check(&format!("{}\n{}", "x".repeat(STEP - 1), "𝄞y".repeat(STEP)));
        check(&"x".repeat(STEP));
    }
}
