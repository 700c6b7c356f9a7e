//! `bpolc test`

use std::io::{self, Write as _};

use bpol_engine::ir::Ir;
use bpol_engine::{History, Policy};
use bpolc::analyze::coverage::{self, Key};
use bpolc::expect::{self, Case};
use bpolc::syntax::tree::ItemKind;
use camino::Utf8PathBuf;
use jiff::Timestamp;
use serde_json::Value;

use super::decide::compiled;
use super::exit::{Exit, Outcome, Stop, complain, say};
use super::{check, files};
use crate::report::tests::{self, Covered, Run, Tried};
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
    let mut runs: Vec<Run<'_>> = Vec::new();
    for name in names(&checked) {
        if arguments.filter.as_ref().is_some_and(|filter| !name.contains(filter.as_str())) {
            continue;
        }
        let tried = cases.iter().filter(|case| case.test == name).map(|case| try_case(&policy, case, now)).collect();
        runs.push(Run { name, tried });
    }
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
        suggest(keys, &names(&checked))?;
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

/// The names of all tests, in document order.
fn names(checked: &bpolc::Checked) -> Vec<String> {
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
mod unit {
    use super::fault;
    use bpol_engine::ir::Effect;
    use bpolc::expect::Case;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(effect: Effect, showing: &[&str], decision: &Value, expected: Option<&str>) {
        let case = Case {
            test: String::new(),
            key: String::new(),
            place: bpolc::source::FileSpan::default(),
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
