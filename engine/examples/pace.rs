//! How long a decision takes, from the text of a request to the text of the decision: the measure for bindings.
//!
//! `pace policy.json requests.ndjson ROUNDS` reads requests as the conformance suite writes them, decides each in every round,
//! and prints the nanoseconds of one decision in the fastest round.

use std::error::Error;
use std::time::Instant;

use bpol_engine::{History, Policy};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, requests, rounds] = arguments.as_slice() else {
        return Err("policy.json requests.ndjson ROUNDS".into());
    };
    let policy = Policy::load(&std::fs::read(policy)?)?;
    let (now, past) = ("2026-11-24T10:00:00Z".parse()?, History::new());
    let mut texts = Vec::new();
    for line in std::fs::read_to_string(requests)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        texts.extend(line.get("request").map(Value::to_string));
    }
    let mut fastest = f64::INFINITY;
    for _ in 0..rounds.parse()? {
        let begin = Instant::now();
        for text in &texts {
            std::hint::black_box(serde_json::to_string(&policy.answer(text, &past, now))?);
        }
        fastest = fastest.min(begin.elapsed().as_secs_f64() * 1e9 / texts.len() as f64);
    }
    println!("{fastest:.0}");
    Ok(())
}
