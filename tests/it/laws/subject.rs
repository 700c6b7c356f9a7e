//! The only place where random tests touch the compiler and the engine: text in, JSON out.

use bpol_engine::{History, Policy};
use camino::Utf8Path;
use jiff::Timestamp;
use serde_json::Value;

pub(super) struct Compiled(Policy);

/// Compiles one file, or names its errors.
pub(super) fn compile(text: &str) -> Result<Compiled, String> {
    let ir = bpolc::compile(&check(text)?).ok_or("no-ir: the policy has no error and does not compile")?;
    Policy::from_ir(ir).map(Compiled).map_err(|error| format!("not-loaded: {error}"))
}

/// The decision for a request after a past, as a gateway would get it.
pub(super) fn decide(compiled: &Compiled, request: &str, past: &[String], now: Timestamp) -> Value {
    let Compiled(policy) = compiled;
    let mut history = History::default();
    for line in past {
        let entries = policy.read_entry(line).unwrap_or_else(|error| panic!("entry {line}: {error}"));
        for entry in entries {
            history.push(entry);
        }
    }
    serde_json::to_value(policy.answer(request, &history, now)).expect("a report is JSON")
}

/// The compiled JSON.
pub(super) fn ir(text: &str) -> Result<Value, String> {
    let ir = bpolc::compile(&check(text)?).ok_or("no-ir: the policy has no error and does not compile")?;
    Ok(serde_json::to_value(ir).expect("what is compiled is JSON"))
}

/// The canonical layout, or the names of the errors.
pub(super) fn format(text: &str) -> Result<String, String> {
    bpolc::fmt::format(text).map_err(|errors| named(errors.iter()))
}

fn check(text: &str) -> Result<bpolc::Checked, String> {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new(""), &|path| Err(format!("{path} is not there")));
    if !checked.has_errors() {
        return Ok(checked);
    }
    let errors = checked.diagnostics.iter().filter(|found| found.level == bpolc::diag::Level::Error);
    Err(named(errors))
}

fn named<'found>(errors: impl Iterator<Item = &'found bpolc::diag::Diagnostic>) -> String {
    errors.map(|found| format!("{}: {}", found.name, found.message)).collect::<Vec<_>>().join("\n")
}
