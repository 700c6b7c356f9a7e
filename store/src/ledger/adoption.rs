//! What adopting a policy changes, in words that need no policy: a ledger elsewhere follows without having read it.

use jiff::{SignedDuration, Timestamp};

use bpol_engine::Policy;

use super::{Ledger, count};
use crate::charter::{charter, kept};
use crate::order::Ticket;

/// The counters after a policy was adopted.
#[derive(Debug)]
pub(crate) struct Adoption {
    pub(crate) charter: u64,
    pub(crate) kept: SignedDuration,
    /// All counters, with the last moment of which each may have missed something.
    pub(crate) counters: Vec<(Box<str>, Option<Timestamp>)>,
    /// What counts for the new ones.
    pub(crate) again: Vec<Again>,
}

/// An addition of a reservation to a counter that is new.
#[derive(Debug)]
pub(crate) struct Again {
    pub(crate) ticket: Ticket,
    pub(crate) counter: Box<str>,
    pub(crate) key: Box<str>,
    pub(crate) sum: Option<i128>,
}

impl Ledger {
    /// Whether this policy is the one that is adopted, as far as counting goes.
    pub(crate) fn counts_for(&self, policy: &Policy) -> bool {
        let counters = &policy.ir().counters;
        self.adopted
            && self.charter == charter(policy)
            && self.kept >= kept(policy)
            && counters.len() == self.counters.len()
            && counters.iter().all(|counter| self.counters.contains_key(&*counter.id))
    }

    /// What adopting a policy would change; this ledger stays as it is.
    pub(crate) fn adoption(&self, policy: &Policy, now: Timestamp) -> Adoption {
        let mut after = self.clone();
        let changed = after.adopt(policy, now);
        let mut again = Vec::new();
        for (counter, key, place, _) in after.series().filter(|(counter, ..)| !self.counters.contains_key(*counter)) {
            for ticket in &changed {
                let adds = after.records.get(ticket).into_iter().flat_map(|record| &record.adds);
                again.extend(adds.filter(|(at, _)| *at == place).map(|(_, sum)| Again {
                    ticket: ticket.clone(),
                    counter: counter.into(),
                    key: key.into(),
                    sum: *sum,
                }));
            }
        }
        let counters = after.counters.iter().map(|(id, counter)| (id.clone(), counter.gap)).collect();
        Adoption { charter: after.charter, kept: after.kept, counters, again }
    }

    /// Does what an adoption elsewhere did.
    pub(crate) fn follow(&mut self, adoption: &Adoption) {
        self.kept = self.kept.max(adoption.kept);
        self.charter = adoption.charter;
        self.adopted = true;
        self.retain(|id| adoption.counters.iter().any(|(wanted, _)| &**wanted == id));
        for (id, gap) in &adoption.counters {
            let counter = self.counters.entry(id.clone()).or_default();
            counter.gap = *gap;
        }
        for again in &adoption.again {
            let Some(place) = self.place(&again.counter, &again.key) else { continue };
            let Some(record) = self.records.get_mut(&again.ticket) else { continue };
            record.adds.push((place, again.sum));
            if record.state.counts() {
                count(&mut self.series, record);
            }
        }
    }
}
