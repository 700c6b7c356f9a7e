//! `textDocument/hover`

use bpolc::ide::hover::hover;
use jiff::Timestamp;
use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

use crate::fault::Answer;
use crate::state::State;

/// What stands under the pointer means.
pub(crate) fn handle(state: &State, params: HoverParams) -> Answer<Option<Hover>> {
    let (asked, offset) = state.at(&params.text_document_position_params)?;
    let Some(found) = hover(asked.view(), offset, Timestamp::now()) else { return Ok(None) };
    let content = if state.client.markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: found.page.markdown() }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: found.page.plain() }
    };
    Ok(Some(Hover { contents: HoverContents::Markup(content), range: Some(asked.range(found.span)) }))
}
