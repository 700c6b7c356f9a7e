//! How much.

use super::list::Item;
use super::{About, Chosen, Part};
use crate::analyze::facts::figure;
use crate::analyze::mdd::Step;
use crate::analyze::space::amount::most;
use crate::analyze::space::{Space, Variable};

/// What a box says about the amount. Where a total in a currency is bounded the currency alone is not said.
pub(super) fn part(space: &Space<'_>, chosen: &Chosen<'_>, steps: &[Step]) -> Option<Part> {
    let part = |items, open| Some(Part { about: About::Amount, lead: "of".to_owned(), items, open });
    let any = || Item::plain("any amount".to_owned());
    if chosen.is_open() || space.amount.size() == 1 {
        return part(vec![any()], true);
    }
    let mut currencies: Vec<&str> = space.amount.intervals().map(|(_, interval)| interval.currency.as_str()).collect();
    currencies.dedup();
    let mut items = Vec::new();
    let mut whole = Vec::new();
    for currency in currencies {
        let ranges = ranges(space, chosen, currency);
        if ranges == [(1, most(currency))] {
            whole.push(currency);
        }
        items.extend(ranges.iter().map(|(from, to)| Item::plain(range(*from, *to, currency))));
    }
    let others = space.amount.others().is_some_and(|class| chosen.has(class));
    if others && items.len() == whole.len() && space.amount.intervals().all(|(class, _)| chosen.has(class)) {
        items = vec![Item::plain("any amount that is told".to_owned())];
    } else if others {
        items.push(Item::plain("any amount in another currency".to_owned()));
    }
    let counted = |currency: &&str| {
        let mut of_currency =
            (0..).zip(&space.tallies).filter(|(_, tally)| tally.currency.as_deref() == Some(currency));
        of_currency.any(|(place, _)| {
            let number = space.number(Variable::Total(place));
            steps.iter().any(|step| step.variable == number)
        })
    };
    let only_whole = !others && items.len() == whole.len() && !items.is_empty() && !chosen.untold();
    if only_whole && whole.iter().all(counted) {
        return None;
    }
    items.extend(chosen.or_untold("the amount"));
    part(items, false)
}

/// Neighbouring classes of a currency as one.
fn ranges(space: &Space<'_>, chosen: &Chosen<'_>, currency: &str) -> Vec<(i128, i128)> {
    let mut ranges: Vec<(i128, i128)> = Vec::new();
    for (_, interval) in space.amount.of_currency(currency).filter(|(class, _)| chosen.has(*class)) {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == interval.from => *to = interval.to,
            _ => ranges.push((interval.from, interval.to)),
        }
    }
    ranges
}

fn range(from: i128, to: i128, currency: &str) -> String {
    match (from, to == most(currency)) {
        (1, true) => format!("any amount in {currency}"),
        (1, false) => format!("up to {}", money(to, currency)),
        (_, true) => format!("over {}", money(from - 1, currency)),
        (_, false) if from == to => money(from, currency),
        (_, false) => format!("{} to {}", figures(from, currency), money(to, currency)),
    }
}

/// An amount as people write it: `1,250 EUR`, `0.50 EUR`.
pub fn money(minor: i128, currency: &str) -> String {
    format!("{} {currency}", figures(minor, currency))
}

fn figures(minor: i128, currency: &str) -> String {
    let text = figure(minor, currency);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = grouped(whole);
    if fraction.bytes().all(|digit| digit == b'0') { whole } else { format!("{whole}.{fraction}") }
}

/// Digits in groups of three.
pub(crate) fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
