//! The store in memory: for simulations and tests, and the yardstick for the others. What it knows ends with the process.

use std::sync::{Mutex, MutexGuard};

use bpol_engine::{Policy, Start};
use jiff::Timestamp;

use crate::charter::Adopted;
use crate::ledger::Ledger;
use crate::order::{Digest, Order, Pending, Reserved, State, Ticket};
use crate::store::{SettleError, Store, StoreError};

/// A store in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Ledger>);

impl Memory {
    /// Nothing was done yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn ledger(&self) -> Result<MutexGuard<'_, Ledger>, StoreError> {
        self.0.lock().map_err(|_| StoreError::new("the store failed before in the middle of a change"))
    }
}

impl Store for Memory {
    fn adopt(&self, policy: &Policy, now: Timestamp) -> Result<Adopted, StoreError> {
        let mut ledger = self.ledger()?;
        ledger.adopt(policy, now);
        Ok(ledger.adopted())
    }

    fn sum(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        Ok(self.ledger()?.sum(counter, key, start))
    }

    fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Result<Option<Reserved>, StoreError> {
        Ok(self.ledger()?.find(ticket, digest, now))
    }

    fn reserve(&self, order: &Order<'_>, now: Timestamp) -> Result<Reserved, StoreError> {
        Ok(self.ledger()?.reserve(order, now))
    }

    fn settle(&self, ticket: &Ticket, end: State) -> Result<(), SettleError> {
        self.ledger()?.settle(ticket, end).0
    }

    fn pending(&self, now: Timestamp) -> Result<Vec<Pending>, StoreError> {
        Ok(self.ledger()?.pending(now))
    }

    fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        Ok(self.ledger()?.prune(now).len())
    }

    fn trust(&self, counter: &str) -> Result<(), StoreError> {
        self.ledger()?.trust(counter);
        Ok(())
    }
}
