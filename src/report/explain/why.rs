//! Why a request is decided as it is, as plain text.

use bpol_engine::ir::Effect;
use bpol_engine::{Traced, TracedClause, TracedRule};
use bpolc::explain::Why;

use crate::report::harmless;

/// The decision, its reason, and every rule that is about the operation.
pub(super) fn text(why: &Why) -> String {
    let decision = &why.decision;
    let mut out = format!("{}: {}\n", decision.decision.word(), why.because);
    out.push_str(&format!("decided at {}\n", why.at));
    if let Some(fields) = &decision.fields {
        let shown = if fields.is_empty() { "nothing".to_owned() } else { fields.join(", ") };
        out.push_str(&format!("the answer shows {shown}\n"));
    }
    for rule in &why.rules {
        out.push('\n');
        out.push_str(&self::rule(rule, decision.by.contains(&rule.rule)));
    }
    if !decision.near.is_empty() {
        out.push_str("\nclosest to allowing it\n");
        for near in &decision.near {
            let failed: Vec<String> =
                near.failed.iter().map(|failed| format!("{} ({})", failed.clause, failed.distance)).collect();
            out.push_str(&format!("  {}: {}\n", near.rule, failed.join("; ")));
        }
    }
    if !decision.reserve.is_empty() {
        out.push_str("\ncounts against\n");
        for one in &decision.reserve {
            let much = match (&one.amount, &one.currency, one.times) {
                (Some(amount), Some(currency), _) => format!("{amount} {currency}"),
                (_, _, Some(times)) => format!("{times} more"),
                _ => "an amount that is not known".to_owned(),
            };
            let window = match (&one.from, &one.until) {
                (Some(from), Some(until)) => format!(", {from} to {until}"),
                _ => String::new(),
            };
            out.push_str(&format!("  {}: {much}{window}\n", one.counter));
        }
    }
    harmless(&out).into_owned()
}

fn rule(rule: &TracedRule, decides: bool) -> String {
    let part = rule.part.map(|part| format!(", part {part}")).unwrap_or_default();
    let holds = match (rule.effect, rule.value, rule.worst) {
        (Effect::Allow, one, other) if one != other => "allows it for some records of the answer",
        (_, one, other) if one != other => "is against it for some records of the answer",
        (Effect::Allow, Traced::True, _) => "allows it",
        (Effect::Allow, Traced::Unknown, _) => "cannot be told, so it does not allow it",
        (Effect::Allow, Traced::False, _) => "does not allow it",
        (Effect::Ask, Traced::True, _) => "asks",
        (Effect::Ask, Traced::Unknown, _) => "cannot be told, so it asks",
        (Effect::Ask, Traced::False, _) => "does not ask",
        (Effect::Deny, Traced::True, _) => "denies it",
        (Effect::Deny, Traced::Unknown, _) => "cannot be told, so it denies it",
        (Effect::Deny, Traced::False, _) => "does not deny it",
    };
    let decides = if decides && rule.value != Traced::False { ", decides" } else { "" };
    let mut out = format!("{}{part}: {holds}{decides}\n  {}\n", rule.rule, rule.text);
    rule.clauses.iter().for_each(|clause| out.push_str(&self::clause(clause, "    ")));
    for block in &rule.unless {
        out.push_str("    unless\n");
        block.iter().for_each(|clause| out.push_str(&self::clause(clause, "      ")));
    }
    out
}

fn clause(clause: &TracedClause, indent: &str) -> String {
    let value = match clause.value {
        Traced::True => "yes",
        Traced::Unknown => "?  ",
        Traced::False => "no ",
    };
    let fact = if clause.fact.is_empty() { String::new() } else { format!(" – {}", clause.fact) };
    format!("{indent}{value} {}{fact}\n", clause.clause)
}
