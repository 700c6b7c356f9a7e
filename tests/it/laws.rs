//! What must hold for every policy and every request, tried with random ones.
//!
//! `BPOL_CASES` says how many policies each law is tried with and `BPOL_SEED` where the row of seeds begins. A policy
//! that breaks a law is made as small as it can be and printed with its request, its past and what was decided.

mod engine;
mod malformed;
pub(crate) mod order;
mod schema;
pub(crate) mod subject;
mod unknown;
mod wider;

use std::cell::RefCell;
use std::cmp::Ordering;

use serde_json::Value;

use crate::naive::decide;
use crate::naive::model::Policy;
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::{Case, Situation, cases, smallest};

/// One that decides by policies.
pub(crate) trait Voice: Sized {
    /// Takes in a policy, or says why it cannot.
    fn learn(policy: &Policy) -> Result<Self, String>;
    fn decide(&self, situation: &Situation) -> Value;
}

/// The evaluator of the tests.
pub(crate) struct Naive(Policy);

impl Voice for Naive {
    fn learn(policy: &Policy) -> Result<Self, String> {
        Ok(Self(policy.clone()))
    }

    fn decide(&self, situation: &Situation) -> Value {
        decide(&self.0, Vocabulary::bunq(), &situation.request, &situation.past, situation.now)
    }
}

/// A voice that remembers the policies it took in last, so that many requests cost one compilation.
pub(crate) struct Memory<V>(RefCell<Vec<(Policy, Result<V, String>)>>);

impl<V: Voice> Memory<V> {
    pub(crate) fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    pub(crate) fn decide(&self, policy: &Policy, situation: &Situation) -> Result<Value, String> {
        let mut known = self.0.borrow_mut();
        if let Some((_, voice)) = known.iter().find(|(known, _)| known == policy) {
            return voice.as_ref().map(|voice| voice.decide(situation)).map_err(Clone::clone);
        }
        let voice = V::learn(policy);
        let decision = voice.as_ref().map(|voice| voice.decide(situation)).map_err(Clone::clone);
        known.truncate(3);
        known.insert(0, (policy.clone(), voice));
        decision
    }
}

/// How a law fared with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Holds,
    /// How two decisions differ in a few words, and all that there is to say about it.
    Broken {
        sign: String,
        why: String,
    },
    /// The policy, which has no error by the definition, was refused.
    Refused(String),
}

/// Tries a law with random cases, so many for each policy. `number` sets the seeds of one law apart from another's.
#[track_caller]
pub(crate) fn holds(number: u64, several: usize, law: &dyn Fn(&Case) -> Verdict) {
    holds_for(500, number, several, law);
}

/// Tries a law that takes long with so many policies, when nobody says how many.
#[track_caller]
pub(crate) fn holds_for(policies: u64, number: u64, several: usize, law: &dyn Fn(&Case) -> Verdict) {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let policies = setting("BPOL_CASES").unwrap_or(policies);
    let first = setting("BPOL_SEED").unwrap_or(0);
    for seed in first..first + policies {
        for case in cases(&mut Rng::new(seed.wrapping_mul(64).wrapping_add(number)), several) {
            let wrong = match law(&case) {
                Verdict::Holds => continue,
                wrong => wrong,
            };
            // A case shrinks as long as it shows the same fault.
            let fault = |why: &str| why.split(':').next().map(str::to_owned);
            let small = smallest(case, &|next| match (law(next), &wrong) {
                (Verdict::Broken { sign: next, .. }, Verdict::Broken { sign: first, .. }) => next == *first,
                (Verdict::Refused(next), Verdict::Refused(first)) => fault(&next) == fault(first),
                _ => false,
            });
            let why = match law(&small) {
                Verdict::Holds => "it holds now".to_owned(),
                Verdict::Broken { why, .. } => why,
                Verdict::Refused(why) => format!("a policy without an error is refused: {why}"),
            };
            panic!("with BPOL_SEED={seed} BPOL_CASES=1\n\n{small}\n{why}\n");
        }
    }
}

impl Verdict {
    /// Two decisions that should not stand side by side.
    pub(crate) fn broken(first: &Value, second: &Value, why: String) -> Self {
        let word = |decision: &Value| format!("{} {}", decision["decision"], decision["reason"]);
        Self::Broken { sign: format!("{} and {}", word(first), word(second)), why }
    }
}

/// Compares how much two decisions let happen: deny, ask, each record by itself, allow; then the fields that are shown.
/// Nothing where neither is at least the other.
pub(crate) fn freedom(left: &Value, right: &Value) -> Option<Ordering> {
    let rank = |decision: &Value| match (decision["decision"].as_str(), decision["each"].as_bool()) {
        (Some("deny"), _) => 0,
        (Some("ask"), _) => 1,
        (Some("allow"), Some(true)) => 2,
        _ => 3,
    };
    let fields = |decision: &Value| -> Vec<String> {
        let shown = decision["fields"].as_array().into_iter().flatten();
        shown.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    match rank(left).cmp(&rank(right)) {
        Ordering::Equal => {
            let (left, right) = (fields(left), fields(right));
            let within = |some: &[String], all: &[String]| some.iter().all(|field| all.contains(field));
            match (within(&left, &right), within(&right, &left)) {
                (true, true) => Some(Ordering::Equal),
                (true, false) => Some(Ordering::Less),
                (false, true) => Some(Ordering::Greater),
                (false, false) => None,
            }
        }
        order => Some(order),
    }
}

/// Whether `narrow` lets happen no more than `wide`.
pub(crate) fn no_wider(narrow: &Value, wide: &Value) -> bool {
    matches!(freedom(narrow, wide), Some(Ordering::Less | Ordering::Equal))
}

/// What two voices must agree on; the order of fields and of rules is no part of it.
pub(crate) fn compared(decision: &Value) -> Value {
    let mut kept = serde_json::Map::new();
    for name in ["decision", "reason", "by", "each", "fields"] {
        kept.insert(name.to_owned(), decision[name].clone());
    }
    if let Some(Value::Array(names)) = kept.get_mut("fields") {
        names.sort_by_key(ToString::to_string);
    }
    Value::Object(kept)
}

/// The decision as an answer to a law: what decides it, in one line.
pub(crate) fn line(name: &str, decision: &Value) -> String {
    format!("{name:<8} {decision}\n")
}

/// What a policy says, to stand beside the case that it was made from.
pub(crate) fn beside(policy: &Policy) -> String {
    format!("{}\n", print(policy))
}
