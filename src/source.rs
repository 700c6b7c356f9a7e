//! Source files of one policy, and places in them.

use std::sync::Arc;

use camino::Utf8PathBuf;

/// A half-open range of byte offsets in one file. Always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text under the span; empty when the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Index of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A span in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileSpan {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// A file and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path as the user named it, with forward slashes.
    pub path: Utf8PathBuf,
    /// Its text.
    pub text: String,
}

/// All files of a policy, in the order in which they were first met. Copies share the texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Arc<Source>>,
}

impl Sources {
    /// Adds a file and says under which id it is known.
    pub fn add(&mut self, path: impl Into<Utf8PathBuf>, text: impl Into<String>) -> FileId {
        self.add_shared(Arc::new(Source { path: path.into(), text: text.into() }))
    }

    /// Adds a file that others hold as well.
    pub fn add_shared(&mut self, source: Arc<Source>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(source);
        id
    }

    /// The file of an id; an empty nameless one for an id that is not ours.
    pub fn get(&self, id: FileId) -> &Source {
        static NONE: Source = Source { path: Utf8PathBuf::new(), text: String::new() };
        self.files.get(id.0 as usize).map_or(&NONE, |source| source)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(self.files.iter().map(|source| &**source))
    }

    /// The text under a span.
    pub fn text(&self, place: FileSpan) -> &str {
        place.span.of(&self.get(place.file).text)
    }
}

/// Line and column of an offset, both from 1, the column in characters (a byte order mark counts as none).
pub fn line_column(text: &str, offset: u32) -> (u32, u32) {
    let mut end = (offset as usize).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}
