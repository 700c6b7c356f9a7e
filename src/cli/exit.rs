//! How a run ends: exit codes, and reasons to stop early.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// The exit codes of language.md, section 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Fine = 0,
    /// Findings at or above the fail level.
    Findings = 1,
    /// Wrong usage, or a file that cannot be read or written.
    Usage = 2,
    /// The policy does not compile.
    DoesNotCompile = 3,
    /// A test or a claim failed.
    TestFailed = 4,
    /// A change is more than `--fail-on` allows.
    Changed = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something the user must hear of, one message each.
    Failed(Vec<String>),
    /// Whoever read our output has gone away; nobody is left to hear anything.
    BrokenPipe,
}

/// What a subcommand comes to.
pub(crate) type Outcome = Result<Exit, Stop>;

impl Stop {
    /// Stops with one message.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(vec![message.into()])
    }
}

/// Only writing to standard output fails with a bare error; everything else names its file.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::failed(format!("cannot write to standard output: {}", why(&error)))
        }
    }
}

/// What a shell reports for a program that a broken pipe ended. A report that was cut off is no success.
const BROKEN_PIPE: u8 = 141;

/// Says what is to be said and gives the code to exit with.
pub(crate) fn finish(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(exit) => exit.into(),
        Err(Stop::Failed(messages)) => {
            for message in messages {
                complain(message);
            }
            Exit::Usage.into()
        }
        Err(Stop::BrokenPipe) => ExitCode::from(BROKEN_PIPE),
    }
}

/// A line on standard error that begins with `error:`.
pub(crate) fn complain(message: impl Display) {
    say(format_args!("error: {message}"));
}

/// A line on standard error. That nobody reads it is no reason to fail.
pub(crate) fn say(message: impl Display) {
    use io::Write as _;
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// Why the system refused, in the manner of our messages: lower case and without the number.
pub(crate) fn why(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
