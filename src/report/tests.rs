//! Outcomes of tests.

mod coverage;
mod human;
mod json;
mod junit;

use std::io;

use bpol_engine::ir::Ir;
use bpolc::analyze::coverage::Key;
use bpolc::expect::run::{Run, Tried};
use bpolc::source::Sources;

/// How outcomes of tests are reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A line for each test, and more for those that fail, on standard error
    #[default]
    Human,
    /// One JSON document, on standard output
    Json,
    /// JUnit's XML, on standard output
    Junit,
}

/// What the tests try of each key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Covered<'c> {
    /// The keys, by name.
    pub(crate) keys: &'c [Key],
    /// The expectations that the hits of cases are places of.
    pub(crate) passed: &'c [&'c Tried<'c>],
}

/// Reports outcomes, and what was tried where that is asked for.
pub(crate) fn report(
    sources: &Sources,
    ir: &Ir,
    runs: &[Run<'_>],
    covered: Option<Covered<'_>>,
    format: Format,
) -> io::Result<()> {
    match format {
        Format::Human => {
            human::write(sources, ir, runs);
            if let Some(covered) = covered {
                coverage::write(sources, covered.keys);
            }
            Ok(())
        }
        Format::Json => super::to_stdout(|out| json::write(out, sources, runs, covered)),
        // What is not tried is no case of a test; people still read of it.
        Format::Junit => {
            super::to_stdout(|out| junit::write(out, sources, runs))?;
            if let Some(covered) = covered {
                coverage::write(sources, covered.keys);
            }
            Ok(())
        }
    }
}

/// A share in whole percent: 100 only where nothing is missing.
pub(crate) fn percent(hit: usize, all: usize) -> usize {
    (hit * 100).checked_div(all).unwrap_or(100)
}
