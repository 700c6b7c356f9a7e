//! Outcomes of tests as one JSON document.

use std::io;

use bpolc::expect::run::{Run, Tried};
use bpolc::source::Sources;
use serde::Serialize;
use serde_json::Value;

use super::Covered;
use super::coverage::Coverage;
use crate::report::Places;
use crate::report::place::Place;

#[derive(Debug, Serialize)]
struct Document<'r> {
    tests: Vec<Test<'r>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage<'r>>,
}

#[derive(Debug, Serialize)]
struct Test<'r> {
    name: &'r str,
    passed: bool,
    expectations: Vec<Expectation<'r>>,
}

#[derive(Debug, Serialize)]
struct Expectation<'r> {
    #[serde(flatten)]
    place: Place<'r>,
    key: &'r str,
    expected: &'r str,
    showing: &'r [String],
    passed: bool,
    fault: Option<&'r str>,
    request: &'r Value,
    past: &'r [Value],
    decision: &'r Value,
}

#[derive(Debug, Serialize)]
struct Summary {
    tests: usize,
    expectations: usize,
    failed: usize,
}

/// Writes the document. `failed` counts expectations.
pub(super) fn write(
    out: &mut dyn io::Write,
    sources: &Sources,
    runs: &[Run<'_>],
    covered: Option<Covered<'_>>,
) -> io::Result<()> {
    let mut places = Places::new(sources);
    let document = Document {
        tests: runs
            .iter()
            .map(|run| Test {
                name: &run.name,
                passed: run.passed(),
                expectations: run.tried.iter().map(|tried| expectation(tried, &mut places)).collect(),
            })
            .collect(),
        summary: Summary {
            tests: runs.len(),
            expectations: runs.iter().map(|run| run.tried.len()).sum(),
            failed: runs.iter().map(Run::failed).sum(),
        },
        coverage: covered.map(|covered| Coverage::of(covered, &mut places)),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn expectation<'r>(tried: &'r Tried<'r>, places: &mut Places<'r>) -> Expectation<'r> {
    Expectation {
        place: places.of(tried.case.place),
        key: &tried.case.key,
        expected: tried.case.effect.word(),
        showing: &tried.case.showing,
        passed: tried.fault.is_none(),
        fault: tried.fault.as_deref(),
        request: &tried.case.request,
        past: &tried.case.past,
        decision: &tried.decision,
    }
}
