//! Outcomes of tests.

mod coverage;
mod human;
mod json;
mod junit;

use std::collections::HashMap;
use std::io;

use bpol_engine::ir::{Ir, Rule};
use bpolc::analyze::coverage::Key;
use bpolc::expect::Case;
use bpolc::source::Sources;
use serde_json::Value;

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

/// A test that was run.
#[derive(Debug)]
pub(crate) struct Run<'c> {
    /// Its name.
    pub(crate) name: String,
    /// Its expectations.
    pub(crate) tried: Vec<Tried<'c>>,
}

impl Run<'_> {
    /// Whether all its expectations were met.
    pub(crate) fn passed(&self) -> bool {
        self.failed() == 0
    }

    fn failed(&self) -> usize {
        self.tried.iter().filter(|tried| tried.fault.is_some()).count()
    }
}

/// An expectation that was tried.
#[derive(Debug)]
pub(crate) struct Tried<'c> {
    /// What was expected of what.
    pub(crate) case: &'c Case,
    /// The decision as JSON; null when there was none.
    pub(crate) decision: Value,
    /// What was not as expected.
    pub(crate) fault: Option<String>,
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
            human::write(sources, &Rules::of(ir), runs);
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

/// Rules by their ids. Rules that came of one statement share its id, its place and its text.
struct Rules<'i>(HashMap<&'i str, &'i Rule>);

impl<'i> Rules<'i> {
    fn of(ir: &'i Ir) -> Self {
        let keys = ir.keys.iter().flat_map(|key| &key.rules);
        let guardrails = ir.guardrails.iter().flat_map(|guardrail| &guardrail.rules);
        Self(keys.chain(guardrails).map(|rule| (rule.id.as_str(), rule)).collect())
    }

    fn get(&self, id: &str) -> Option<&'i Rule> {
        self.0.get(id).copied()
    }
}
