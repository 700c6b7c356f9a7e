//! A document that a request is about, as the editor has it now.

use std::sync::Arc;

use bpolc::ide::{Part, View};
use bpolc::source::{FileId, Span};
use camino::Utf8Path;
use lsp_types::{Position, Range, Uri};

use crate::path;
use crate::position::{Encoding, Lines};

/// A document and what is known of it.
pub(crate) struct Asked {
    pub(crate) uri: Uri,
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
}

/// The URI of a file; of one that lies nowhere yet what the editor calls it.
pub(crate) fn to_uri(path: &Utf8Path) -> Option<Uri> {
    if path.is_absolute() { path::to_uri(path) } else { path.as_str().parse().ok() }
}
