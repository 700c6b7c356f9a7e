//! A guardrail that meets nothing that any key may do.

use std::collections::BTreeSet;

use crate::check::{Owner, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::site::idle;
use crate::lint::{Lint, Profile, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    // Most guardrails are for the keys of tomorrow.
    lint: Lint::new("idle-guardrail", Level::Hint, "a guardrail with a condition that nothing meets that a key may do")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let said: BTreeSet<FileSpan> = idle(cx).iter().map(|idle| idle.place).collect();
    let mut out = Vec::new();
    for (place, instances) in cx.statements() {
        let Some(first) = instances.first() else { continue };
        if !matches!(first.rule.owner, Owner::Guardrail(_)) || said.contains(&place) {
            continue;
        }
        // A line without a condition is for the keys of tomorrow.
        let conditions = match &first.rule.statement.kind {
            StatementKind::Rule(rule) => !rule.clauses.is_empty() || !rule.unless.is_empty(),
            StatementKind::Only(_) => true,
            StatementKind::Use { .. } => false,
        };
        if conditions && instances.iter().all(|instance| !instance.line.meets) {
            let word = cx.word(place);
            out.push(
                lint.at(
                    place,
                    format!("this `{word}` never acts: no key that it binds may do any of it even without it"),
                )
                .help("keep it if it guards against keys of tomorrow; otherwise see whether its condition is meant so"),
            );
        }
    }
    out
}
