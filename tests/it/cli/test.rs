//! `bpolc test`

use super::{CLEAN, Directory, SAMPLE};

const FAILING: &str = r#"account "A" is id 1;
payee "P" is NL91ABNA0417164300;
key "k" <
  allow create payment on account "A" to payee "P" up to 100 EUR in total;
  allow read transactions on account "A" since 30d;
>
test "right" for key "k" at 2026-11-24T10:00:00Z < expect deny create payment of 200 EUR on account "A" to payee "P"; >
test "wrong" for key "k" at 2026-11-24T10:00:00Z <
  expect allow create payment of 100.01 EUR on account "A" to payee "P";
  expect deny read transactions on account "A" dated 10d ago;
  expect allow read transactions on account "A" dated 10d ago showing balance;
  expect allow read transactions on account "A" dated 10d ago showing amount;
>
"#;

#[test]
fn passing_tests_have_a_line_each() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    directory.run(&["test"]).is(0, "", "ok    no money (1 expectation)\n1 test, 1 expectation: all passed\n");
}

#[test]
fn failing_tests_say_what_was_decided_and_why() {
    let directory = Directory::with(&[("a.bpol", FAILING)]);
    insta::assert_snapshot!(directory.run(&["test", "a.bpol"]));
}

#[test]
fn json_says_all_of_it() {
    let directory = Directory::with(&[("a.bpol", FAILING)]);
    let ran = directory.run(&["test", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (4, ""));
    let json = ran.json();
    assert_eq!(json["summary"], serde_json::json!({"tests": 2, "expectations": 5, "failed": 3}));
    assert_eq!((&json["tests"][0]["name"], &json["tests"][0]["passed"]), (&"right".into(), &true.into()));
    insta::assert_snapshot!(serde_json::to_string_pretty(&json["tests"][1]["expectations"][0]).unwrap());
}

#[test]
fn some_tests_can_be_picked() {
    let directory = Directory::with(&[("a.bpol", FAILING)]);
    let ran = directory.run(&["test", "--filter", "righ"]);
    ran.is(0, "", "ok    right (1 expectation)\n1 test, 1 expectation: all passed\n");
    directory.run(&["test", "--filter", "none"]).refuses("no test has `none` in its name");
}

#[test]
fn a_policy_without_tests_says_so() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    let ran = directory.run(&["test"]);
    ran.is(0, "", "no tests; write some with `test \"…\" for key \"…\" < expect … >`\n");
    let json = serde_json::json!({"tests": [], "summary": {"tests": 0, "expectations": 0, "failed": 0}});
    assert_eq!(directory.run(&["test", "--format", "json"]).json(), json);
}

#[test]
fn a_policy_with_errors_is_not_tested() {
    let directory = Directory::with(&[("a.bpol", "key \"a\" < allow pay; >\n")]);
    let ran = directory.run(&["test"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("error["), "{}", ran.err);
}

#[test]
fn a_whole_answer_shows_no_fields_before_its_records_are_known() {
    let text = r#"account "A" is id 1;
key "k" < allow read transactions on account "A" since 30d; >
test "fields" for key "k" < expect allow read transactions on account "A" showing amount; >
"#;
    let ran = Directory::with(&[("a.bpol", text)]).run(&["test"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("the answer is decided record by record"), "{}", ran.err);
}

/// A policy whose one test tries three of five cases.
const HALF: &str = r#"account "A" is id 1;
payee "P" is NL91ABNA0417164300;
key "k" < allow create payment on account "A" to payee "P" up to 100 EUR in total; >
test "half" for key "k" <
  expect allow create payment of 100 EUR on account "A" to payee "P";
  expect deny create payment of 100.01 EUR on account "A" to payee "P";
  expect deny read transactions;
>
"#;

#[test]
fn coverage_says_what_is_not_tried() {
    let directory = Directory::with(&[("a.bpol", HALF)]);
    insta::assert_snapshot!(directory.run(&["test", "--coverage"]));
}

#[test]
fn too_little_coverage_fails() {
    let directory = Directory::with(&[("a.bpol", HALF)]);
    let ran = directory.run(&["test", "--min-coverage", "51"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    let complaint = "error: the tests try 3 of 6 cases, 50%, and 51% was asked for\n";
    assert!(ran.err.ends_with(complaint), "{}", ran.err);
    assert_eq!(directory.run(&["test", "--min-coverage", "50"]).code, 0);
    assert_eq!(directory.run(&["test", "--min-coverage", "101"]).code, 2);
}

#[test]
fn what_cannot_be_told_apart_is_not_covered() {
    let mut policy = String::from("account \"A\" is id 1;\nkey \"k\" <\n");
    for n in 1..80 {
        policy += &format!("allow create payment on account \"A\" to anyone up to {n} EUR per {n}d;\n");
    }
    let directory = Directory::with(&[("a.bpol", &(policy + ">\n"))]);
    assert_eq!(directory.run(&["test", "--coverage"]).code, 0);
    let ran = directory.run(&["test", "--min-coverage", "0"]);
    assert_eq!(ran.code, 4);
    insta::assert_snapshot!(ran);
}

#[test]
fn coverage_is_in_the_json() {
    let directory = Directory::with(&[("a.bpol", HALF)]);
    let json = directory.run(&["test", "--coverage", "--format", "json"]).json();
    assert_eq!((&json["coverage"]["hit"], &json["coverage"]["cases"]), (&3.into(), &6.into()));
    let key = &json["coverage"]["keys"][0];
    insta::assert_snapshot!(serde_json::to_string_pretty(&[&key["cases"][0], &key["cases"][1]]).unwrap());
    assert_eq!(directory.run(&["test", "--format", "json"]).json().get("coverage"), None);
}

#[test]
fn an_expectation_that_fails_tries_nothing() {
    let text = HALF.replace("expect deny create payment of 100.01", "expect allow create payment of 100.01");
    let directory = Directory::with(&[("a.bpol", &text)]);
    let ran = directory.run(&["test", "--coverage", "--format", "json"]);
    assert_eq!((ran.code, &ran.json()["coverage"]["hit"]), (4, &2.into()));
}

#[test]
fn suggested_tests_make_the_rest_of_a_suite() {
    let directory = Directory::with(&[("a.bpol", HALF)]);
    let ran = directory.run(&["test", "--suggest"]);
    insta::assert_snapshot!(ran);
    directory.write("tests.bpol", &ran.out);
    assert_eq!(directory.run(&["fmt", "--check", "tests.bpol"]).code, 0);
    assert_eq!(directory.run(&["test", "--min-coverage", "100"]).code, 0);
    let ran = directory.run(&["test", "--suggest"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.ends_with("nothing to suggest: every case is tried\n"), "{}", ran.err);
    assert_eq!(directory.run(&["test", "--suggest", "--format", "json"]).code, 2);
}

#[test]
fn a_policy_without_tests_gets_a_whole_suite() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    let ran = directory.run(&["test", "--suggest"]);
    assert_eq!(ran.code, 0);
    directory.write("b.bpol", ran.out);
    directory.run(&["test", "--min-coverage", "100"]).is(
        0,
        "",
        "ok    ynab: read transactions (3 expectations)\nok    ynab: anything else (1 expectation)\n2 tests, 4 expectations: all passed\n\n100%  ynab  4 of 4 cases\n\n4 of 4 cases tried, 100%\n",
    );
}

#[test]
fn the_examples_try_every_case() {
    let directory = Directory::new();
    for name in ["app-role", "bunq", "company", "open-banking"] {
        let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
        let ran = directory.run(&["test", "--min-coverage", "100", &path]);
        assert_eq!(ran.code, 0, "{name}\n{ran}");
    }
}

#[test]
fn junit_has_a_case_for_each_expectation() {
    let tests = "test \"<&>\" for key \"ynab\" <\n  expect deny create payment of 1 EUR on account \"Groceries\";\n  \
                 expect allow read transactions on account \"Groceries\" dated 40d ago;\n>\n";
    let directory = Directory::with(&[("a.bpol", &format!("{CLEAN}{tests}"))]);
    let ran = directory.run(&["test", "--format", "junit"]);
    assert_eq!((ran.code, ran.err.as_str()), (4, ""));
    // The request is about now.
    let lines = ran.out.lines().filter(|line| !line.contains("<failure")).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(lines);
    assert!(
        ran.out.contains("<failure message=\"expected `allow`, but the decision is `deny`\">a.bpol:6:3: "),
        "{ran}"
    );
}
