//! Running a check again whenever a file changed.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use super::exit::{Outcome, Stop, say};

/// Editors write a file in several steps; what comes within this time is one change.
const SETTLES: Duration = Duration::from_millis(15);

/// Runs, and runs again after each change below what is named, until the process is ended. `run` tells the directories
/// that hold what it read beside that.
pub(crate) fn watch(named: &[Utf8PathBuf], run: &mut dyn FnMut() -> (Outcome, Vec<Utf8PathBuf>)) -> Outcome {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // Nobody listens any more only when the process ends.
        _ = sender.send(event);
    })
    .map_err(|fault| Stop::failed(format!("files cannot be watched here: {fault}")))?;
    let mut watched: BTreeSet<PathBuf> = BTreeSet::new();
    for path in roots(named) {
        let fault = |fault| Stop::failed(format!("`{path}` cannot be watched: {fault}"));
        watcher.watch(path.as_std_path(), RecursiveMode::NonRecursive).map_err(fault)?;
        watched.insert(path.into());
    }
    loop {
        let begin = Instant::now();
        let (outcome, also) = run();
        // What stops one run (a file that is gone, say) is told, and the next change may mend it.
        if let Err(Stop::BrokenPipe) = outcome {
            return outcome;
        }
        if let Err(Stop::Failed(faults)) = outcome {
            faults.iter().for_each(super::exit::complain);
        }
        say(format_args!("checked in {} ms; waiting for changes, end with Ctrl-C", begin.elapsed().as_millis()));
        for directory in also {
            let directory = if directory.as_str().is_empty() { Utf8PathBuf::from(".") } else { directory };
            // Only directories that hold what was read: the tree may hold much else.
            if watched.insert(directory.clone().into()) {
                // One that cannot be watched is read again with the others.
                _ = watcher.watch(directory.as_std_path(), RecursiveMode::NonRecursive);
            }
        }
        if !changed(&changes) {
            return Err(Stop::failed("files are no longer watched; start again"));
        }
        if std::io::stderr().is_terminal() {
            // The next report stands alone.
            eprint!("\x1b[2J\x1b[H");
        }
    }
}

/// What is watched from the start: directories that are named, and those of files that are.
fn roots(named: &[Utf8PathBuf]) -> BTreeSet<Utf8PathBuf> {
    let root = |name: &Utf8PathBuf| {
        let directory = if name.is_dir() { name.as_path() } else { name.parent().unwrap_or(Utf8Path::new("")) };
        if directory.as_str().is_empty() { Utf8PathBuf::from(".") } else { directory.to_owned() }
    };
    if named.is_empty() { BTreeSet::from([Utf8PathBuf::from(".")]) } else { named.iter().map(root).collect() }
}

/// Waits for a change that matters, and until no other follows; false when there can be none any more.
fn changed(changes: &Receiver<notify::Result<Event>>) -> bool {
    loop {
        match changes.recv() {
            Ok(Ok(event)) if matters(&event) => break,
            // What was missed may have been a change.
            Ok(Err(_)) => break,
            Ok(Ok(_)) => {}
            Err(_) => return false,
        }
    }
    loop {
        match changes.recv_timeout(SETTLES) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

fn matters(event: &Event) -> bool {
    let is_read = |path: &PathBuf| {
        let extension = Path::new(path).extension();
        extension.is_some_and(|extension| extension == "bpol" || extension == "toml") || extension.is_none()
    };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_read)
}
