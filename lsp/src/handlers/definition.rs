//! `textDocument/definition`

use bpolc::ide::definition::{Definition, definition};
use bpolc::ide::names;
use lsp_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, LocationLink, Range};

use crate::fault::Answer;
use crate::located::Located;
use crate::state::State;

/// Where what stands at a position is declared.
pub(crate) fn handle(state: &State, params: GotoDefinitionParams) -> Answer<Option<GotoDefinitionResponse>> {
    let (path, offset) = state.place(&params.text_document_position_params)?;
    let policies = state.snapshots();
    let Some((word, all)) = definition(&policies, &path, offset) else { return Ok(None) };
    let mut located = Located::new(state);
    let origin = names::page(&policies, &path).map(|page| located.range(page, word));
    let mut links = Vec::new();
    for Definition { path, span, selection } in all {
        let Some(target_uri) = located.uri(&path) else { continue };
        let page = names::page(&policies, &path);
        let mut range = |span| page.map_or_else(Range::default, |page| located.range(page, span));
        let (target_range, target_selection_range) = (range(span), range(selection));
        links.push(LocationLink { origin_selection_range: origin, target_uri, target_range, target_selection_range });
    }
    Ok(Some(if state.client.navigation.origins {
        GotoDefinitionResponse::Link(links)
    } else {
        let location = |link: LocationLink| Location { uri: link.target_uri, range: link.target_selection_range };
        GotoDefinitionResponse::Array(links.into_iter().map(location).collect())
    }))
}
