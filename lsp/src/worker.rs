//! Policies that are looked through whole, beside the loop that answers the editor.

use std::thread;

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
    /// Which state of the workspace it is.
    pub(crate) generation: u64,
    pub(crate) snapshot: Snapshot,
    pub(crate) settings: Effective,
    pub(crate) now: Timestamp,
}

/// What was found.
pub(crate) struct Done {
    pub(crate) root: Utf8PathBuf,
    pub(crate) generation: u64,
    /// Nothing when looking broke down.
    pub(crate) findings: Option<Vec<Diagnostic>>,
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
                    let look = || job.snapshot.findings(Some(job.now), &|lint| job.settings.wants(lint));
                    let findings = std::panic::catch_unwind(std::panic::AssertUnwindSafe(look)).ok();
                    let done = Done { root: job.root, generation: job.generation, findings };
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
