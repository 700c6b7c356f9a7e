//! What each key of a policy may do, in words: the overview that `bpolc explain` shows, as plain data.
//!
//! Everything is read off the regions, so policies that decide alike read alike. It knows compiled policies only; how an
//! overview looks is the business of reports.

mod access;
mod change;
mod cut;
mod key;
mod matrix;
mod page;
pub mod sentence;
mod spend;
mod why;

use std::collections::BTreeSet;

use bpol_engine::ir::{Ir, Tier};
use jiff::Timestamp;
use serde::Serialize;

pub use matrix::{Cell, Row};
pub use page::page;
pub use spend::{Bound, Spending};
pub use why::{Why, why};

/// What the keys of a policy may do at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The moment.
    pub as_of: String,
    /// The keys, by name.
    pub keys: Vec<Key>,
    /// What each may do with each resource.
    pub matrix: Vec<Row>,
}

/// What one key may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its doc comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Why nothing can be said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undecided: Option<String>,
    /// How far it may go in each tier.
    pub tiers: Vec<Reach>,
    /// What it can do.
    pub can: Vec<Line>,
    /// What it can do after asking.
    pub ask: Vec<Line>,
    /// What it cannot do, though it can do something like it.
    pub cannot: Vec<String>,
    /// How much money can leave.
    pub spending: Vec<Spending>,
    /// What it reaches of each account.
    pub accounts: Vec<Account>,
    /// When its powers change.
    pub changes: Vec<Change>,
}

/// How far a key may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not at all.
    Cannot,
    /// After asking.
    Ask,
    /// Without asking.
    Can,
}

/// How far a key may go in a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The tier.
    pub tier: Tier,
    /// How far.
    pub level: Level,
}

/// What a key reaches of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The account.
    pub account: String,
    /// How far in each tier.
    pub tiers: Vec<Reach>,
}

/// Operations that are decided alike, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Their tier.
    pub tier: Tier,
    /// The operations.
    pub what: Vec<String>,
    /// In which ways; each is enough.
    pub how: Vec<How>,
    /// Whether there are more ways.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// A way in which something may be done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct How {
    /// What must be so, one fact each.
    pub parts: Vec<Words>,
}

/// Some words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Whether they are loud: nothing bounds what they are about.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub loud: bool,
}

/// A change of what a key may do that comes with time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The date on which it comes, in the policy's time zone.
    pub on: String,
    /// What the key can do from then on.
    pub begins: Vec<String>,
    /// What it can do no longer.
    pub ends: Vec<String>,
    /// What it can do otherwise than before.
    pub differs: Vec<String>,
    /// Whether it can do nothing any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nothing_left: bool,
}

/// Tiers in the order in which people want to hear of them: money first.
pub const TIERS: [Tier; 5] = [Tier::Spend, Tier::Control, Tier::Sensitive, Tier::Write, Tier::Read];

/// The word of a tier.
pub const fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Base => "base",
        Tier::Read => "read",
        Tier::Sensitive => "sensitive",
        Tier::Write => "write",
        Tier::Spend => "spend",
        Tier::Control => "control",
    }
}

/// What one key may do at a moment, and the places of the operations that it may do something with, after asking or not;
/// none where that cannot be told.
pub(crate) fn reached(ir: &Ir, key: usize, as_of: Timestamp) -> (Key, BTreeSet<usize>) {
    let (key, levels) = key::key(ir, key, as_of);
    let open = levels.iter().enumerate().filter(|(_, level)| **level != Level::Cannot).map(|(place, _)| place);
    (key, open.collect())
}

/// What the keys of these names may do at a moment; all keys when none is named.
pub fn overview(ir: &Ir, named: &[String], as_of: Timestamp) -> Overview {
    let wanted: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    let places = (0..ir.keys.len()).filter(|place| wanted.is_empty() || wanted.contains(ir.keys[*place].name.as_str()));
    let mut keys = Vec::new();
    let mut reached = Vec::new();
    for place in places {
        let (key, levels) = key::key(ir, place, as_of);
        keys.push(key);
        reached.push(levels);
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|one, other| keys[*one].name.cmp(&keys[*other].name));
    let matrix = matrix::matrix(ir, &order.iter().map(|place| reached[*place].as_slice()).collect::<Vec<_>>());
    let keys = order.into_iter().map(|place| keys[place].clone()).collect();
    Overview { as_of: cut::moment(ir, as_of), keys, matrix }
}
