//! `bpolc diff`

use std::process::Command;

use super::{Directory, Ran};

const NARROW: &str = "account \"Shop\" is iban NL20INGB0001234567;\npayee \"a\" is NL91ABNA0417164300;\nkey \"pay\" < allow create payment on account \"Shop\" to payee \"a\" up to 250 EUR each, any amount in total; >\nkey \"same\" < allow read profile; >\n";

fn wide() -> String {
    NARROW.replace("250 EUR", "500 EUR")
}

fn pair() -> Directory {
    Directory::with(&[("old.bpol", NARROW), ("new.bpol", &wide())])
}

fn git(directory: &Directory, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]);
    let output = command.args(arguments).current_dir(directory.path(".")).output().unwrap();
    assert!(output.status.success(), "{arguments:?} {output:?}");
}

/// A repository whose only commit has these files.
fn repository(files: &[(&str, &str)]) -> Directory {
    let directory = Directory::with(files);
    git(&directory, &["init", "-q", "-b", "main"]);
    git(&directory, &["add", "-A"]);
    git(&directory, &["commit", "-q", "-m", "first", "--allow-empty"]);
    directory
}

#[test]
fn the_text_says_what_is_gained() {
    insta::assert_snapshot!(pair().run(&["diff", "old.bpol", "new.bpol"]));
}

#[test]
fn the_markdown_is_a_comment() {
    insta::assert_snapshot!(pair().run(&["diff", "old.bpol", "new.bpol", "--format", "markdown"]));
    insta::assert_snapshot!(pair().run(&["diff", "old.bpol", "old.bpol", "--format", "markdown"]));
}

#[test]
fn the_json_fits_its_schema() {
    let directory = pair();
    let schema = directory.run(&["schema", "diff"]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let budgets = NARROW.replace("250 EUR each, any amount in total", "250 EUR per 24h");
    directory.write("budget.bpol", budgets);
    for (old, new) in [("old.bpol", "new.bpol"), ("new.bpol", "budget.bpol"), ("old.bpol", "old.bpol")] {
        let ran = directory.run(&["diff", old, new, "--format", "json"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(validator.is_valid(&ran.json()), "{ran}");
    }
    let found = directory.run(&["diff", "old.bpol", "new.bpol", "--format", "json"]).json();
    assert_eq!(found["verdict"], "wider");
    assert_eq!(found["keys"][0]["gained"][0]["example"]["after_by"][0], "pay#1");
    assert_eq!(found["keys"][1]["verdict"], "equal");
}

#[test]
fn examples_are_decided_as_they_say() {
    let directory = pair();
    let found = directory.run(&["diff", "old.bpol", "new.bpol", "--format", "json"]).json();
    let request = found["keys"][0]["gained"][0]["example"]["request"].to_string();
    for (policy, decision) in [("old.bpol", "deny"), ("new.bpol", "allow")] {
        let decided = directory.run_on(&["decide", policy], &request).json();
        assert_eq!(decided["decision"], decision);
    }
}

#[test]
fn compiled_policies_directories_and_standard_input_are_compared_alike() {
    let directory = pair();
    directory.write("policies/pay.bpol", NARROW);
    directory.run(&["compile", "old.bpol", "-o", "old.json"]);
    let equal = "equal: every request is decided as before\n";
    directory.run(&["diff", "old.json", "policies", "--fail-on", "any"]).is(0, equal, "");
    directory.run_on(&["diff", "-", "old.json"], NARROW).is(0, equal, "");
    directory.run(&["diff", "-", "-"]).refuses("standard input can be only one of the two policies");
    directory.run(&["diff", "old.json"]).refuses("name two policies, old and new, or one and `--base REV`");
}

#[test]
fn the_exit_says_whether_more_is_possible() {
    let directory = pair();
    let code = |arguments: &[&str]| directory.run(&[&["diff"], arguments].concat()).code;
    assert_eq!(code(&["old.bpol", "new.bpol"]), 0);
    assert_eq!(code(&["old.bpol", "new.bpol", "--fail-on", "wider"]), 5);
    assert_eq!(code(&["new.bpol", "old.bpol", "--fail-on", "wider"]), 0);
    assert_eq!(code(&["new.bpol", "old.bpol", "--fail-on", "any"]), 5);
    assert_eq!(code(&["old.bpol", "old.bpol", "--fail-on", "any"]), 0);
    directory.write("bad.bpol", "key \"k\" < allow >");
    assert_eq!(code(&["old.bpol", "bad.bpol"]), 3);
    assert_eq!(code(&["old.bpol", "none.bpol"]), 2);
}

#[test]
fn a_revision_is_compared_with_the_working_tree() {
    let directory = repository(&[("policies/pay.bpol", NARROW), ("policies/.hidden/x.bpol", "key")]);
    let run = |arguments: &[&str]| directory.run(&[&["diff", "--base"], arguments].concat());
    run(&["HEAD", "policies", "--fail-on", "any"]).is(0, "equal: every request is decided as before\n", "");
    directory.write("policies/pay.bpol", wide());
    assert_eq!(run(&["HEAD", "policies", "--fail-on", "wider"]).code, 5);
    assert_eq!(run(&["main", "policies/pay.bpol", "--fail-on", "wider"]).code, 5);
    assert_eq!(run(&["main", "--fail-on", "wider"]).code, 5);
    let mut inside = directory.command(&["diff", "--base", "HEAD", "../policies", "--fail-on", "wider"]);
    assert_eq!(inside.current_dir(directory.path("policies")).output().unwrap().status.code(), Some(5));
}

#[test]
fn imports_are_read_from_the_revision_too() {
    let (names, key) = NARROW.split_once("key").unwrap();
    let importing = |key: &str| format!("import \"names/all.bpol\";\nkey{key}");
    let directory = repository(&[("pay.bpol", &importing(key)), ("names/all.bpol", names)]);
    directory.write("names/all.bpol", names.replace("NL91ABNA0417164300", "NL69INGB0123456789"));
    let ran = directory.run(&["diff", "--base", "HEAD", "pay.bpol"]);
    assert!(ran.out.starts_with("incomparable: "), "{ran}");
}

#[test]
fn what_the_revision_lacks_counts_as_new() {
    let directory = repository(&[("README", "")]);
    directory.write("pay.bpol", NARROW);
    let ran = directory.run(&["diff", "--base", "HEAD", "pay.bpol", "--fail-on", "wider"]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    assert!(
        ran.out.starts_with("note: `pay.bpol` holds no policy in `HEAD`, so all in it counts as new\nwider: "),
        "{ran}"
    );
}

/// An unknown base is trouble and says nothing on standard output, whatever may fail.
#[track_caller]
fn check_unknown(ran: &Ran, reason: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran}");
    assert!(ran.err.contains("unknown what changed since ") && ran.err.contains(reason), "{ran}");
}

#[test]
fn a_base_that_cannot_be_read_is_unknown() {
    let directory = repository(&[("pay.bpol", NARROW)]);
    check_unknown(&directory.run(&["diff", "--base", "nowhere", "pay.bpol"]), "there is no such revision");
    check_unknown(&directory.run(&["diff", "--base=--help", "pay.bpol"]), "there is no such revision");
    check_unknown(
        &directory.run(&["diff", "--base", "HEAD", "../x.bpol"]),
        "`../x.bpol` lies outside of the repository",
    );
    check_unknown(&pair().run(&["diff", "--base", "HEAD", "old.bpol"]), "not a git repository");
    let mut without_git = directory.command(&["diff", "--base", "HEAD", "pay.bpol"]);
    let output = without_git.env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`git` is not installed"), "{output:?}");
    let broken = repository(&[("pay.bpol", "key \"k\" < allow >")]);
    broken.write("pay.bpol", NARROW);
    check_unknown(
        &broken.run(&["diff", "--base", "HEAD", "pay.bpol"]),
        "the policy of that revision does not compile: pay.bpol: ",
    );
}
