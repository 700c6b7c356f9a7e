//! `bpolc test`

use std::io::{self, Write as _};

use bpol_engine::Policy;
use bpol_engine::ir::Ir;
use bpolc::analyze::coverage::{self, Key};
use bpolc::expect;
use bpolc::expect::run::{self, Run, Tried};
use camino::Utf8PathBuf;
use jiff::Timestamp;

use super::decide::compiled;
use super::exit::{Exit, Outcome, Stop, complain, say};
use super::{check, files};
use crate::report::tests::{self, Covered};
use crate::report::{harmless, number};

/// Run the tests of a policy
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc test policies/ --filter rent")]
pub(crate) struct Arguments {
    /// Files or directories; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// How to report: human, json or junit
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    format: tests::Format,
    /// Run only the tests that have this in their name
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// Say which cases of each key the tests try, and which they do not
    #[arg(long)]
    coverage: bool,
    /// Fail when the tests try less than this share of all cases
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
    /// Write tests for the cases that are not tried to standard output
    #[arg(long, conflicts_with = "format")]
    suggest: bool,
}

impl Arguments {
    /// Whether it is asked what the tests try.
    fn covers(&self) -> bool {
        self.coverage || self.suggest || self.min_coverage.is_some()
    }
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let files = files::read(&arguments.files)?;
    let Some(checked) = check::whole(files, false) else { return Ok(Exit::DoesNotCompile) };
    let policy = compiled(&checked)?;
    let now = Timestamp::now();
    let cases = expect::cases(&checked, now);
    let filter = |name: &str| arguments.filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()));
    let runs = run::run(&checked, &policy, &cases, now, &filter);
    if runs.is_empty()
        && let Some(filter) = &arguments.filter
    {
        return Err(Stop::failed(format!("no test has `{filter}` in its name")));
    }
    if runs.is_empty() && arguments.format == tests::Format::Human && !arguments.covers() {
        say("no tests; write some with `test \"…\" for key \"…\" < expect … >`");
        return Ok(Exit::Fine);
    }
    let ir = super::lower(&checked)?;
    let passed: Vec<&Tried<'_>> =
        runs.iter().flat_map(|run| &run.tried).filter(|tried| tried.fault.is_none()).collect();
    let covered = arguments.covers().then(|| covered(&ir, &policy, &passed));
    let shown = covered.as_deref().filter(|_| arguments.coverage || arguments.min_coverage.is_some());
    tests::report(&checked.sources, &ir, &runs, shown.map(|keys| Covered { keys, passed: &passed }), arguments.format)?;
    if let Some(keys) = covered.as_deref().filter(|_| arguments.suggest) {
        suggest(keys, &run::names(&checked))?;
    }
    let reached = covered.is_none_or(|keys| reaches(&keys, arguments.min_coverage));
    Ok(if reached && runs.iter().all(Run::passed) { Exit::Fine } else { Exit::TestFailed })
}

/// What the expectations that passed try.
fn covered(ir: &Ir, policy: &Policy, passed: &[&Tried<'_>]) -> Vec<Key> {
    let tried: Vec<coverage::Tried<'_>> =
        passed.iter().map(|tried| coverage::Tried { request: &tried.case.request, past: &tried.case.past }).collect();
    coverage::coverage(ir, policy, &tried)
}

/// Prints tests for what is not tried, and says how many.
fn suggest(keys: &[Key], taken: &[String]) -> Result<(), Stop> {
    let text = bpolc::suggest::suggest(keys, taken);
    io::stdout().lock().write_all(text.as_bytes())?;
    let cases: usize = keys.iter().map(|key| key.cases.len() - key.hit()).sum();
    for key in keys {
        if let Some(why) = &key.undecided {
            say(format_args!("nothing is suggested for key `{}`: {why}", harmless(&key.name)));
        }
    }
    match cases {
        0 => say("nothing to suggest: every case is tried"),
        _ => say(format_args!(
            "tests for {}; read them before you add them to the policy: they say what is decided now",
            number(cases, "case")
        )),
    }
    Ok(())
}

/// Whether enough is tried, and a complaint if not. What is not known is not enough.
fn reaches(keys: &[Key], least: Option<u8>) -> bool {
    let Some(least) = least else { return true };
    if let Some((key, why)) = keys.iter().find_map(|key| Some((key, key.undecided.as_ref()?))) {
        complain(format_args!(
            "the cases of key `{}` cannot be told, so it is not known whether the tests try {least}% of all: {why}",
            harmless(&key.name)
        ));
        return false;
    }
    let (hit, all) = keys.iter().fold((0, 0), |(hit, all), key| (hit + key.hit(), all + key.cases.len()));
    if hit * 100 >= usize::from(least) * all {
        return true;
    }
    complain(format_args!(
        "the tests try {hit} of {}, {}%, and {least}% was asked for",
        number(all, "case"),
        tests::percent(hit, all)
    ));
    false
}
