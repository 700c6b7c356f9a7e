//! Coverage: what counts as a case, what tries it, and that the lines that are suggested are right and are enough.

mod case;
mod law;

use bpol_engine::ir::Ir;
use bpol_engine::{History, Policy};
use bpolc::analyze::coverage::{Key, Tried, coverage};
use bpolc::{Checked, expect};
use camino::Utf8Path;
use jiff::Timestamp;

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().expect("an instant")
}

/// A policy that compiles, or its errors.
fn checked(text: &str) -> Result<(Checked, Ir), String> {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    let found = || checked.diagnostics.iter().map(|found| format!("{}: {}", found.name, found.message));
    match bpolc::compile(&checked) {
        Some(ir) => Ok((checked, ir)),
        None => Err(found().collect::<Vec<_>>().join("\n")),
    }
}

/// What the tests of a policy try; an expectation that fails is an error.
fn covered(text: &str) -> Result<Vec<Key>, String> {
    let (checked, ir) = checked(text)?;
    let engine = Policy::from_ir(ir.clone()).map_err(|error| error.to_string())?;
    let cases = expect::cases(&checked, now());
    for case in &cases {
        let mut history = History::new();
        for entry in &case.past {
            history.extend(engine.read_entry(&entry.to_string()).map_err(|malformed| malformed.reason.to_string())?);
        }
        let report = engine.answer(&case.request.to_string(), &history, now());
        if report.decision != case.effect || report.message.is_some() {
            return Err(format!("fails: {:?} {}\n{report:?}", case.effect, case.request));
        }
        let shown = report.fields.unwrap_or_default();
        if let Some(field) = case.showing.iter().find(|field| !shown.contains(field)) {
            return Err(format!("fails: `{field}` is not shown by {}", case.request));
        }
    }
    let tried: Vec<Tried<'_>> = cases.iter().map(|case| Tried { request: &case.request, past: &case.past }).collect();
    Ok(coverage(&ir, &engine, &tried))
}
