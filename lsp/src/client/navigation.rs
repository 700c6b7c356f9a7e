//! What the editor understands of names and places.

use lsp_types::ClientCapabilities;

/// What the editor understands of names and places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Navigation {
    /// Whether a definition may say which word leads to it.
    pub(crate) origins: bool,
    /// Whether an outline may have levels.
    pub(crate) hierarchy: bool,
    /// Whether it asks what can be renamed before it asks for a new name.
    pub(crate) prepares: bool,
    /// Whether it shows what has to be thought of before files are changed.
    pub(crate) annotations: bool,
    /// How many folds of a file it takes.
    pub(crate) most_folds: usize,
    /// Whether links may say what they do.
    pub(crate) tooltips: bool,
}

impl Navigation {
    /// Reads what the editor says of itself.
    pub(super) fn of(all: &ClientCapabilities) -> Self {
        let documents = all.text_document.as_ref();
        let edits = all.workspace.as_ref().and_then(|workspace| workspace.workspace_edit.as_ref());
        let definition = documents.and_then(|documents| documents.definition.as_ref());
        let symbols = documents.and_then(|documents| documents.document_symbol.as_ref());
        let rename = documents.and_then(|documents| documents.rename.as_ref());
        let folding = documents.and_then(|documents| documents.folding_range.as_ref());
        let links = documents.and_then(|documents| documents.document_link.as_ref());
        Self {
            origins: definition.and_then(|definition| definition.link_support).unwrap_or(false),
            hierarchy: symbols.and_then(|symbols| symbols.hierarchical_document_symbol_support).unwrap_or(false),
            prepares: rename.and_then(|rename| rename.prepare_support).unwrap_or(false),
            annotations: edits.is_some_and(|edits| edits.change_annotation_support.is_some()),
            most_folds: folding.and_then(|folding| folding.range_limit).map_or(usize::MAX, |most| most as usize),
            tooltips: links.and_then(|links| links.tooltip_support).unwrap_or(false),
        }
    }
}
