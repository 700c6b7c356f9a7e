//! `bpolc init`

use super::Directory;

#[test]
fn the_first_policy_checks_clean_and_passes_its_tests() {
    let directory = Directory::new();
    insta::assert_snapshot!(directory.run(&["init"]));
    directory.run(&["check", "--deny", "warnings"]).is(0, "", "1 file, 2 keys: no findings\n");
    let ran = directory.run(&["test"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.ends_with(": all passed\n") && ran.err.starts_with("ok "), "{}", ran.err);
    assert_eq!(directory.run(&["compile"]).code, 0);
}

#[test]
fn nothing_is_overwritten_without_force() {
    let directory = Directory::with(&[("mine.bpol", "mine")]);
    let ran = directory.run(&["init", "mine.bpol"]);
    ran.refuses("`mine.bpol` exists already; name another file, or replace it with `--force`");
    assert_eq!(directory.read("mine.bpol"), "mine");
    assert_eq!(directory.run(&["init", "mine.bpol", "--force"]).code, 0);
    assert_ne!(directory.read("mine.bpol"), "mine");
}

#[test]
fn a_directory_that_does_not_exist_is_named() {
    let directory = Directory::new();
    let ran = directory.run(&["init", "none/a.bpol"]);
    ran.refuses("cannot write `none/a.bpol`: no such file or directory");
}
