//! A line that decides nothing, because no request meets it or others decide all that it covers.

use bpol_engine::ir::Effect;

use crate::check::{Cap, CapPeriod, ClauseKind, Figure};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::site::{Idle, Why, idle, labelled};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "rule-never-decides",
        Level::Warning,
        "a line that never decides, because no request meets it or others decide all that it covers",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for idle in idle(cx) {
        let word = cx.word(idle.place);
        let found = match (idle.why, idle.effect) {
            (Why::Empty, _) => repeated(cx, lint, idle).unwrap_or_else(|| {
                lint.at(
                    idle.place,
                    format!("this `{word}` never decides: no request can meet all its conditions at once"),
                )
                .help("loosen the condition that the others rule out, or take the line out")
            }),
            (Why::Closed, Effect::Ask) => {
                let by = if idle.by.len() == 1 { "a `deny` closes" } else { "other lines together close" };
                labelled(
                    lint.at(idle.place, format!("this `{word}` never asks: {by} all that it covers")),
                    &idle.by,
                    "denies all of it",
                    "denies a part of it",
                )
                .help("take the line out, or leave it room in what closes it")
            }
            (Why::Shadowed, _) => labelled(
                lint.at(
                    idle.place,
                    format!("this `{word}` never decides: other lines together decide all that it covers"),
                ),
                &idle.by,
                "decides all of it",
                "decides a part of it",
            )
            .help("take the line out, or leave it room in the others"),
            _ => continue,
        };
        out.push(found);
    }
    out
}

/// Where a sum over a period is asked of what the bank repeats by itself, which cannot be counted.
fn repeated(cx: &Context<'_>, lint: Lint, idle: &Idle) -> Option<Diagnostic> {
    let (key, label) = *idle.instances.first()?;
    let rule = cx.rule(key, label)?;
    let clauses = || rule.clauses.iter().copied().chain(rule.added.iter().map(|added| added.clause));
    let rhythm = clauses().find(
        |clause| matches!(&clause.kind, ClauseKind::Repeating(words) if words.iter().all(|word| word != "once")),
    )?;
    let counted = |cap: &&Cap| cap.figure != Figure::Any && cap.span != CapPeriod::Each;
    let sum = clauses().find_map(|clause| match &clause.kind {
        ClauseKind::UpTo(caps) => caps.iter().find(counted).map(|cap| cap.place),
        ClauseKind::Within(limits) => {
            let mut limits = limits.iter().filter_map(|place| cx.policy.limits.get(*place));
            limits.any(|limit| limit.money.iter().any(|cap| counted(&cap))).then_some(clause.place)
        }
        _ => None,
    })?;
    let message = format!(
        "this `allow` never allows anything: what the bank repeats by itself cannot be counted, so `{}` never holds for it",
        cx.checked.sources.text(sum)
    );
    Some(
        lint.at(idle.place, message)
            .label(sum, "a sum of several payments")
            .label(rhythm.place, "repeated by the bank")
            .help("write `up to … each, any amount in total`, or `repeating once`"),
    )
}
