//! Vectors of whole calls: what a call is taken for, and what its answer is cut to.

use bpol_engine::http::Routed;
use bpol_engine::ir::Effect;
use bpol_engine::{Answer, Policy};
use serde_json::{Value, json};

use super::{at, groups, history, lines, load, root};

fn route<'c>(policy: &'c Policy, vector: &'c Value) -> Result<Routed<'c, 'c>, &'static str> {
    let call = &vector["call"];
    let text = |name: &str| call[name].as_str().unwrap_or_default();
    let headers = call["headers"].as_array().into_iter().flatten();
    let headers: Vec<(&str, &[u8])> =
        headers.filter_map(|header| Some((header[0].as_str()?, header[1].as_str()?.as_bytes()))).collect();
    let routed = policy.route(text("method"), text("target"), &headers, text("body").as_bytes());
    routed.map(|routed| routed.for_key(text("key"))).map_err(|refusal| refusal.name())
}

fn outcome(policy: &Policy, vector: &Value) -> Value {
    let routed = match route(policy, vector) {
        Ok(routed) => routed,
        Err(name) => return json!({"refused": name}),
    };
    if vector["answer"].is_null() {
        return json!({"request": policy.request_json(routed.request())});
    }
    let (past, now) = (history(policy, vector), at(vector));
    let decision = policy.decide(routed.request(), &past, now);
    if decision.effect() != Effect::Allow {
        return json!({"decision": decision.effect().word()});
    }
    let given = &vector["answer"];
    let text = |name: &str| given[name].as_str().expect("text");
    let status = given["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
    let answer = Answer { status, content_type: text("content_type"), body: text("body").as_bytes() };
    match policy.filter(&routed, &decision).expect("a filter").cut(answer, &past, now) {
        Ok(filtered) => {
            let text = String::from_utf8_lossy(&filtered.body).into_owned();
            let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
            json!({"body": body, "kept": filtered.kept, "dropped": filtered.dropped})
        }
        Err(why) => json!({"unfiltered": why.name()}),
    }
}

#[test]
fn the_engine_agrees_with_every_vector_about_a_call() {
    let (mut differing, mut all) = (Vec::new(), 0);
    for name in groups("http") {
        let path = root().join("http").join(&name);
        let policy = load(&path.with_extension("json"));
        for (number, vector) in lines(&path.with_extension("ndjson")).iter().enumerate() {
            let said = outcome(&policy, vector);
            if said != vector["expect"] {
                differing.push(format!("{name} {}: {vector}\n  the engine says {said}", number + 1));
            }
            all += 1;
        }
    }
    assert!(differing.is_empty(), "{} of {all} differ\n{}", differing.len(), differing.join("\n"));
}
