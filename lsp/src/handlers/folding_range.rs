//! `textDocument/foldingRange`

use bpolc::ide::folding::{Fold, Kind, folding};
use lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use crate::fault::Answer;
use crate::state::State;

/// What of a document can be put away.
pub(crate) fn handle(state: &State, params: FoldingRangeParams) -> Answer<Option<Vec<FoldingRange>>> {
    let asked = state.document(&params.text_document.uri)?;
    let folds = folding(asked.view()).into_iter().take(state.client.navigation.most_folds);
    let shown = folds.map(|Fold { first, last, kind }| FoldingRange {
        start_line: first,
        end_line: last,
        kind: match kind {
            Kind::Comment => Some(FoldingRangeKind::Comment),
            Kind::Imports => Some(FoldingRangeKind::Imports),
            Kind::Lines => None,
        },
        ..FoldingRange::default()
    });
    Ok(Some(shown.collect()))
}
