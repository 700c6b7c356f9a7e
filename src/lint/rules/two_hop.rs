//! Money that a key may move to an account from which the same key pays whom it may not pay directly.

use std::collections::BTreeSet;

use bpol_engine::ir::{AccountRef, Effect, PayeeRef, Tier};

use crate::check::{ClauseKind, Expanded, Owner};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("two-hop", Level::Hint, "a key that may move money to an account from which it pays more widely"),
    check,
};

/// An `allow` that moves money.
struct Move<'c> {
    rule: &'c Expanded<'c>,
    on: Vec<&'c AccountRef>,
    to: Vec<&'c PayeeRef>,
}

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut start = 0;
    while let Some(first) = cx.expanded.get(start) {
        let end = start + cx.expanded.iter().skip(start).take_while(|rule| rule.owner == first.owner).count();
        if let Owner::Key(_) = first.owner {
            let moves: Vec<Move<'_>> =
                cx.expanded.iter().take(end).skip(start).filter_map(|rule| moving(cx, rule)).collect();
            let inward: Vec<&Move<'_>> = moves.iter().filter(|one| one.to.iter().any(|to| is_own(to))).collect();
            if inward.len().saturating_mul(moves.len()) <= MOST {
                out.extend(inward.iter().filter_map(|one| finding(cx, lint, one, &moves)));
            }
        }
        start = end;
    }
    out
}

/// The most pairs of lines of one key that are set against each other.
const MOST: usize = 40_000;

fn is_own(to: &PayeeRef) -> bool {
    matches!(to, PayeeRef::OwnAccounts | PayeeRef::Account(_))
}

fn moving<'c>(cx: &Context<'_>, rule: &'c Expanded<'_>) -> Option<Move<'c>> {
    let spends = rule.targets.iter().any(|target| cx.policy.bank.operation(target.operation).tier == Tier::Spend);
    if rule.effect != Effect::Allow || !spends {
        return None;
    }
    let mut one = Move { rule, on: Vec::new(), to: Vec::new() };
    for kind in
        rule.clauses.iter().copied().chain(rule.added.iter().map(|added| added.clause)).map(|clause| &clause.kind)
    {
        match kind {
            // Two clauses of a kind must both hold; what they leave together is not looked at here.
            ClauseKind::On(refs) if one.on.is_empty() => one.on.extend(refs),
            ClauseKind::To(refs) if one.to.is_empty() => one.to.extend(refs),
            ClauseKind::On(_) | ClauseKind::To(_) => return None,
            _ => {}
        }
    }
    Some(one)
}

fn finding(cx: &Context<'_>, lint: Lint, one: &Move<'_>, all: &[Move<'_>]) -> Option<Diagnostic> {
    if !one.rule.path.is_empty() {
        return None;
    }
    let declared = |on: &&AccountRef| if let AccountRef::Account(at) = on { Some(*at) } else { None };
    let from: Vec<u32> = one.on.iter().filter_map(declared).collect();
    for source in &from {
        let pays = |other: &&Move<'_>| {
            let on = |on: &&AccountRef| match on {
                AccountRef::Any { .. } | AccountRef::Kind { .. } => true,
                on => **on == AccountRef::Account(*source),
            };
            other.on.iter().any(on)
        };
        let direct: BTreeSet<String> =
            all.iter().filter(pays).flat_map(|other| &other.to).flat_map(|to| whom(cx, to)).collect();
        if direct.contains(ANYONE) {
            continue;
        }
        for next in all {
            let mut others = next.on.iter().filter_map(declared).filter(|at| !from.contains(at));
            let Some(through) = others.find(|at| reaches(cx, one, *at)) else { continue };
            let wider = |to: &&PayeeRef| !is_own(to) && whom(cx, to).iter().any(|one| !direct.contains(one));
            if next.to.iter().any(wider) {
                let name = |at: u32| cx.policy.accounts.get(at as usize).map_or("", |account| account.name.as_str());
                let (source, through) = (name(*source), name(through));
                let message = format!(
                    "money of `{source}` can leave through `{through}`: this line moves it there, and from there the \
                     key pays whom it may not pay from `{source}`"
                );
                return Some(
                    lint.at(one.rule.statement.place, message)
                        .label(next.rule.statement.place, format!("pays more widely from `{through}`"))
                        .help("see whether that is meant; if not, give the two lines to two keys"),
                );
            }
        }
    }
    None
}

const ANYONE: &str = "anyone";

/// Whom a reference names, one by one.
fn whom(cx: &Context<'_>, to: &PayeeRef) -> Vec<String> {
    match to {
        PayeeRef::Payee(at) => cx.policy.payees.get(*at as usize).map_or_else(Vec::new, |payee| payee.ibans.clone()),
        PayeeRef::Iban(iban) => vec![iban.clone()],
        PayeeRef::Anyone => vec![ANYONE.to_owned()],
        other => vec![format!("{other:?}")],
    }
}

/// Whether a line may move money to a declared account.
fn reaches(cx: &Context<'_>, one: &Move<'_>, at: u32) -> bool {
    let account = cx.policy.accounts.get(at as usize);
    let kind = account.and_then(|account| account.kind.as_deref());
    let own = cx.ir.kinds.iter().any(|known| known.own && Some(known.word.as_str()) == kind);
    one.to.iter().any(|to| match to {
        PayeeRef::Account(to) => *to == at,
        PayeeRef::OwnAccounts => own,
        _ => false,
    })
}
