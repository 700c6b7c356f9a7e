//! `textDocument/signatureHelp`

use bpolc::ide::signature::{Signature, signature};
use lsp_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp,
    SignatureHelpOptions, SignatureHelpParams, SignatureInformation,
};

use crate::fault::Answer;
use crate::state::State;

/// A blank begins what a clause says, and a comma another part of it.
pub(crate) fn options() -> SignatureHelpOptions {
    let triggers = vec![" ".to_owned(), ",".to_owned()];
    SignatureHelpOptions { trigger_characters: Some(triggers), ..SignatureHelpOptions::default() }
}

pub(crate) fn handle(state: &State, params: SignatureHelpParams) -> Answer<Option<SignatureHelp>> {
    let (asked, offset) = state.at(&params.text_document_position_params)?;
    Ok(signature(asked.view(), offset).map(|one| help(one, state.client.markdown)))
}

fn help(one: Signature, markdown: bool) -> SignatureHelp {
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let text = |value: String| Documentation::MarkupContent(MarkupContent { kind: kind.clone(), value });
    // Offsets in labels are UTF-16, whatever was agreed on for documents.
    let units = |end: u32| {
        let before = one.label.get(..end as usize).unwrap_or(&one.label);
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    let parts = one.parts.iter().map(|(span, means)| ParameterInformation {
        label: ParameterLabel::LabelOffsets([units(span.start), units(span.end)]),
        documentation: Some(text((*means).to_owned())),
    });
    let active = u32::try_from(one.active).ok();
    let signature = SignatureInformation {
        parameters: Some(parts.collect()),
        documentation: Some(text(one.doc)),
        active_parameter: active,
        label: one.label,
    };
    SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active }
}
