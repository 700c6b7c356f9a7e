//! The compiler and the engine against the evaluator of the tests, and by the same laws.

use serde_json::Value;

use super::{Memory, Naive, Verdict, Voice, compared, holds, line, order, subject, unknown, wider};
use crate::naive::model::Policy;
use crate::naive::print::print;
use crate::random::{Case, Situation};

pub(super) struct Engine(subject::Compiled);

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

/// What is compiled, without where it stands and how it is written.
fn meant(ir: &Value) -> Value {
    match ir {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !["place", "text"].contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), meant(value))).collect())
        }
        Value::Array(items) => items.iter().map(meant).collect(),
        other => other.clone(),
    }
}

/// The lines that only one of two documents has.
fn differing(left: &Value, right: &Value) -> String {
    let (left, right) = (format!("{left:#}"), format!("{right:#}"));
    let only = |sign: char, some: &str, other: &str| -> String {
        let other: Vec<&str> = other.lines().collect();
        some.lines().filter(|line| !other.contains(line)).map(|line| format!("{sign} {line}\n")).collect()
    };
    only('-', &left, &right) + &only('+', &right, &left)
}

fn formatting() -> impl Fn(&Case) -> Verdict {
    |case: &Case| {
        let text = print(&case.policy);
        let before = match subject::ir(&text) {
            Ok(before) => before,
            Err(why) => return Verdict::Refused(why),
        };
        let broken = |sign: &str, why: String| Verdict::Broken { sign: sign.to_owned(), why };
        let formatted = match subject::format(&text) {
            Ok(formatted) => formatted,
            Err(why) => return broken("unformatted", format!("it compiles but is not formatted: {why}")),
        };
        match subject::ir(&formatted) {
            Ok(after) if meant(&before) == meant(&after) => Verdict::Holds,
            Ok(after) => {
                let differing = differing(&meant(&before), &meant(&after));
                broken("meaning", format!("formatted, it compiles to something else:\n{formatted}\n{differing}"))
            }
            Err(why) => broken("error", format!("formatted, it does not compile:\n{formatted}\n{why}")),
        }
    }
}

#[test]
fn the_engine_decides_as_the_definition_says() {
    holds(4, 4, &agreement());
}

#[test]
fn a_deny_or_an_only_more_never_widens() {
    holds(5, 4, &wider::law::<Engine>());
}

#[test]
fn moving_lines_changes_nothing() {
    holds(6, 4, &order::law::<Engine>());
}

#[test]
fn an_absent_fact_never_decides_more_freely() {
    holds(7, 4, &unknown::law::<Engine>());
}

#[test]
fn formatting_changes_nothing_that_is_compiled() {
    holds(8, 1, &formatting());
}
