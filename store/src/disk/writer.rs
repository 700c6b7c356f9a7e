//! One thread writes: it takes all that waits, writes it by one sync, and says so to all who wait. After a failure nothing
//! more is written or said, since memory and disk may differ.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use redb::Database;

use super::file::{self, Write};
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    given: Condvar,
    written: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    writes: Vec<Write>,
    /// How many batches were given and how many of them are on disk.
    given: u64,
    written: u64,
    failed: Option<StoreError>,
    closed: bool,
}

impl Writer {
    pub(super) fn start(database: Database) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("bpol-store".to_owned()).spawn(move || run(&database, &for_thread));
        let thread = thread.map_err(|fault| StoreError::new(format!("no thread for the store: {fault}")))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Gives changes to the thread; what comes back is to be waited for.
    pub(super) fn push(&self, writes: Vec<Write>) -> u64 {
        let mut queue = self.shared.lock();
        queue.writes.extend(writes);
        queue.given = queue.given.saturating_add(1);
        self.shared.given.notify_one();
        queue.given
    }

    /// Waits until changes are on disk.
    pub(super) fn wait(&self, turn: u64) -> Result<(), StoreError> {
        let mut queue = self.shared.lock();
        while queue.written < turn {
            if let Some(fault) = &queue.failed {
                return Err(fault.clone());
            }
            queue = self.shared.written.wait(queue).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        Ok(())
    }

    /// Whether everything so far was written or still may be.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.shared.lock().failed.clone().map_or(Ok(()), Err)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.given.notify_one();
        if let Some(thread) = self.thread.take() {
            // Whoever waited was told of a failure already.
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// The queue is whole after every statement, so a panic of another thread does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn fail(&self, fault: StoreError) {
        self.lock().failed = Some(fault);
        self.written.notify_all();
    }
}

fn run(database: &Database, shared: &Shared) {
    let _told = TellOfPanic(shared);
    loop {
        let mut queue = shared.lock();
        while queue.writes.is_empty() && !queue.closed {
            queue = shared.given.wait(queue).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        if queue.writes.is_empty() {
            return;
        }
        let (writes, given) = (std::mem::take(&mut queue.writes), queue.given);
        drop(queue);
        if let Err(fault) = file::write(database, &writes) {
            return shared.fail(fault);
        }
        shared.lock().written = given;
        shared.written.notify_all();
    }
}

/// Nobody waits for ever when the thread dies.
struct TellOfPanic<'s>(&'s Shared);

impl Drop for TellOfPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail(StoreError::new("the store's thread failed"));
        }
    }
}
