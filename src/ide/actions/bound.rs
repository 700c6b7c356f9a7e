//! A bound for a grant that has none: on how much, or on how far back.

use bpol_engine::ir::{Dimension, Tier};

use super::role::end_of_clauses;
use super::{Action, Kind, edit, same};
use crate::catalogue::Operation;
use crate::diag::{Edit, Power};
use crate::ide::{View, cursor};
use crate::source::Span;
use crate::syntax::tree::{CapKind, ClauseKind, Effect, Item, ItemKind, Rule, StatementKind};

/// How much of money, and how far back, where the user says nothing: to be changed to what is meant.
const MONEY: &str = "100 EUR";
const BACK: &str = "90d";

/// Bounds the `allow` at a place.
pub(super) fn bound(view: View<'_>, selected: Span) -> Option<Action> {
    let text = view.text();
    let item = cursor::item(view, selected.start)?;
    if !matches!(item.kind, ItemKind::Key { .. } | ItemKind::Role { .. }) {
        return None;
    }
    let statement = cursor::statement(item, selected.start)?;
    let StatementKind::Rule(rule) = &statement.kind else { return None };
    if rule.effect != Effect::Allow {
        return None;
    }
    let named = operations(view, rule);
    let tells = |dimension| {
        !named.is_empty() && named.iter().all(|it| it.dimensions.contains(dimension) && !it.untold.contains(dimension))
    };
    let spends = !named.is_empty() && named.iter().all(|it| it.tier == Tier::Spend);
    if spends && tells(Dimension::Amount) {
        return money(view, item, rule);
    }
    let says = |kind: fn(&ClauseKind) -> bool| rule.clauses.iter().any(|clause| kind(&clause.kind));
    let is_read = named.iter().all(|it| matches!(it.tier, Tier::Read | Tier::Sensitive));
    if is_read && tells(Dimension::Record) && !says(|kind| matches!(kind, ClauseKind::Since(_))) {
        let change = edit(view, behind(rule, 10), format!(" since {BACK}"));
        return Some(action(format!("bound this grant: `since {BACK}`"), power(view, item, &change, text), change));
    }
    None
}

fn money(view: View<'_>, item: &Item, rule: &Rule) -> Option<Action> {
    let text = view.text();
    let period = if view.checked.policy.timezone.is_some() { "per day" } else { "per 24h" };
    let words = format!("{MONEY} {period}");
    let mut caps = None;
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::UpTo(found) => caps = Some(found),
            // How often, and shared budgets, may bound it already.
            ClauseKind::AtMost(_) | ClauseKind::Within(_) => return None,
            _ => {}
        }
    }
    let change = match caps {
        None => edit(view, behind(rule, 3), format!(" up to {words}")),
        Some(caps) => {
            let any = caps.iter().find(|cap| matches!(cap.kind, CapKind::AnyAmount))?;
            edit(view, any.span, words.clone())
        }
    };
    // What the bank repeats by itself cannot be counted, so a cap by period would give nothing.
    let repeats = rule.clauses.iter().any(|clause| match &clause.kind {
        ClauseKind::Repeating(words) => words.iter().any(|word| word.of(text) != "once"),
        _ => false,
    });
    if repeats {
        return None;
    }
    let power = power(view, item, &change, text)?;
    Some(action(format!("bound this grant: `up to {words}`"), Some(power), change))
}

fn action(title: String, power: Option<Power>, change: Edit) -> Action {
    Action { title, kind: Kind::Rewrite, power, preferred: false, edits: vec![change] }
}

/// Less is allowed, or the text meant nothing before; nothing where it would mean nothing afterwards.
fn power(view: View<'_>, item: &Item, change: &Edit, text: &str) -> Option<Power> {
    let place = change.place.span;
    let before = Span::new(item.span.start, place.start).of(text);
    let after = Span::new(place.end, item.span.end).of(text);
    let is_role = matches!(item.kind, ItemKind::Role { .. });
    let new = format!("{before}{}{after}", change.text);
    same::compiled(view, &new, is_role.then_some(item))?;
    let old = same::compiled(view, item.span.of(text), is_role.then_some(item));
    Some(if old.is_some() { Power::Narrows } else { Power::Same })
}

/// Where a clause goes: behind the last one that stands before it in the order of the language.
fn behind(rule: &Rule, rank: u8) -> Span {
    let last = rule.clauses.iter().rev().find(|clause| self::rank(&clause.kind) < rank);
    let at = match last {
        Some(clause) => clause.span.end,
        None if rule.clauses.is_empty() => end_of_clauses(rule),
        None => rule.subject.span.end,
    };
    Span::new(at, at)
}

const fn rank(kind: &ClauseKind) -> u8 {
    match kind {
        ClauseKind::On(_) => 0,
        ClauseKind::To(_) => 1,
        ClauseKind::ToUrl(_) => 2,
        ClauseKind::UpTo(_) | ClauseKind::Over(_) => 3,
        ClauseKind::AtMost(_) | ClauseKind::MoreThan(_) => 5,
        ClauseKind::Within(_) => 7,
        ClauseKind::Via(_) => 8,
        ClauseKind::Repeating(_) => 9,
        ClauseKind::Since(_) => 10,
        _ => 11,
    }
}

fn operations<'v>(view: View<'v>, rule: &Rule) -> Vec<&'v Operation> {
    let (text, bank) = (view.text(), &*view.checked.policy.bank);
    let mut out = Vec::new();
    for resource in &rule.subject.resources {
        let found = rule.subject.actions.iter().filter_map(|action| bank.find(action.of(text), resource.of(text)));
        out.extend(found.map(|id| bank.operation(id)));
    }
    out
}
