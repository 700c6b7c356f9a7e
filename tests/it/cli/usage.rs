//! Help and wrong usage.

use super::Directory;

const SUBCOMMANDS: &[&str] = &[
    "check",
    "compile",
    "fmt",
    "test",
    "decide",
    "prove",
    "explain",
    "export",
    "diff",
    "doc",
    "init",
    "schema",
    "completions",
    "lsp",
];

#[test]
fn help_goes_to_standard_output() {
    let ran = Directory::new().run(&["--help"]);
    insta::assert_snapshot!(ran);
}

#[test]
fn every_subcommand_has_help_with_an_example() {
    for subcommand in SUBCOMMANDS {
        let ran = Directory::new().run(&["help", subcommand]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{subcommand}");
        assert!(ran.out.contains("Example"), "{}", ran.out);
        assert!(ran.out.lines().count() < 40, "{}", ran.out);
    }
}

#[test]
fn a_slip_in_a_word_gets_the_nearest_one() {
    let directory = Directory::new();
    let ran = directory.run(&["chekc"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("'check'"), "{}", ran.err);
    let ran = directory.run(&["check", "--fromat", "json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("'--format'"), "{}", ran.err);
}

#[test]
fn no_subcommand_is_wrong_usage() {
    let ran = Directory::new().run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("Usage: bpolc"), "{}", ran.err);
}

#[test]
fn the_version_is_told() {
    let ran = Directory::new().run(&["--version"]);
    ran.is(0, concat!("bpolc ", env!("CARGO_PKG_VERSION"), "\n"), "");
}
