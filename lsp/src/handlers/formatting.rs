//! `textDocument/formatting`, of a whole document, of a range, and while typing. Policies have one form, so what the
//! editor says of tabs and widths is not asked for.

use bpolc::ide::completion::Change;
use bpolc::ide::layout::layout;
use bpolc::ide::typing::typed;
use lsp_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingOptions, DocumentOnTypeFormattingParams,
    DocumentRangeFormattingParams, TextEdit,
};

use crate::asked::Asked;
use crate::fault::Answer;
use crate::state::State;

pub(crate) fn on_type_options() -> DocumentOnTypeFormattingOptions {
    DocumentOnTypeFormattingOptions {
        first_trigger_character: ";".to_owned(),
        more_trigger_character: Some(vec![">".to_owned(), "\n".to_owned()]),
    }
}

pub(crate) fn handle(state: &State, params: DocumentFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let asked = state.document(&params.text_document.uri)?;
    Ok(Some(edits(&asked, layout(asked.view(), None))))
}

pub(crate) fn handle_range(state: &State, params: DocumentRangeFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let asked = state.document(&params.text_document.uri)?;
    let range = asked.lines().span(params.range);
    Ok(Some(edits(&asked, layout(asked.view(), Some(range)))))
}

pub(crate) fn handle_typed(state: &State, params: DocumentOnTypeFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let place = params.text_document_position;
    let asked = state.document(&place.text_document.uri)?;
    let offset = asked.offset(place.position);
    let Some(character) = params.ch.chars().next_back() else { return Ok(None) };
    Ok(Some(edits(&asked, typed(asked.view(), offset, character))))
}

fn edits(asked: &Asked, all: Vec<Change>) -> Vec<TextEdit> {
    let lines = asked.lines();
    all.into_iter().map(|one| TextEdit { range: lines.range(one.span), new_text: one.text }).collect()
}
