//! Exported policies in the crates of Cedar and Rego, beside what bpol decides.
//!
//! Reads the cases that the tests of bpolc write (`BPOL_EXPORTED=FILE cargo test -p bpolc --test it export::others`): for
//! each policy its files, requests as the facts that these are asked about, and decisions of bpol's engine. A policy
//! that could be said whole must decide alike, down to rules and fields; any other may only be stricter.

#[path = "agree/cedar.rs"]
mod cedar;
#[path = "agree/rego.rs"]
mod rego;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::ExitCode;

use serde_json::Value;

/// What a peer says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// `allow`, `ask` or `deny`.
    pub(crate) decision: String,
    /// Fields that are shown, sorted, where the decision says so.
    pub(crate) fields: Option<Vec<String>>,
    /// Reason, rules, and whether each record is decided by itself; empty where a peer does not say.
    pub(crate) why: String,
}

trait Peer {
    /// What it says of the inputs of a request: the strictest.
    fn ask(&mut self, inputs: &[Value], wants_fields: bool) -> Said;
    /// What of a decision it can say.
    fn expected(&self, decision: &Value) -> Said;
}

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("name the file of cases");
        return ExitCode::from(2);
    };
    let file = File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut asked: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = 0;
    for line in BufReader::new(file).lines() {
        let policy: Value = serde_json::from_str(&line.expect("the file is text")).expect("a line is JSON");
        let language = policy["language"].as_str().expect("a language");
        let documents = &policy["documents"];
        let mut peer: Box<dyn Peer> = match language {
            "cedar" => Box::new(cedar::Cedar::new(documents)),
            _ => Box::new(rego::Rego::new(documents)),
        };
        let exact = policy["exact"] == true;
        let name = format!("{language}, {}", if exact { "whole" } else { "narrowed" });
        for case in policy["cases"].as_array().into_iter().flatten() {
            let inputs = case["inputs"].as_array().expect("inputs");
            let one = inputs.len() == 1;
            let mut expected = peer.expected(&case["decision"]);
            let mut said = peer.ask(inputs, expected.fields.is_some());
            if !one {
                for side in [&mut expected, &mut said] {
                    (side.fields, side.why) = (None, String::new());
                }
            }
            let right = if exact { said == expected } else { stricter(&said, &expected) };
            let (all, allowed) = asked.entry(name.clone()).or_default();
            *all += 1;
            *allowed += usize::from(said.decision == "allow");
            if !right {
                wrong += 1;
                if wrong <= 5 {
                    println!("seed {}, {name}\n  {}\n  {said:?}\n  {expected:?}", policy["seed"], case["request"]);
                }
            }
        }
    }
    for (name, (all, allowed)) in &asked {
        println!("{all:8} requests, {allowed:7} of them allowed: {name}");
    }
    println!("{wrong} decided otherwise");
    ExitCode::from(u8::from(wrong > 0 || asked.is_empty()))
}

fn stricter(said: &Said, expected: &Said) -> bool {
    let rank = |said: &Said| ["deny", "ask", "allow"].iter().position(|word| *word == said.decision);
    let fewer = match (&said.fields, &expected.fields) {
        (Some(said), Some(expected)) => said.iter().all(|field| expected.contains(field)),
        _ => true,
    };
    rank(said) <= rank(expected) && fewer
}
