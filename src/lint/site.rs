//! Statements that add nothing, by the place where that is said.

use bpol_engine::ir::Effect;

use crate::analyze::standing::{Label, Standing};
use crate::check::{ClauseKind, Expanded};
use crate::diag::Diagnostic;
use crate::lint::context::{Context, Instance};
use crate::source::FileSpan;

/// A statement that adds nothing for any key that it binds.
pub(crate) struct Idle {
    pub(crate) place: FileSpan,
    pub(crate) why: Why,
    pub(crate) effect: Effect,
    /// The statements because of which it adds nothing.
    pub(crate) by: Vec<FileSpan>,
    /// The keys that it binds, with its labels there.
    pub(crate) instances: Vec<(usize, Label)>,
}

/// Why it adds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// No request meets its conditions.
    Empty,
    /// Others of the same effect cover it.
    Redundant,
    /// Denies cover it.
    Closed,
    /// Others cover it, some that do the same and some that deny.
    Shadowed,
}

/// All such statements, by place.
pub(crate) fn idle<'c>(cx: &'c Context<'_>) -> &'c [Idle] {
    cx.idle.get_or_init(|| look(cx))
}

fn look(cx: &Context<'_>) -> Vec<Idle> {
    let mut out = Vec::new();
    for (place, instances) in cx.statements() {
        let asked: Vec<Instance<'_>> =
            instances.into_iter().filter(|instance| instance.line.standing != Standing::Unasked).collect();
        let whys: Option<Vec<Why>> = asked.iter().map(why).collect();
        let (Some(first), Some(whys)) = (asked.first(), whys) else { continue };
        let why = match whys.as_slice() {
            [one, rest @ ..] if rest.iter().all(|other| other == one) => *one,
            _ => Why::Shadowed,
        };
        let mut by: Vec<FileSpan> = asked
            .iter()
            .flat_map(|instance| covers(instance).iter().filter_map(|label| cx.place(instance.key, *label)))
            .collect();
        by.sort_unstable();
        by.dedup();
        by.retain(|other| *other != place);
        out.push(Idle {
            place,
            why,
            effect: first.line.effect,
            by,
            instances: asked.iter().map(|instance| (instance.key, instance.label)).collect(),
        });
    }
    out
}

fn why(instance: &Instance<'_>) -> Option<Why> {
    match &instance.line.standing {
        Standing::Unasked | Standing::Decides => None,
        Standing::Empty => Some(Why::Empty),
        Standing::Redundant(_) => (!adds_a_budget(instance.rule)).then_some(Why::Redundant),
        Standing::Closed(_) => Some(Why::Closed),
        Standing::Shadowed(_) => Some(Why::Shadowed),
    }
}

fn covers<'c>(instance: &Instance<'c>) -> &'c [Label] {
    match &instance.line.standing {
        Standing::Redundant(by) | Standing::Closed(by) | Standing::Shadowed(by) => by,
        Standing::Unasked | Standing::Decides | Standing::Empty => &[],
    }
}

/// Whether a `use` adds a cap to the rule: then what it is about is counted for the other rules of that `use`, too.
fn adds_a_budget(rule: &Expanded<'_>) -> bool {
    rule.added
        .iter()
        .any(|added| matches!(added.clause.kind, ClauseKind::UpTo(_) | ClauseKind::AtMost(_) | ClauseKind::Within(_)))
}

/// The most labels of one finding.
const LABELS: usize = 6;

/// Labels on the statements that make another idle.
pub(crate) fn labelled(mut found: Diagnostic, by: &[FileSpan], one: &str, several: &str) -> Diagnostic {
    let text = if by.len() == 1 { one } else { several };
    for place in by.iter().take(LABELS) {
        found = found.label(*place, text);
    }
    found
}
