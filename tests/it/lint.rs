//! Lints: fixtures, the pages about them, and that what they say is so.

mod corpus;
mod every;
mod law;
mod pages;
mod suppress;

use std::fs;
use std::path::Path;

use bpolc::diag::Diagnostic;
use bpolc::lint::Profile;
use bpolc::{Checked, Input};
use camino::Utf8Path;
use jiff::Timestamp;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint");

/// The time at which lints about dates look.
fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().expect("an instant")
}

/// Lints about what is left over. Fixtures and pages declare more than they use, so that they stay alike, and these are
/// looked for in their own only.
const LEFT_OVER: [&str; 3] = ["key-does-nothing", "unused-declaration", "unused-role"];

/// A policy without errors, with what one lint and the recommended ones find in it beside what `check` says.
fn check(lint: &str, name: &str, text: &str) -> Checked {
    let input = Input { path: name.into(), text: text.to_owned() };
    let mut checked = bpolc::check(vec![input], Utf8Path::new("."), &|_| Err("not read here".to_owned()));
    let errors: Vec<&str> = checked.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(!checked.has_errors(), "{name}: {errors:?}");
    bpolc::examine(&mut checked, Some(now()), None, &|one| {
        one.name == lint || Profile::Recommended.has(one) && !LEFT_OVER.contains(&one.name)
    });
    checked
}

/// The text with a fix applied.
fn fixed(checked: &Checked, found: &Diagnostic) -> Option<String> {
    let fix = found.fixes.first()?;
    let mut text = checked.sources.get(found.place.file).text.clone();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
    }
    Some(text)
}

#[test]
fn every_lint_has_a_fixture_and_says_what_it_finds() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../lint/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for lint in bpolc::lint::all() {
        let path = format!("{FIXTURES}/{}.bpol", lint.name);
        if !Path::new(&path).exists() {
            assert!(lint.is_of_check, "{path} is missing");
            continue;
        }
        let checked = check(lint.name, &format!("{}.bpol", lint.name), &fs::read_to_string(&path).unwrap());
        assert!(checked.diagnostics.iter().any(|found| found.name == lint.name), "{path} does not raise its lint");
        let found: Vec<String> =
            checked.diagnostics.iter().map(|found| crate::check::render(&checked, found)).collect();
        settings.bind(|| insta::assert_snapshot!(lint.name, found.join("\n")));
    }
}

#[test]
fn a_fix_leaves_nothing_of_its_finding_behind() {
    for lint in bpolc::lint::all() {
        let Ok(text) = fs::read_to_string(format!("{FIXTURES}/{}.bpol", lint.name)) else { continue };
        let before = check(lint.name, "before.bpol", &text);
        for found in &before.diagnostics {
            let Some(text) = fixed(&before, found) else { continue };
            let after = check(lint.name, "after.bpol", &text);
            let count = |checked: &Checked| checked.diagnostics.iter().filter(|other| other.name == found.name).count();
            assert_eq!(count(&after) + 1, count(&before), "{text}");
        }
    }
}

#[test]
fn a_large_key_is_looked_through_in_no_time() {
    use std::fmt::Write as _;
    let mut text = "timezone \"Europe/Amsterdam\";\naccount \"A\" is id 1;\n".to_owned();
    let mut lines = String::new();
    for number in 0..1_000 {
        let _ =
            writeln!(lines, "  allow create payment on account \"A\" to iban {} up to 10 EUR per day;", iban(number));
    }
    let _ = writeln!(
        text,
        "key \"large\" <\n{lines}  allow create payment on account \"A\" to iban {} up to 5 EUR per day;\n  deny payment over 100 EUR;\n>",
        iban(7)
    );
    let begin = std::time::Instant::now();
    let checked = check("redundant-rule", "large.bpol", &text);
    let names: Vec<&str> = checked.diagnostics.iter().map(|found| found.name).collect();
    assert_eq!(names, ["redundant-rule"]);
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}

#[test]
fn every_key_of_many_is_looked_through_in_the_same_order() {
    use std::fmt::Write as _;
    let mut text = "account \"A\" is id 1;\n".to_owned();
    for key in 0..300 {
        let line = "allow read transactions on account \"A\"";
        let second = if key % 7 == 3 { format!("  {line} since 30d;\n") } else { String::new() };
        let _ = write!(text, "key \"k{key}\" <\n  {line};\n{second}>\n");
    }
    let lines = |checked: &Checked| -> Vec<(u32, String)> {
        let line = |found: &Diagnostic| bpolc::source::line_column(&text, found.place.span.start).0;
        checked.diagnostics.iter().map(|found| (line(found), found.message.clone())).collect()
    };
    let first = check("redundant-rule", "many.bpol", &text);
    assert_eq!(lines(&first).len(), (0..300).filter(|key| key % 7 == 3).count());
    assert!(lines(&first).is_sorted());
    assert_eq!(lines(&first), lines(&check("redundant-rule", "many.bpol", &text)));
}

#[test]
fn no_lint_is_silent_because_another_had_much_to_look_at() {
    use std::fmt::Write as _;
    const KEYS: usize = 700;
    let mut text = "account \"A\" is id 1;\n".to_owned();
    for key in 0..KEYS {
        let _ = write!(
            text,
            "key \"k{key}\" <\n  allow create payment on account \"A\" to anyone up to 50 EUR each, any amount in total;\n  \
             allow create draft-payment on account \"A\" to anyone up to any amount in total repeating once;\n  \
             allow accept draft-payment on account \"A\" to anyone up to any amount in total repeating once;\n>\n"
        );
    }
    let checked = check("self-approval", "many.bpol", &text);
    let count = |name: &str| checked.diagnostics.iter().filter(|found| found.name == name).count();
    assert_eq!(count("self-approval"), KEYS);
    assert!(count("looser-way") >= KEYS);
}

/// A valid IBAN of a number.
fn iban(number: u32) -> String {
    let account = format!("{number:010}");
    // T E S T N L 0 0 as digits, modulo 97.
    let digits = format!("29142829{account}232100");
    let rest = digits.bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("NL{:02}TEST{account}", 98 - rest)
}
