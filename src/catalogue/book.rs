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
    pub(crate) paging: Vec<String>,
    pub(crate) errors: Vec<String>,
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
    pub(crate) approves: Vec<u16>,
    pub(crate) supplies: Vec<u16>,
    pub(crate) changes: u8,
    /// Field words, each with whether it is shown by default.
    pub(crate) fields: Vec<(String, bool)>,
}

/// What an operation can change of what rules go by; a set of changes has bit `n` for the word at `n`.
pub(crate) const CHANGES: [&str; 3] = ["name", "limit", "access"];

/// Names of facts, by number.
pub(crate) const FACTS: [&str; 12] = [
    "account.id",
    "account.iban",
    "account.name",
    "account.kind",
    "payee.iban",
    "amount.value",
    "amount.currency",
    "method",
    "repeat",
    "url",
    "record.created",
    "record.id",
];

/// Ways to write a time, by number.
pub(crate) const READINGS: [&str; 3] = ["utc", "date", "year"];

/// Words of `repeating`.
pub(crate) const REPEATS: [&str; 7] = ["once", "hourly", "daily", "weekly", "monthly", "yearly", "anytime"];

/// How calls become requests: what only compiling needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Routes {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) answers: Vec<Answer>,
}

/// An endpoint: its cases, and why everything else is denied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names of the path that stand for UUIDs.
    pub(crate) uuids: Vec<String>,
    pub(crate) cases: Vec<Case>,
    pub(crate) denied: Option<String>,
}

/// An endpoint, or one kind of body of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) when: Option<Condition>,
    pub(crate) body: Vec<String>,
    pub(crate) operation: u16,
    pub(crate) facts: Vec<Fact>,
    pub(crate) parts: Option<(String, Vec<Fact>)>,
    pub(crate) lookup: Option<Lookup>,
    pub(crate) creates: Option<String>,
    /// Index into the answers.
    pub(crate) answer: Option<u16>,
}

/// A condition on a JSON value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Condition {
    pub(crate) at: String,
    pub(crate) is: Option<String>,
    pub(crate) empty: bool,
}

/// A fact, by its number in [`FACTS`], and its places.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Fact {
    pub(crate) fact: u8,
    pub(crate) from: Vec<Source>,
}

/// A place of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) condition: Option<Condition>,
    pub(crate) place: Place,
    pub(crate) map: Vec<(String, String)>,
    pub(crate) reading: Option<u8>,
}

/// Where a fact stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    Is(String),
    Path(String),
    Query(String),
    At(Vec<String>),
}

/// What is fetched before deciding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Lookup {
    pub(crate) path: String,
    pub(crate) record: String,
    pub(crate) facts: Vec<Fact>,
}

/// How an answer is read and cut; the operation's fields among `fields` are looked up when a route is made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) records: String,
    pub(crate) outside: Vec<String>,
    pub(crate) keep: Vec<String>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) fields: Vec<(String, Vec<String>)>,
}
