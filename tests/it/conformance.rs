//! The conformance suite in `conformance/`: what is stored is fresh, fits the schemas, and both voices agree with it.
//!
//! `BPOL_WRITE=1` writes what is made from something else: compiled policies, and vectors written by hand in
//! `written/`. Vectors once drawn at random stay as they are, so that the suite does not change under those who use it;
//! `BPOL_DRAW=1` draws them anew.

mod draw;
mod http;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bpol_engine::{History, Policy, schema};
use camino::Utf8Path;
use serde_json::{Value, json};

use crate::naive::read::read;
use crate::naive::vocabulary::Vocabulary;

/// The members of a decision on which implementations are compared.
const COMPARED: [&str; 5] = ["decision", "reason", "by", "each", "fields"];

/// Groups of vectors about decisions whose expectations a person wrote, each from its source in `written/`.
const WRITTEN: [(&str, &str); 9] = [
    ("answers", include_str!("conformance/written/answers.txt")),
    ("clauses", include_str!("conformance/written/clauses.txt")),
    ("clock", include_str!("conformance/written/clock.txt")),
    ("counters", include_str!("conformance/written/counters.txt")),
    ("decision", include_str!("conformance/written/decision.txt")),
    ("fields", include_str!("conformance/written/fields.txt")),
    ("parts", include_str!("conformance/written/parts.txt")),
    ("roles", include_str!("conformance/written/roles.txt")),
    ("request", include_str!("conformance/written/request.txt")),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lines(path: &Path) -> Vec<Value> {
    text(path).lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Names of the groups in a folder: each has a policy, as text and compiled, and vectors.
fn groups(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join(folder))
        .expect("the folder")
        .filter_map(|entry| entry.expect("an entry").file_name().to_str()?.strip_suffix(".bpol").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// Holds a stored file to what it is made from, or writes it.
fn fresh(path: &Path, made: &str) {
    if std::env::var_os("BPOL_WRITE").is_some() {
        std::fs::write(path, made).expect("it is written");
    }
    let stale = std::fs::read_to_string(path).ok().as_deref() != Some(made);
    assert!(!stale, "{} is stale: BPOL_WRITE=1 cargo test -p bpolc --test it conformance::", path.display());
}

/// What the compiler makes of a policy. `meaning` is left out, and `routes` where only decisions are asked for: a
/// decision does not look at them.
fn compiled(text: &str, routes: bool) -> Value {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new(""), &|path| Err(format!("{path} is not there")));
    let mut ir = bpolc::compile(&checked).unwrap_or_else(|| panic!("{text}\n{:#?}", checked.diagnostics));
    ir.meaning = None;
    if !routes {
        ir.routes.clear();
    }
    serde_json::to_value(ir).expect("JSON")
}

fn compared(decision: &Value) -> Value {
    COMPARED
        .iter()
        .map(|member| ((*member).to_owned(), decision[*member].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The request of a vector as text: it may be one that no JSON value holds.
fn request(vector: &Value) -> String {
    vector["text"].as_str().map_or_else(|| vector["request"].to_string(), str::to_owned)
}

fn past(vector: &Value) -> Vec<String> {
    vector["past"].as_array().into_iter().flatten().map(Value::to_string).collect()
}

fn load(path: &Path) -> Policy {
    Policy::load(text(path).as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn history(policy: &Policy, vector: &Value) -> History {
    let mut history = History::new();
    for line in past(vector) {
        history.extend(policy.read_entry(&line).unwrap_or_else(|error| panic!("{line}: {error}")));
    }
    history
}

fn at(vector: &Value) -> jiff::Timestamp {
    vector["now"].as_str().and_then(|now| now.parse().ok()).expect("an instant")
}

#[test]
fn stored_policies_are_what_the_compiler_makes_of_their_text() {
    draw::all();
    for folder in ["decide", "http"] {
        for name in groups(folder) {
            let path = root().join(folder).join(&name);
            let ir = compiled(&text(&path.with_extension("bpol")), folder == "http");
            fresh(&path.with_extension("json"), &format!("{ir}\n"));
        }
    }
}

#[test]
fn vectors_written_by_hand_are_those_of_their_sources() {
    for (name, source) in WRITTEN {
        let vectors: String = written::vectors(source).iter().map(|vector| format!("{vector}\n")).collect();
        fresh(&root().join("decide").join(name).with_extension("ndjson"), &vectors);
    }
}

#[test]
fn both_voices_agree_with_every_vector_about_a_decision() {
    let (mut differing, mut all) = (Vec::new(), 0);
    for name in groups("decide") {
        let path = root().join("decide").join(&name);
        let policy = read(&text(&path.with_extension("bpol")));
        let engine = load(&path.with_extension("json"));
        for (number, vector) in lines(&path.with_extension("ndjson")).iter().enumerate() {
            let (request, now) = (request(vector), at(vector));
            let naive = crate::naive::decide(&policy, Vocabulary::bunq(), &request, &past(vector), now);
            let report = engine.answer(&request, &history(&engine, vector), now);
            let report = compared(&serde_json::to_value(report).expect("JSON"));
            for (voice, said) in [("naive", compared(&naive)), ("engine", report)] {
                if said != vector["expect"] {
                    differing.push(format!("{name} {}: {vector}\n  {voice} says {said}", number + 1));
                }
            }
            all += 1;
        }
    }
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
    assert!(all >= 2000, "only {all} vectors");
}

#[test]
fn every_vector_fits_its_schema() {
    let of = |schema: Value| jsonschema::validator_for(&schema).expect("a schema");
    let [policy, request, decision, entry] =
        [schema::policy(), schema::request(), schema::decision(), schema::entry()].map(of);
    for folder in ["decide", "http"] {
        for name in groups(folder) {
            let ir = serde_json::from_str(&text(&root().join(folder).join(&name).with_extension("json")));
            assert!(policy.is_valid(&ir.expect("JSON")), "{name}");
        }
    }
    for name in groups("decide") {
        for vector in lines(&root().join("decide").join(&name).with_extension("ndjson")) {
            let mut whole = vector["expect"].clone();
            (whole["reserve"], whole["near"]) = (json!([]), json!([]));
            assert!(decision.is_valid(&whole), "{name}: {vector}");
            // What is malformed may well fit: a schema says less than the page.
            let asked = vector["expect"]["reason"] == "malformed" || request.is_valid(&vector["request"]);
            assert!(asked, "{name}: {vector}");
            let entries = vector["past"].as_array().into_iter().flatten();
            entries.for_each(|line| assert!(entry.is_valid(line), "{name}: {line}"));
        }
    }
}

/// Every decision and reason, whole and with records one by one, is asked for.
#[test]
fn the_suite_reaches_every_outcome() {
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for name in groups("decide") {
        for vector in lines(&root().join("decide").join(&name).with_extension("ndjson")) {
            let expect = &vector["expect"];
            let outcome = format!("{} {} {}", expect["decision"], expect["reason"], expect["each"]).replace('"', "");
            *reached.entry(outcome).or_default() += 1;
        }
    }
    for outcome in [
        "allow rule false",
        "allow rule true",
        "allow base false",
        "ask rule false",
        "deny rule false",
        "deny default false",
        "deny malformed false",
        "deny unknown-key false",
    ] {
        assert!(reached.get(outcome).is_some_and(|times| *times >= 10), "{outcome}: {reached:#?}");
    }
}
