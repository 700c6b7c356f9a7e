//! What counters say.

use bpol_engine::ir::{Clause, Counter, Counting, Ir, LimitCap, Period};

use super::amount::{grouped, money};
use super::list::{Item, quoted};
use super::{About, Chosen, Facts, Part};
use crate::analyze::facts::minor;
use crate::analyze::mdd::Step;
use crate::analyze::space::{Space, Tally, Variable};

/// What a box says about totals, in the order of currencies and periods.
pub(super) fn parts(space: &Space<'_>, side: usize, steps: &[Step], facts: Facts) -> Vec<Part> {
    let mut said: Vec<(Rank, Part)> = Vec::new();
    for (place, tally) in (0..).zip(&space.tallies) {
        let chosen = Chosen::of(space, steps, Variable::Total(place), facts);
        if chosen.classes.is_none() {
            continue;
        }
        let Some((side, number)) = counter(tally, side) else { continue };
        let Some(ir) = space.sides.get(side).map(|side| side.names.ir) else { continue };
        let Some(counter) = ir.counters.get(number as usize) else { continue };
        let texts = ranges(tally, &chosen, &period(counter.period));
        let highest =
            chosen.known().last().and_then(|class| tally.interval(class)).and_then(|(from, to)| to.or(Some(from - 1)));
        let limit = limit(ir, number, highest);
        let scope = if limit.is_none() && alike(space, counter) > 1 { scope(ir, counter) } else { String::new() };
        let items = texts.into_iter().map(|text| match &limit {
            Some(limit) => Item::plain(format!("{text} within limit {}", quoted(limit))),
            None => Item::plain(format!("{text}{scope}")),
        });
        let mut items: Vec<Item> = items.collect();
        // How often something was done is always known.
        items.extend(chosen.or_untold("what was spent").filter(|_| tally.currency.is_some()));
        let part = Part { about: About::Total, lead: String::new(), items, open: false };
        said.push((rank(counter), part));
    }
    said.sort();
    said.into_iter().map(|(_, part)| part).collect()
}

type Rank = (Option<String>, Period);

fn rank(counter: &Counter) -> Rank {
    let currency = match &counter.counting {
        Counting::Money(currency) => Some(currency.clone()),
        Counting::Times => None,
    };
    (currency, counter.period)
}

/// The counter of a policy that a tally stands for, or of another one when it has none.
fn counter(tally: &Tally, side: usize) -> Option<(usize, u32)> {
    tally.counters.iter().find(|(of, _)| *of == side).or(tally.counters.first()).copied()
}

fn ranges(tally: &Tally, chosen: &Chosen<'_>, period: &str) -> Vec<String> {
    let mut ranges: Vec<(i128, Option<i128>)> = Vec::new();
    for (from, to) in chosen.known().filter_map(|class| tally.interval(class)) {
        match ranges.last_mut() {
            Some((_, end)) if *end == Some(from - 1) => *end = to,
            _ => ranges.push((from, to)),
        }
    }
    let whole = ranges == [(1, None)];
    let say = |(from, to): (i128, Option<i128>)| {
        let unit = |number: i128| match &tally.currency {
            Some(currency) => money(number, currency),
            None => times(number),
        };
        let most = if tally.currency.is_some() { "up to" } else { "at most" };
        let past = if tally.currency.is_some() { "over" } else { "more than" };
        match (from, to) {
            (1, None) => format!("any total {period}"),
            (1, Some(to)) => format!("{most} {} {period}", unit(to)),
            (from, None) => format!("{past} {} {period}", unit(from - 1)),
            (from, Some(to)) => format!("{past} {} and {most} {} {period}", unit(from - 1), unit(to)),
        }
    };
    if whole {
        vec![format!("while it is known what was spent {period}")]
    } else {
        ranges.into_iter().map(say).collect()
    }
}

fn times(number: i128) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{} times", grouped(&many.to_string())),
    }
}

/// The name of the limit that a counter belongs to; of several that count alike, one that says the figure.
fn limit(ir: &Ir, counter: u32, figure: Option<i128>) -> Option<&str> {
    let mut named: Vec<(bool, &str)> = Vec::new();
    for limit in &ir.limits {
        for cap in &limit.caps {
            let said = match cap {
                LimitCap::Money(cap) if cap.counter == Some(counter) => minor(&cap.value, &cap.currency),
                LimitCap::Count(cap) if cap.counter == counter => Some(i128::from(cap.times)),
                _ => continue,
            };
            named.push((said != figure, &limit.name));
        }
    }
    named.into_iter().min().map(|(_, name)| name)
}

/// How many counters of the space count the same thing in the same period.
fn alike(space: &Space<'_>, counter: &Counter) -> usize {
    let counters = space.tallies.iter().filter_map(|tally| {
        let (side, place) = tally.counters.first()?;
        space.sides.get(*side)?.names.ir.counters.get(*place as usize)
    });
    counters.filter(|other| rank(other) == rank(counter)).count()
}

/// What a counter counts, where another would be taken for it.
fn scope(ir: &Ir, counter: &Counter) -> String {
    let scopes = counter.scopes.iter().filter_map(|scope| ir.scopes.get(*scope as usize));
    let mut texts: Vec<String> = scopes
        .filter(|scope| !scope.when.is_empty())
        .map(|scope| {
            let clauses = scope.when.iter().filter(|clause| matches!(clause, Clause::On(_) | Clause::To(_)));
            let clauses = clauses.map(|clause| bpol_engine::clause_words(ir, clause));
            clauses.collect::<Vec<_>>().join(" ")
        })
        .collect();
    texts.retain(|text| !text.is_empty());
    texts.sort_unstable();
    texts.dedup();
    match (texts.is_empty(), counter.each_key) {
        (false, _) => format!(" {}", texts.join(" or ")),
        (true, true) => " by everything the key does".to_owned(),
        (true, false) => " in these ways together".to_owned(),
    }
}

/// A period in words: `a day`, `in 24 hours`, `in all`.
pub fn period(period: Period) -> String {
    match period {
        Period::Day => "a day".to_owned(),
        Period::Week => "a week".to_owned(),
        Period::Month => "a month".to_owned(),
        Period::Year => "a year".to_owned(),
        Period::Rolling(seconds) => format!("in {}", super::record::duration(seconds)),
        Period::Total => "in all".to_owned(),
    }
}
