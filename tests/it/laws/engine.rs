//! The compiler and the engine against the evaluator of the tests, and by the same laws.

use serde_json::Value;

use super::{Memory, Naive, Verdict, Voice, holds, line, order, subject, unknown, wider};
use crate::naive::model::Policy;
use crate::naive::print::print;
use crate::random::{Case, Situation};

struct Engine(subject::Compiled);

impl Voice for Engine {
    fn learn(policy: &Policy) -> Result<Self, String> {
        subject::compile(&print(policy)).map(Self)
    }

    fn decide(&self, situation: &Situation) -> Value {
        subject::decide(&self.0, &situation.request, &situation.past, situation.now)
    }
}

fn agreement() -> impl Fn(&Case) -> Verdict {
    let (engine, naive) = (Memory::<Engine>::new(), Memory::<Naive>::new());
    move |case: &Case| {
        // The engine first: what does not compile is not for the evaluator either.
        let decided = engine
            .decide(&case.policy, &case.situation)
            .and_then(|first| naive.decide(&case.policy, &case.situation).map(|second| (first, second)));
        match decided {
            Err(why) => Verdict::Refused(why),
            Ok((engine, naive)) if compared(&engine) == compared(&naive) => Verdict::Holds,
            Ok((engine, naive)) => {
                let why = format!("{}{}", line("engine", &compared(&engine)), line("naive", &compared(&naive)));
                Verdict::broken(&engine, &naive, why)
            }
        }
    }
}

/// What two voices must agree on; the order of fields is no part of it.
fn compared(decision: &Value) -> Value {
    let mut kept = serde_json::Map::new();
    for name in ["decision", "reason", "by", "each", "fields"] {
        kept.insert(name.to_owned(), decision[name].clone());
    }
    if let Some(Value::Array(fields)) = kept.get_mut("fields") {
        fields.sort_by_key(ToString::to_string);
    }
    Value::Object(kept)
}

/// What is compiled, without where it stands and how it is written.
fn placeless(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| !["place", "text"].contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), placeless(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(placeless).collect()),
        other => other.clone(),
    }
}

fn formatting() -> impl Fn(&Case) -> Verdict {
    |case: &Case| {
        let text = print(&case.policy);
        let formatted = subject::format(&text);
        match (subject::ir(&text), subject::ir(&formatted)) {
            (Ok(before), Ok(after)) if placeless(&before) == placeless(&after) => Verdict::Holds,
            (Ok(_), Ok(_)) => Verdict::Broken {
                sign: "another meaning".to_owned(),
                why: format!("formatted, it compiles to something else:\n{formatted}"),
            },
            (Ok(_), Err(why)) => Verdict::Broken {
                sign: "an error".to_owned(),
                why: format!("formatted, it does not compile:\n{formatted}\n{why}"),
            },
            (Err(why), _) => Verdict::Refused(why),
        }
    }
}

#[test]
fn the_engine_decides_as_the_definition_says() {
    holds(4, &agreement());
}

#[test]
fn a_deny_or_an_only_more_never_widens() {
    holds(5, &wider::law::<Engine>());
}

#[test]
fn moving_lines_changes_nothing() {
    holds(6, &order::law::<Engine>());
}

#[test]
fn an_absent_fact_never_decides_more_freely() {
    holds(7, &unknown::law::<Engine>());
}

#[test]
fn formatting_changes_nothing_that_is_compiled() {
    holds(8, &formatting());
}
