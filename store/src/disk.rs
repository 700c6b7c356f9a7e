//! The store on disk, for one gateway: the ledger in memory answers, and a change is said to be done when it is on disk.
//! All changes that wait at the same time reach the disk by one sync.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use bpol_engine::{Policy, Start};
use jiff::Timestamp;

use crate::charter::Adopted;
use crate::ledger::Ledger;
use crate::order::{Digest, Order, Pending, Reserved, State, Ticket};
use crate::record;
use crate::store::{SettleError, Store, StoreError};

mod file;
mod writer;

use file::Write;

use writer::Writer;

/// A store in a file. One process has it open at a time; the file holds requests and is readable by its owner only.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("counters.redb");
/// // Once, by an operator.
/// drop(bpol_store::Disk::create(&path)?);
/// // Whenever the gateway starts.
/// let store = bpol_store::Disk::open(&path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Disk {
    ledger: Mutex<Ledger>,
    writer: Writer,
}

impl Disk {
    /// Makes a new store in which nothing was spent yet; refuses where there is a file already.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|fault| at(path, &fault))?;
        let backend = redb::backends::FileBackend::new(file).map_err(|fault| at(path, &fault))?;
        let database = redb::Builder::new().create_with_backend(backend).map_err(|fault| at(path, &fault))?;
        let ledger = Ledger::default();
        file::write(&database, &[Write::Meta(record::meta(&ledger)?)]).map_err(|fault| at(path, &fault.reason))?;
        Ok(Self { ledger: Mutex::new(ledger), writer: Writer::start(database)? })
    }

    /// Opens a store; refuses where there is none, since a budget that starts anew would be spent twice.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let database = redb::Database::open(path).map_err(|fault| match fault {
            redb::DatabaseError::DatabaseAlreadyOpen => {
                at(path, &"another process has it open; a store on disk is for one gateway, `Redis` is for many")
            }
            fault => at(path, &fault),
        })?;
        let ledger = file::read(&database).map_err(|fault| at(path, &fault.reason))?;
        Ok(Self { ledger: Mutex::new(ledger), writer: Writer::start(database)? })
    }

    /// The ledger, as long as all that it says reaches the disk.
    fn ledger(&self) -> Result<MutexGuard<'_, Ledger>, StoreError> {
        let ledger =
            self.ledger.lock().map_err(|_| StoreError::new("the store failed before in the middle of a change"))?;
        self.writer.check()?;
        Ok(ledger)
    }
}

impl Store for Disk {
    fn adopt(&self, policy: &Policy, now: Timestamp) -> Result<Adopted, StoreError> {
        let mut ledger = self.ledger()?;
        let changed = ledger.adopt(policy, now);
        let mut writes = vec![Write::Meta(record::meta(&ledger)?)];
        let orders = record::orders(&ledger, changed.iter())?.into_iter();
        writes.extend(orders.map(|kept| Write::Order(kept.ticket.clone(), kept.order, kept.state)));
        let (adopted, turn) = (ledger.adopted(), self.writer.push(writes));
        drop(ledger);
        self.writer.wait(turn)?;
        Ok(adopted)
    }

    fn sum(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        Ok(self.ledger()?.sum(counter, key, start))
    }

    fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Result<Option<Reserved>, StoreError> {
        Ok(self.ledger()?.find(ticket, digest, now))
    }

    fn reserve(&self, order: &Order<'_>, now: Timestamp) -> Result<Reserved, StoreError> {
        let write = Write::Order(order.ticket.clone(), record::bytes(&record::stored(order))?, State::Reserved);
        let mut ledger = self.ledger()?;
        let answer = ledger.reserve(order, now);
        if answer != Reserved::New {
            return Ok(answer);
        }
        // Under the same lock, so that the file sees changes in the order in which the ledger did.
        let turn = self.writer.push(vec![write]);
        drop(ledger);
        self.writer.wait(turn)?;
        Ok(answer)
    }

    fn settle(&self, ticket: &Ticket, end: State) -> Result<(), SettleError> {
        let mut ledger = self.ledger()?;
        let (answer, changed) = ledger.settle(ticket, end);
        if changed {
            let turn = self.writer.push(vec![Write::State(ticket.clone(), end)]);
            drop(ledger);
            self.writer.wait(turn)?;
        }
        answer
    }

    fn pending(&self, now: Timestamp) -> Result<Vec<Pending>, StoreError> {
        Ok(self.ledger()?.pending(now))
    }

    fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut ledger = self.ledger()?;
        let gone = ledger.prune(now);
        let count = gone.len();
        let mut writes: Vec<Write> = gone.into_iter().map(Write::Gone).collect();
        writes.push(Write::Meta(record::meta(&ledger)?));
        let turn = self.writer.push(writes);
        drop(ledger);
        self.writer.wait(turn)?;
        Ok(count)
    }

    fn trust(&self, counter: &str) -> Result<(), StoreError> {
        let mut ledger = self.ledger()?;
        ledger.trust(counter);
        let turn = self.writer.push(vec![Write::Meta(record::meta(&ledger)?)]);
        drop(ledger);
        self.writer.wait(turn)
    }
}

fn at(path: &Path, fault: &dyn std::fmt::Display) -> StoreError {
    StoreError::new(format!("{}: {fault}", path.display()))
}
