//! `textDocument/documentSymbol`

use bpolc::ide::symbols::{Kind, Symbol, symbols};
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind, Uri,
};

use crate::fault::Answer;
use crate::position::Lines;
use crate::state::State;

/// The outline of a document.
pub(crate) fn handle(state: &State, params: DocumentSymbolParams) -> Answer<Option<DocumentSymbolResponse>> {
    let asked = state.document(&params.text_document.uri)?;
    let lines = asked.lines();
    let all = symbols(asked.view()).into_iter();
    Ok(Some(if state.client.navigation.hierarchy {
        DocumentSymbolResponse::Nested(all.map(|one| symbol(one, &lines)).collect())
    } else {
        DocumentSymbolResponse::Flat(all.map(|one| flat(one, &lines, &asked.uri)).collect())
    }))
}

/// What older editors understand.
fn flat(one: Symbol, lines: &Lines<'_>, uri: &Uri) -> SymbolInformation {
    #[expect(deprecated, reason = "the field must be given, and `tags` says it better")]
    SymbolInformation {
        name: one.name,
        kind: kind(one.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: uri.clone(), range: lines.range(one.span) },
        container_name: None,
    }
}

fn symbol(one: Symbol, lines: &Lines<'_>) -> DocumentSymbol {
    #[expect(deprecated, reason = "the field must be given, and `tags` says it better")]
    DocumentSymbol {
        name: one.name,
        detail: one.detail,
        kind: kind(one.kind),
        tags: None,
        deprecated: None,
        range: lines.range(one.span),
        selection_range: lines.range(one.selection),
        children: None,
    }
}

/// What the protocol calls it: it knows programs only.
pub(crate) const fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Account | Kind::Payee => SymbolKind::CONSTANT,
        Kind::Payees => SymbolKind::ARRAY,
        Kind::Network => SymbolKind::NAMESPACE,
        Kind::Limit => SymbolKind::NUMBER,
        Kind::Role => SymbolKind::INTERFACE,
        Kind::Key => SymbolKind::KEY,
        Kind::Guardrail => SymbolKind::OPERATOR,
        Kind::Claim => SymbolKind::BOOLEAN,
        Kind::Test => SymbolKind::METHOD,
    }
}
