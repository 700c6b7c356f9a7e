//! One request: the decision and what every clause says about it.

use bpol_engine::ir::Ir;
use bpol_engine::{History, Policy, Reason, Report, TracedRule};
use jiff::Timestamp;
use serde::Serialize;

use super::cut;

/// A decision and its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// When it is decided.
    pub at: String,
    /// The decision, as the engine says it.
    pub decision: Report,
    /// Why, in a sentence.
    pub because: String,
    /// The rules that are about the operation.
    pub rules: Vec<TracedRule>,
}

/// Decides a request, from its JSON text, and says why.
pub fn why(policy: &Policy, request: &str, history: &History, now: Timestamp) -> Why {
    let decision = policy.answer(request, history, now);
    let read = policy.read_request(request).ok();
    let rules = read.as_ref().map(|request| policy.trace(request, history, now)).unwrap_or_default();
    let at = serde_json::from_str::<serde_json::Value>(request)
        .ok()
        .and_then(|request| request["time"].as_str()?.parse().ok())
        .unwrap_or(now);
    Why { at: cut::moment(policy.ir(), at), because: because(policy.ir(), &decision, &rules), decision, rules }
}

fn because(ir: &Ir, decision: &Report, rules: &[TracedRule]) -> String {
    use bpol_engine::ir::Effect;
    let by: Vec<String> = decision.by.iter().map(|id| format!("`{id}`")).collect();
    let by = crate::analyze::phrase::joined(&by, "and");
    match (decision.reason, decision.decision) {
        (Reason::Malformed, _) => {
            format!("the request is malformed: {}", decision.message.as_deref().unwrap_or("it cannot be read"))
        }
        (Reason::UnknownKey, _) if ir.keys.is_empty() => "the policy has no keys".to_owned(),
        (Reason::UnknownKey, _) => "the policy does not name this key".to_owned(),
        (Reason::Base, _) => "every key of the policy may do this, and no rule forbids it".to_owned(),
        (Reason::Default, _) if rules.iter().any(|rule| rule.effect == Effect::Allow) => {
            "no `allow` of the key holds".to_owned()
        }
        (Reason::Default, _) => "no `allow` of the key is about this".to_owned(),
        (Reason::Rule, Effect::Deny) => format!("denied by {by}; one `deny` that is not false is enough"),
        (Reason::Rule, Effect::Ask) => format!("allowed only after asking, by {by}"),
        (Reason::Rule, Effect::Allow) if decision.each => {
            format!("allowed by {by}; every record of the answer is decided by itself")
        }
        (Reason::Rule, Effect::Allow) => format!("allowed by {by}; no `deny` and no `ask` stands against it"),
    }
}
