//! Reports of `bpolc check` for services.

use super::{CLEAN, Directory, SAMPLE};
use serde_json::Value;

/// Errors with labels, fixes and a weird name; a warning; one that is hidden.
fn sample() -> Directory {
    Directory::with(&[
        (
            "p/a <&\">,:%.bpol",
            "account \"é\" is iban NL20INGB0001234567; account \"é\" is id 1;\nkey \"a\" < deny payment over 05 EUR; >\n",
        ),
        ("p/b.bpol", SAMPLE),
        (
            "p/c.bpol",
            "// bpol: allow(unpinned-account) known\n\nkey \"c\" < allow read transactions on account \"C\"; >\n",
        ),
        ("p/d.bpol", "key \"d\" < deny payment; >\n"),
    ])
}

#[track_caller]
fn snapshot(format: &str) {
    let ran = sample().run(&["check", "p", "--format", format]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!(format, ran.out);
}

#[test]
fn sarif() {
    snapshot("sarif");
}

#[test]
fn github() {
    snapshot("github");
}

#[test]
fn gitlab() {
    snapshot("gitlab");
}

#[test]
fn junit() {
    snapshot("junit");
}

#[test]
fn checkstyle() {
    snapshot("checkstyle");
}

#[test]
fn a_policy_without_findings_is_a_whole_report() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let run = |format: &str| {
        let ran = directory.run(&["check", "--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran}");
        ran.out
    };
    assert_eq!(serde_json::from_str::<Value>(&run("sarif")).unwrap()["runs"][0]["results"], Value::Array(Vec::new()));
    assert_eq!((run("github").as_str(), run("gitlab").as_str()), ("", "[]\n"));
    assert!(run("junit").contains("<testcase classname=\"a.bpol\" name=\"no findings\"/>"));
    assert!(run("checkstyle").contains("<file name=\"a.bpol\">\n  </file>"));
}

#[test]
fn what_fails_the_check_fails_in_junit() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    assert!(directory.run(&["check", "--format", "junit"]).out.contains("tests=\"1\" failures=\"0\""));
    let ran = directory.run(&["check", "--format", "junit", "--fail-level", "warning"]);
    assert!(ran.code == 1 && ran.out.contains("tests=\"1\" failures=\"1\""), "{ran}");
}

#[test]
fn a_finding_keeps_its_fingerprint_when_lines_move() {
    let of = |text: &str| {
        let directory = Directory::with(&[("a.bpol", text)]);
        let sarif = directory.run(&["check", "--format", "sarif"]).json();
        let gitlab = directory.run(&["check", "--format", "gitlab"]).json();
        let one = sarif["runs"][0]["results"][0]["partialFingerprints"]["bpolFinding/v1"].clone();
        assert_eq!(one, gitlab[0]["fingerprint"]);
        one
    };
    assert_eq!(of(SAMPLE), of(&format!("// above\n\n{SAMPLE}")));
    assert_ne!(of(SAMPLE), of(&SAMPLE.replace("30d", "31d")));
}

#[test]
fn a_report_goes_to_a_file_and_people_still_see_the_findings() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    let ran = directory.run(&["check", "--format", "sarif", "--output", "out.sarif"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("warning[unpinned-account]"), "{ran}");
    assert_eq!(directory.read("out.sarif"), directory.run(&["check", "--format", "sarif"]).out);
    let ran = directory.run(&["check", "--format", "sarif", "--output", "no/out.sarif"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.ends_with("error: cannot write `no/out.sarif`: there is no directory `no`\n"), "{ran}");
    let ran = directory.run(&["check", "--format", "sarif", "--output", "a.bpol"]);
    assert_eq!((ran.code, directory.read("a.bpol").as_str()), (2, SAMPLE));
    let ran = directory.run(&["check", "--output", "out.txt"]);
    ran.refuses("`--output` writes a report for programs; name its `--format`, such as `sarif`");
}

#[test]
fn the_summary_of_a_github_job_is_added_to_its_file() {
    let directory = sample();
    directory.write("summary.md", "before\n");
    let run = |file: &str| {
        let mut command = directory.command(&["check", "p", "--format", "github"]);
        command.env("GITHUB_STEP_SUMMARY", directory.path(file)).output().unwrap()
    };
    assert_eq!(run("summary.md").status.code(), Some(1));
    insta::assert_snapshot!(directory.read("summary.md"));
    let ran = run("no/summary.md");
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("cannot write the summary of the job to "));
}

#[test]
fn the_json_fits_its_schema() {
    let schema = Directory::new().run(&["schema", "report"]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&sample().run(&["check", "p", "--format", "json"]).json())
        .map(|fault| format!("{} at {}", fault, fault.instance_path()))
        .collect();
    assert_eq!(faults, [""; 0]);
}
