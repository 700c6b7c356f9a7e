//! The store on a Redis or Valkey server, for many gateways on one budget. The server keeps one log; a script adds to its
//! end and returns what a gateway missed. Every gateway does what the log says, in its order, to a ledger of its own: so all
//! of them come to the same sums, and no amount is ever added up by the server.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bpol_engine::{Policy, Start};
use jiff::Timestamp;

use crate::charter::Adopted;
use crate::ledger::Ledger;
use crate::order::{Digest, Order, Pending, Reserved, State, Ticket};
use crate::store::{SettleError, Store, StoreError};

mod entry;
mod line;
mod server;
mod snapshot;

use entry::Answer;
use line::Line;
use server::{Server, Status};

/// How long a change waits for another gateway that adopts a policy.
const ADOPTING: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// A store on a Redis or Valkey server. Many processes have it open; the server holds requests, with IBANs and amounts.
///
/// ```no_run
/// # fn main() -> Result<(), bpol_store::StoreError> {
/// // Once, by an operator.
/// drop(bpol_store::Redis::create("redis://user:password@10.0.0.5:6379", "household")?);
/// // Whenever a gateway starts.
/// let store = bpol_store::Redis::open("redis://user:password@10.0.0.5:6379", "household")?;
/// # Ok(())
/// # }
/// ```
pub struct Redis {
    server: Mutex<Server>,
    copy: Mutex<Copied>,
    line: Line<Answer>,
}

/// What this gateway knows of the log.
struct Copied {
    ledger: Ledger,
    /// The last entry that the ledger has.
    last: String,
    /// Why it cannot go on until it is opened again.
    failed: Option<StoreError>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Redis {
    /// Makes a new store of this name in which nothing was spent yet; refuses where there is one already. The address is
    /// as in `redis://user:password@host:6379/0`.
    pub fn create(url: &str, name: &str) -> Result<Self, StoreError> {
        let mut server = Server::new(url, name)?;
        if !server.create()? {
            return Err(server.fault(format!("there is a store `{name}` already")));
        }
        Self::read(server)
    }

    /// Opens a store; refuses where there is none, since a budget that starts anew would be spent twice.
    pub fn open(url: &str, name: &str) -> Result<Self, StoreError> {
        Self::read(Server::new(url, name)?)
    }

    fn read(mut server: Server) -> Result<Self, StoreError> {
        let (ledger, last) = load(&mut server)?;
        let copy = Mutex::new(Copied { ledger, last, failed: None });
        let store = Self { server: Mutex::new(server), copy, line: Line::default() };
        store.catch_up()?;
        Ok(store)
    }

    /// Knows at least what was in the log when it was called.
    fn catch_up(&self) -> Result<(), StoreError> {
        self.line.ask(None, |entries| self.add(entries), || Answer::Done).map(drop)
    }

    /// Adds an entry to the log, and says what it came to.
    fn change(&self, entry: Vec<u8>) -> Result<Answer, StoreError> {
        self.line.ask(Some(entry), |entries| self.add(entries), || Answer::Done)
    }

    fn add(&self, entries: &[&[u8]]) -> Result<Vec<Answer>, StoreError> {
        let mut server = self.server()?;
        let (begin, nonce) = (Instant::now(), server::random());
        // After a cut it is not known whether the batch is in the log, so first it is looked for.
        let (mut cut, mut unsure) = (false, false);
        loop {
            match self.step(&mut server, nonce, "", if unsure { &[] } else { entries }) {
                Ok(Step::Ours(answers)) => return Ok(answers),
                Ok(Step::Read) if unsure && !entries.is_empty() => unsure = false,
                Ok(Step::Read) => return Ok(Vec::new()),
                Ok(Step::Again) => {}
                Ok(Step::Wait) if begin.elapsed() < ADOPTING => std::thread::sleep(PAUSE),
                Ok(Step::Wait) => return Err(StoreError::new("another gateway is adopting a policy; send it again")),
                Err(_) if server.was_cut() && !cut => (cut, unsure) = (true, true),
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Asks the server once.
    fn step(&self, server: &mut Server, nonce: u64, fence: &str, entries: &[&[u8]]) -> Result<Step, StoreError> {
        let last = self.copy()?.last.clone();
        let reply = server.append(&last, nonce, fence, entries)?;
        let mut copy = self.copy()?;
        let mut ours = None;
        for batch in &reply.missed {
            let entries: Vec<&[u8]> = batch.entries.iter().map(Vec::as_slice).collect();
            let answers = copy.follow(&batch.id, &entries).map_err(|fault| server.fault(fault))?;
            if batch.id.split_once('-').is_some_and(|(_, of)| of.parse() == Ok(nonce)) {
                ours = Some(answers);
            }
        }
        Ok(match reply.status {
            Status::Added(id) => Step::Ours(copy.follow(&id, entries).map_err(|fault| server.fault(fault))?),
            _ if ours.is_some() => Step::Ours(ours.unwrap_or_default()),
            Status::Read => Step::Read,
            Status::More => Step::Again,
            Status::Fenced | Status::Moved => Step::Wait,
            Status::Elsewhere(base) => {
                copy.load_again(server, &base)?;
                Step::Again
            }
        })
    }

    fn server(&self) -> Result<MutexGuard<'_, Server>, StoreError> {
        self.server.lock().map_err(|_| StoreError::new("the store failed before in the middle of a change"))
    }

    /// The ledger, as long as it is that of the log.
    fn copy(&self) -> Result<MutexGuard<'_, Copied>, StoreError> {
        let copy =
            self.copy.lock().map_err(|_| StoreError::new("the store failed before in the middle of a change"))?;
        copy.failed.clone().map_or(Ok(copy), Err)
    }

    /// Lets a snapshot stand for the log so far.
    fn fold(&self) -> Result<(), StoreError> {
        let mut server = self.server()?;
        let Some((_, before)) = server.meta()? else { return Ok(()) };
        let (at, pieces) = {
            let copy = self.copy()?;
            (copy.last.clone(), snapshot::write(&copy.ledger)?)
        };
        // Another that was faster did the same.
        if at != before {
            server.fold(&at, &before, &pieces)?;
        }
        Ok(())
    }
}

/// What came of asking once.
enum Step {
    /// Our batch is in the log, and came to this.
    Ours(Vec<Answer>),
    /// All that is in the log is known.
    Read,
    Again,
    Wait,
}

impl Copied {
    /// Does what a batch of the log says. An entry that this program cannot read may be what others spent.
    fn follow(&mut self, id: &str, entries: &[&[u8]]) -> Result<Vec<Answer>, StoreError> {
        let mut answers = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry::apply(&mut self.ledger, entry) {
                Ok(answer) => answers.push(answer),
                Err(fault) => {
                    self.failed = Some(fault.clone());
                    return Err(fault);
                }
            }
        }
        self.last = id.to_owned();
        Ok(answers)
    }

    /// The log begins later than what is known, or the server lost what it had said to have.
    fn load_again(&mut self, server: &mut Server, base: &str) -> Result<(), StoreError> {
        if position(base) > position(&self.last) {
            let (ledger, last) = load(server)?;
            let forgotten = |time| ledger.pruned.is_some_and(|pruned| time <= pruned);
            let records = &self.ledger.records;
            if records.iter().all(|(ticket, one)| ledger.records.contains_key(ticket) || forgotten(one.time)) {
                (self.ledger, self.last) = (ledger, last);
                return Ok(());
            }
        }
        let fault = server.fault(format!(
            "it lost what it had said to keep in store `{}`: it was emptied, or an older copy took its place; compare with the bank before the store is opened again",
            server.name()
        ));
        self.failed = Some(fault.clone());
        Err(fault)
    }
}

/// The ledger of the snapshot, or an empty one, and the entry after which the log goes on.
fn load(server: &mut Server) -> Result<(Ledger, String), StoreError> {
    // A snapshot may give way to the next while it is read.
    for _ in 0..5 {
        let name = server.name().to_owned();
        let Some((layout, base)) = server.meta()? else {
            return Err(server
                .fault(format!("there is no store `{name}`: it was never created here, or its server was emptied")));
        };
        if layout != entry::LAYOUT {
            return Err(server.fault(format!(
                "the layout of store `{name}` has version {layout}, this program reads {}",
                entry::LAYOUT
            )));
        }
        if base.is_empty() {
            let first = server.first()?.filter(|id| position(id) == Some(1));
            if let Some(first) = first {
                return Ok((Ledger::default(), first));
            }
        } else {
            let pieces = server.snapshot(&base)?;
            if !pieces.is_empty() {
                return Ok((snapshot::read(&pieces).map_err(|fault| server.fault(fault))?, base));
            }
        }
    }
    Err(server.fault(format!("store `{}` is broken: a part of what was spent is gone", server.name())))
}

/// The place of an entry in the log.
fn position(id: &str) -> Option<u64> {
    id.split_once('-')?.0.parse().ok()
}

impl Store for Redis {
    fn adopt(&self, policy: &Policy, now: Timestamp) -> Result<Adopted, StoreError> {
        let begin = Instant::now();
        while begin.elapsed() < ADOPTING {
            self.catch_up()?;
            if let Some(adopted) = self.adopted(policy)? {
                return Ok(adopted);
            }
            let mut server = self.server()?;
            let Some(fence) = server.fence()? else {
                drop(server);
                std::thread::sleep(PAUSE);
                continue;
            };
            // From here on nobody else adds, and this gateway waits behind its own lock.
            while matches!(self.step(&mut server, 0, "", &[])?, Step::Again) {}
            let entry = entry::adopt(&self.copy()?.ledger.adoption(policy, now))?;
            self.step(&mut server, server::random(), &fence, &[&entry])?;
        }
        Err(StoreError::new("other gateways are adopting policies all the while; try again"))
    }

    fn sum(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        self.catch_up()?;
        self.glance(counter, key, start)
    }

    fn glance(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        Ok(self.copy()?.ledger.sum(counter, key, start))
    }

    fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Result<Option<Reserved>, StoreError> {
        self.catch_up()?;
        Ok(self.copy()?.ledger.find(ticket, digest, now))
    }

    fn reserve(&self, order: &Order<'_>, now: Timestamp) -> Result<Reserved, StoreError> {
        let entry = entry::reserve(order, now)?;
        // What would be refused on the newest that there is need not burden the log.
        if self.copy()?.ledger.refusal(order, now).is_some() {
            self.catch_up()?;
            if let Some(refusal) = self.copy()?.ledger.refusal(order, now) {
                return Ok(refusal);
            }
        }
        match self.change(entry)? {
            Answer::Reserved(reserved) => Ok(reserved),
            _ => Err(mixed_up()),
        }
    }

    fn settle(&self, ticket: &Ticket, end: State) -> Result<(), SettleError> {
        match self.change(entry::settle(ticket, end)?)? {
            Answer::Settled(answer) => answer,
            _ => Err(mixed_up().into()),
        }
    }

    fn pending(&self, now: Timestamp) -> Result<Vec<Pending>, StoreError> {
        self.catch_up()?;
        Ok(self.copy()?.ledger.pending(now))
    }

    fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        let Answer::Pruned(count) = self.change(entry::prune(now)?)? else { return Err(mixed_up()) };
        self.fold()?;
        Ok(count)
    }

    fn trust(&self, counter: &str) -> Result<(), StoreError> {
        self.change(entry::trust(counter)?).map(drop)
    }
}

impl Redis {
    /// What a policy came to that is adopted already.
    fn adopted(&self, policy: &Policy) -> Result<Option<Adopted>, StoreError> {
        let copy = self.copy()?;
        Ok(copy.ledger.counts_for(policy).then(|| copy.ledger.adopted()))
    }
}

fn mixed_up() -> StoreError {
    StoreError::new("the answer belongs to another question")
}
