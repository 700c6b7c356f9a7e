//! Policies that are looked through whole, beside the loop that answers the editor.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use bpolc::diag::Diagnostic;
use bpolc::ide::Snapshot;
use camino::Utf8PathBuf;
use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::Timestamp;

use crate::settings::Effective;

/// A policy to look through.
pub(crate) struct Job {
    /// The file that it begins with.
    pub(crate) root: Utf8PathBuf,
    /// Since which state of the workspace it is as it is.
    pub(crate) generation: u64,
    pub(crate) snapshot: Snapshot,
    pub(crate) settings: Effective,
    pub(crate) now: Timestamp,
    /// When it is worth while: what is being typed changes again at once.
    pub(crate) not_before: Option<Instant>,
    /// The state in which the workspace was, and the one in which it is by now.
    pub(crate) asked_in: u64,
    pub(crate) newest: Arc<AtomicU64>,
}

impl Job {
    /// Waits until the typing pauses; false when it does not.
    fn waits(&self) -> bool {
        let Some(not_before) = self.not_before else { return true };
        thread::sleep(not_before.saturating_duration_since(Instant::now()));
        self.newest.load(Ordering::Acquire) == self.asked_in
    }
}

/// What was found.
pub(crate) struct Done {
    pub(crate) root: Utf8PathBuf,
    pub(crate) generation: u64,
    pub(crate) found: Found,
}

/// What came of looking.
pub(crate) enum Found {
    /// All that there is.
    All(Vec<Diagnostic>),
    /// Nothing: the text changed before it began.
    Late,
    /// Nothing: it broke down.
    Broken,
}

/// Threads that look through policies. They end when the jobs do.
pub(crate) struct Workers {
    pub(crate) jobs: Sender<Job>,
    pub(crate) done: Receiver<Done>,
}

impl Workers {
    /// Starts one thread for each processor, four at most.
    pub(crate) fn start() -> Self {
        let (jobs, todo) = unbounded::<Job>();
        let (say, done) = unbounded();
        let count = thread::available_parallelism().map_or(1, usize::from).min(4);
        for _ in 0..count {
            let (todo, say) = (todo.clone(), say.clone());
            let work = move || {
                while let Ok(job) = todo.recv() {
                    let (root, generation) = (job.root.clone(), job.generation);
                    if !job.waits() {
                        if say.send(Done { root, generation, found: Found::Late }).is_err() {
                            break;
                        }
                        continue;
                    }
                    let look = || job.snapshot.findings(Some(job.now), &|lint| job.settings.wants(lint));
                    let findings = std::panic::catch_unwind(std::panic::AssertUnwindSafe(look));
                    let done = Done { root, generation, found: findings.map_or(Found::Broken, Found::All) };
                    // Nobody listens any more only when the server ends.
                    if say.send(done).is_err() {
                        break;
                    }
                }
            };
            if let Err(error) = thread::Builder::new().name("policies".to_owned()).spawn(work) {
                eprintln!("bpol-lsp: no thread can be had: {error}");
            }
        }
        Self { jobs, done }
    }
}
