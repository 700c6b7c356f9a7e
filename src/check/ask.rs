//! An `ask` alone allows nothing: some `allow` of the key must name what it asks about.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::Effect;

use crate::catalogue::OpId;
use crate::check::expand::{Expanded, Owner};
use crate::check::{Block, Policy, Rule, Statement, StatementKind};
use crate::diag::Diagnostic;
use crate::source::FileSpan;

/// Reports every `ask` that no `allow` stands behind.
pub(crate) fn check(policy: &Policy, rules: &[Expanded<'_>], found: &mut Vec<Diagnostic>) {
    if !rules.iter().any(|rule| rule.effect == Effect::Ask) {
        return;
    }
    let mut allowed: Vec<BTreeSet<OpId>> = vec![BTreeSet::new(); policy.keys.len()];
    let mut anywhere = BTreeSet::new();
    for rule in rules.iter().filter(|rule| rule.effect == Effect::Allow) {
        if let Owner::Key(key) = rule.owner {
            allowed[key].extend(rule.targets.iter().map(|target| target.operation));
            anywhere.extend(rule.targets.iter().map(|target| target.operation));
        }
    }
    // By the statement's place: whether some key that has it allows what it asks about.
    let mut asks: BTreeMap<FileSpan, (&Expanded<'_>, bool)> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.effect == Effect::Ask) {
        let covered = asked(policy, rule).iter().any(|operation| match rule.owner {
            Owner::Key(key) => allowed[key].contains(operation),
            Owner::Guardrail(_) => anywhere.contains(operation),
        });
        // What could not be understood may have been the `allow`.
        let broken = match rule.owner {
            Owner::Key(key) => is_broken(policy, &policy.keys[key]),
            Owner::Guardrail(_) => policy.keys.is_empty() || policy.keys.iter().any(|key| is_broken(policy, key)),
        };
        asks.entry(rule.statement.place).or_insert((rule, false)).1 |= covered || broken;
    }
    for (rule, covered) in asks.into_values() {
        if !covered {
            found.push(report(rule));
        }
    }
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
