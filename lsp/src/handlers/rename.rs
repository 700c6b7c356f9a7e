//! `textDocument/prepareRename`, `textDocument/rename`

use std::collections::HashMap;

use bpolc::ide::names;
use bpolc::ide::rename::{self, Renamed};
use lsp_types::{
    AnnotatedTextEdit, ChangeAnnotation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier,
    PrepareRenameResponse, RenameOptions, RenameParams, TextDocumentEdit, TextDocumentPositionParams, TextEdit, Uri,
    WorkspaceEdit,
};

use crate::client::Client;
use crate::fault::{Answer, Fault};
use crate::located::Located;
use crate::state::State;

/// What renaming the editor is offered.
pub(crate) fn offered(client: &Client) -> OneOf<bool, RenameOptions> {
    if client.navigation.prepares {
        let work_done_progress_options = lsp_types::WorkDoneProgressOptions::default();
        OneOf::Right(RenameOptions { prepare_provider: Some(true), work_done_progress_options })
    } else {
        OneOf::Left(true)
    }
}

/// What of the name at a position can be renamed.
pub(crate) fn prepare(state: &State, params: TextDocumentPositionParams) -> Answer<Option<PrepareRenameResponse>> {
    let (path, offset) = state.place(&params)?;
    let policies = state.snapshots();
    let found = rename::prepare(&policies, &path, offset).map_err(Fault::failed)?;
    let mut located = Located::new(state);
    let range = names::page(&policies, &path).map(|page| located.range(page, found.span));
    Ok(range.map(|range| PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.name }))
}

/// Renames the name at a position, in all policies that share it.
pub(crate) fn handle(state: &State, params: RenameParams) -> Answer<Option<WorkspaceEdit>> {
    let (path, offset) = state.place(&params.text_document_position)?;
    let policies = state.snapshots();
    let renamed = rename::rename(&policies, &path, offset, &params.new_name).map_err(Fault::failed)?;
    let mut located = Located::new(state);
    let mut files: Vec<(Uri, Option<i32>, Vec<TextEdit>)> = Vec::new();
    for (page, spans) in &renamed.files {
        let path = page.path;
        let Some(uri) = located.uri(path) else {
            return Err(Fault::failed(format!("`{path}` uses this name and cannot be changed from here")));
        };
        let version = state.name(path).and_then(|(_, version)| version);
        let edit = |span| TextEdit { range: located.range(*page, span), new_text: renamed.text.clone() };
        files.push((uri, version, spans.iter().copied().map(edit).collect()));
    }
    Ok(Some(if state.client.versioned_edits { versioned(state, files, &renamed) } else { plain(files) }))
}

fn versioned(state: &State, files: Vec<(Uri, Option<i32>, Vec<TextEdit>)>, renamed: &Renamed<'_>) -> WorkspaceEdit {
    const KNOWN_OUTSIDE: &str = "known-outside";
    let warning = renamed.warning.filter(|_| state.client.navigation.annotations);
    let edit = |text_edit| match warning {
        Some(_) => OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id: KNOWN_OUTSIDE.to_owned() }),
        None => OneOf::Left(text_edit),
    };
    let changes = files.into_iter().map(|(uri, version, edits)| TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(edit).collect(),
    });
    let annotation = |warning: &str| ChangeAnnotation {
        label: format!("rename to {}", renamed.text),
        needs_confirmation: Some(true),
        description: Some(warning.to_owned()),
    };
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(changes.collect())),
        change_annotations: warning.map(|warning| HashMap::from([(KNOWN_OUTSIDE.to_owned(), annotation(warning))])),
        ..WorkspaceEdit::default()
    }
}

#[expect(clippy::mutable_key_type, reason = "the protocol has URIs as keys, and nobody changes them")]
fn plain(files: Vec<(Uri, Option<i32>, Vec<TextEdit>)>) -> WorkspaceEdit {
    let changes = files.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}
