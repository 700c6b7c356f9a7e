//! `bpolc diff`

mod base;

use bpol_engine::ir::Ir;
use bpolc::analyze::diff::{Diff, diff};
use camino::{Utf8Path, Utf8PathBuf};

use super::exit::{Exit, Outcome, Stop};
use super::files::{self, STDIN};
use super::{check, decide, lower};
use crate::report::diff::{Compared, Format, report};

/// Say what a change of policy newly permits and no longer permits
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: bpolc diff old.json policies/ --fail-on wider\n          bpolc diff --base origin/main policies/ --format markdown\n\nSums are compared as if both policies had counted the same."
)]
pub(crate) struct Arguments {
    /// OLD and NEW: a file, a directory, a compiled policy, or `-`; with `--base` the files or directories of NEW
    files: Vec<Utf8PathBuf>,
    /// Compare with these files as they are in a git revision
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// How to report: text, markdown or json
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    format: Format,
    /// Exit with 5 if more is possible (`wider`), or if anything changed (`any`)
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Something is newly possible
    Wider,
    /// Something is decided in another way
    Any,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match &arguments.base {
        Some(revision) => against_base(arguments, revision),
        None => of_two(arguments),
    }
}

fn of_two(arguments: &Arguments) -> Outcome {
    let [old, new] = arguments.files.as_slice() else {
        return Err(Stop::failed("name two policies, old and new, or one and `--base REV`"));
    };
    if old == STDIN && new == STDIN {
        return Err(Stop::failed("standard input can be only one of the two policies"));
    }
    // Both are read before either is refused, so that all findings are seen at once.
    let policies = [load(old)?, load(new)?];
    let [Some(before), Some(after)] = policies else { return Ok(Exit::DoesNotCompile) };
    finish(arguments, [old.as_str(), new.as_str()], &[], &diff(&before, &after))
}

fn against_base(arguments: &Arguments, revision: &str) -> Outcome {
    if arguments.files.iter().any(|path| path == STDIN) {
        return Err(Stop::failed("standard input has no past in git; name files or directories with `--base`"));
    }
    let base = base::read(revision, &arguments.files)
        .map_err(|reason| Stop::failed(format!("unknown what changed since `{revision}`: {reason}")))?;
    let Some(checked) = check::whole(files::read(&arguments.files)?, false) else { return Ok(Exit::DoesNotCompile) };
    let new = if arguments.files.is_empty() { ".".to_owned() } else { named(&arguments.files) };
    finish(arguments, [revision, &new], &base.notes, &diff(&base.policy, &lower(&checked)?))
}

fn named(files: &[Utf8PathBuf]) -> String {
    files.iter().map(|path| path.as_str()).collect::<Vec<_>>().join(" ")
}

fn finish(arguments: &Arguments, [old, new]: [&str; 2], notes: &[String], diff: &Diff) -> Outcome {
    report(&Compared { old, new, notes, diff }, arguments.format)?;
    // What is not decided may be anything.
    let fails = match (arguments.fail_on, &diff.verdict) {
        (None, _) => false,
        (Some(_), Err(_)) => true,
        (Some(FailOn::Wider), Ok(verdict)) => verdict.gains(),
        (Some(FailOn::Any), Ok(verdict)) => verdict.gains() || verdict.loses(),
    };
    Ok(if fails { Exit::Changed } else { Exit::Fine })
}

/// A policy, compiled or not: nothing, and findings on standard error, for one that does not compile.
fn load(path: &Utf8Path) -> Result<Option<Ir>, Stop> {
    Ok(decide::load(path)?.map(|policy| policy.ir().clone()))
}
