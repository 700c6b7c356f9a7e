//! Fixtures: what is refused and how it is said, and what looks wrong but is right.

use std::fs;
use std::path::{Path, PathBuf};

use bpolc::diag::{Diagnostic, Level};
use bpolc::source::line_column;
use bpolc::{Checked, Input};
use camino::{Utf8Path, Utf8PathBuf};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check");

fn check_file(path: &Path) -> Checked {
    let name = Utf8PathBuf::from(path.file_name().and_then(|name| name.to_str()).unwrap());
    let folder = path.parent().unwrap().to_owned();
    let text = fs::read_to_string(path).unwrap();
    let read =
        move |path: &Utf8Path| fs::read_to_string(folder.join(path)).map_err(|_| "there is no such file".to_owned());
    bpolc::check(vec![Input { path: name, text }], Utf8Path::new("."), &read)
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(format!("{FIXTURES}/{folder}"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "bpol"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// A finding as text: the line, the place underlined, what to do.
pub(crate) fn render(checked: &Checked, found: &Diagnostic) -> String {
    let source = checked.sources.get(found.place.file);
    let (line, column) = line_column(&source.text, found.place.span.start);
    let text = source.text.lines().nth(line as usize - 1).unwrap_or_default();
    let width = checked.sources.text(found.place).lines().next().unwrap_or_default().chars().count().max(1);
    let mut out = format!(
        "{}[{}] {}:{line}:{column}: {}\n  {text}\n  {}{}\n",
        found.level.word(),
        found.name,
        source.path,
        found.message,
        " ".repeat(column as usize - 1),
        "^".repeat(width)
    );
    for label in &found.labels {
        let source = checked.sources.get(label.place.file);
        let (line, column) = line_column(&source.text, label.place.span.start);
        out.push_str(&format!(
            "  {}:{line}:{column} `{}`: {}\n",
            source.path,
            checked.sources.text(label.place),
            label.text
        ));
    }
    if let Some(help) = &found.help {
        out.push_str(&format!("  help: {help}\n"));
    }
    for fix in &found.fixes {
        let edits: Vec<String> =
            fix.edits.iter().map(|edit| format!("`{}` -> `{}`", checked.sources.text(edit.place), edit.text)).collect();
        out.push_str(&format!("  fix ({}): {}: {}\n", fix.power.word(), fix.title, edits.join(", ")));
    }
    out
}

#[test]
fn every_bad_fixture_is_refused_and_says_why() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../check/bad/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in fixtures("bad") {
        let checked = check_file(&path);
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(checked.has_errors(), "{name} is let through");
        assert!(bpolc::compile(&checked).is_none(), "{name} compiles");
        let found: Vec<String> = checked.diagnostics.iter().map(|found| render(&checked, found)).collect();
        settings.bind(|| insta::assert_snapshot!(name, found.join("\n")));
    }
}

#[test]
fn claims_that_fail_say_why() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../check/claims/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in fixtures("claims") {
        let mut checked = check_file(&path);
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(!checked.has_errors(), "{name} is wrong without its claims");
        bpolc::examine(&mut checked, None, None, &|_| false);
        let found: Vec<String> = checked.diagnostics.iter().map(|found| render(&checked, found)).collect();
        settings.bind(|| insta::assert_snapshot!(name, found.join("\n")));
    }
}

#[test]
fn every_good_fixture_compiles() {
    for path in fixtures("good") {
        let checked = check_file(&path);
        let errors: Vec<String> = checked
            .diagnostics
            .iter()
            .filter(|found| found.level == Level::Error)
            .map(|found| render(&checked, found))
            .collect();
        assert!(errors.is_empty(), "{}\n{}", path.display(), errors.join("\n"));
        let ir = bpolc::compile(&checked).unwrap_or_else(|| panic!("{} does not compile", path.display()));
        bpol_engine::Policy::from_ir(ir).unwrap_or_else(|refused| panic!("{}: {refused}", path.display()));
    }
}

/// Every fix is an edit that fits its text, and one that claims to keep or narrow what is allowed leaves fewer findings.
#[test]
fn every_fix_of_a_bad_fixture_can_be_applied() {
    for path in fixtures("bad") {
        let checked = check_file(&path);
        for found in &checked.diagnostics {
            for fix in &found.fixes {
                let file = found.place.file;
                let mut text = checked.sources.get(file).text.clone();
                let mut edits: Vec<_> = fix.edits.iter().filter(|edit| edit.place.file == file).collect();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span.start));
                for edit in edits {
                    let span = edit.place.span;
                    text.replace_range(span.start as usize..span.end as usize, &edit.text);
                }
                let path = checked.sources.get(file).path.clone();
                let again =
                    bpolc::check(vec![Input { path: path.clone(), text: text.clone() }], Utf8Path::new("."), &|_| {
                        Err("not read here".to_owned())
                    });
                let same = |other: &&Diagnostic| other.name == found.name && other.message == found.message;
                let before = checked.diagnostics.iter().filter(same).count();
                let after = again.diagnostics.iter().filter(same).count();
                assert!(after < before, "{path}: `{}` does not resolve `{}`:\n{text}", fix.title, found.message);
            }
        }
    }
}
