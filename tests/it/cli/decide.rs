//! `bpolc decide`

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use super::{CLEAN, Directory};

const READ: &str = r#"{"key":"ynab","action":"read","resource":"transaction","time":"2026-11-24T10:00:00Z","account":{"iban":"NL20INGB0001234567"},"record":{"created":"2026-11-14T10:00:00Z"}}"#;
const PAY: &str = r#"{"key":"ynab","action":"create","resource":"payment"}"#;
const CAPPED: &str = r#"timezone "Europe/Amsterdam";
account "A" is id 1;
payee "P" is NL91ABNA0417164300;
key "k" < allow create payment on account "A" to payee "P" up to 100 EUR per month; >
"#;

/// The decisions of some output, with their reasons.
fn decisions(out: &str) -> Vec<String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let lines = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|decision| format!("{} {}", word(&decision["decision"]), word(&decision["reason"]))).collect()
}

#[test]
fn a_decision_for_each_request_in_order() {
    let requests = format!("{READ}\n\n{PAY}\n  \n{{nonsense\n{}\n", PAY.replace("ynab", "nobody"));
    let directory = Directory::with(&[("a.bpol", CLEAN), ("r.ndjson", &requests)]);
    directory.run(&["compile", "a.bpol", "-o", "p.json"]).is(0, "", "");
    let expected = ["allow rule", "deny rule", "deny malformed", "deny unknown-key"];
    for policy in ["a.bpol", ".", "p.json"] {
        let ran = directory.run(&["decide", policy, "r.ndjson"]);
        assert_eq!((ran.code, decisions(&ran.out)), (0, expected.map(str::to_owned).to_vec()));
        assert!(ran.err.starts_with("r.ndjson:5: malformed, so denied: "), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1);
        assert_eq!(directory.run_on(&["decide", policy], &requests).out, ran.out);
        assert_eq!(directory.run_on(&["decide", policy, "-"], &requests).out, ran.out);
    }
}

#[test]
fn the_decision_has_the_published_shape() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    insta::assert_snapshot!(directory.run_on(&["decide", "a.bpol"], format!("{READ}\n{PAY}\n")));
}

#[test]
fn one_request_may_fill_several_lines() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let value: serde_json::Value = serde_json::from_str(READ).unwrap();
    let ran = directory.run_on(&["decide", "a.bpol"], serde_json::to_string_pretty(&value).unwrap());
    assert_eq!((ran.code, decisions(&ran.out)), (0, vec!["allow rule".to_owned()]));
}

#[test]
fn nothing_is_decided_when_nothing_is_asked() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    directory.run(&["decide", "a.bpol"]).is(0, "", "");
}

#[test]
fn what_is_no_text_or_too_long_is_malformed() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let mut input = b"\xff\n".to_vec();
    input.extend(vec![b'x'; (1 << 20) + 1]);
    input.extend(format!("\n{READ}").bytes());
    let ran = directory.run_on(&["decide", "a.bpol"], input);
    assert_eq!(decisions(&ran.out), ["deny malformed", "deny malformed", "allow rule"]);
    let expected = "-:1: malformed, so denied: the line is not UTF-8\n\
                    -:2: malformed, so denied: the line is longer than 1 MiB\n";
    assert_eq!(ran.err, expected);
}

#[test]
fn answers_come_line_by_line() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let mut command = directory.command(&["decide", "a.bpol"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    for (request, expected) in [(READ, "allow rule"), (PAY, "deny rule"), (READ, "allow rule")] {
        writeln!(input, "{request}\n").unwrap();
        assert_eq!(decisions(&output.next().unwrap().unwrap()), [expected]);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_past_counts_and_requests_do_not_count_for_one_another() {
    let pay = r#"{"key":"k","action":"create","resource":"payment","account":{"id":1},"payee":{"iban":"NL91ABNA0417164300"},"amount":{"value":"60.00","currency":"EUR"}}"#;
    let entry = format!("{},\"time\":\"2026-11-02T10:00:00Z\"}}\n", pay.strip_suffix('}').unwrap());
    let directory = Directory::with(&[("a.bpol", CAPPED), ("past.ndjson", &entry)]);
    let now = ["--now", "2026-11-24T10:00:00Z"];
    let ran = directory.run_on(&["decide", "a.bpol", now[0], now[1]], format!("{pay}\n{pay}\n"));
    assert_eq!(decisions(&ran.out), ["allow rule", "allow rule"]);
    let ran = directory.run_on(&["decide", "a.bpol", "--history", "past.ndjson", now[0], now[1]], pay);
    assert_eq!(decisions(&ran.out), ["deny default"]);
    let ran = directory.run_on(&["decide", "a.bpol", "--history", "past.ndjson", now[0], "2026-12-24T10:00:00Z"], pay);
    assert_eq!(decisions(&ran.out), ["allow rule"]);
}

#[test]
fn a_past_that_cannot_be_read_whole_stops_everything() {
    let directory = Directory::with(&[("a.bpol", CLEAN), ("past.ndjson", &format!("{READ}\n{PAY}\nnonsense\n"))]);
    let ran = directory.run_on(&["decide", "a.bpol", "--history", "past.ndjson"], READ);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(lines[0].starts_with("error: past.ndjson:2: ") && lines[0].contains("time"), "{}", ran.err);
    assert!(lines[1].starts_with("error: past.ndjson:3: ") && lines.len() == 2, "{}", ran.err);
}

#[test]
fn what_cannot_be_loaded_decides_nothing() {
    let directory = Directory::with(&[
        ("broken.bpol", "key <"),
        ("other.json", "{\"bpol\": 2}"),
        ("a.bpol", CLEAN),
        ("r.ndjson", PAY),
        ("sub/x", ""),
    ]);
    let ran = directory.run(&["decide", "broken.bpol", "r.ndjson"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    let ran = directory.run(&["decide", "other.json", "r.ndjson"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("error: cannot load `other.json`: "), "{}", ran.err);
    directory.run(&["decide", "none.json"]).refuses("cannot read `none.json`: no such file or directory");
    directory.run(&["decide", "a.bpol", "none"]).refuses("cannot read `none`: no such file or directory");
    directory.run(&["decide", "a.bpol", "sub"]).refuses("cannot read `sub`: it is a directory");
    let ran = directory.run(&["decide", "-", "-"]);
    ran.refuses("standard input can be only one of policy, requests and history");
    assert_eq!(directory.run(&["decide", "a.bpol", "--now", "noon"]).code, 2);
}

#[test]
fn the_policy_may_come_from_standard_input() {
    let directory = Directory::with(&[("r.ndjson", READ)]);
    let ran = directory.run_on(&["decide", "-", "r.ndjson"], CLEAN);
    assert_eq!(decisions(&ran.out), ["allow rule"]);
}
