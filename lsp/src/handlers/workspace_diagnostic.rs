//! `workspace/diagnostic`

use std::collections::HashMap;

use camino::Utf8PathBuf;
use lsp_types::{
    DocumentDiagnosticReportKind, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDiagnosticReportPartialResult, WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::document_diagnostic::kind;
use crate::fault::Answer;
use crate::state::{State, path_of};

/// So many files are told at once to editors that take a part before the rest.
const PART: usize = 50;

/// The findings of every file of the workspace, as far as they are known.
pub(crate) fn handle(state: &State, params: WorkspaceDiagnosticParams) -> Answer<WorkspaceDiagnosticReportResult> {
    let known: HashMap<Utf8PathBuf, String> =
        params.previous_result_ids.into_iter().map(|previous| (path_of(&previous.uri), previous.value)).collect();
    let files = state.files();
    let work = state.out.begin(params.work_done_progress_params.work_done_token, "Findings of the workspace");
    let mut items = Vec::new();
    for (done, path) in files.iter().enumerate() {
        items.extend(report(state, path, known.get(path).map(String::as_str)));
        if let Some(token) = &params.partial_result_params.partial_result_token
            && items.len() >= PART
        {
            let part = WorkspaceDiagnosticReportPartialResult { items: std::mem::take(&mut items) };
            state.out.part(token, &part);
            work.at(done + 1, files.len(), &format!("{} of {} files", done + 1, files.len()));
        }
    }
    Ok(WorkspaceDiagnosticReport { items }.into())
}

fn report(state: &State, path: &camino::Utf8Path, known: Option<&str>) -> Option<WorkspaceDocumentDiagnosticReport> {
    let (uri, version) = state.name(path)?;
    let version = version.map(i64::from);
    Some(match kind(state, path, known) {
        DocumentDiagnosticReportKind::Full(full_document_diagnostic_report) => {
            WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
        }
        DocumentDiagnosticReportKind::Unchanged(unchanged_document_diagnostic_report) => {
            WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }.into()
        }
    })
}
