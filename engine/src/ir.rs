//! The compiled policy: the JSON contract between the compiler and gateways (language.md, section 8).
//!
//! Plain data with a closed shape. Operations, accounts, payees, networks, limits, scopes and counters are tables;
//! rules refer to them by index. Roles, `only`, tiers, views and counts-as are gone: what is left can be decided by
//! looking at one rule at a time.

use serde::{Deserialize, Serialize};

#[path = "ir/clause.rs"]
mod clause;
#[path = "ir/route.rs"]
mod route;

pub use clause::{
    AccountRef, Clause, CountCap, Counting, Day, During, Excepted, LimitCap, MoneyCap, NetworkRef, PayeeRef, Since,
};
pub use route::*;

/// The language version that this engine understands.
pub const VERSION: u32 = 1;

/// A whole compiled policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ir {
    /// The language version, [`VERSION`]; a consumer refuses another.
    pub bpol: u32,
    /// The bank whose vocabulary the policy speaks.
    pub bank: Bank,
    /// IANA name of the zone of calendar periods, dates and times of day; absent when the policy uses none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// What a gateway must be able to do; one that cannot must refuse to load. Sorted, without duplicates.
    pub requires: Vec<Capability>,
    /// A digest that is equal exactly when two policies decide alike; absent when the compiler has not computed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// The catalogue's METHOD words, in its order.
    pub methods: Vec<String>,
    /// The catalogue's KIND words of accounts.
    pub kinds: Vec<Kind>,
    /// Every operation of the catalogue (views left out), in its order; other tables say operations by index.
    pub operations: Vec<Operation>,
    /// Views: nouns that are another operation with fewer fields. A request may name them.
    pub views: Vec<View>,
    /// Declared accounts.
    pub accounts: Vec<Account>,
    /// Declared payees and groups of payees (`payees`), groups flattened.
    pub payees: Vec<Payee>,
    /// Declared networks.
    pub networks: Vec<Network>,
    /// Named limits: shared budgets.
    pub limits: Vec<Limit>,
    /// Sets of entries that counters count.
    pub scopes: Vec<Scope>,
    /// What caps count against.
    pub counters: Vec<Counter>,
    /// Keys in document order.
    pub keys: Vec<Key>,
    /// `every key` blocks in document order.
    pub guardrails: Vec<Guardrail>,
    /// How calls of the bank's API become requests: the routes of the operations that some key may perform.
    pub routes: Vec<Route>,
    /// Keys that gateways drop from every answer, at any depth, whoever asks.
    pub dropped: Vec<String>,
    /// Parameters of a query by which a `GET` pages through a list: whole numbers. A call has no others, but those that
    /// tell a fact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paging: Vec<String>,
    /// Pointers of all that stays of an answer in which the bank says that something is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
}

/// The bank and the digest of its catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// The catalogue's own name, for instance `bunq`.
    pub name: String,
    /// SHA-256 of the catalogue's text, 64 hexadecimal digits.
    pub catalogue: String,
}

/// What a gateway must be able to do to enforce a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Put a request to the account holder and wait for the answer (`ask`).
    Approval,
    /// Know the caller's network address (`from`).
    ClientIp,
    /// Keep counters of what was done (`per day`, `in total`, `at most`, `within`).
    Counters,
    /// Fetch the object that a path names to learn its facts.
    Lookup,
    /// Know which records the key itself created (`created by this key`).
    OwnRecords,
    /// Cut fields out of answers (`showing`, `hiding` and the defaults).
    ResponseFields,
    /// Drop records out of answers (`each`).
    ResponseFilter,
}

impl Capability {
    /// All of them, by word.
    pub const ALL: [Self; 7] = [
        Self::Approval,
        Self::ClientIp,
        Self::Counters,
        Self::Lookup,
        Self::OwnRecords,
        Self::ResponseFields,
        Self::ResponseFilter,
    ];

    /// Its word in the document.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::ClientIp => "client-ip",
            Self::Counters => "counters",
            Self::Lookup => "lookup",
            Self::OwnRecords => "own-records",
            Self::ResponseFields => "response-fields",
            Self::ResponseFilter => "response-filter",
        }
    }
}

/// A word for a kind of account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The word.
    pub word: String,
    /// Whether a declared account of this kind is one of the holder's `own accounts`.
    pub own: bool,
}

/// How much an operation can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Opening and closing the session, health: allowed to every declared key without a rule.
    Base,
    /// Reads of everyday data.
    Read,
    /// Personal data, exports, secrets, everything-at-once feeds.
    Sensitive,
    /// Changes by which no money leaves.
    Write,
    /// Money can leave.
    Spend,
    /// Changes who or what may act.
    Control,
}

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// An account of the holder.
    Account,
    /// Who gets the money.
    Payee,
    /// How much money.
    Amount,
    /// How it is paid.
    Method,
    /// A record with a date and a maker.
    Record,
    /// Parts of the answer that can be shown or hidden.
    Fields,
    /// How often the bank repeats it by itself.
    Repeat,
    /// A web address.
    Url,
}

/// An operation of the catalogue: an (action, resource) pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The action word, for instance `create`.
    pub action: String,
    /// The resource word in the singular, for instance `payment`.
    pub resource: String,
    /// Its tier.
    pub tier: Tier,
    /// What it is about, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Dimension>,
    /// Dimensions that a call never tells: always unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untold: Vec<Dimension>,
    /// Dimensions whose facts stand in the parts of a body (6.3); empty when the operation has no `parts`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Dimension>,
    /// The fields that its answer shows by default, in the catalogue's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The fields that its answer has beside these, shown only when a rule says `showing`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_fields: Vec<String>,
}

/// A noun that is another operation with fewer fields, such as `read balance` of `read account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The action word.
    pub action: String,
    /// The resource word in the singular.
    pub resource: String,
    /// Index of the operation that it views.
    pub operation: u32,
}

/// A declared account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its declared name, in NFC.
    pub name: String,
    /// Its IBAN, without blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// The bank's number for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A declared payee (one IBAN) or group of payees (its members' IBANs, sorted, without duplicates).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Payee {
    /// Its declared name, in NFC.
    pub name: String,
    /// IBANs without blanks.
    pub ibans: Vec<String>,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A declared network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Its declared name, in NFC.
    pub name: String,
    /// CIDR blocks such as `203.0.113.0/24`; always with the prefix length, never IPv4-mapped.
    pub blocks: Vec<String>,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A named limit: one budget shared by every rule that says `within` it, over all keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Its declared name, in NFC.
    pub name: String,
    /// Its caps; all must hold.
    pub caps: Vec<LimitCap>,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// Entries of the past that a counter counts: those of the keys and operations for which no `when` clause is false
/// and no `unless` block is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Whose entries: the key of this name, or every declared key that `except` does not name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Keys left out when `key` is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Indices of operations, ascending.
    pub operations: Vec<u32>,
    /// Only `on`, `to`, `via` and `repeating` clauses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Clause>,
    /// Blocks made only of such clauses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<Vec<Clause>>,
}

/// What caps count against: the sum of amounts, or the number, of the entries of a scope in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// A stable identity made of scope, period and what is counted; caps may change without changing it.
    pub id: String,
    /// Indices of scopes; an entry in any of them counts once.
    pub scopes: Vec<u32>,
    /// Whether each key has a sum of its own (rules of `every key`): only entries of the request's key count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each_key: bool,
    /// The period.
    pub period: Period,
    /// What is counted.
    pub counting: Counting,
}

/// A period over which a counter sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// The calendar day in the policy's time zone.
    Day,
    /// The calendar week from Monday.
    Week,
    /// The calendar month.
    Month,
    /// The calendar year.
    Year,
    /// The last so many seconds: entries later than now minus them.
    Rolling(u64),
    /// All entries ever.
    Total,
}

/// A key and its own rules, roles expanded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its name, in NFC.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Its rules in document order.
    pub rules: Vec<Rule>,
}

/// An `every key` block: rules that hold for every key that is not excepted. Only `deny` and `ask`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// How many of the keys stand behind it in the document; absent: none.
    #[serde(default, skip_serializing_if = "is_none")]
    pub keys_behind: u32,
    /// Names of keys that it does not bind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Its rules in document order.
    pub rules: Vec<Rule>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(number: &u32) -> bool {
    *number == 0
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Gives.
    Allow,
    /// Asks the account holder.
    Ask,
    /// Takes.
    Deny,
}

impl Effect {
    /// Its word in the language and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

/// A lowered rule. One statement may become several rules of the same id: `only` with several clauses, and operations
/// that different clauses concern. Its value is the `and` of `when` and of the negations of the `unless` blocks (each
/// the `and` of its clauses); a clause about a dimension that the operation lacks is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `ynab#1`: the statement's number in its key; `ynab#2/reader#1` through a role; `every#1` in guardrails.
    pub id: String,
    /// Allow, ask or deny.
    pub effect: Effect,
    /// Indices of operations, ascending; with what counts as them in `ask` and `deny`.
    pub operations: Vec<u32>,
    /// Clauses that must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Clause>,
    /// Exceptions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<Vec<Clause>>,
    /// Exactly the fields that an answer shows; absent: the operation's default fields. Before `hiding` is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub showing: Option<Vec<String>>,
    /// Fields that the rule hides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hiding: Vec<String>,
    /// Where its statement stands.
    pub place: Place,
    /// The statement as written, blanks folded.
    pub text: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Path relative to the root, with forward slashes.
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// Column from 1, in characters.
    pub column: u32,
}
