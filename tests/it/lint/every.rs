//! One file that raises every lint once: none needs a file of its own, and none speaks for another.

use std::fs;
use std::path::Path;

use bpolc::Input;
use camino::Utf8Path;

use super::{FIXTURES, now};

#[test]
fn one_file_raises_every_lint_once() {
    let text = fs::read_to_string(Path::new(FIXTURES).join("every.bpol")).unwrap();
    assert_eq!(bpolc::fmt::format(&text).as_ref(), Ok(&text), "it is not laid out");
    let input = Input { path: "every.bpol".into(), text };
    let mut checked = bpolc::check(vec![input], Utf8Path::new("."), &|_| Err("not read here".to_owned()));
    bpolc::examine(&mut checked, Some(now()), None, &|_| true);
    let found: Vec<String> = checked.diagnostics.iter().map(|found| crate::check::render(&checked, found)).collect();
    let mut names: Vec<&str> = checked.diagnostics.iter().map(|found| found.name).collect();
    names.sort_unstable();
    let all: Vec<&str> = bpolc::lint::all().iter().map(|lint| lint.name).collect();
    assert_eq!(names, all);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../lint/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("every", found.join("\n")));
}
