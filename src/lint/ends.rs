//! When what a policy says ends: the dates of `before`.

use bpol_engine::ir::Effect;
use jiff::Timestamp;

use crate::check::{Clause, ClauseKind, Date, Expanded, Owner};
use crate::lint::context::Context;
use crate::source::FileSpan;

/// A key of which nothing holds any more.
pub(crate) struct Ended {
    /// Its index.
    pub(crate) key: usize,
    /// The clauses because of which, with their dates.
    pub(crate) lines: Vec<(FileSpan, Date)>,
}

/// Keys that allow something, and of which an `only before` or every `allow` is over. Nothing without a time.
pub(crate) fn ended(cx: &Context<'_>) -> Vec<Ended> {
    (0..cx.policy.keys.len()).filter_map(|key| of_key(cx, key)).collect()
}

fn of_key(cx: &Context<'_>, key: usize) -> Option<Ended> {
    let rules = || cx.expanded.iter().filter(|rule| rule.owner == Owner::Key(key));
    if !rules().any(|rule| rule.effect == Effect::Allow) {
        return None;
    }
    if let Some(only) = rules().find_map(|rule| only_before(cx, rule)) {
        return Some(Ended { key, lines: vec![only] });
    }
    let allows = rules().filter(|rule| rule.effect == Effect::Allow);
    let lines: Option<Vec<(FileSpan, Date)>> = allows.map(|rule| past(cx, rule)).collect();
    let mut lines = lines?;
    lines.sort_unstable_by_key(|(place, _)| *place);
    lines.dedup();
    Some(Ended { key, lines })
}

/// The `before` of an `only` that is over.
fn only_before(cx: &Context<'_>, rule: &Expanded<'_>) -> Option<(FileSpan, Date)> {
    let [block] = rule.unless.as_slice() else { return None };
    let alone = rule.effect == Effect::Deny && rule.group && rule.clauses.is_empty() && is_only(rule);
    block.iter().filter(|_| alone).find_map(|clause| is_over(cx, clause))
}

fn is_only(rule: &Expanded<'_>) -> bool {
    matches!(rule.statement.kind, crate::check::StatementKind::Only(_))
}

/// The earliest `before` of an `allow` that is over.
fn past(cx: &Context<'_>, rule: &Expanded<'_>) -> Option<(FileSpan, Date)> {
    let added = rule.added.iter().map(|added| added.clause);
    let over = rule.clauses.iter().copied().chain(added).filter_map(|clause| is_over(cx, clause));
    over.min_by_key(|(_, date)| *date)
}

fn is_over(cx: &Context<'_>, clause: &Clause) -> Option<(FileSpan, Date)> {
    let (end, date) = end(cx, clause)?;
    (end <= cx.now?).then_some((clause.place, date))
}

/// The first instant at which a `before` is false.
pub(crate) fn end(cx: &Context<'_>, clause: &Clause) -> Option<(Timestamp, Date)> {
    let ClauseKind::Before(date) = &clause.kind else { return None };
    let zone = cx.policy.timezone.as_ref()?;
    Some((date.to_zoned_datetime(zone.rules.clone()).ok()?.timestamp(), *date))
}
