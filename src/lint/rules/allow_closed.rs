//! An `allow` of which denies close everything.

use bpol_engine::ir::Effect;

use crate::analyze::standing::{Label, Standing};
use crate::check::{Owner, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::site::{Why, idle, labelled};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("allow-closed", Level::Warning, "an `allow` that gives nothing, because a `deny` closes all of it"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut said: Vec<FileSpan> = Vec::new();
    for idle in idle(cx) {
        if idle.why == Why::Closed
            && idle.effect == Effect::Allow
            && !idle.instances.iter().any(|(key, label)| is_blind(cx, *key, *label))
        {
            said.push(idle.place);
            out.push(finding(cx, lint, idle.place, &idle.by, "line"));
        }
    }
    out.extend(uses(cx, lint, &said));
    out
}

/// Uses of roles of which every `allow` is closed, where that is not the fault of the role.
fn uses(cx: &Context<'_>, lint: Lint, said: &[FileSpan]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (key, block) in cx.policy.keys.iter().enumerate() {
        let Some(Some(standings)) = cx.keys.get(key) else { continue };
        for statement in block.statements.iter().flatten() {
            if !matches!(statement.kind, StatementKind::Use { .. }) {
                continue;
            }
            let mut by: Vec<FileSpan> = Vec::new();
            let mut some = false;
            let all = (0..).zip(&standings.lines).filter(|(_, line)| line.own && line.effect == Effect::Allow).all(
                |(label, line)| {
                    let Some(rule) = cx.rule(key, label).filter(|rule| rule.owner == Owner::Key(key)) else {
                        return true;
                    };
                    if rule.path.first() != Some(&statement.place) {
                        return true;
                    }
                    match &line.standing {
                        Standing::Closed(labels) if !said.contains(&rule.statement.place) => {
                            some = true;
                            by.extend(labels.iter().filter_map(|label| cx.place(key, *label)));
                            true
                        }
                        _ => false,
                    }
                },
            );
            if all && some {
                by.sort_unstable();
                by.dedup();
                out.push(finding(cx, lint, statement.place, &by, "role"));
            }
        }
    }
    out
}

fn finding(cx: &Context<'_>, lint: Lint, place: FileSpan, by: &[FileSpan], what: &str) -> Diagnostic {
    let message = match by {
        [one] => {
            let word = cx.word(*one);
            let article = if word == "only" { "an" } else { "a" };
            format!("this {what} allows nothing: {article} `{word}` closes all of it")
        }
        _ => format!("this {what} allows nothing: other lines together close all of it"),
    };
    let found = lint.at(place, message);
    labelled(found, by, "closes all of it", "closes a part of it")
        .help("take the line out, or leave it room in what closes it")
}

/// Whether the line is closed only for want of a fact, which is another lint.
fn is_blind(cx: &Context<'_>, key: usize, label: Label) -> bool {
    let Some(Some(standings)) = cx.keys.get(key) else { return false };
    !cx.rule(key, label).is_some_and(|rule| rule.group) && standings.blind.iter().any(|blind| blind.allow == label)
}
