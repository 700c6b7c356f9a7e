//! `bpolc decide`

use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};

use bpol_engine::{History, Policy};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use super::exit::{Exit, Outcome, Stop, say, why};
use super::files::{self, STDIN};
use super::requests::Requests;
use super::{check, lower};
use crate::report::harmless;

/// Decide requests against a policy
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bpolc decide policy.json requests.ndjson --history past.ndjson\n\nRequests do not count for one another. A request that is malformed is denied."
)]
pub(crate) struct Arguments {
    /// A compiled policy, a `.bpol` file, or a directory of them
    policy: Utf8PathBuf,
    /// One JSON object a line, or a single one; `-` or none is standard input
    requests: Option<Utf8PathBuf>,
    /// What was done before: one JSON object a line, each with its time
    #[arg(long, value_name = "FILE")]
    history: Option<Utf8PathBuf>,
    /// The time of requests that tell none, such as 2026-11-24T10:00:00Z; the clock without it
    #[arg(long, value_name = "INSTANT")]
    now: Option<Timestamp>,
}

/// A file in which so many lines are wrong is not what it is taken for.
const MOST_FAULTS: usize = 10;

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let requests = arguments.requests.as_deref().unwrap_or(STDIN.into());
    let from_stdin = [Some(arguments.policy.as_path()), Some(requests), arguments.history.as_deref()];
    if from_stdin.iter().flatten().filter(|path| **path == STDIN).count() > 1 {
        return Err(Stop::failed("standard input can be only one of policy, requests and history"));
    }
    let Some(policy) = load(&arguments.policy)? else { return Ok(Exit::DoesNotCompile) };
    let history = match &arguments.history {
        Some(path) => read_history(&policy, path)?,
        None => History::new(),
    };
    answer_all(&policy, &history, arguments.now, requests)
}

/// Loads a policy, compiled or not: nothing, and findings on standard error, for one that does not compile.
pub(crate) fn load(path: &Utf8Path) -> Result<Option<Policy>, Stop> {
    let files = if path.is_dir() {
        files::read(&[path.to_owned()])?
    } else {
        let text = files::text(path).map_err(Stop::failed)?;
        if text.trim_ascii_start().starts_with('{') {
            let policy = Policy::load(text.as_bytes());
            return policy.map(Some).map_err(|error| Stop::failed(format!("cannot load `{path}`: {error}")));
        }
        files::single(path, text)
    };
    let Some(checked) = check::whole(files, false) else { return Ok(None) };
    compiled(&checked).map(Some)
}

/// The engine's form of a policy that has no errors.
pub(crate) fn compiled(checked: &bpolc::Checked) -> Result<Policy, Stop> {
    Policy::from_ir(lower(checked)?).map_err(|error| Stop::failed(format!("cannot load the policy: {error}")))
}

pub(crate) fn read_history(policy: &Policy, path: &Utf8Path) -> Result<History, Stop> {
    let mut history = History::new();
    let mut faults = Vec::new();
    let mut lines = Requests::new(open(path)?);
    while let Some(line) = lines.next(&mut || Ok(())).map_err(|error| unreadable(path, &error))? {
        let entries = line
            .text
            .map_err(str::to_owned)
            .and_then(|text| policy.read_entry(&text).map_err(|malformed| malformed.reason));
        match entries {
            Ok(entries) => entries.into_iter().for_each(|entry| history.push(entry)),
            Err(reason) => faults.push(format!("{path}:{}: {reason}", line.line)),
        }
        if faults.len() == MOST_FAULTS {
            break;
        }
    }
    // A past that is not known whole would let through what it should have stopped.
    if faults.is_empty() { Ok(history) } else { Err(Stop::Failed(faults)) }
}

fn answer_all(policy: &Policy, history: &History, now: Option<Timestamp>, requests: &Utf8Path) -> Outcome {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut lines = Requests::new(open(requests)?);
    loop {
        let mut flushed = Ok(());
        let next = lines.next(&mut || {
            flushed = out.flush();
            Ok(())
        });
        flushed?;
        let Some(request) = next.map_err(|error| unreadable(requests, &error))? else { return Ok(Exit::Fine) };
        // What is no text cannot be given to the engine; an empty text is malformed as well.
        let text = request.text.as_deref().unwrap_or_default();
        let report = policy.answer(text, history, now.unwrap_or_else(Timestamp::now));
        let fault = request.text.as_ref().err().copied().or(report.message.as_deref());
        if let Some(fault) = fault {
            say(format_args!("{requests}:{}: malformed, so denied: {}", request.line, harmless(fault)));
        }
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
}

pub(crate) fn open(path: &Utf8Path) -> Result<Box<dyn Read>, Stop> {
    if path == STDIN {
        return Ok(Box::new(io::stdin()));
    }
    if path.is_dir() {
        return Err(Stop::failed(format!("cannot read `{path}`: it is a directory")));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(Box::new(file))
}

pub(crate) fn unreadable(path: &Utf8Path, error: &io::Error) -> Stop {
    Stop::failed(format!("cannot read `{path}`: {}", why(error)))
}
