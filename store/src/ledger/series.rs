//! The entries of one counter, and the sum of the window that was asked for last.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::sum::Sum;

/// Entries by time. The sum is kept up to date and moves with the window, so that asking costs no more than the entries
/// that the window left behind since it was asked before.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    entries: BTreeMap<(Timestamp, u64), Option<i128>>,
    /// First moment of the window whose sum is kept.
    low: Timestamp,
    window: Sum,
    /// The sum of all entries, forgotten ones included.
    all: Sum,
    /// What was forgotten, and the last moment of it.
    pub(crate) forgotten: Sum,
    pub(crate) pruned: Option<Timestamp>,
}

impl Default for Series {
    fn default() -> Self {
        let (window, all, forgotten) = Default::default();
        Self { entries: BTreeMap::new(), low: Timestamp::MIN, window, all, forgotten, pruned: None }
    }
}

impl Series {
    /// A series of which so much was forgotten before it was read back.
    #[cfg(feature = "records")]
    pub(crate) fn forgotten(forgotten: Sum, pruned: Option<Timestamp>) -> Self {
        Self { all: forgotten, forgotten, pruned, ..Self::default() }
    }

    pub(crate) fn add(&mut self, time: Timestamp, number: u64, amount: Option<i128>) {
        if self.entries.insert((time, number), amount).is_some() {
            return;
        }
        self.all.add(amount);
        if time >= self.low {
            self.window.add(amount);
        }
    }

    pub(crate) fn take(&mut self, time: Timestamp, number: u64) {
        let Some(amount) = self.entries.remove(&(time, number)) else { return };
        self.all.take(amount);
        if time >= self.low {
            self.window.take(amount);
        }
    }

    /// Drops an entry that goes on counting in total.
    pub(crate) fn forget(&mut self, time: Timestamp, number: u64) {
        let Some(amount) = self.entries.remove(&(time, number)) else { return };
        if time >= self.low {
            self.window.take(amount);
        }
        self.forgotten.add(amount);
        self.pruned = self.pruned.max(Some(time));
    }

    /// The sum from a moment on; unknown where entries were forgotten that might count.
    pub(crate) fn sum(&mut self, from: Timestamp) -> Option<i128> {
        if from == Timestamp::MIN {
            return self.all.value();
        }
        if self.pruned.is_some_and(|pruned| from <= pruned) {
            return None;
        }
        let (old, new) = ((self.low, 0), (from, 0));
        if from == self.low {
            return self.window.value();
        }
        if from > self.low {
            for amount in self.entries.range(old..new).map(|(_, amount)| *amount) {
                self.window.take(amount);
            }
        } else {
            for amount in self.entries.range(new..old).map(|(_, amount)| *amount) {
                self.window.add(amount);
            }
        }
        self.low = from;
        self.window.value()
    }
}
