//! `textDocument/inlayHint`

use bpolc::ide::hints::{Hint, hints};
use jiff::Timestamp;
use lsp_types::{InlayHint, InlayHintLabel, InlayHintParams, InlayHintTooltip, MarkupContent, MarkupKind};

use crate::fault::Answer;
use crate::position::Lines;
use crate::state::State;

/// What a part of a document does not say where it stands, unless the user wants none of it.
pub(crate) fn handle(state: &State, params: InlayHintParams) -> Answer<Option<Vec<InlayHint>>> {
    let asked = state.document(&params.text_document.uri)?;
    if !state.user().inlay_hints {
        return Ok(Some(Vec::new()));
    }
    let lines = asked.lines();
    let all = hints(asked.view(), lines.span(params.range), Timestamp::now());
    Ok(Some(all.into_iter().map(|hint| shown(state, hint, &lines)).collect()))
}

fn shown(state: &State, hint: Hint, lines: &Lines<'_>) -> InlayHint {
    let tooltip = hint.more.map(|page| {
        if state.client.markdown {
            let value = page.markdown();
            InlayHintTooltip::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        } else {
            InlayHintTooltip::String(page.plain())
        }
    });
    InlayHint {
        position: lines.position(hint.offset),
        label: InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}
