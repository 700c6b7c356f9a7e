//! `textDocument/documentLink`

use bpolc::ide::links::{Target, links};
use lsp_types::{DocumentLink, DocumentLinkParams};

use crate::fault::Answer;
use crate::located::Located;
use crate::state::State;

/// What can be opened from a document.
pub(crate) fn handle(state: &State, params: DocumentLinkParams) -> Answer<Option<Vec<DocumentLink>>> {
    let asked = state.document(&params.text_document.uri)?;
    let lines = asked.lines();
    let located = Located::new(state);
    let shown = links(asked.view()).into_iter().filter_map(|link| {
        let target = match link.target {
            Target::File(path) => located.uri(&path)?,
            Target::Url(url) => url.parse().ok()?,
        };
        let tooltip = state.client.navigation.tooltips.then(|| link.tooltip.to_owned());
        Some(DocumentLink { range: lines.range(link.span), target: Some(target), tooltip, data: None })
    });
    Ok(Some(shown.collect()))
}
