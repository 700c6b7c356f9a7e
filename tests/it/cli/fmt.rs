//! `bpolc fmt`

use super::{Directory, SAMPLE};

const UGLY: &str = "key   \"a\"<deny    payment ;>\n";
const BROKEN: &str = "key <\n";

#[test]
fn changed_files_are_rewritten_and_named() {
    let directory = Directory::with(&[("a.bpol", UGLY), ("b/c.bpol", SAMPLE)]);
    let usual = directory.run_on(&["fmt", "-"], UGLY).out;
    directory.run(&["fmt", "a.bpol"]).is(0, "", "formatted a.bpol\n");
    assert_eq!(directory.read("a.bpol"), usual);
    assert_ne!(usual, UGLY);
    directory.run(&["fmt", "a.bpol"]).is(0, "", "");
    assert_eq!(directory.names(), ["a.bpol", "b"]);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let directory = Directory::new();
    let ran = directory.run_on(&["fmt", "-"], UGLY);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(directory.run_on(&["fmt", "-"], &ran.out), ran);
    assert_eq!(directory.run_on(&["fmt", "--stdin-filepath", "x.bpol"], UGLY), ran);
    let ran = directory.run_on(&["fmt", "--stdin-filepath", "x.bpol"], BROKEN);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("[x.bpol:1:"), "{}", ran.err);
}

#[test]
fn check_shows_what_would_change_and_changes_nothing() {
    let directory = Directory::with(&[("a.bpol", UGLY)]);
    let ran = directory.run(&["fmt", "--check"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert!(ran.out.starts_with("--- a/a.bpol\n+++ b/a.bpol\n@@ "), "{}", ran.out);
    assert!(ran.out.contains(&format!("\n-{UGLY}")), "{}", ran.out);
    assert_eq!(directory.read("a.bpol"), UGLY);
    directory.run(&["fmt"]).is(0, "", "formatted a.bpol\n");
    directory.run(&["fmt", "--check"]).is(0, "", "");
}

#[test]
fn a_file_that_does_not_parse_keeps_no_other_from_being_formatted() {
    let directory = Directory::with(&[("a.bpol", BROKEN), ("b.bpol", UGLY)]);
    let ran = directory.run(&["fmt"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("[a.bpol:1:") && ran.err.ends_with("formatted b.bpol\n"), "{}", ran.err);
    assert_eq!(directory.read("a.bpol"), BROKEN);
    directory.run(&["fmt", "--check", "b.bpol"]).is(0, "", "");
}

#[test]
fn a_file_that_cannot_be_had_is_worse() {
    let directory = Directory::with(&[("a.bpol", BROKEN), ("b.bpol", UGLY)]);
    let ran = directory.run(&["fmt", "a.bpol", "none.bpol", "b.bpol"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("error: cannot read `none.bpol`: no such file or directory\n"), "{}", ran.err);
    assert!(ran.err.ends_with("formatted b.bpol\n"), "{}", ran.err);
}

#[test]
fn the_first_policy_is_in_the_usual_form() {
    let directory = Directory::new();
    assert_eq!(directory.run(&["init"]).code, 0);
    directory.run(&["fmt", "--check"]).is(0, "", "");
}
