//! A line on the terminal while a large policy is read and checked, which is gone before anything else is said. Nothing
//! where standard error is no terminal, so that no log has it.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What is done sooner needs no line.
const PATIENCE: Duration = Duration::from_millis(400);

/// How often the line is written again.
const PACE: Duration = Duration::from_millis(100);

const ERASE: &[u8] = b"\r\x1b[2K";

/// A line about what is being done, until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress(Option<(Sender<String>, JoinHandle<()>)>);

impl Progress {
    /// Begins to wait, and then says what is being done.
    pub(crate) fn begin(what: String) -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if dumb || !io::stderr().is_terminal() {
            return Self(None);
        }
        let (sender, receiver) = mpsc::channel::<String>();
        let writer = thread::Builder::new().spawn(move || {
            let begin = Instant::now();
            let (mut what, mut shown, mut wait) = (what, false, PATIENCE);
            for turn in 0_usize.. {
                match receiver.recv_timeout(wait) {
                    Ok(next) => what = next,
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                wait = PATIENCE.saturating_sub(begin.elapsed()).max(PACE);
                if begin.elapsed() >= PATIENCE {
                    shown = true;
                    write(line(turn, &what, begin.elapsed()).as_bytes());
                }
            }
            if shown {
                write(ERASE);
            }
        });
        // Without a thread there is no line, and that is all.
        Self(writer.ok().map(|writer| (sender, writer)))
    }

    /// Says what is being done from now on.
    pub(crate) fn says(&self, what: String) {
        if let Some((sender, _)) = &self.0 {
            _ = sender.send(what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, writer)) = self.0.take() {
            drop(sender);
            _ = writer.join();
        }
    }
}

/// A terminal that goes away is no reason to stop.
fn write(bytes: &[u8]) {
    let mut err = io::stderr().lock();
    _ = err.write_all(bytes).and_then(|()| err.flush());
}

/// `- checking 214 files, 3 s`, over the line before.
fn line(turn: usize, what: &str, since: Duration) -> String {
    let sign = ['-', '\\', '|', '/'].get(turn % 4).copied().unwrap_or('-');
    let seconds = match since.as_secs() {
        0 => String::new(),
        seconds => format!(", {seconds} s"),
    };
    format!("\r\x1b[2K{sign} {what}{seconds}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::line;

    #[test]
    fn a_line_says_what_is_done_and_for_how_long() {
        assert_eq!(line(0, "reading", Duration::from_millis(500)), "\r\x1b[2K- reading");
        assert_eq!(line(5, "checking 214 files", Duration::from_secs(3)), "\r\x1b[2K\\ checking 214 files, 3 s");
    }
}
