//! `textDocument/selectionRange`

use bpolc::ide::selection::selection;
use lsp_types::{Range, SelectionRange, SelectionRangeParams};

use crate::fault::Answer;
use crate::state::State;

/// What is selected around each position when selections grow.
pub(crate) fn handle(state: &State, params: SelectionRangeParams) -> Answer<Option<Vec<SelectionRange>>> {
    let asked = state.document(&params.text_document.uri)?;
    let lines = asked.lines();
    let around = |position| {
        let spans = selection(asked.view(), lines.offset(position));
        let outwards = spans.into_iter().rev().fold(None, |parent: Option<SelectionRange>, span| {
            Some(SelectionRange { range: lines.range(span), parent: parent.map(Box::new) })
        });
        outwards.unwrap_or(SelectionRange { range: Range { start: position, end: position }, parent: None })
    };
    Ok(Some(params.positions.into_iter().map(around).collect()))
}
