//! The past: what was executed or reserved so far, as far as counters ask for it.

use jiff::Timestamp;

use crate::entry::Entry;
use crate::facts::Facts;
use crate::ir::{Counter, Counting, Dimension};
use crate::policy::Policy;
use crate::value::Value;
use crate::window::{self, Start};

/// Where sums of the past come from. [`History`] keeps entries in memory; a store that keeps running sums by
/// [`Tally::id`] and [`Tally::key`] is another.
///
/// ```
/// use bpol_engine::{Past, Start, Tally};
///
/// /// A store that has lost its sums: nothing that counts is allowed.
/// struct Lost;
/// impl Past for Lost {
///     fn spent(&self, _: &Tally<'_>, _: Start) -> Option<i128> {
///         None
///     }
///     fn count(&self, _: &Tally<'_>, _: Start) -> u64 {
///         u64::MAX
///     }
/// }
/// ```
pub trait Past {
    /// The sum of the amounts, in minor units of the counter's currency, of the entries that the tally holds from
    /// `start` on; `None` when it cannot be known, which counts against the caller.
    fn spent(&self, tally: &Tally<'_>, start: Start) -> Option<i128>;

    /// The number of entries that the tally holds from `start` on; `u64::MAX` when it cannot be known.
    fn count(&self, tally: &Tally<'_>, start: Start) -> u64;
}

/// A counter of a policy, for one key where each key has its own.
#[derive(Clone, Copy)]
pub struct Tally<'p> {
    policy: &'p Policy,
    counter: u32,
    key: u32,
}

impl std::fmt::Debug for Tally<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tally").field("id", &self.id()).field("key", &self.key()).finish()
    }
}

impl<'p> Tally<'p> {
    pub(crate) fn new(policy: &'p Policy, counter: u32, key: u32) -> Self {
        Self { policy, counter, key }
    }

    /// The counter's identity, the same after its caps changed.
    pub fn id(&self) -> &'p str {
        self.counter().map_or("", |counter| &counter.id)
    }

    /// Whose sum is asked for, where each key has a sum of its own.
    pub fn key(&self) -> Option<&'p str> {
        self.each_key().then(|| self.policy.key_name(self.key)).flatten()
    }

    /// What the policy says about the counter.
    pub fn counter(&self) -> Option<&'p Counter> {
        self.policy.ir().counters.get(usize::try_from(self.counter).ok()?)
    }

    /// Whether an entry falls into the counter's scope, whenever it was. An entry read by another policy does: what it
    /// would mean here is not known.
    pub fn holds(&self, entry: &Entry) -> bool {
        if !entry.is_of(self.policy) {
            return true;
        }
        entry.key.is_some_and(|key| self.covers(key, entry.operation, &entry.facts))
    }

    /// What an entry adds to a sum of money; `None` when that is unknown.
    pub fn amount(&self, entry: &Entry) -> Option<i128> {
        if !entry.is_of(self.policy) {
            return None;
        }
        match entry.key {
            Some(key) => self.spends(key, entry.operation, &entry.facts),
            None => Some(0),
        }
    }

    /// Where the counter's window that contains `now` begins.
    pub fn start(&self, now: Timestamp) -> Start {
        self.counter().map_or(Start::Ever, |counter| {
            window::start(counter.period, now, self.policy.zone(), &self.policy.index.recent)
        })
    }

    /// Whether facts fall into one of the counter's scopes.
    pub(crate) fn covers(&self, key: u32, operation: u32, facts: &Facts<'_>) -> bool {
        if self.each_key() && key != self.key {
            return false;
        }
        let Some(counter) = self.counter() else { return true };
        counter.scopes.iter().any(|scope| covers(self.policy, *scope, key, operation, facts))
    }

    /// What facts add to the sum: nothing outside the scope, in another currency, or for an operation without an
    /// amount; `None` when the amount is not known.
    pub(crate) fn spends(&self, key: u32, operation: u32, facts: &Facts<'_>) -> Option<i128> {
        if !self.covers(key, operation, facts) || !self.policy.about(operation).has(Dimension::Amount) {
            return Some(0);
        }
        let amount = facts.amount?;
        let counted = match &self.counter()?.counting {
            Counting::Money(code) => amount.currency.code() == code,
            Counting::Times => false,
        };
        Some(if counted { i128::from(amount.minor) } else { 0 })
    }

    fn each_key(&self) -> bool {
        self.counter().is_some_and(|counter| counter.each_key)
    }
}

/// No clause of the scope is false and no exception is true for these facts.
fn covers(policy: &Policy, scope: u32, key: u32, operation: u32, facts: &Facts<'_>) -> bool {
    let Some(scope) = policy.scope(scope) else { return true };
    if !scope.has_key(key) || !policy.listed(scope.operations, operation) {
        return false;
    }
    let about = policy.about(operation);
    let value = |clauses| {
        policy.tests(clauses).iter().fold(Value::True, |value, test| value.and(test.value_of(policy, about, facts)))
    };
    value(scope.when) != Value::False && policy.blocks(scope.unless).iter().all(|block| value(*block) != Value::True)
}

/// Entries in memory, in order of time, so that a window looks only at its own.
///
/// ```
/// let mut past = bpol_engine::History::new();
/// assert!(past.is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct History {
    entries: Vec<Entry>,
}

impl History {
    /// Nothing happened yet.
    ///
    /// ```
    /// assert_eq!(bpol_engine::History::new().len(), 0);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what was executed or reserved.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let line = r#"{"key": "shop", "action": "create", "resource": "payment", "time": "2026-11-24T09:00:00Z"}"#;
    /// let entries = policy.read_entry(line).unwrap();
    /// let mut past = bpol_engine::History::new();
    /// entries.into_iter().for_each(|entry| past.push(entry));
    /// assert_eq!(past.len(), 1);
    /// ```
    pub fn push(&mut self, entry: Entry) {
        let place = self.entries.partition_point(|before| before.time <= entry.time);
        self.entries.insert(place, entry);
    }

    /// How many entries there are.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let line = r#"{"key": "shop", "action": "create", "resource": "payment", "time": "2026-11-24T09:00:00Z"}"#;
    /// let entries = policy.read_entry(line).unwrap();
    /// let mut past = bpol_engine::History::new();
    /// past.extend(entries);
    /// assert_eq!(past.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing happened yet.
    ///
    /// ```
    /// assert!(bpol_engine::History::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries that count from a start on.
    fn inside(&self, start: Start) -> &[Entry] {
        let first = self.entries.partition_point(|entry| !start.counts(entry.time));
        self.entries.get(first..).unwrap_or_default()
    }
}

impl Extend<Entry> for History {
    fn extend<I: IntoIterator<Item = Entry>>(&mut self, entries: I) {
        self.entries.extend(entries);
        self.entries.sort_by_key(|entry| entry.time);
    }
}

impl Past for History {
    fn spent(&self, tally: &Tally<'_>, start: Start) -> Option<i128> {
        self.inside(start).iter().try_fold(0_i128, |sum, entry| sum.checked_add(tally.amount(entry)?))
    }

    fn count(&self, tally: &Tally<'_>, start: Start) -> u64 {
        let inside = self.inside(start).iter().filter(|entry| tally.holds(entry));
        u64::try_from(inside.count()).unwrap_or(u64::MAX)
    }
}
