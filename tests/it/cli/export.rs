//! `bpolc export`

use super::{Directory, SAMPLE};

const BALANCES: &str = "account \"Groceries\" is iban NL20INGB0001234567;\n\
     key \"ynab\" < allow read balances on account \"Groceries\" from ip 203.0.113.7; >\n";

#[test]
fn a_table_goes_to_standard_output() {
    let directory = Directory::with(&[("a.bpol", BALANCES)]);
    insta::assert_snapshot!(directory.run(&["export", "a.bpol", "--to", "account-scopes"]));
}

#[test]
fn what_cannot_be_said_is_named_and_nothing_is_written() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    let ran = directory.run(&["export", "--to", "rar", "--output", "details.json"]);
    insta::assert_snapshot!(ran);
    assert!(!directory.path("details.json").exists());
}

#[test]
fn what_is_left_out_is_a_warning() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    insta::assert_snapshot!(directory.run(&["export", "--to", "rar", "--lossy"]));
}

#[test]
fn several_files_need_a_directory() {
    let directory = Directory::with(&[("a.bpol", BALANCES)]);
    let ran = directory.run(&["export", "--to", "cedar"]);
    ran.is(2, "", "error: this export is several files; say which directory they go to with `--output DIR`\n");
    let ran = directory.run(&["export", "--to", "cedar", "--output", "out/cedar"]);
    ran.is(0, "", "");
    for name in ["policy.cedar", "schema.cedarschema", "entities.json"] {
        assert!(directory.path("out/cedar").join(name).is_file(), "{name}");
    }
    let ran = directory.run(&["export", "--to", "rego", "--output", "a.bpol"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot make the directory `a.bpol`"), "{}", ran.err);
}

#[test]
fn names_cannot_leave_their_quotes() {
    let name = r#"x\u{a}*/ permit(principal, action, resource); \" \\ \u{7f}"#;
    let text = format!("key \"{name}\" < allow read everything on any account; >\n");
    let directory = Directory::with(&[("a.bpol", &text)]);
    for to in ["cedar", "rego"] {
        directory.run(&["export", "--to", to, "--output", to]).is(0, "", "");
    }
    let cedar = std::fs::read_to_string(directory.path("cedar/policy.cedar")).expect("it was written");
    assert!(cedar.contains(r#"Key::"x\u{a}*/ permit(principal, action, resource); \" \\ \u{7f}""#), "{cedar}");
    let rego = std::fs::read_to_string(directory.path("rego/policy.rego")).expect("it was written");
    assert!(rego.lines().all(|line| !line.trim_start().starts_with("*/")), "{rego}");
}
