//! An `ask` alone allows nothing: some `allow` of the key must name what it asks about.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::Effect;

use crate::catalogue::OpId;
use crate::check::expand::{Expanded, Owner, blocks};
use crate::check::{Block, Policy, Rule, Statement, StatementKind};
use crate::diag::Diagnostic;
use crate::source::FileSpan;

/// Reports every `ask` that no `allow` stands behind. Where not all keys are known those of guardrails and roles are
/// passed over: other keys may allow what they ask about.
pub(crate) fn check(policy: &Policy, is_whole: bool, found: &mut Vec<Diagnostic>) {
    if !asks_anything(policy) {
        return;
    }
    let mut anywhere: BTreeSet<OpId> = BTreeSet::new();
    // By the statement's place: whether some key that has it allows what it asks about.
    let mut asks: BTreeMap<FileSpan, (Expanded<'_>, bool)> = BTreeMap::new();
    // Guardrails come after all keys, so `anywhere` is whole when they are looked at.
    for rules in blocks(policy) {
        let allows = rules.iter().filter(|rule| rule.effect == Effect::Allow);
        let allowed: BTreeSet<OpId> =
            allows.flat_map(|rule| rule.targets.iter()).map(|target| target.operation).collect();
        anywhere.extend(&allowed);
        for rule in rules.into_iter().filter(|rule| rule.effect == Effect::Ask) {
            let covered = asked(policy, &rule).iter().any(|operation| match rule.owner {
                Owner::Key(_) => allowed.contains(operation),
                Owner::Guardrail(_) => anywhere.contains(operation),
            });
            // What could not be understood may have been the `allow`.
            let broken = || match rule.owner {
                Owner::Key(key) => is_broken(policy, &policy.keys[key]),
                Owner::Guardrail(_) => policy.keys.is_empty() || policy.keys.iter().any(|key| is_broken(policy, key)),
            };
            let is_shared = matches!(rule.owner, Owner::Guardrail(_)) || !rule.path.is_empty();
            let holds = covered || broken() || (is_shared && !is_whole);
            asks.entry(rule.statement.place).or_insert((rule, false)).1 |= holds;
        }
    }
    for (rule, covered) in asks.into_values() {
        if !covered {
            found.push(report(&rule));
        }
    }
}

fn asks_anything(policy: &Policy) -> bool {
    let blocks = policy.keys.iter().chain(&policy.roles).map(|block| &block.statements);
    let guardrails = policy.guardrails.iter().map(|guardrail| &guardrail.statements);
    blocks
        .chain(guardrails)
        .flatten()
        .flatten()
        .any(|statement| matches!(&statement.kind, StatementKind::Rule(Rule { effect: Effect::Ask, .. })))
}

/// The operations that an `ask` is about, with what counts as them, reads left out.
fn asked(policy: &Policy, rule: &Expanded<'_>) -> BTreeSet<OpId> {
    let named = rule.targets.iter().map(|target| target.operation);
    if rule.group {
        return named.collect();
    }
    named
        .flat_map(|operation| policy.bank.counting_as(operation).iter().copied())
        .filter(|&operation| policy.bank.operation(operation).action != "read")
        .collect()
}

fn is_broken(policy: &Policy, block: &Block) -> bool {
    let mut waiting: Vec<&[Option<Statement>]> = vec![&block.statements];
    let mut seen = vec![false; policy.roles.len()];
    while let Some(statements) = waiting.pop() {
        for statement in statements {
            match statement {
                None => return true,
                Some(Statement { kind: StatementKind::Use { role, .. }, .. }) => {
                    if !std::mem::replace(&mut seen[*role], true) {
                        waiting.push(&policy.roles[*role].statements);
                    }
                }
                Some(_) => {}
            }
        }
    }
    false
}

fn report(rule: &Expanded<'_>) -> Diagnostic {
    let place = match &rule.statement.kind {
        StatementKind::Rule(Rule { subject, .. }) => subject.place,
        _ => rule.statement.place,
    };
    let whose = match (rule.owner, rule.path.is_empty()) {
        (Owner::Guardrail(_), _) => "no key allows any of this",
        (Owner::Key(_), true) => "the key allows none of this",
        (Owner::Key(_), false) => "no key that uses the role allows any of this",
    };
    Diagnostic::error(
        "ask-alone",
        place.file,
        place.span,
        format!("`ask` alone allows nothing: {whose}, so nobody would ever be asked"),
    )
    .help("add the `allow` that is to be asked about")
}
