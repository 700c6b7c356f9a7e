//! `bpolc check --fix`

use super::Directory;

const KEY: &str =
    "key \"a\" < deny payment over 05 EUR; deny everything unless from ip 203.0.113.7/24; allow read profile; >\n";
const FIXED: &str =
    "key \"a\" < deny payment over 5 EUR; deny everything unless from ip 203.0.113.7; allow read profile; >\n";

#[test]
fn what_keeps_or_narrows_is_applied_and_said() {
    let directory = Directory::with(&[("a.bpol", KEY)]);
    insta::assert_snapshot!(directory.run(&["check", "--fix"]));
    assert_eq!(directory.read("a.bpol"), FIXED);
    directory.run(&["check", "--fix"]).is(0, "", "1 file, 1 key: no findings\n");
    assert_eq!(directory.names(), ["a.bpol"]);
}

#[test]
fn a_dry_run_shows_what_would_change_and_writes_nothing() {
    let directory = Directory::with(&[("p/a.bpol", KEY)]);
    insta::assert_snapshot!(directory.run(&["check", "--fix", "--dry-run", "p"]));
    assert_eq!(directory.read("p/a.bpol"), KEY);
    let ran = directory.run_on(&["check", "--fix", "--dry-run", "-"], KEY);
    assert!(ran.out.starts_with("--- a/-\n+++ b/-\n"), "{ran}");
    directory.write("p/a.bpol", FIXED);
    directory.run(&["check", "--fix", "--dry-run"]).is(0, "", "1 file, 1 key: no findings\n");
}

#[test]
fn a_dry_run_needs_standard_output_for_itself() {
    let directory = Directory::with(&[("a.bpol", KEY)]);
    let ran = directory.run(&["check", "--fix", "--dry-run", "--format", "json"]);
    ran.refuses(
        "`--dry-run` prints its diff to standard output, where the report would go; write that with `--output`",
    );
    let ran = directory.run(&["check", "--dry-run"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("--fix"), "{ran}");
}

#[test]
fn what_widens_is_left_to_the_user() {
    let text = "key \"a\" < deny payment via idael; >\n";
    let directory = Directory::with(&[("a.bpol", text)]);
    let ran = directory.run(&["check", "--fix", "--format", "short"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(directory.read("a.bpol"), text);
}

#[test]
fn a_file_with_syntax_errors_is_left_alone() {
    let broken = format!("{KEY}key <\n");
    let directory = Directory::with(&[("a.bpol", &broken), ("b.bpol", &KEY.replace("\"a\"", "\"b\""))]);
    assert_eq!(directory.run(&["check", "--fix"]).code, 1);
    assert_eq!(directory.read("a.bpol"), broken);
    assert_eq!(directory.read("b.bpol"), FIXED.replace("\"a\"", "\"b\""));
}

#[test]
fn imported_files_are_fixed_too() {
    let directory = Directory::with(&[("a.bpol", "import \"b/c.bpol\";\n"), ("b/c.bpol", KEY)]);
    assert_eq!(directory.run(&["check", "--fix", "a.bpol"]).code, 0);
    assert_eq!(directory.read("b/c.bpol"), FIXED);
}

#[test]
#[cfg(unix)]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::with(&[("real/a.bpol", KEY)]);
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(directory.path("real/a.bpol"), mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real/a.bpol", directory.path("link.bpol")).unwrap();
    assert_eq!(directory.run(&["check", "--fix", "link.bpol"]).code, 0);
    assert_eq!(directory.read("real/a.bpol"), FIXED);
    assert!(std::fs::symlink_metadata(directory.path("link.bpol")).unwrap().is_symlink());
    let now = std::fs::metadata(directory.path("real/a.bpol")).unwrap().permissions().mode();
    assert_eq!(now & 0o777, 0o640);
}

#[test]
#[cfg(unix)]
fn a_read_only_file_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::with(&[("a.bpol", KEY)]);
    std::fs::set_permissions(directory.path("a.bpol"), std::fs::Permissions::from_mode(0o444)).unwrap();
    directory.write("b.bpol", KEY.replace("\"a\"", "\"b\""));
    let ran = directory.run(&["check", "--fix"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.ends_with("error: cannot write `a.bpol`: it is read-only\n"), "{}", ran.err);
    assert!(ran.err.contains("fixed b.bpol:1:29: ") && !ran.err.contains("fixed a.bpol"), "{}", ran.err);
    assert_eq!(directory.read("a.bpol"), KEY);
    assert_eq!(directory.read("b.bpol"), FIXED.replace("\"a\"", "\"b\""));
}
