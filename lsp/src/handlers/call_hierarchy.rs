//! `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls`, `callHierarchy/outgoingCalls`

use bpolc::ide::calls::{self, Call};
use bpolc::ide::names::{self, Page};
use bpolc::ide::symbols::Symbol;
use lsp_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, TextDocumentIdentifier, TextDocumentPositionParams,
};

use crate::fault::Answer;
use crate::handlers::document_symbol::kind;
use crate::located::Located;
use crate::state::State;

/// The key or role at a position.
pub(crate) fn prepare(state: &State, params: CallHierarchyPrepareParams) -> Answer<Option<Vec<CallHierarchyItem>>> {
    let (path, offset) = state.place(&params.text_document_position_params)?;
    let policies = state.snapshots();
    let mut located = Located::new(state);
    let found = calls::prepare(&policies, &path, offset);
    let items: Vec<_> = found.into_iter().filter_map(|(page, symbol)| item(page, symbol, &mut located)).collect();
    Ok((!items.is_empty()).then_some(items))
}

/// Who takes in a role.
pub(crate) fn incoming(
    state: &State,
    params: CallHierarchyIncomingCallsParams,
) -> Answer<Option<Vec<CallHierarchyIncomingCall>>> {
    let (path, offset) = state.place(&place(params.item))?;
    let policies = state.snapshots();
    let mut located = Located::new(state);
    let found = calls::incoming(&policies, &path, offset).into_iter().filter_map(|Call { page, symbol, uses }| {
        let from_ranges = uses.into_iter().map(|span| located.range(page, span)).collect();
        Some(CallHierarchyIncomingCall { from: item(page, symbol, &mut located)?, from_ranges })
    });
    Ok(Some(found.collect()))
}

/// The roles that a key or a role takes in.
pub(crate) fn outgoing(
    state: &State,
    params: CallHierarchyOutgoingCallsParams,
) -> Answer<Option<Vec<CallHierarchyOutgoingCall>>> {
    let (path, offset) = state.place(&place(params.item))?;
    let policies = state.snapshots();
    let mut located = Located::new(state);
    let Some(here) = names::page(&policies, &path) else { return Ok(None) };
    let found = calls::outgoing(&policies, &path, offset).into_iter().filter_map(|Call { page, symbol, uses }| {
        let from_ranges = uses.into_iter().map(|span| located.range(here, span)).collect();
        Some(CallHierarchyOutgoingCall { to: item(page, symbol, &mut located)?, from_ranges })
    });
    Ok(Some(found.collect()))
}

/// Where an item was when the editor was told of it.
fn place(item: CallHierarchyItem) -> TextDocumentPositionParams {
    let text_document = TextDocumentIdentifier { uri: item.uri };
    TextDocumentPositionParams { text_document, position: item.selection_range.start }
}

fn item<'s>(page: Page<'s>, symbol: Symbol, located: &mut Located<'s>) -> Option<CallHierarchyItem> {
    Some(CallHierarchyItem {
        uri: located.uri(page.path)?,
        range: located.range(page, symbol.span),
        selection_range: located.range(page, symbol.selection),
        kind: kind(symbol.kind),
        name: symbol.name,
        detail: symbol.detail,
        tags: None,
        data: None,
    })
}
