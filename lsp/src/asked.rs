//! A document that a request is about, as the editor has it now.

use std::cell::OnceCell;
use std::sync::Arc;

use bpolc::ide::{Part, View};
use bpolc::source::{FileId, FileSpan, Span};
use camino::Utf8Path;
use lsp_types::{Location, Position, Range, Uri};

use crate::path;
use crate::position::{Encoding, Lines};

/// A document and what is known of it.
pub(crate) struct Asked {
    pub(crate) uri: Uri,
    pub(crate) version: Option<i32>,
    pub(crate) part: Arc<Part>,
    pub(crate) file: FileId,
    pub(crate) encoding: Encoding,
}

impl Asked {
    /// What features read.
    pub(crate) fn view(&self) -> View<'_> {
        self.part.view(self.file)
    }

    /// The lines of the document. Handlers that need many positions keep it.
    pub(crate) fn lines(&self) -> Lines<'_> {
        Lines::new(self.view().text(), self.encoding)
    }

    /// The offset of a position in the document.
    pub(crate) fn offset(&self, position: Position) -> u32 {
        self.lines().offset(position)
    }

    /// The range of one span in the document.
    pub(crate) fn range(&self, span: Span) -> Range {
        self.lines().range(span)
    }

    /// Turns places in any file of the policy into locations.
    pub(crate) fn places(&self) -> Places<'_> {
        let files = self.part.checked.sources.iter().map(|_| OnceCell::new()).collect();
        Places { asked: self, files }
    }
}

/// Turns places into locations; every file is looked through once.
pub(crate) struct Places<'a> {
    asked: &'a Asked,
    files: Vec<OnceCell<Lines<'a>>>,
}

impl Places<'_> {
    /// The range of a place in its file.
    pub(crate) fn range(&self, place: FileSpan) -> Range {
        let source = self.asked.part.checked.sources.get(place.file);
        let lines = || Lines::new(&source.text, self.asked.encoding);
        match self.files.get(place.file.0 as usize) {
            Some(known) => known.get_or_init(lines).range(place.span),
            None => lines().range(place.span),
        }
    }

    /// The location of a place; nothing for a file that has no URI.
    pub(crate) fn location(&self, place: FileSpan) -> Option<Location> {
        Some(Location { uri: self.uri(place.file)?, range: self.range(place) })
    }

    /// What the editor calls a file.
    pub(crate) fn uri(&self, file: FileId) -> Option<Uri> {
        if file == self.asked.file {
            return Some(self.asked.uri.clone());
        }
        to_uri(&self.asked.part.checked.sources.get(file).path)
    }
}

/// The URI of a file; of one that lies nowhere yet what the editor calls it.
pub(crate) fn to_uri(path: &Utf8Path) -> Option<Uri> {
    if path.is_absolute() { path::to_uri(path) } else { path.as_str().parse().ok() }
}
