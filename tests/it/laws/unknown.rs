//! "What cannot be established counts against the caller": an absent fact never decides more freely than a told one.

use serde_json::{Map, Value};

use super::{Memory, Naive, Verdict, Voice, holds, line, no_wider};
use crate::random::{Case, Situation};

pub(super) fn law<V: Voice>() -> impl Fn(&Case) -> Verdict {
    let memory = Memory::<V>::new();
    move |case: &Case| {
        let told = match memory.decide(&case.policy, &case.situation) {
            Ok(told) => told,
            Err(why) => return Verdict::Refused(why),
        };
        // With `answer` an absent fact is open, not unknown; what is malformed is not compared.
        if case.situation.request.contains("\"answer\":true") || told["reason"] == "malformed" {
            return Verdict::Holds;
        }
        for situation in less_told(&case.situation) {
            match memory.decide(&case.policy, &situation) {
                Err(why) => return Verdict::Refused(why),
                Ok(less) if no_wider(&less, &told) => {}
                Ok(less) => {
                    let entries: String = situation.past.iter().map(|entry| format!("entry    {entry}\n")).collect();
                    return Verdict::broken(
                        &told,
                        &less,
                        format!(
                            "{}with less told:\n{entries}request  {}\n{}",
                            line("told", &told),
                            situation.request,
                            line("less", &less),
                        ),
                    );
                }
            }
        }
        Verdict::Holds
    }
}

/// All situations with one fact less: of the request, of one of its parts, or as a whole of an entry.
fn less_told(situation: &Situation) -> Vec<Situation> {
    let mut less = Vec::new();
    for request in without_one(&situation.request, true) {
        less.push(Situation { request, ..situation.clone() });
    }
    for (index, entry) in situation.past.iter().enumerate() {
        for entry in without_one(entry, false) {
            let mut past = situation.past.clone();
            past[index] = entry;
            less.push(Situation { past, ..situation.clone() });
        }
    }
    less
}

fn without_one(text: &str, inner: bool) -> Vec<String> {
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let mut less: Vec<Map<String, Value>> = without_fact(&members, inner);
    if let Some(parts) = members.get("parts").and_then(Value::as_array) {
        for (index, part) in parts.iter().enumerate() {
            let Some(part) = part.as_object() else { continue };
            for part in without_fact(part, inner) {
                let mut parts = parts.clone();
                parts[index] = Value::Object(part);
                let mut members = members.clone();
                members.insert("parts".to_owned(), Value::Array(parts));
                less.push(members);
            }
        }
    }
    less.into_iter().map(|members| Value::Object(members).to_string()).collect()
}

/// Without a fact as a whole and, if asked for, without one side of it. An amount has no sides.
fn without_fact(members: &Map<String, Value>, inner: bool) -> Vec<Map<String, Value>> {
    let mut less = Vec::new();
    for name in ["ip", "account", "payee", "amount", "method", "repeat", "url", "record"] {
        let Some(fact) = members.get(name) else { continue };
        let mut whole = members.clone();
        whole.remove(name);
        less.push(whole);
        let sides = fact.as_object().filter(|_| inner && name != "amount");
        for side in sides.into_iter().flat_map(Map::keys) {
            let mut members = members.clone();
            if let Some(Value::Object(fact)) = members.get_mut(name) {
                fact.remove(side);
            }
            less.push(members);
        }
    }
    less
}

#[test]
fn an_absent_fact_never_decides_more_freely() {
    holds(3, 4, &law::<Naive>());
}
