//! `textDocument/completion`

use bpolc::ide::completion::{Around, Change, Completion, Kind, completions, must_go_on};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lsp_types::{
    Command, CompletionItem, CompletionItemKind, CompletionOptions, CompletionParams, CompletionResponse,
    CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};

use crate::client::Client;
use crate::fault::Answer;
use crate::handlers::document_symbol;
use crate::position::Lines;
use crate::state::State;

/// A blank brings a list only where the line cannot end, so that it does not pop up behind every word.
pub(crate) fn options() -> CompletionOptions {
    let triggers = [" ", "\"", "("].map(str::to_owned);
    CompletionOptions { trigger_characters: Some(triggers.to_vec()), ..CompletionOptions::default() }
}

pub(crate) fn handle(state: &State, params: CompletionParams) -> Answer<Option<CompletionResponse>> {
    let (asked, offset) = state.at(&params.text_document_position)?;
    let by = params.context.and_then(|context| context.trigger_character);
    if by.as_deref() == Some(" ") && !must_go_on(asked.view(), offset) {
        return Ok(None);
    }
    let zone = asked.part.checked.policy.timezone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
    let around = Around {
        today: Some(zone.to_datetime(Timestamp::now()).date()),
        snippets: state.client.snippets,
        files: &|| state.importable(&asked),
        names: &|| state.elsewhere(&asked),
    };
    let lines = asked.lines();
    let all = completions(asked.view(), offset, &around).into_iter().enumerate();
    let all = all.map(|(place, one)| item(place, one, &lines, &state.client)).collect();
    Ok(Some(CompletionResponse::Array(all)))
}

fn item(place: usize, one: Completion, lines: &Lines<'_>, client: &Client) -> CompletionItem {
    let edit = |change: Change| TextEdit { range: lines.range(change.span), new_text: change.text };
    let documentation = one.doc.map(|value| {
        let kind = if client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        Documentation::MarkupContent(MarkupContent { kind, value })
    });
    let more: Vec<TextEdit> = one.more.into_iter().map(edit).collect();
    let next =
        Command { title: "Go on".to_owned(), command: "editor.action.triggerSuggest".to_owned(), arguments: None };
    CompletionItem {
        kind: Some(kind(one.kind)),
        detail: one.detail,
        documentation,
        sort_text: Some(format!("{place:04}")),
        filter_text: one.filter,
        insert_text_format: one.snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(edit(one.change))),
        additional_text_edits: (!more.is_empty()).then_some(more),
        // Our own extension is one of this editor, which has the command.
        command: (one.leads_on && client.commands).then_some(next),
        label: one.label,
        ..CompletionItem::default()
    }
}

/// What the protocol calls it: it knows programs only.
fn kind(kind: Kind) -> CompletionItemKind {
    match kind {
        Kind::Keyword => CompletionItemKind::KEYWORD,
        Kind::Action => CompletionItemKind::FUNCTION,
        Kind::Resource => CompletionItemKind::CLASS,
        Kind::Group => CompletionItemKind::MODULE,
        Kind::Clause => CompletionItemKind::PROPERTY,
        Kind::Name(named) => match document_symbol::kind(named) {
            lsp_types::SymbolKind::CONSTANT => CompletionItemKind::CONSTANT,
            lsp_types::SymbolKind::INTERFACE => CompletionItemKind::INTERFACE,
            _ => CompletionItemKind::VARIABLE,
        },
        Kind::Field => CompletionItemKind::FIELD,
        Kind::Value => CompletionItemKind::VALUE,
        Kind::Unit => CompletionItemKind::UNIT,
        Kind::Word => CompletionItemKind::ENUM_MEMBER,
        Kind::Snippet => CompletionItemKind::SNIPPET,
        Kind::File => CompletionItemKind::FILE,
        Kind::Lint => CompletionItemKind::TEXT,
    }
}
