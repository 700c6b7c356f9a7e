//! `textDocument/documentHighlight`

use bpolc::ide::highlight::highlight;
use lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

use crate::fault::Answer;
use crate::state::State;

/// The places of the name at a position in its document.
pub(crate) fn handle(state: &State, params: DocumentHighlightParams) -> Answer<Option<Vec<DocumentHighlight>>> {
    let place = params.text_document_position_params;
    let asked = state.document(&place.text_document.uri)?;
    let lines = asked.lines();
    let found = highlight(asked.view(), lines.offset(place.position));
    let shown = found.into_iter().map(|one| {
        let kind = if one.declares { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
        DocumentHighlight { range: lines.range(one.span), kind: Some(kind) }
    });
    Ok(Some(shown.collect()))
}
