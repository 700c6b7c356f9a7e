//! Places in any file of the workspace, as editors say them.

use bpolc::ide::names::{Page, Place};
use bpolc::source::Span;
use camino::Utf8Path;
use lsp_types::{Location, Range, Uri};

use crate::asked::to_uri;
use crate::position::Lines;
use crate::state::State;

/// Turns places into ranges and locations; every file is looked through once.
pub(crate) struct Located<'s> {
    state: &'s State,
    lines: Vec<(&'s Utf8Path, Lines<'s>)>,
}

impl<'s> Located<'s> {
    pub(crate) fn new(state: &'s State) -> Self {
        Self { state, lines: Vec::new() }
    }

    /// The range of a span in its file. Places come file by file, so the last one is looked at first.
    pub(crate) fn range(&mut self, page: Page<'s>, span: Span) -> Range {
        if let Some((_, lines)) = self.lines.iter().rev().find(|(path, _)| *path == page.path) {
            return lines.range(span);
        }
        let lines = Lines::new(page.text, self.state.client.encoding);
        let range = lines.range(span);
        self.lines.push((page.path, lines));
        range
    }

    /// The location of a place; nothing for a file that has no URI.
    pub(crate) fn location(&mut self, place: Place<'s>) -> Option<Location> {
        Some(Location { uri: self.uri(place.page.path)?, range: self.range(place.page, place.span) })
    }

    /// What the editor calls a file.
    pub(crate) fn uri(&self, path: &Utf8Path) -> Option<Uri> {
        self.state.name(path).map(|(uri, _)| uri).or_else(|| to_uri(path))
    }
}
