//! Comments that hide a lint.

use super::Directory;

const HIDDEN: &str = "key \"ynab\" <\n  // bpol: allow(unpinned-account) nobody else may rename it\n  \
                      allow read transactions on account \"Groceries\" since 30d;\n>\n";

#[test]
fn what_is_hidden_is_counted() {
    let directory = Directory::with(&[("a.bpol", HIDDEN)]);
    directory.run(&["check", "--deny", "warnings"]).is(0, "", "1 file, 1 key: no findings, 1 suppressed\n");
    let ran = directory.run(&["check", "--deny", "unpinned-account", "--format", "json"]);
    assert_eq!((ran.code, &ran.json()["summary"]["suppressed"]), (0, &1.into()));
    directory.run(&["compile", "-o", "policy.json"]).is(0, "", "");
}

#[test]
fn a_comment_at_the_top_hides_in_the_whole_file_and_in_no_other() {
    let line = |key: &str| format!("key \"{key}\" < allow read transactions on account \"G\"; >\n");
    let top = format!("// bpol: allow(unpinned-account) on purpose\n\n{}", line("a"));
    let directory = Directory::with(&[("a.bpol", &top), ("b.bpol", &line("b"))]);
    let ran = directory.run(&["check", "--format", "short"]);
    assert_eq!(ran.out.lines().count(), 1, "{ran}");
    assert!(ran.out.starts_with("b.bpol:1:46: warning[unpinned-account]"), "{ran}");
}

#[test]
fn errors_cannot_be_hidden() {
    let text = "// bpol: allow(unknown-resource) it is fine\n\nkey \"a\" < deny paiment; > // bpol: allow(unpinned-account) x\n";
    let ran = Directory::with(&[("a.bpol", text)]).run(&["check", "--format", "short"]);
    assert_eq!(ran.code, 1);
    let names: Vec<&str> = ran.out.lines().map(|line| line.split(['[', ']']).nth(1).unwrap()).collect();
    // With errors nothing is known of lints, so the second comment may yet be of use.
    assert_eq!(names, ["bad-suppression", "unknown-resource"], "{ran}");
}

#[test]
fn one_that_hides_nothing_is_taken_out_by_fix() {
    let idle = HIDDEN
        .replace("  // bpol", "  deny card; // bpol: allow(two-hop) idle\n  // bpol: allow(two-hop) idle\n  // bpol");
    let directory = Directory::with(&[("a.bpol", &idle)]);
    let ran = directory.run(&["check", "--fix"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(directory.read("a.bpol"), HIDDEN.replace("  // bpol", "  deny card;\n  // bpol"));
}

#[test]
fn one_for_a_lint_that_was_not_looked_for_may_be_of_use() {
    let directory =
        Directory::with(&[("a.bpol", "// bpol: allow(two-hop) idle\n\nkey \"a\" < allow read profile; >\n")]);
    assert!(directory.run(&["check"]).err.contains("unused-suppression"));
    directory.run(&["check", "--allow", "two-hop"]).is(0, "", "1 file, 1 key: no findings\n");
}

#[test]
fn the_formatter_moves_no_comment_away_from_what_it_is_about() {
    let long = "key \"ynab\" <\n  allow read transactions on account \"Groceries in the town where we live\" since 30d from ip 203.0.113.7 \
                during weekdays 09:00-17:00; // bpol: allow(unpinned-account) on purpose\n>\n";
    let directory = Directory::with(&[("a.bpol", &format!("timezone \"Europe/Amsterdam\";\n\n{long}"))]);
    for _ in 0..2 {
        directory.run(&["check"]).is(0, "", "1 file, 1 key: no findings, 1 suppressed\n");
        assert_eq!(directory.run(&["fmt"]).code, 0);
    }
}
