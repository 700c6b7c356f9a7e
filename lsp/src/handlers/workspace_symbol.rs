//! `workspace/symbol`

use bpolc::ide::names::Place;
use bpolc::ide::search::search;
use lsp_types::{SymbolInformation, WorkspaceSymbolParams, WorkspaceSymbolResponse};

use crate::fault::Answer;
use crate::handlers::document_symbol::kind;
use crate::located::Located;
use crate::state::State;

/// Nobody reads further.
const MOST: usize = 500;

/// Whatever has a name that fits, in all files of the workspace.
pub(crate) fn handle(state: &State, params: WorkspaceSymbolParams) -> Answer<Option<WorkspaceSymbolResponse>> {
    let mut located = Located::new(state);
    let found = search(state.pages(), &params.query, MOST).into_iter().filter_map(|(page, symbol)| {
        #[expect(deprecated, reason = "the field must be given, and `tags` says it better")]
        Some(SymbolInformation {
            location: located.location(Place { page, span: symbol.selection })?,
            container_name: page.path.file_name().map(str::to_owned),
            name: symbol.name,
            kind: kind(symbol.kind),
            tags: None,
            deprecated: None,
        })
    });
    Ok(Some(WorkspaceSymbolResponse::Flat(found.collect())))
}
