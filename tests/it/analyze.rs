//! Regions against the engine, and questions to regions against brute force.

mod agreement;
mod claim;
mod phrase;
mod terminal;

use bpol_engine::Report;
use bpol_engine::ir::Ir;
use bpolc::analyze::Outcome;
use bpolc::analyze::region::fields;
use camino::Utf8Path;
use serde_json::{Value, json};

use crate::naive::model::Policy;
use crate::naive::print::print;

/// The compiled policy, or the errors of one that has some.
fn compile(policy: &Policy) -> Result<Ir, String> {
    compile_text(&print(policy))
}

fn compile_text(text: &str) -> Result<Ir, String> {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).ok_or_else(|| {
        checked
            .diagnostics
            .iter()
            .map(|found| format!("{}: {}", found.name, found.message))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

/// The outcome of a region in the words of a report.
fn outcome(ir: &Ir, operation: usize, outcome: &Outcome) -> Value {
    let mut shown: Option<Vec<&str>> = outcome.fields.map(|bits| {
        let all = fields(&ir.operations[operation]).enumerate();
        all.filter(|(bit, _)| bits >> bit & 1 != 0).map(|(_, field)| field).collect()
    });
    shown.iter_mut().for_each(|shown| shown.sort_unstable());
    json!({"decision": outcome.effect, "each": outcome.each, "fields": shown})
}

/// What of the engine's decision regions speak of.
fn report(report: &Report) -> Value {
    let mut shown = report.fields.clone();
    shown.iter_mut().for_each(|shown| shown.sort_unstable());
    json!({"decision": report.decision, "each": report.each, "fields": shown})
}
