//! `textDocument/semanticTokens/full`, `…/full/delta`, `…/range`

use bpolc::ide::names::Space;
use bpolc::ide::tokens::{Kind, Modifier, Token, tokens};
use lsp_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensFullDeltaResult, SemanticTokensFullOptions, SemanticTokensLegend,
    SemanticTokensOptions, SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult,
    SemanticTokensResult, SemanticTokensServerCapabilities,
};

use crate::asked::Asked;
use crate::colours::edits;
use crate::fault::Answer;
use crate::position::Lines;
use crate::state::{State, path_of};

/// What the editor is offered.
pub(crate) fn offered() -> SemanticTokensServerCapabilities {
    SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
        legend: SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers: modifiers() },
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    })
}

/// The colours of a document.
pub(crate) fn full(state: &State, params: SemanticTokensParams) -> Answer<Option<SemanticTokensResult>> {
    let asked = state.document(&params.text_document.uri)?;
    let data = all(&asked);
    let path = path_of(&params.text_document.uri);
    let name = state.colours.borrow_mut().keep(&path, data.clone());
    Ok(Some(SemanticTokens { result_id: Some(name), data }.into()))
}

/// What changed of the colours of a document; all of them where it is not known what the editor has.
pub(crate) fn delta(state: &State, params: SemanticTokensDeltaParams) -> Answer<Option<SemanticTokensFullDeltaResult>> {
    let asked = state.document(&params.text_document.uri)?;
    let data = all(&asked);
    let path = path_of(&params.text_document.uri);
    let mut colours = state.colours.borrow_mut();
    let changes = colours.told(&path, &params.previous_result_id).map(|old| edits(old, &data));
    let result_id = Some(colours.keep(&path, data.clone()));
    Ok(Some(match changes {
        Some(edits) => SemanticTokensDelta { result_id, edits }.into(),
        None => SemanticTokens { result_id, data }.into(),
    }))
}

/// The colours of a part of a document.
pub(crate) fn range(state: &State, params: SemanticTokensRangeParams) -> Answer<Option<SemanticTokensRangeResult>> {
    let asked = state.document(&params.text_document.uri)?;
    let lines = asked.lines();
    let part = lines.span(params.range);
    let data = encode(&tokens(asked.view(), Some(part)), &lines);
    Ok(Some(SemanticTokens { result_id: None, data }.into()))
}

fn all(asked: &Asked) -> Vec<SemanticToken> {
    encode(&tokens(asked.view(), None), &asked.lines())
}

/// Each token is told by how far it is from the one before.
fn encode(tokens: &[Token], lines: &Lines<'_>) -> Vec<SemanticToken> {
    let (mut line, mut start) = (0, 0);
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let range = lines.range(token.span);
        if range.start.line != range.end.line {
            continue;
        }
        let delta_line = range.start.line - line;
        let delta_start = range.start.character - if delta_line == 0 { start } else { 0 };
        (line, start) = (range.start.line, range.start.character);
        out.push(SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character - range.start.character,
            token_type: index(token.kind),
            token_modifiers_bitset: token.modifier.map_or(0, |one| 1 << (one as u32)),
        });
    }
    out
}

/// The types, all of them standard, so that every theme has colours for them.
const TYPES: [SemanticTokenType; 12] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::TYPE,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::INTERFACE,
    SemanticTokenType::CLASS,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::COMMENT,
];

/// The place of a kind among the types.
const fn index(kind: Kind) -> u32 {
    match kind {
        Kind::Keyword => 0,
        Kind::Joint => 1,
        Kind::Action => 2,
        Kind::Resource => 3,
        Kind::Choice => 4,
        Kind::Name(Space::Account | Space::Payee | Space::Limit) => 5,
        Kind::Name(Space::Network) => 6,
        Kind::Name(Space::Role) => 7,
        Kind::Name(Space::Key) => 8,
        Kind::Name(Space::Test) | Kind::Text => 9,
        Kind::Number => 10,
        Kind::Comment => 11,
    }
}

/// The modifiers, in the order of [`Modifier`]. What gives, asks and takes has modifiers of our own.
fn modifiers() -> Vec<SemanticTokenModifier> {
    [Modifier::Declaration, Modifier::Documentation, Modifier::Allows, Modifier::Asks, Modifier::Denies]
        .map(|modifier| match modifier {
            Modifier::Declaration => SemanticTokenModifier::DECLARATION,
            Modifier::Documentation => SemanticTokenModifier::DOCUMENTATION,
            Modifier::Allows => SemanticTokenModifier::new("allows"),
            Modifier::Asks => SemanticTokenModifier::new("asks"),
            Modifier::Denies => SemanticTokenModifier::new("denies"),
        })
        .to_vec()
}
