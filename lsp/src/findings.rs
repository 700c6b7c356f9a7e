//! The findings of a file, as editors show them.

use bpolc::diag::{self, Level};
use bpolc::ide::Known;
use bpolc::lint;
use bpolc::source::{FileId, FileSpan, Sources};
use camino::Utf8Path;
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Range,
};

use crate::asked::to_uri;
use crate::position::Lines;
use crate::state::State;

/// Findings about what could as well not be there.
const UNNECESSARY: [&str; 8] = [
    "dead-cap",
    "duplicate-statement",
    "past-rule",
    "redundant-rule",
    "rule-never-decides",
    "unused-declaration",
    "unused-role",
    "unused-suppression",
];

/// The findings of a file in all policies that it is a part of, each once.
pub(crate) fn of(state: &State, path: &Utf8Path) -> Vec<Diagnostic> {
    with_sources(state, path).into_iter().map(|one| one.shown).collect()
}

/// A finding as it is shown and as it was found.
pub(crate) struct Found<'s> {
    pub(crate) shown: Diagnostic,
    pub(crate) found: &'s diag::Diagnostic,
    /// The policy that it was found in.
    pub(crate) known: &'s Known,
}

/// The same, each with where it comes from.
pub(crate) fn with_sources<'s>(state: &'s State, path: &Utf8Path) -> Vec<Found<'s>> {
    let lints = lint::all();
    let mut all: Vec<Found<'s>> = Vec::new();
    for (known, settings) in state.known(path) {
        let sources = known.snapshot().sources();
        let Some(file) = known.snapshot().file(path) else { continue };
        let mut places = Places { state, sources, lines: Vec::new() };
        for found in known.findings().iter().filter(|found| found.place.file == file) {
            let Some(level) = settings.level(found, path, &lints) else { continue };
            let shown = show(found, level, &mut places);
            if !all.iter().any(|other| other.shown == shown) {
                all.push(Found { shown, found, known });
            }
        }
    }
    all
}

fn show(found: &diag::Diagnostic, level: Level, places: &mut Places<'_>) -> Diagnostic {
    let client = places.state.client;
    let severity = match level {
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
    let is_unnecessary = client.tags && UNNECESSARY.contains(&found.name);
    Diagnostic {
        range: places.range(found.place),
        severity: Some(severity),
        code: Some(NumberOrString::String(found.name.to_owned())),
        code_description: client.links.then(|| page(found.name)).flatten(),
        source: Some("bpol".to_owned()),
        message,
        related_information: (client.related && !related.is_empty()).then_some(related),
        tags: is_unnecessary.then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

/// Where there is more to read about a finding.
fn page(name: &str) -> Option<CodeDescription> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    if repository.is_empty() || lint::page(name).is_none() {
        return None;
    }
    let href = format!("{}/blob/main/docs/lints/{name}.md", repository.trim_end_matches('/'));
    Some(CodeDescription { href: href.parse().ok()? })
}

fn related(label: &diag::Label, places: &mut Places<'_>) -> Option<DiagnosticRelatedInformation> {
    let path = &places.sources.get(label.place.file).path;
    let uri = places.state.name(path).map(|(uri, _)| uri).or_else(|| to_uri(path))?;
    Some(DiagnosticRelatedInformation {
        location: Location { uri, range: places.range(label.place) },
        message: label.text.clone(),
    })
}

/// Turns places into ranges; every file is looked through once.
struct Places<'s> {
    state: &'s State,
    sources: &'s Sources,
    lines: Vec<(FileId, Lines<'s>)>,
}

impl Places<'_> {
    fn range(&mut self, place: FileSpan) -> Range {
        if let Some((_, lines)) = self.lines.iter().find(|(file, _)| *file == place.file) {
            return lines.range(place.span);
        }
        let lines = Lines::new(&self.sources.get(place.file).text, self.state.client.encoding);
        let range = lines.range(place.span);
        self.lines.push((place.file, lines));
        range
    }
}
