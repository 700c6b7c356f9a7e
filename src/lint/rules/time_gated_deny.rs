//! A `deny` that acts at some times only, and what is open at the others.

use bpol_engine::ir::Effect;

use crate::analyze::claim::{Prover, Verdict};
use crate::check::{Claim, Clause, ClauseKind, Owner, Rule as Written, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::ends::end;
use crate::lint::{Lint, Profile, Rule};
use crate::lower;
use crate::source::FileSpan;
use crate::syntax::tree::Verb;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("time-gated-deny", Level::Hint, "a `deny` with a time, and what is open at all other times")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let gated: Vec<(FileSpan, &Written)> = statements(cx);
    if gated.is_empty() {
        return Vec::new();
    }
    let prover = Prover::new(cx.ir);
    gated.into_iter().filter_map(|(place, rule)| finding(cx, lint, &prover, place, rule)).collect()
}

/// Denies with a time that is not over.
fn statements<'c>(cx: &'c Context<'_>) -> Vec<(FileSpan, &'c Written)> {
    let blocks = cx.policy.keys.iter().chain(&cx.policy.roles).map(|block| &block.statements);
    let all = blocks.chain(cx.policy.guardrails.iter().map(|guardrail| &guardrail.statements)).flatten().flatten();
    let over = |clause: &Clause| cx.now.zip(end(cx, clause)).is_some_and(|(now, (end, _))| end <= now);
    all.filter_map(|statement| match &statement.kind {
        StatementKind::Rule(rule)
            if rule.effect == Effect::Deny && rule.clauses.iter().any(is_time) && !rule.clauses.iter().any(over) =>
        {
            Some((statement.place, rule))
        }
        _ => None,
    })
    .take(MOST)
    .collect()
}

/// The most lines of a policy that are looked into.
const MOST: usize = 60;

const fn is_time(clause: &Clause) -> bool {
    matches!(clause.kind, ClauseKind::During(_) | ClauseKind::Starting(_) | ClauseKind::Before(_))
}

/// What may happen outside the times of a line: a request that the line is about but for its time, and that passes.
fn finding(cx: &Context<'_>, lint: Lint, prover: &Prover<'_>, place: FileSpan, rule: &Written) -> Option<Diagnostic> {
    let (times, clauses): (Vec<Clause>, Vec<Clause>) = rule.clauses.iter().cloned().partition(is_time);
    let text: Vec<&str> = times.iter().map(|clause| cx.checked.sources.text(clause.place)).collect();
    let mut unless = rule.unless.clone();
    unless.push(times);
    let claim = Claim {
        place,
        keys: bound(cx, place),
        verb: Verb::Cannot,
        exactly: false,
        subject: rule.subject.clone(),
        clauses,
        unless,
    };
    let Verdict::Refuted(example) = prover.prove(&lower::claim(cx.checked, &claim)) else { return None };
    let word = |name: &str| example.witness.request[name].as_str().unwrap_or_default().to_owned();
    let asking = if example.report.decision == Effect::Ask { ", after asking" } else { "" };
    let message = format!(
        "outside `{}` this line is open: then the key `{}` may {} {}{asking}",
        text.join(" "),
        word("key"),
        word("action"),
        word("resource")
    );
    Some(lint.at(place, message).help(
        "write `deny … unless during …`, or `only during …`, if it is meant to be closed but for some hours; keep it if \
         it is meant to be open but for these",
    ))
}

/// The keys that a statement binds.
fn bound(cx: &Context<'_>, place: FileSpan) -> Vec<usize> {
    let mut keys: Vec<usize> = Vec::new();
    for rule in cx.expanded.iter().filter(|rule| rule.statement.place == place) {
        match rule.owner {
            Owner::Key(key) => keys.push(key),
            Owner::Guardrail(at) => {
                let except = cx.policy.guardrails.get(at).map_or(&[][..], |guardrail| guardrail.except.as_slice());
                keys.extend((0..cx.policy.keys.len()).filter(|key| !except.contains(key)));
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
