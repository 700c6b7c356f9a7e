//! Places in any file of the workspace, as editors say them.

use std::collections::HashMap;

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
    lines: HashMap<&'s Utf8Path, Lines<'s>>,
}

impl<'s> Located<'s> {
    pub(crate) fn new(state: &'s State) -> Self {
        Self { state, lines: HashMap::new() }
    }

    /// The range of a span in its file.
    pub(crate) fn range(&mut self, page: Page<'s>, span: Span) -> Range {
        let lines = || Lines::new(page.text, self.state.client.encoding);
        self.lines.entry(page.path).or_insert_with(lines).range(span)
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
