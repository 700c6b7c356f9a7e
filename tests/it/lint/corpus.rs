//! Policies as people write them: they compile, keep their form, hold to their own tests, and lints say little of them.

use std::fs;

use bpol_engine::{History, Policy};
use bpolc::diag::Level;
use bpolc::expect::{self, Case};

use super::{check, now};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");

/// Name and text of each policy, in the order of their names.
fn corpus() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(CORPUS)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bpol"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// What of an expectation the policy does not keep.
fn broken(policy: &Policy, case: &Case) -> Option<String> {
    let mut history = History::new();
    for entry in &case.past {
        history.extend(policy.read_entry(&entry.to_string()).expect("an entry of the past"));
    }
    let report = policy.answer(&case.request.to_string(), &history, now());
    let shown = report.fields.clone().unwrap_or_default();
    let kept = report.decision == case.effect
        && report.message.is_none()
        && case.showing.iter().all(|field| shown.contains(field));
    (!kept).then(|| format!("{}: {:?}", case.test, report.decision))
}

#[test]
fn lints_say_little_of_policies_as_people_write_them() {
    let files = corpus();
    assert!(files.len() >= 60, "only {} policies", files.len());
    let mut found = String::new();
    for (name, text) in &files {
        for one in &check("", name, text).diagnostics {
            found.push_str(&format!("{name}: {}[{}]: {}\n", one.level.word(), one.name, one.message));
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../lint/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("corpus", found));
}

#[test]
fn every_policy_keeps_its_form_its_claims_and_its_tests() {
    for (name, text) in corpus() {
        let checked = check("", &name, &text);
        let errors = checked.diagnostics.iter().filter(|found| found.level == Level::Error);
        let failed: Vec<&str> = errors.map(|found| found.message.as_str()).collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
        assert_eq!(bpolc::fmt::format(&text).as_ref(), Ok(&text), "{name} is not laid out");
        let ir = bpolc::compile(&checked).expect("a policy without errors");
        let policy = Policy::from_ir(ir).expect("what is compiled loads");
        let cases = expect::cases(&checked, now());
        assert!(!cases.is_empty(), "{name} has no tests");
        let broken: Vec<String> = cases.iter().filter_map(|case| broken(&policy, case)).collect();
        assert!(broken.is_empty(), "{name}: {broken:?}");
    }
}
