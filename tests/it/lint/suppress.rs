//! Comments hide the lint that they name and nothing else.

use std::fs;

use bpolc::diag::Level;
use bpolc::{Checked, Input};
use camino::Utf8Path;

use super::{FIXTURES, check, now};

/// A comment that hides a lint in a whole file.
fn hiding(lint: &str, text: &str) -> String {
    format!("// bpol: allow({lint}) a test\n\n{text}")
}

fn names(checked: &Checked) -> Vec<&str> {
    checked.diagnostics.iter().map(|found| found.name).collect()
}

#[test]
fn every_lint_can_be_hidden_and_takes_no_other_with_it() {
    for lint in bpolc::lint::all().iter().filter(|lint| !lint.name.ends_with("-suppression")) {
        let Ok(text) = fs::read_to_string(format!("{FIXTURES}/{}.bpol", lint.name)) else { continue };
        let (before, after) =
            (check(lint.name, "a.bpol", &text), check(lint.name, "a.bpol", &hiding(lint.name, &text)));
        let others: Vec<&str> = names(&before).into_iter().filter(|name| *name != lint.name).collect();
        assert_eq!(names(&after), others, "{}", lint.name);
        assert_eq!(after.suppressed.len(), before.diagnostics.len() - others.len(), "{}", lint.name);
        assert!(after.suppressed.iter().all(|one| one.reason == "a test" && one.found.name == lint.name));
    }
}

#[test]
fn no_error_can_be_hidden() {
    let mut tried = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check/bad")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if path.extension().is_none_or(|extension| extension != "bpol") {
            continue;
        }
        let errors = |text: String| {
            let input = Input { path: "a.bpol".into(), text };
            let mut checked = bpolc::check(vec![input], Utf8Path::new("."), &|_| Err("not read here".to_owned()));
            bpolc::examine(&mut checked, Some(now()), None, &|_| true);
            let errors = checked.diagnostics.iter().filter(|found| found.level == Level::Error);
            errors.map(|found| found.name).collect::<Vec<_>>()
        };
        let before = errors(text.clone());
        for name in &before {
            assert_eq!(errors(hiding(name, &text)), before, "{}: {name}", path.display());
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}
