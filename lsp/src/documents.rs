//! What is open in the editor.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::Uri;

use crate::path;

/// An open document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// What the editor calls it.
    pub(crate) uri: Uri,
    /// Where it lies; what the editor calls it for one that lies nowhere yet.
    pub(crate) path: Utf8PathBuf,
    /// Whether it lies somewhere.
    pub(crate) is_file: bool,
    /// The editor's number of its text.
    pub(crate) version: i32,
    /// Its text as the editor has it.
    pub(crate) text: String,
}

/// All open documents, by URI.
#[derive(Debug, Default)]
pub(crate) struct Documents(BTreeMap<String, Document>);

impl Documents {
    /// Opens a document, or replaces its text.
    pub(crate) fn set(&mut self, uri: Uri, version: i32, text: String) {
        let file = path::of(&uri);
        let is_file = file.is_some();
        let path = file.unwrap_or_else(|| uri.as_str().into());
        self.0.insert(uri.as_str().to_owned(), Document { uri, path, is_file, version, text });
    }

    /// Whether a document is open.
    pub(crate) fn has(&self, uri: &Uri) -> bool {
        self.0.contains_key(uri.as_str())
    }

    /// Closes a document.
    pub(crate) fn close(&mut self, uri: &Uri) {
        self.0.remove(uri.as_str());
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.0.values()
    }

    /// The open document of a file.
    pub(crate) fn at(&self, path: &Utf8Path) -> Option<&Document> {
        self.iter().find(|document| document.is_file && document.path == path)
    }
}
