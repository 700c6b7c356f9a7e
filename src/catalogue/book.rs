//! A catalogue as it is embedded: plain data with words and small numbers, written and read by postcard. Shared with the
//! build script, so it knows nothing of the engine.

use serde::{Deserialize, Serialize};

/// Dimension words; a set of dimensions has bit `n` for the word at `n`.
pub(crate) const DIMENSIONS: [&str; 8] = ["account", "payee", "amount", "method", "record", "fields", "repeat", "url"];

/// Tier words, by number.
pub(crate) const TIERS: [&str; 6] = ["base", "read", "sensitive", "write", "spend", "control"];

/// The words of a bank: all that checking a policy needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Book {
    pub(crate) bank: String,
    pub(crate) digest: String,
    pub(crate) methods: Vec<String>,
    pub(crate) kinds: Vec<(String, bool)>,
    pub(crate) fields: Vec<FieldEntry>,
    pub(crate) operations: Vec<Entry>,
    pub(crate) dropped: Vec<String>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct FieldEntry {
    pub(crate) word: String,
    pub(crate) doc: String,
    pub(crate) personal: bool,
}

/// An operation; operations refer to each other by index.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) plural: String,
    pub(crate) doc: String,
    pub(crate) tier: u8,
    pub(crate) about: u8,
    pub(crate) untold: u8,
    pub(crate) lookup: u8,
    pub(crate) parts: u8,
    pub(crate) counts_as: Vec<u16>,
    pub(crate) view_of: Option<u16>,
    /// Field words, each with whether it is shown by default.
    pub(crate) fields: Vec<(String, bool)>,
}
