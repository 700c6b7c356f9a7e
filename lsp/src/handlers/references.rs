//! `textDocument/references`

use bpolc::ide::references::references;
use lsp_types::{Location, ReferenceParams};

use crate::fault::Answer;
use crate::located::Located;
use crate::state::State;

/// Where the name at a position stands, in all policies that share it.
pub(crate) fn handle(state: &State, params: ReferenceParams) -> Answer<Option<Vec<Location>>> {
    let (path, offset) = state.place(&params.text_document_position)?;
    let found = references(&state.snapshots(), &path, offset, params.context.include_declaration);
    let mut located = Located::new(state);
    Ok(found.map(|all| all.into_iter().filter_map(|place| located.location(place)).collect()))
}
