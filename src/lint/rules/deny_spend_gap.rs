//! A `deny spend` beside what can lead to payments all the same.

use bpol_engine::ir::{Effect, Operation, Tier};

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{counting_as, given, name, once, spends};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "deny-spend-gap",
        Level::Warning,
        "a `deny spend` beside an `allow` of what can lead to payments all the same",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let spending = || cx.ir.operations.iter().enumerate().filter(|(_, operation)| spends(operation));
    let leads: Vec<usize> = spending().flat_map(|(place, _)| counting_as(cx, place)).collect();
    for given in given(cx) {
        let Some(deny) = denies_spend(cx, given.key) else { continue };
        let leads = |operation: &Operation| {
            let place = cx.ir.operations.iter().position(|other| std::ptr::eq(other, operation));
            !spends(operation) && place.is_some_and(|place| leads.contains(&place))
        };
        let Some((operation, _)) = given.open(cx, leads, |possible| possible.everywhere()) else { continue };
        let message = format!("`{}` can lead to payments, and `deny spend` does not close it", name(cx, operation));
        out.push(
            lint.at(given.place(), message)
                .label(deny, "closes only what moves money itself")
                .help("write `deny payment` if no money may leave, or take this out of the key"),
        );
    }
    once(out)
}

/// A `deny` of all that spends and not of all that controls, without conditions.
fn denies_spend(cx: &Context<'_>, key: usize) -> Option<FileSpan> {
    let standings = cx.keys.get(key)?.as_ref()?;
    let bank = &cx.policy.bank;
    (0..).zip(&standings.lines).find_map(|(label, line)| {
        let rule = cx.rule(key, label).filter(|rule| line.effect == Effect::Deny && rule.group)?;
        let has = |tier| rule.targets.iter().any(|target| bank.operation(target.operation).tier == tier);
        let free = rule.clauses.is_empty() && rule.unless.is_empty();
        (free && has(Tier::Spend) && !has(Tier::Control)).then_some(rule.statement.place)
    })
}
