//! Tests run: each `expect` set against the decision of the engine.

use bpol_engine::{History, Policy};
use jiff::Timestamp;
use serde_json::Value;

use crate::Checked;
use crate::expect::Case;
use crate::syntax::tree::ItemKind;

/// A test that was run.
#[derive(Debug)]
pub struct Run<'c> {
    /// Its name.
    pub name: String,
    /// Its expectations.
    pub tried: Vec<Tried<'c>>,
}

impl Run<'_> {
    /// Whether all its expectations were met.
    pub fn passed(&self) -> bool {
        self.failed() == 0
    }

    /// How many were not.
    pub fn failed(&self) -> usize {
        self.tried.iter().filter(|tried| tried.fault.is_some()).count()
    }
}

/// An expectation that was tried.
#[derive(Debug)]
pub struct Tried<'c> {
    /// What was expected of what.
    pub case: &'c Case,
    /// The decision as JSON; null when there was none.
    pub decision: Value,
    /// What was not as expected.
    pub fault: Option<String>,
}

/// Runs the tests whose names are wanted, in document order.
pub fn run<'c>(
    checked: &Checked,
    policy: &Policy,
    cases: &'c [Case],
    now: Timestamp,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<Run<'c>> {
    let names = names(checked).into_iter().filter(|name| wanted(name));
    names
        .map(|name| {
            let of = cases.iter().filter(|case| case.test == name);
            Run { tried: of.map(|case| try_case(policy, case, now)).collect(), name }
        })
        .collect()
}

/// The names of all tests, in document order.
pub fn names(checked: &Checked) -> Vec<String> {
    let mut names = Vec::new();
    for ((_, source), tree) in checked.sources.iter().zip(&checked.trees) {
        for item in &tree.items {
            if let ItemKind::Test(test) = &item.kind {
                let name = test.name.value(&source.text).into_owned();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// Whether an expectation is met.
pub fn passes(policy: &Policy, case: &Case, now: Timestamp) -> bool {
    try_case(policy, case, now).fault.is_none()
}

/// Decides the request of an expectation at its own time, or now.
fn try_case<'c>(policy: &Policy, case: &'c Case, now: Timestamp) -> Tried<'c> {
    let mut history = History::new();
    for entry in &case.past {
        match policy.read_entry(&entry.to_string()) {
            Ok(entries) => entries.into_iter().for_each(|entry| history.push(entry)),
            Err(malformed) => {
                let fault = format!("an entry of the past is malformed: {}", malformed.reason);
                return Tried { case, decision: Value::Null, fault: Some(fault) };
            }
        }
    }
    let report = policy.answer(&case.request.to_string(), &history, now);
    let decision = serde_json::to_value(&report).unwrap_or_default();
    let fault = match &report.message {
        // A `deny` that only says that the request makes no sense would prove nothing about the policy.
        Some(message) => Some(format!("the request is malformed, so it says nothing about the policy: {message}")),
        None => fault(case, &decision),
    };
    Tried { case, decision, fault }
}

/// What the decision has that is not expected.
fn fault(case: &Case, decision: &Value) -> Option<String> {
    let word = decision["decision"].as_str().unwrap_or("nothing");
    let expected = case.effect.word();
    if word != expected {
        return Some(format!("expected `{expected}`, but the decision is `{word}`"));
    }
    if case.showing.is_empty() {
        return None;
    }
    if decision["each"] == true && decision["fields"].is_null() {
        let fault = "the answer is decided record by record, so what it shows depends on the record; add `dated …`";
        return Some(fault.to_owned());
    }
    let shown: Vec<&str> = decision["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let missing: Vec<String> = case
        .showing
        .iter()
        .filter(|field| !shown.contains(&field.as_str()))
        .map(|field| format!("`{field}`"))
        .collect();
    if missing.is_empty() { None } else { Some(format!("the answer does not show {}", missing.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::expect::Case;
    use bpol_engine::ir::Effect;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(effect: Effect, showing: &[&str], decision: &Value, expected: Option<&str>) {
        let case = Case {
            test: String::new(),
            key: String::new(),
            place: crate::source::FileSpan::default(),
            request: Value::Null,
            past: Vec::new(),
            effect,
            showing: showing.iter().map(|&field| field.to_owned()).collect(),
        };
        assert_eq!(fault(&case, decision).as_deref(), expected);
    }

    #[test]
    fn the_decision_must_be_the_expected_one() {
        let deny = json!({"decision": "deny", "reason": "default", "each": false, "fields": null});
        check(Effect::Deny, &[], &deny, None);
        check(Effect::Allow, &[], &deny, Some("expected `allow`, but the decision is `deny`"));
    }

    #[test]
    fn every_field_must_be_shown() {
        let allow = json!({"decision": "allow", "reason": "rule", "each": false, "fields": ["amount", "date"]});
        check(Effect::Allow, &["date"], &allow, None);
        check(Effect::Allow, &["date", "text"], &allow, Some("the answer does not show `text`"));
        let each = json!({"decision": "allow", "reason": "rule", "each": true, "fields": null});
        check(Effect::Allow, &[], &each, None);
        check(
            Effect::Allow,
            &["date"],
            &each,
            Some("the answer is decided record by record, so what it shows depends on the record; add `dated …`"),
        );
    }
}
