//! `bpolc explain`

use std::io::{self, Write as _};

use bpol_engine::{History, Policy};
use bpolc::explain::{overview, why};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::exit::{Exit, Outcome, Stop};
use super::files::{self, STDIN};
use super::requests::Requests;
use super::{check, decide, write};
use crate::report::explain::{self, Format};

/// Say what each key can do, and why a request is decided as it is
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bpolc explain policies/ --format html --output keys.html\nExample: bpolc explain --key ynab --as-of 2027-07-01\nExample: bpolc explain policies/ --why request.json"
)]
pub(crate) struct Arguments {
    /// Files or directories, or one compiled policy; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// Only this key; may be said again
    #[arg(long, value_name = "NAME")]
    key: Vec<String>,
    /// How to show it: text, markdown, html or json
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    format: Format,
    /// The moment that is shown, such as 2027-07-01 or 2027-07-01T09:00:00Z; the clock without it
    #[arg(long, value_name = "DATE|INSTANT")]
    as_of: Option<String>,
    /// Why this request is decided as it is: a JSON object, a file, or `-`
    #[arg(long, value_name = "REQUEST", conflicts_with = "key")]
    why: Option<String>,
    /// What was done before the request: one JSON object a line, each with its time
    #[arg(long, value_name = "FILE", requires = "why")]
    history: Option<Utf8PathBuf>,
    /// Where to write it; standard output without it
    #[arg(long, short, value_name = "FILE")]
    output: Option<Utf8PathBuf>,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let stdin = arguments.files.iter().filter(|path| *path == STDIN).count()
        + usize::from(arguments.why.as_deref() == Some(STDIN))
        + usize::from(arguments.history.as_deref() == Some(Utf8Path::new(STDIN)));
    if stdin > 1 {
        return Err(Stop::failed("standard input can be only one of policy, request and history"));
    }
    let Some(policy) = load(&arguments.files)? else { return Ok(Exit::DoesNotCompile) };
    let now = match &arguments.as_of {
        Some(text) => moment(text, policy.ir().timezone.as_deref())?,
        None => Timestamp::now(),
    };
    let text = match &arguments.why {
        None => {
            for name in &arguments.key {
                if !policy.ir().keys.iter().any(|key| key.name == *name) {
                    return Err(Stop::failed(format!("the policy has no key `{name}`")));
                }
            }
            explain::overview(&overview(policy.ir(), &arguments.key, now), arguments.format)?
        }
        Some(request) => {
            let history = match &arguments.history {
                Some(path) => decide::read_history(&policy, path)?,
                None => History::new(),
            };
            let reasons = why(&policy, &read(request)?, &history, now);
            let text = explain::why(&reasons, arguments.format)?;
            text.ok_or_else(|| Stop::failed("`--why` is shown as text or json"))?
        }
    };
    match &arguments.output {
        Some(path) => write::replace(path, text.as_bytes()).map_err(Stop::failed)?,
        None => {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
    }
    Ok(Exit::Fine)
}

/// Loads a policy, compiled or not: nothing, and findings on standard error, for one that does not compile.
fn load(paths: &[Utf8PathBuf]) -> Result<Option<Policy>, Stop> {
    if let [path] = paths {
        return decide::load(path);
    }
    let Some(checked) = check::whole(files::read(paths)?, false) else { return Ok(None) };
    decide::compiled(&checked).map(Some)
}

/// A date means its first instant in the zone of the policy.
fn moment(text: &str, zone: Option<&str>) -> Result<Timestamp, Stop> {
    let date = |text: &str| -> Option<Timestamp> {
        let date: Date = text.parse().ok().filter(|_| text.len() == "2027-07-01".len())?;
        let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        Some(date.to_zoned_datetime(zone).ok()?.start_of_day().ok()?.timestamp())
    };
    let moment = text.parse().ok().or_else(|| date(text));
    moment.ok_or_else(|| {
        Stop::failed(format!("`{text}` is no date and no instant; write 2027-07-01 or 2027-07-01T09:00:00Z"))
    })
}

/// The text of the only request.
fn read(request: &str) -> Result<String, Stop> {
    if request.trim_start().starts_with('{') {
        return Ok(request.to_owned());
    }
    let path = Utf8Path::new(request);
    let mut lines = Requests::new(decide::open(path)?);
    let mut next = || lines.next(&mut || Ok(())).map_err(|error| decide::unreadable(path, &error));
    let Some(first) = next()? else { return Err(Stop::failed(format!("`{path}` has no request"))) };
    if next()?.is_some() {
        return Err(Stop::failed(format!("`{path}` has several requests; `--why` takes one")));
    }
    first.text.map_err(|fault| Stop::failed(format!("`{path}`: {fault}")))
}
