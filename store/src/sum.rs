//! Sums that may be unknown, and windows as their first moment.

use bpol_engine::Start;
use jiff::{SignedDuration, Timestamp};

/// A running sum. Amounts that are not known are counted, so that the sum is known again when they leave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) known: i128,
    pub(crate) unknown: u64,
}

impl Sum {
    // Amounts have at most 17 digits: more than 10^21 of them would be needed to reach the end of the range.
    pub(crate) fn add(&mut self, amount: Option<i128>) {
        match amount {
            Some(amount) => self.known = self.known.saturating_add(amount),
            None => self.unknown = self.unknown.saturating_add(1),
        }
    }

    pub(crate) fn take(&mut self, amount: Option<i128>) {
        match amount {
            Some(amount) => self.known = self.known.saturating_sub(amount),
            None => self.unknown = self.unknown.saturating_sub(1),
        }
    }

    pub(crate) fn value(self) -> Option<i128> {
        (self.unknown == 0).then_some(self.known)
    }
}

/// Whether a sum is no more than what a decision has seen; what is unknown is more than every sum.
pub(crate) fn at_most(sum: Option<i128>, seen: Option<i128>) -> bool {
    match (sum, seen) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(sum), Some(seen)) => sum <= seen,
    }
}

/// The first moment that counts; the first of all time for all entries.
pub(crate) fn first(start: Start) -> Timestamp {
    match start {
        Start::Ever => Timestamp::MIN,
        Start::From(start) => start,
        Start::After(start) => start.checked_add(SignedDuration::from_nanos(1)).unwrap_or(start),
    }
}
