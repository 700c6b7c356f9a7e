//! `textDocument/diagnostic`

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use camino::Utf8Path;
use lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportKind, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri,
};

use crate::fault::{Answer, Fault};
use crate::findings;
use crate::state::{State, path_of};

/// The findings of a document, as far as they are known. When there are more the editor is told to ask again.
pub(crate) fn handle(state: &State, params: DocumentDiagnosticParams) -> Answer<DocumentDiagnosticReportResult> {
    let uri = &params.text_document.uri;
    let path = path_of(uri);
    if !state.has(&path) {
        return Err(Fault::invalid(format!("`{}` is not open and no policy of this workspace", uri.as_str())));
    }
    let related_documents = state.client.related_documents.then(|| related(state, &path));
    let report = match kind(state, &path, params.previous_result_id.as_deref()) {
        DocumentDiagnosticReportKind::Full(full_document_diagnostic_report) => {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents,
                full_document_diagnostic_report,
            })
        }
        DocumentDiagnosticReportKind::Unchanged(unchanged_document_diagnostic_report) => {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents,
                unchanged_document_diagnostic_report,
            })
        }
    };
    Ok(report.into())
}

/// The findings of a file, unless they are what the editor has.
pub(super) fn kind(state: &State, path: &Utf8Path, known: Option<&str>) -> DocumentDiagnosticReportKind {
    let items = findings::of(state, path);
    let id = id(&items);
    if known == Some(&id) {
        UnchangedDocumentDiagnosticReport { result_id: id }.into()
    } else {
        FullDocumentDiagnosticReport { result_id: Some(id), items }.into()
    }
}

/// The other files of the policies that a file is a part of: what is written in it may be wrong there.
#[expect(clippy::mutable_key_type, reason = "the protocol says so, and the text of a URI stays as it is")]
fn related(state: &State, path: &Utf8Path) -> HashMap<Uri, DocumentDiagnosticReportKind> {
    let files: BTreeSet<_> = state.known(path).iter().flat_map(|(known, _)| paths(known)).collect();
    let others = files.into_iter().filter(|other| other != path);
    others.filter_map(|other| Some((state.name(&other)?.0, kind(state, &other, None)))).collect()
}

fn paths(known: &bpolc::ide::Known) -> Vec<camino::Utf8PathBuf> {
    known.snapshot().sources().iter().map(|(_, source)| source.path.clone()).collect()
}

/// A name for findings: the same for the same.
fn id(items: &[lsp_types::Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(items).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
