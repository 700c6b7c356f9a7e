//! What `lsp/editors/` has of the language, held to the grammar, the catalogue and the examples.
//!
//! `BPOL_WRITE=1` writes the files that are made from `lsp/editors/templates/`.

mod fresh;
mod tree;
mod vscode;
mod words;
