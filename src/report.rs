//! Reports: findings and outcomes of tests for people and programs. One file per format.

mod checkstyle;
pub(crate) mod diff;
pub(crate) mod doc;
pub(crate) mod explain;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod path;
mod place;
mod sarif;
mod short;
mod summary;
mod terminal;
pub(crate) mod tests;
mod xml;

use std::io::{self, Write as _};

use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};
use bpolc::source::Sources;

pub(crate) use bpolc::words::{harmless, number};
pub(crate) use github::job_summary;
pub(crate) use json::schema;
pub(crate) use place::Places;
pub(crate) use terminal::{Colour, Terminal};

/// How findings are reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// With the source, on standard error
    #[default]
    Human,
    /// One line each, on standard output
    Short,
    /// One JSON document, on standard output
    Json,
    /// SARIF 2.1.0, for scanners' results
    Sarif,
    /// Annotations of a GitHub workflow, and the summary of its job
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// Checkstyle's XML
    Checkstyle,
}

/// Reports what `check` found. Machine formats go to standard output, everything else to standard error.
pub(crate) fn check(checked: &Checked, format: Format, fail_level: Level) -> io::Result<()> {
    if format == Format::Human {
        human(checked);
        return Ok(());
    }
    to_stdout(|out| machine(out, checked, format, fail_level))
}

/// Reports what `check` found to people.
pub(crate) fn human(checked: &Checked) {
    if checked.diagnostics.is_empty() {
        to_stderr(&summary::nothing(checked));
    } else {
        findings(checked);
    }
}

/// Writes a report for programs.
pub(crate) fn machine(out: &mut dyn io::Write, checked: &Checked, format: Format, fail_level: Level) -> io::Result<()> {
    match format {
        Format::Human => Ok(()),
        Format::Short => short::write(out, &checked.sources, &checked.diagnostics),
        Format::Json => json::write(out, checked),
        Format::Sarif => sarif::write(out, checked),
        Format::Github => github::write(out, checked),
        Format::Gitlab => gitlab::write(out, checked),
        Format::Junit => junit::write(out, checked, fail_level),
        Format::Checkstyle => checkstyle::write(out, checked),
    }
}

/// What a finding means and what to do, on one line.
fn advice(found: &Diagnostic) -> String {
    let text = match &found.help {
        Some(help) => format!("{}; {help}", found.message),
        None => found.message.clone(),
    };
    text.replace(['\r', '\n'], " ")
}

/// Reports findings with their sources and how many there are, on standard error.
pub(crate) fn findings(checked: &Checked) {
    shown(&checked.sources, &checked.diagnostics, &summary::count(checked));
}

/// Reports findings of some files with how many there are, on standard error.
pub(crate) fn in_files(sources: &Sources, diagnostics: &[Diagnostic]) {
    shown(sources, diagnostics, &summary::counted(sources, diagnostics));
}

fn shown(sources: &Sources, diagnostics: &[Diagnostic], count: &str) {
    let mut terminal = Terminal::for_stderr(sources);
    let mut err = io::BufWriter::new(io::stderr().lock());
    // A report that nobody reads is no reason to fail.
    let _ = diagnostics
        .iter()
        .try_for_each(|found| writeln!(err, "{}", terminal.render(found)))
        .and_then(|()| writeln!(err, "{count}"))
        .and_then(|()| err.flush());
}

fn to_stderr(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn to_stdout(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}
