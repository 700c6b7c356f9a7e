//! A past that brings counters to where a path wants them.
//!
//! One entry, or a few, per counter, shortest windows first; each lies at the beginning of its window, so that shorter
//! ones do not see it. What comes out is counted again before it is returned.

use bpol_engine::ir::{Dimension, Period};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::analyze::facts::{Amount, Facts};
use crate::analyze::mdd::Classes;
use crate::analyze::past::{Entry, Past, operation, window_start};
use crate::analyze::space::Variable;
use crate::analyze::witness::{Aim, json_of};

/// The most entries for one counter.
const MOST: i128 = 1_000;

pub(super) fn past<'c>(
    aim: &Aim<'_, '_>,
    facts: &Facts,
    now: Timestamp,
    step: &dyn Fn(Variable) -> Option<&'c Classes>,
) -> Option<Vec<Value>> {
    let side = aim.space.sides.get(aim.side)?;
    let ir = side.names.ir;
    let place = operation(ir, &side.operation.action, &side.operation.resource)?;
    let mut wanted: Vec<Want<'_>> = Vec::new();
    for (number, tally) in (0..).zip(&aim.space.tallies) {
        let Some(classes) = step(Variable::Total(number)) else { continue };
        // A counter that only the other policy has says nothing here.
        let Some((_, counter)) = tally.counters.iter().find(|(other, _)| *other == aim.side) else { continue };
        let period = ir.counters.get(*counter as usize)?.period;
        wanted.push(Want { counter: *counter, period, tally, classes });
    }
    wanted.sort_by_key(|want| length(want.period));
    let count = |entries: &[Entry], want: &Want<'_>| {
        let total = Past::of(ir, entries.to_vec()).total(want.counter, aim.key, facts, now);
        (total, want.classes.has(want.tally.class(total)))
    };
    let mut entries: Vec<Entry> = Vec::new();
    for want in &wanted {
        let (total, fits) = count(&entries, want);
        if fits {
            continue;
        }
        let time = start(want.period, now, side.zone.as_ref());
        let own = Entry { key: aim.key.to_owned(), operation: place, time, facts: Facts { ip: None, ..facts.clone() } };
        let found = [Some(own), stranger(ir, want.counter, aim.key, time)].into_iter().flatten().find_map(|entry| {
            let more = more(want, total, &entry, side.is_about(Dimension::Amount), aim.space.amount.spare())?;
            let all: Vec<Entry> = entries.iter().cloned().chain(more).collect();
            count(&all, want).1.then_some(all)
        });
        entries = found?;
    }
    if !wanted.iter().all(|want| count(&entries, want).1) {
        return None;
    }
    entries.into_iter().map(|entry| json_of_entry(ir, &entry)).collect()
}

/// A counter and where its total is wanted.
struct Want<'w> {
    counter: u32,
    period: Period,
    tally: &'w crate::analyze::space::Tally,
    classes: &'w Classes,
}

/// Entries like this one that bring the total to the next class that is wanted.
fn more(want: &Want<'_>, total: Option<i128>, like: &Entry, sums: bool, other: Option<Amount>) -> Option<Vec<Entry>> {
    let with = |amount: Option<Amount>| {
        let mut entry = like.clone();
        entry.facts.amount = amount;
        entry
    };
    let total = total?;
    let above = (1..want.tally.size())
        .filter(|class| want.classes.has(*class))
        .filter_map(|class| want.tally.interval(class))
        .find(|(from, _)| *from > total);
    match (above, &want.tally.currency) {
        (Some((from, _)), Some(currency)) => {
            let amount = Amount { minor: from - total, currency: currency.clone() };
            Some(vec![with(Some(amount))])
        }
        (Some((from, _)), None) if from - total <= MOST => {
            // An amount of another currency leaves sums as they are.
            Some((total..from).map(|_| with(other.clone().filter(|_| sums))).collect())
        }
        (None, Some(_)) if want.classes.has(0) => Some(vec![with(None)]),
        _ => None,
    }
}

/// An entry of which nothing is known: it falls into every scope of its operation.
fn stranger(ir: &bpol_engine::ir::Ir, counter: u32, key: &str, time: Timestamp) -> Option<Entry> {
    let counter = ir.counters.get(counter as usize)?;
    let scopes = counter.scopes.iter().filter_map(|scope| ir.scopes.get(*scope as usize));
    let mut candidates = scopes.flat_map(|scope| scope.operations.iter().map(move |operation| (scope, *operation)));
    let spends = |operation: u32| {
        ir.operations
            .get(operation as usize)
            .is_some_and(|it| it.dimensions.contains(&Dimension::Amount) && !it.untold.contains(&Dimension::Amount))
    };
    let (scope, operation) = candidates.find(|(_, operation)| spends(*operation))?;
    let key = scope.key.clone().unwrap_or_else(|| key.to_owned());
    Some(Entry { key, operation: operation as usize, time, facts: Facts::default() })
}

/// A moment in a window and, where that can be, in no shorter one.
fn start(period: Period, now: Timestamp, zone: Option<&jiff::tz::TimeZone>) -> Timestamp {
    let early = match period {
        Period::Rolling(seconds) => i64::try_from(seconds)
            .ok()
            .and_then(|seconds| now.checked_sub(SignedDuration::from_secs(seconds.saturating_sub(1))).ok()),
        Period::Total => now.checked_sub(SignedDuration::from_hours(24 * 700)).ok(),
        calendar => window_start(calendar, now, zone),
    };
    early.unwrap_or(now).min(now)
}

fn length(period: Period) -> u64 {
    match period {
        Period::Rolling(seconds) => seconds,
        Period::Day => 86_400,
        Period::Week => 7 * 86_400,
        Period::Month => 30 * 86_400,
        Period::Year => 365 * 86_400,
        Period::Total => u64::MAX,
    }
}

fn json_of_entry(ir: &bpol_engine::ir::Ir, entry: &Entry) -> Option<Value> {
    let operation = ir.operations.get(entry.operation)?;
    let mut out = json_of(&entry.facts);
    out.insert("key".to_owned(), json!(entry.key));
    out.insert("action".to_owned(), json!(operation.action));
    out.insert("resource".to_owned(), json!(operation.resource));
    out.insert("time".to_owned(), json!(entry.time.to_string()));
    Some(Value::Object(out))
}
