//! The engine under the conformance suite: `python3 conformance/run.py -- target/debug/examples/conform`.
//!
//! Loads the policy that is named last, then answers each line of its input with one line (conformance/README.md).

use std::error::Error;
use std::io::{BufRead as _, Write as _};

use bpol_engine::ir::Effect;
use bpol_engine::{Answer, History, Policy};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Question {
    now: String,
    #[serde(default)]
    past: Vec<Value>,
    #[serde(default)]
    request: Option<Value>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    call: Option<Call>,
    #[serde(default)]
    answer: Option<Given>,
}

#[derive(Deserialize)]
struct Call {
    key: String,
    method: String,
    target: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
}

#[derive(Deserialize)]
struct Given {
    status: u16,
    content_type: String,
    body: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().next_back().ok_or("name a compiled policy")?;
    let policy = Policy::load(&std::fs::read(path)?)?;
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        writeln!(output, "{}", answer(&policy, &question)?)?;
        output.flush()?;
    }
    Ok(())
}

fn answer(policy: &Policy, question: &Question) -> Result<Value, Box<dyn Error>> {
    let now = question.now.parse()?;
    let mut past = History::new();
    for entry in &question.past {
        past.extend(policy.read_entry(&entry.to_string())?);
    }
    let Some(call) = &question.call else {
        let text = match (&question.text, &question.request) {
            (Some(text), _) => text.clone(),
            (None, request) => request.as_ref().ok_or("a line has `request`, `text` or `call`")?.to_string(),
        };
        return Ok(serde_json::to_value(policy.answer(&text, &past, now))?);
    };
    let headers: Vec<(&str, &[u8])> =
        call.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let routed = match policy.route(&call.method, &call.target, &headers, call.body.as_bytes()) {
        Ok(routed) => routed.for_key(&call.key),
        Err(refusal) => return Ok(json!({"refused": refusal.name()})),
    };
    let Some(given) = &question.answer else { return Ok(json!({"request": policy.request_json(routed.request())})) };
    let decision = policy.decide(routed.request(), &past, now);
    if decision.effect() != Effect::Allow {
        return Ok(json!({"decision": decision.effect().word()}));
    }
    let filter = policy.filter(&routed, &decision)?;
    let answer = Answer { status: given.status, content_type: &given.content_type, body: given.body.as_bytes() };
    Ok(match filter.cut(answer, &past, now) {
        Ok(filtered) => {
            let text = String::from_utf8_lossy(&filtered.body).into_owned();
            let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
            json!({"body": body, "kept": filtered.kept, "dropped": filtered.dropped})
        }
        Err(why) => json!({"unfiltered": why.name()}),
    })
}
