//! Outcomes of tests for people.

use std::collections::HashMap;
use std::fmt::Write as _;

use bpol_engine::ir::{Clause, Ir, Rule};
use serde_json::Value;

use super::run::{Run, Tried};
use crate::diag::Diagnostic;
use crate::words::{harmless, number};

/// How outcomes look.
pub struct Looks<'l> {
    /// A test that passed or not, in a word of four characters.
    pub passed: &'l dyn Fn(bool) -> String,
    /// A finding with its place; every line ends.
    pub finding: &'l mut dyn FnMut(&Diagnostic) -> String,
}

/// A line for each test, what is wrong with those that fail, and how many there are.
pub fn report(ir: &Ir, runs: &[Run<'_>], looks: &mut Looks<'_>) -> String {
    let rules = Rules::of(ir);
    let mut text = String::new();
    for run in runs {
        let (count, failed) = (run.tried.len(), run.failed());
        let name = harmless(&run.name);
        let passed = (looks.passed)(run.passed());
        let _ = match (count, failed) {
            (0, _) => writeln!(text, "{passed}  {name} (expects nothing)"),
            (_, 0) => writeln!(text, "{passed}  {name} ({})", number(count, "expectation")),
            _ => writeln!(text, "{passed}  {name} ({failed} of {} failed)\n", number(count, "expectation")),
        };
        for tried in &run.tried {
            if let Some(fault) = &tried.fault {
                failure(&mut text, looks, &rules, tried, fault);
            }
        }
    }
    let _ = writeln!(text, "{}", summary(runs));
    text
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

fn failure(text: &mut String, looks: &mut Looks<'_>, rules: &Rules<'_>, tried: &Tried<'_>, fault: &str) {
    let place = tried.case.place;
    text.push_str(&(looks.finding)(&Diagnostic::error("expectation-failed", place.file, place.span, fault)));
    let _ = writeln!(text, "  request:  {}", harmless(&tried.case.request.to_string()));
    for entry in &tried.case.past {
        let _ = writeln!(text, "  past:     {}", harmless(&entry.to_string()));
    }
    let decision = &tried.decision;
    if let Some(reason) = decision["reason"].as_str() {
        let word = decision["decision"].as_str().unwrap_or_default();
        let _ = writeln!(text, "  decision: {word}{}", meaning(reason));
    }
    for id in list(&decision["by"]).filter_map(Value::as_str) {
        let _ = writeln!(text, "    by {}", rule(rules, id));
        if let Some(code) = foreign(rules, id, &tried.case.request) {
            let _ = writeln!(text, "      it has no cap in {code}, and what is not known counts against the caller");
        }
    }
    if let Some(fields) = decision["fields"].as_array() {
        let fields: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
        let _ = writeln!(text, "  shows:    {}", fields.join(", "));
    }
    for near in list(&decision["near"]) {
        let _ = writeln!(text, "  closest is {}", rule(rules, word(near, "rule")));
        for failed in list(&near["failed"]) {
            let [clause, value, distance] = ["clause", "value", "distance"].map(|name| word(failed, name));
            let _ = writeln!(text, "    but `{}` is {value}: {}", harmless(clause), harmless(distance));
        }
    }
    text.push('\n');
}

/// The currency of a request of which a rule that takes has no cap.
fn foreign<'r>(rules: &Rules<'_>, id: &str, request: &'r Value) -> Option<&'r str> {
    let code = request["amount"]["currency"].as_str()?;
    let lacks = |clause: &Clause| matches!(clause, Clause::Over(caps) if caps.iter().all(|cap| cap.currency != code));
    rules.get(id)?.when.iter().any(lacks).then_some(code)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// What a reason adds to a decision.
fn meaning(reason: &str) -> &'static str {
    match reason {
        "default" => ", because no rule allows it",
        "base" => ", because every declared key may",
        "malformed" => ", because the request is malformed",
        "unknown-key" => ", because the policy has no such key",
        _ => "",
    }
}

/// A rule by its place and as it is written.
fn rule(rules: &Rules<'_>, id: &str) -> String {
    let Some(rule) = rules.get(id) else { return harmless(id).into_owned() };
    let place = &rule.place;
    let text = format!("{id} ({}:{}:{}): {}", place.file, place.line, place.column, rule.text);
    harmless(&text).into_owned()
}

fn summary(runs: &[Run<'_>]) -> String {
    if runs.is_empty() {
        return "no tests".to_owned();
    }
    let count = runs.iter().map(|run| run.tried.len()).sum();
    let failed: usize = runs.iter().map(Run::failed).sum();
    let all = format!("{}, {}", number(runs.len(), "test"), number(count, "expectation"));
    if failed == 0 { format!("{all}: all passed") } else { format!("{all}: {failed} failed") }
}
