//! Routes: how a call of the bank's API becomes a request, and where facts and fields stand in its answer.
//!
//! A call matches a route when the method is equal, the path fits the template segment by segment (`{name}` stands for
//! exactly one segment that is not empty; an escaped, empty, `.` or `..` segment fits nothing), the body holds nothing
//! but what `body` names, and `when` holds. At most one route of a policy matches a call, whatever their order; a call
//! that matches none is denied.
//!
//! A pointer is a path of keys, `/entries/*/amount/value`. The segment `*` stands for every entry of a list or every
//! value of an object, `[type=IBAN]` for the entries of a list whose key `type` is the text `IBAN` (facts, fields and
//! `keep` only), and `**` for any number of segments, none included (fields and `keep` only).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Dimension;

/// One endpoint, or one kind of body of it, and where its facts stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// HTTP method in capitals.
    pub method: String,
    /// Path template such as `/v1/user/{userID}/monetary-account/{monetary-accountID}/payment`.
    pub path: String,
    /// Names of the path that stand for UUIDs in small letters; the others stand for whole numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uuids: Vec<String>,
    /// What the body must say; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Pointers of all that the body may hold, each with everything below it. A list or an object on the way to one may
    /// not be empty. No pointer at all: no body, or an empty object.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<String>,
    /// Index of the operation.
    pub operation: u32,
    /// Facts that the call itself tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Where the parts stand when the request has `parts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// Facts that the call does not tell and that the gateway fetches before it decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// Pointer of the number that the answer gives to what was created, for `created by this key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creates: Option<String>,
    /// How the answer is read and cut; absent: it tells no fact (`answer` is false) and passes whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// What a JSON value must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Pointer of the value; it must be there and not `null`. With `*` every entry must have it, and there must be one.
    pub at: String,
    /// The value is this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// The value is an empty list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
}

/// A fact of the request, or a part of one, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Which fact.
    pub fact: FactName,
    /// Places, tried in order: the first whose `if` holds is the one, whatever stands there. None: the fact is not told.
    pub from: Vec<Source>,
}

/// The name of a fact, or of a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FactName {
    /// The account's number at the bank: an integer, or a text of digits.
    #[serde(rename = "account.id")]
    AccountId,
    /// The account's IBAN.
    #[serde(rename = "account.iban")]
    AccountIban,
    /// The account's name.
    #[serde(rename = "account.name")]
    AccountName,
    /// The account's kind.
    #[serde(rename = "account.kind")]
    AccountKind,
    /// The payee's IBAN.
    #[serde(rename = "payee.iban")]
    PayeeIban,
    /// The amount's figure; in answers a sign is dropped.
    #[serde(rename = "amount.value")]
    AmountValue,
    /// The amount's currency.
    #[serde(rename = "amount.currency")]
    AmountCurrency,
    /// How it is paid.
    #[serde(rename = "method")]
    Method,
    /// How often the bank repeats it.
    #[serde(rename = "repeat")]
    Repeat,
    /// A web address.
    #[serde(rename = "url")]
    Url,
    /// When the record was created.
    #[serde(rename = "record.created")]
    RecordCreated,
    /// The record's number at the bank, by which the gateway knows whether the key created it (`record.own`).
    #[serde(rename = "record.id")]
    RecordId,
}

impl FactName {
    /// What the fact is about.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::AccountId | Self::AccountIban | Self::AccountName | Self::AccountKind => Dimension::Account,
            Self::PayeeIban => Dimension::Payee,
            Self::AmountValue | Self::AmountCurrency => Dimension::Amount,
            Self::Method => Dimension::Method,
            Self::Repeat => Dimension::Repeat,
            Self::Url => Dimension::Url,
            Self::RecordCreated | Self::RecordId => Dimension::Record,
        }
    }
}

/// A place of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What must hold for the fact to stand here; absent: nothing.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Where it stands.
    pub stands: Where,
    /// From the bank's words to the policy's; a word that is not in it leaves the fact unknown. Absent: as it stands.
    #[serde(default, deserialize_with = "crate::load::each_once", skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
    /// How a time is written; absent: RFC 3339.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
}

/// Where a fact stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// It is always this.
    Is(String),
    /// The segment of the path under this name.
    Path(String),
    /// The query parameter of this name; unknown when it stands there twice.
    Query(String),
    /// These pointers, into the body, the part, the object looked up or the record. Known only when at least one value is
    /// there, no entry of a list lacks its value, and all values, once translated, are equal; else unknown.
    At(Vec<String>),
}

/// How a time is written, other than RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// `2026-11-24 10:00:00.123456`, meant in UTC.
    Utc,
    /// `2026-11-24`, or the date at the start of a longer text, meant as the date's first instant anywhere on earth (14
    /// hours before midnight UTC), so that nothing seems younger than it is.
    Date,
    /// `2026`, meant as the first instant of its first of January, likewise.
    Year,
}

/// Where the parts of a body stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// Pointer that ends in `*`: each match is a part. When the body has nothing there the request is malformed.
    pub at: String,
    /// Facts of each part; pointers go into the part.
    pub facts: Vec<Fact>,
}

/// What is fetched before deciding. A fact that the call tells is not taken from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Path to `GET`, with names of the call's own path.
    pub path: String,
    /// Pointer of the object in the answer, `/` for the answer itself; when there is not exactly one, all its facts are unknown.
    pub record: String,
    /// Facts of the object; pointers go into it.
    pub facts: Vec<Fact>,
}

/// How an answer is read and cut.
///
/// Beside the records only what `outside` names stays in the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Pointer of the records in the answer; `/` when the answer itself is the record.
    pub records: String,
    /// Pointers of what stays beside the records, such as paging.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<String>,
    /// Facts of each record; pointers go into the record. Facts that the call told hold for it too; one that is told
    /// twice and differently is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Pointers into the record of what stays whatever fields are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// What each field is; absent: records stay whole. A value stays when `keep` or a field that is shown names it or
    /// something above it, and no field that is not shown does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<FieldKeys>>,
}

/// What a field is in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldKeys {
    /// The FIELD word.
    pub field: String,
    /// Pointers into the record, each with everything below it.
    pub at: Vec<String>,
}
