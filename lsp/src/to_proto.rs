//! From findings to the protocol.

use std::collections::HashMap;

use bpolc::Checked;
use bpolc::diag::{self, Level};
use bpolc::source::{FileId, FileSpan, Sources};
use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, PublishDiagnosticsParams,
};

use crate::documents::{Document, Documents};
use crate::path;
use crate::position::{Encoding, Lines};

/// What the editor understands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// In what it counts columns.
    pub(crate) encoding: Encoding,
    /// Whether it shows related places.
    pub(crate) related: bool,
}

/// The findings in a document itself; those in files that it imports show where these are open.
pub(crate) fn findings(
    checked: &Checked,
    document: &Document,
    documents: &Documents,
    client: Client,
) -> PublishDiagnosticsParams {
    let mut places = Places { sources: &checked.sources, lines: HashMap::new(), documents, client };
    let own = |place: FileSpan| checked.sources.get(place.file).path == document.path;
    let diagnostics =
        checked.diagnostics.iter().filter(|found| own(found.place)).map(|found| finding(found, &mut places)).collect();
    PublishDiagnosticsParams { uri: document.uri.clone(), diagnostics, version: Some(document.version) }
}

fn finding(found: &diag::Diagnostic, places: &mut Places<'_>) -> Diagnostic {
    let severity = match found.level {
        Level::Error => DiagnosticSeverity::ERROR,
        Level::Warning => DiagnosticSeverity::WARNING,
        Level::Hint => DiagnosticSeverity::HINT,
    };
    let mut message = found.message.clone();
    if let Some(help) = &found.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let related: Vec<_> = found.labels.iter().filter_map(|label| related(label, places)).collect();
    Diagnostic {
        range: places.range(found.place),
        severity: Some(severity),
        code: Some(NumberOrString::String(found.name.to_owned())),
        source: Some("bpol".to_owned()),
        message,
        related_information: (places.client.related && !related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

fn related(label: &diag::Label, places: &mut Places<'_>) -> Option<DiagnosticRelatedInformation> {
    let file = &places.sources.get(label.place.file).path;
    let uri = match places.documents.iter().find(|open| open.path == *file) {
        Some(open) => open.uri.clone(),
        None => path::to_uri(file)?,
    };
    let location = Location { uri, range: places.range(label.place) };
    Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
}

/// Turns places into ranges; every file is looked through once.
struct Places<'c> {
    sources: &'c Sources,
    lines: HashMap<FileId, Lines<'c>>,
    documents: &'c Documents,
    client: Client,
}

impl Places<'_> {
    fn range(&mut self, place: FileSpan) -> lsp_types::Range {
        let lines = self.lines.entry(place.file).or_insert_with(|| Lines::new(&self.sources.get(place.file).text));
        lines.range(place.span, self.client.encoding)
    }
}
