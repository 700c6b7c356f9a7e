//! What every store of counters does.

use bpol_engine::{Policy, Start};
use jiff::Timestamp;

use crate::charter::Adopted;
use crate::order::{Digest, Order, Pending, Reserved, State, Ticket};

/// A store of counters. Every operation is atomic, is told the time, and may be repeated; one that fails may or may not
/// have happened, and whatever was reserved goes on counting.
pub trait Store: Send + Sync {
    /// Counts for this policy from now on, and no longer for the one before. Counters that are new are recomputed from
    /// the requests that the store keeps; where that cannot be done they count as full until their window ends.
    fn adopt(&self, policy: &Policy, now: Timestamp) -> Result<Adopted, StoreError>;

    /// The sum of a counter from a start on; `None` when it cannot be known, which counts against the caller.
    fn sum(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError>;

    /// The same, though perhaps as of the last time that the store was asked for anything: for a decision whose
    /// reservation is checked in any case.
    fn glance(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        self.sum(counter, key, start)
    }

    /// Whether a request was reserved before: `Repeated`, `Conflict`, or nothing.
    fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Result<Option<Reserved>, StoreError>;

    /// Adds to all counters of an order, or to none: only if no sum is more than what was seen.
    fn reserve(&self, order: &Order<'_>, now: Timestamp) -> Result<Reserved, StoreError>;

    /// Says how a reservation ended: [`State::Committed`], [`State::Released`] or [`State::Held`].
    fn settle(&self, ticket: &Ticket, end: State) -> Result<(), SettleError>;

    /// All reservations that are not settled, the oldest first: what an operator or the bank's own records have to settle.
    fn pending(&self, now: Timestamp) -> Result<Vec<Pending>, StoreError>;

    /// Forgets what is settled and older than every window, at least [`KEPT_DAYS`] days; says how many.
    fn prune(&self, now: Timestamp) -> Result<usize, StoreError>;

    /// An operator's word that what a counter may have missed before it was adopted is nothing.
    fn trust(&self, counter: &str) -> Result<(), StoreError>;

    /// The bank did it.
    fn commit(&self, ticket: &Ticket) -> Result<(), SettleError> {
        self.settle(ticket, State::Committed)
    }

    /// The bank definitely refused: no money left.
    fn release(&self, ticket: &Ticket) -> Result<(), SettleError> {
        self.settle(ticket, State::Released)
    }

    /// Nobody knows whether the bank did it.
    fn hold(&self, ticket: &Ticket) -> Result<(), SettleError> {
        self.settle(ticket, State::Held)
    }
}

/// For how many days a settled reservation is kept at least: longer than a year, so that a cap per year that is written
/// tomorrow can count what was done since January.
pub const KEPT_DAYS: i64 = 400;

/// The store could not say or do it: the gateway denies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// For people; never stable.
    pub reason: String,
}

impl StoreError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for StoreError {}

/// Why a reservation was not settled as said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettleError {
    /// There is no such reservation.
    Unknown,
    /// It is committed: the money left, and no release or hold undoes that.
    Committed,
    /// It was released, so for a while nothing counted it; it counts again from now on, as was said.
    Reinstated,
    /// The store failed.
    Store(StoreError),
}

impl std::fmt::Display for SettleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("there is no such reservation"),
            Self::Committed => f.write_str("the reservation is committed: the money left, and it goes on counting"),
            Self::Reinstated => f.write_str(
                "the reservation was released and money may have left all the same; it counts again from now on",
            ),
            Self::Store(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for SettleError {}

impl From<StoreError> for SettleError {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}
