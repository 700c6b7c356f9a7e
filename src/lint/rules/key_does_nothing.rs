//! A key to which no line gives anything.

use bpol_engine::ir::Effect;

use crate::check::{Expanded, Owner};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("key-does-nothing", Level::Hint, "a key without an `allow`, which may do nothing but log in"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let keys = cx.policy.keys.iter().enumerate().filter(|(place, _)| {
        let mine = || cx.expanded.iter().filter(|rule| rule.owner == Owner::Key(*place));
        mine().all(|rule| rule.effect != Effect::Allow) && !mine().any(|rule| is_locked(cx, rule))
    });
    keys.map(|(_, key)| {
        lint.at(key.place, format!("no line allows the key `{}` anything: it may do nothing but log in", key.name))
            .help("write what it may do, or `deny everything;` if it is meant to be locked")
    })
    .collect()
}

/// Whether a rule denies everything, so that the key is locked on purpose.
fn is_locked(cx: &Context<'_>, rule: &Expanded<'_>) -> bool {
    let bank = &cx.policy.bank;
    let all = bank.operations.iter().filter(|operation| operation.view_of.is_none()).count();
    rule.effect == Effect::Deny
        && rule.group
        && rule.targets.len() >= all
        && rule.clauses.is_empty()
        && rule.unless.is_empty()
}
