//! A cap that is never the one that stops a payment, because another of the same line always does before.

use std::collections::BTreeSet;

use bpol_engine::ir::{Effect, Period};

use crate::analyze::window::{lies_in, windows_in};
use crate::catalogue::OpId;
use crate::check::{Cap, CapPeriod, Clause, ClauseKind, CountCap, Expanded, Figure, Owner, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "dead-cap",
        Level::Warning,
        "a cap that never stops anything, because another of the same line or of its limit always stops before",
    ),
    check,
};

/// A cap on money in one currency, or on how often.
#[derive(Clone, Copy)]
struct Bound {
    place: FileSpan,
    figure: i128,
    /// Nothing: each by itself.
    period: Option<Period>,
}

/// Those of one currency.
type Bounds = (String, Vec<Bound>);

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let blocks = cx.policy.keys.iter().chain(&cx.policy.roles).map(|block| &block.statements);
    let statements =
        blocks.chain(cx.policy.guardrails.iter().map(|guardrail| &guardrail.statements)).flatten().flatten();
    for statement in statements {
        match &statement.kind {
            StatementKind::Rule(rule) => {
                out.extend(of_clauses(cx, lint, &rule.clauses));
                out.extend(rule.unless.iter().flat_map(|block| of_clauses(cx, lint, block)));
            }
            StatementKind::Use { clauses, .. } | StatementKind::Only(clauses) => {
                out.extend(of_clauses(cx, lint, clauses));
            }
        }
    }
    for limit in &cx.policy.limits {
        out.extend(shorter(cx, lint, &of_money(&limit.money), &of_counts(&limit.count)));
    }
    out.extend(longer(cx, lint));
    out.sort_by_key(|found| found.place);
    out.dedup_by_key(|found| found.place);
    out
}

fn of_clauses(cx: &Context<'_>, lint: Lint, clauses: &[Clause]) -> Vec<Diagnostic> {
    let (mut money, mut counts) = (Vec::new(), Vec::new());
    let mut limits = Vec::new();
    for clause in clauses {
        match &clause.kind {
            ClauseKind::UpTo(caps) | ClauseKind::Over(caps) => money = of_money(caps),
            ClauseKind::AtMost(caps) | ClauseKind::MoreThan(caps) => counts = of_counts(caps),
            ClauseKind::Within(places) => limits.extend(places.iter().filter_map(|place| cx.policy.limits.get(*place))),
            _ => {}
        }
    }
    let mut out = shorter(cx, lint, &money, &counts);
    for limit in limits {
        out.extend(shared(cx, lint, &money, &of_money(&limit.money)));
        out.extend(shared(cx, lint, &[(String::new(), counts.clone())], &[(String::new(), of_counts(&limit.count))]));
    }
    out
}

/// Caps of a line above those of a limit that it is within: the limit counts all that they count, and more.
fn shared(cx: &Context<'_>, lint: Lint, own: &[Bounds], limit: &[Bounds]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (code, bounds) in own {
        let others = limit.iter().filter(|(other, _)| other == code).flat_map(|(_, bounds)| bounds);
        for one in bounds {
            // The same sum for the same time, said once more, is said on purpose.
            let before = others.clone().find(|other| match (one.period, other.period) {
                (None, _) => one.figure > other.figure,
                (Some(own), Some(shared)) if own == shared => one.figure > other.figure,
                (Some(own), Some(shared)) => lies_in(own, shared) && one.figure >= other.figure,
                (Some(_), None) => false,
            });
            if let Some(before) = before {
                out.push(finding(cx, lint, one, &[before]));
            }
        }
    }
    out
}

/// Caps of a shorter time that are not below that of a longer one.
fn shorter(cx: &Context<'_>, lint: Lint, money: &[Bounds], counts: &[Bound]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for bounds in money.iter().map(|(_, bounds)| bounds.as_slice()).chain([counts]) {
        for one in bounds {
            let before = bounds.iter().find(|other| match (one.period, other.period) {
                (None, Some(_)) => one.figure > other.figure,
                (Some(small), Some(big)) => small != big && lies_in(small, big) && one.figure >= other.figure,
                _ => false,
            });
            if let Some(before) = before {
                out.push(finding(cx, lint, one, &[before]));
            }
        }
    }
    out
}

/// Caps of a longer time that those of a shorter one add up to at most. Only where nothing else can be counted, so that
/// the shorter cap bounds all.
fn longer(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut start = 0;
    while let Some(first) = cx.expanded.get(start) {
        let end = start + cx.expanded.iter().skip(start).take_while(|rule| rule.owner == first.owner).count();
        let rules = cx.expanded.get(start..end).unwrap_or_default();
        start = end;
        if matches!(first.owner, Owner::Guardrail(_)) {
            continue;
        }
        let mut granted: Vec<(OpId, usize)> = Vec::new();
        let allows = || rules.iter().enumerate().filter(|(_, rule)| rule.effect == Effect::Allow);
        granted.extend(
            allows().flat_map(|(place, rule)| rule.targets.iter().map(move |target| (target.operation, place))),
        );
        granted.sort_unstable();
        for (place, rule) in allows().filter(|(_, rule)| rule.path.is_empty()) {
            let (money, counts) = bounds(rule);
            if money.iter().map(|(_, bounds)| bounds.len()).max().unwrap_or(0) + counts.len() < 2
                || !is_alone(cx, rule, place, &granted)
            {
                continue;
            }
            for (_, bounds) in &money {
                let each = bounds.iter().find(|one| one.period.is_none());
                for big in bounds {
                    let Some(period) = big.period else { continue };
                    let by_sum = bounds.iter().find(|small| adds_up(small, period, big.figure, 1));
                    let by_count = each.zip(
                        counts
                            .iter()
                            // The same sum, said in another way, is said on purpose.
                            .find(|small| each.is_some_and(|each| adds_up(small, period, big.figure - 1, each.figure))),
                    );
                    if let Some(small) = by_sum {
                        out.push(finding(cx, lint, big, &[small]));
                    } else if let Some((each, small)) = by_count {
                        out.push(finding(cx, lint, big, &[each, small]));
                    }
                }
            }
            for big in &counts {
                let Some(period) = big.period else { continue };
                if let Some(small) = counts.iter().find(|small| adds_up(small, period, big.figure, 1)) {
                    out.push(finding(cx, lint, big, &[small]));
                }
            }
        }
    }
    out
}

/// Whether a cap, times a figure, over all its periods in a longer one comes to no more than a sum.
fn adds_up(small: &Bound, big: Period, sum: i128, times: i128) -> bool {
    let Some(period) = small.period else { return false };
    // A cap of the same period counts only beside another figure: so often times so much.
    let periods = if period == big { if times == 1 { None } else { Some(1) } } else { windows_in(big, period) };
    let most = periods.and_then(|periods| small.figure.checked_mul(periods)?.checked_mul(times));
    most.is_some_and(|most| most <= sum)
}

/// Whether no other `allow` of the key gives anything that this one counts.
fn is_alone(cx: &Context<'_>, rule: &Expanded<'_>, place: usize, granted: &[(OpId, usize)]) -> bool {
    let counted: BTreeSet<OpId> =
        rule.targets.iter().flat_map(|target| cx.policy.bank.counting_as(target.operation).iter().copied()).collect();
    counted.iter().all(|operation| {
        let from = granted.partition_point(|(other, _)| other < operation);
        granted.iter().skip(from).take_while(|(other, _)| other == operation).all(|(_, other)| *other == place)
    })
}

fn bounds(rule: &Expanded<'_>) -> (Vec<Bounds>, Vec<Bound>) {
    let (mut money, mut counts) = (Vec::new(), Vec::new());
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::UpTo(caps) => money = of_money(caps),
            ClauseKind::AtMost(caps) => counts = of_counts(caps),
            _ => {}
        }
    }
    (money, counts)
}

/// Caps with a figure, one list a currency.
fn of_money(caps: &[Cap]) -> Vec<Bounds> {
    let mut lists: Vec<Bounds> = Vec::new();
    for cap in caps {
        let Figure::Money(money) = cap.figure else { continue };
        let code = money.currency.code().to_string();
        let Some(figure) = crate::analyze::facts::minor(&money.value.to_string(), &code) else { continue };
        let period = if let CapPeriod::Over(period) = cap.span { Some(period) } else { None };
        let bound = Bound { place: cap.place, figure, period };
        match lists.iter_mut().find(|(known, _)| *known == code) {
            Some((_, list)) => list.push(bound),
            None => lists.push((code, vec![bound])),
        }
    }
    lists
}

fn of_counts(caps: &[CountCap]) -> Vec<Bound> {
    caps.iter().map(|cap| Bound { place: cap.place, figure: i128::from(cap.times), period: Some(cap.period) }).collect()
}

fn finding(cx: &Context<'_>, lint: Lint, dead: &Bound, before: &[&Bound]) -> Diagnostic {
    let text = |place: FileSpan| cx.checked.sources.text(place);
    let reasons: Vec<String> = before.iter().map(|bound| format!("`{}`", text(bound.place))).collect();
    let message = format!("`{}` never stops anything: {} stops before", text(dead.place), reasons.join(" with "));
    before
        .iter()
        .fold(lint.at(dead.place, message), |found, bound| found.label(bound.place, "stops before"))
        .help("write a figure that is reached before, or take the cap out")
}
