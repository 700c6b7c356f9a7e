//! Whose record it is and how old, and the dates between which something holds.

use jiff::tz::TimeZone;

use super::list::Item;
use super::{About, Chosen, Part};
use crate::analyze::space::moment::{FIRST, LAST, SECOND, timestamp};
use crate::analyze::space::{Space, Variable};

/// What a box says about the record.
pub(super) fn parts<'c>(space: &Space<'_>, side: usize, chosen: &dyn Fn(Variable) -> Chosen<'c>) -> Vec<Part> {
    let mut parts = Vec::new();
    let part = |about, items| Part { about, lead: String::new(), items, open: false };
    let (created, age, own) = (chosen(Variable::Created), chosen(Variable::Age), chosen(Variable::Own));
    let zone = space.sides.get(side).and_then(|side| side.zone.clone());
    if !created.is_open() && space.created.size() > 1 {
        let spans = created.known().filter_map(|class| space.created.interval(class));
        let mut items: Vec<Item> =
            spans_of(spans).into_iter().map(|span| Item::plain(records(span, zone.as_ref()))).collect();
        items.extend(created.or_untold("the date of the record"));
        parts.push(part(About::Since, items));
    }
    if !age.is_open() && space.age.size() > 1 {
        let mut items = ages(age.known().filter_map(|class| space.age.interval(class)));
        if created.is_open() || items.is_empty() {
            items.extend(age.or_untold("the date of the record"));
        }
        parts.push(part(About::Since, items));
    }
    if !own.is_open() && own.size > 1 {
        let text = match (own.has(2), own.has(1)) {
            (true, true) => "when it is told who created it",
            (true, false) => "created by this key",
            (false, true) => "not created by this key",
            (false, false) => "",
        };
        let mut items: Vec<Item> =
            Some(text).filter(|text| !text.is_empty()).map(|text| Item::plain(text.to_owned())).into_iter().collect();
        items.extend(own.or_untold("the maker of the record"));
        parts.push(part(About::Own, items));
    }
    parts
}

/// What a box says about the date.
pub(super) fn dates(space: &Space<'_>, side: usize, chosen: &Chosen<'_>) -> Option<Part> {
    chosen.classes?;
    let zone = space.sides.get(side).and_then(|side| side.zone.clone());
    let classes = (0..chosen.size).filter(|class| chosen.has(*class));
    let spans = spans_of(classes.map(|class| space.now.interval(class)));
    let items = spans.into_iter().filter_map(|(from, to)| {
        let (from, until) = ends(from, to, zone.as_ref());
        Some(Item::plain(match (from, until) {
            (Some(from), Some(until)) => format!("starting {from} and before {until}"),
            (Some(from), None) => format!("starting {from}"),
            (None, Some(until)) => format!("before {until}"),
            (None, None) => return None,
        }))
    });
    Some(Part { about: About::Date, lead: String::new(), items: items.collect(), open: false })
}

/// Neighbouring spans as one.
fn spans_of(spans: impl Iterator<Item = (i128, i128)>) -> Vec<(i128, i128)> {
    let mut out: Vec<(i128, i128)> = Vec::new();
    for (from, to) in spans {
        match out.last_mut() {
            Some((_, end)) if *end + 1 == from => *end = to,
            _ => out.push((from, to)),
        }
    }
    out
}

fn ends(from: i128, to: i128, zone: Option<&TimeZone>) -> (Option<String>, Option<String>) {
    (
        Some(from).filter(|from| *from > FIRST).map(|at| date(at, zone)),
        Some(to).filter(|to| *to < LAST).map(|at| date(at + 1, zone)),
    )
}

fn records((from, to): (i128, i128), zone: Option<&TimeZone>) -> String {
    match ends(from, to, zone) {
        (Some(from), Some(until)) => format!("records since {from} and before {until}"),
        (Some(from), None) => format!("records since {from}"),
        (None, Some(until)) => format!("records before {until}"),
        (None, None) => "records of any date".to_owned(),
    }
}

fn ages(spans: impl Iterator<Item = (i128, i128)>) -> Vec<Item> {
    let spans = spans_of(spans).into_iter();
    let texts = spans.map(|(from, to)| {
        let words = |age: i128| duration(u64::try_from(age / SECOND).unwrap_or(0));
        match (from <= -(LAST - FIRST), to >= LAST - FIRST) {
            (true, true) => "records of any age".to_owned(),
            (true, false) => format!("records of the last {}", words(to)),
            (false, true) => format!("records older than {}", words(from)),
            (false, false) => format!("records older than {} and of the last {}", words(from), words(to)),
        }
    });
    texts.map(Item::plain).collect()
}

/// The date that begins at an instant.
fn date(nanoseconds: i128, zone: Option<&TimeZone>) -> String {
    let moment = timestamp(nanoseconds);
    moment
        .map(|moment| zone.cloned().unwrap_or(TimeZone::UTC).to_datetime(moment).date().to_string())
        .unwrap_or_default()
}

/// A duration in words: `30 days`.
pub(crate) fn duration(seconds: u64) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (size, unit) = units.into_iter().find(|(size, _)| seconds.is_multiple_of(*size)).unwrap_or((1, "second"));
    // A day is 24 hours exactly, and one alone is said so.
    match seconds / size {
        1 if unit == "day" => "24 hours".to_owned(),
        1 => format!("1 {unit}"),
        many => format!("{many} {unit}s"),
    }
}
