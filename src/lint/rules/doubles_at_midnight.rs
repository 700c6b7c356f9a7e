//! A cap `per day`, of which twice the figure may go out around midnight.

use std::collections::BTreeSet;

use bpol_engine::ir::{Effect, Period};

use crate::check::{Cap, CapPeriod, ClauseKind, Expanded, Figure, Money, Owner};
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::{Lint, Profile, Rule};
use crate::source::{FileSpan, Span};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("doubles-at-midnight", Level::Hint, "a cap `per day`, which begins anew at midnight")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut said: BTreeSet<FileSpan> = BTreeSet::new();
    let mut out = Vec::new();
    for rule in cx.expanded.iter().filter(|rule| rule.effect == Effect::Allow && !is_timed(cx, rule)) {
        for caps in money(rule) {
            for cap in caps {
                let (Figure::Money(money), CapPeriod::Over(Period::Day)) = (cap.figure, cap.span) else { continue };
                if !caps.iter().any(|other| stops(other, &money)) && said.insert(cap.place) {
                    out.extend(finding(cx, lint, cap, &money));
                }
            }
        }
    }
    out
}

fn finding(cx: &Context<'_>, lint: Lint, cap: &Cap, money: &Money) -> Option<Diagnostic> {
    let text = cx.checked.sources.text(cap.place);
    let twice = money.value.checked_add(money.value)?;
    let found = lint
        .at(
            cap.place,
            format!(
                "`{text}` begins anew at midnight: by itself it lets {twice} {} go out within a minute",
                money.currency.code()
            ),
        )
        .help("write `per 24h` if no 24 hours may see more than the figure");
    let day = text.rfind("day").and_then(|at| u32::try_from(at).ok());
    Some(match day {
        // A day of 25 hours is longer than 24 hours, so on one day of the year this is no narrower.
        Some(at) => {
            let start = cap.place.span.start + at;
            found.fix("write `24h`", Power::Widens, Span::new(start, start + 3), "24h")
        }
        None => found,
    })
}

/// Its lists of caps on money.
fn money<'p>(rule: &Expanded<'p>) -> Vec<&'p [Cap]> {
    let clauses = rule.clauses.iter().copied().chain(rule.added.iter().map(|added| added.clause));
    let caps =
        clauses.filter_map(|clause| if let ClauseKind::UpTo(caps) = &clause.kind { Some(&caps[..]) } else { None });
    caps.collect()
}

/// Whether another cap of the same list stops twice a figure.
fn stops(other: &Cap, money: &Money) -> bool {
    let (Figure::Money(bound), CapPeriod::Over(period)) = (other.figure, other.span) else { return false };
    bound.currency == money.currency
        && period != Period::Day
        && money.value.checked_add(money.value).is_none_or(|twice| bound.value < twice)
}

/// Whether a time or a number of times stands beside the cap: then midnight may be closed, or one payment be all.
fn is_timed(cx: &Context<'_>, rule: &Expanded<'_>) -> bool {
    let binds = |other: &&Expanded<'_>| matches!(other.owner, Owner::Guardrail(_)) || other.owner == rule.owner;
    let during = |kind: &ClauseKind| matches!(kind, ClauseKind::During(_));
    let count = |kind: &ClauseKind| matches!(kind, ClauseKind::AtMost(_) | ClauseKind::Within(_));
    let own = rule.clauses.iter().copied().chain(rule.added.iter().map(|added| added.clause));
    own.into_iter().any(|clause| during(&clause.kind) || count(&clause.kind))
        || cx.expanded.iter().filter(binds).any(|other| {
            other.effect == Effect::Deny
                && other.clauses.iter().chain(other.unless.iter().flatten()).any(|clause| during(&clause.kind))
        })
}
