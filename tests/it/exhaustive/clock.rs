//! The moments at which rules about time can change their mind, with the creations of a record beside each.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::said::Said;
use crate::naive::clause::{World, lies_in, parse_date};

/// A moment at which a request comes, and when the record may have been created.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) now: Timestamp,
    /// Nothing is not known.
    pub(super) created: Vec<Option<Timestamp>>,
}

const TICK: SignedDuration = SignedDuration::from_nanos(1);
const NOON: &str = "2026-11-24T10:00:00Z";

/// One moment of each kind that what is said tells apart, in every world's time zone. `worlds` are moved about.
pub(super) fn moments(said: &Said, worlds: &mut [World<'_>], record: bool) -> Vec<Moment> {
    let instants = |dates: &BTreeSet<String>| -> BTreeSet<Timestamp> {
        let dates = dates.iter().map(|date| parse_date(date));
        dates.flat_map(|date| worlds.iter().map(move |world| world.first_instant(date))).collect()
    };
    let (days, dates) = (instants(&said.days), instants(&said.dates));
    // Where the order of all edges on the line of creations changes.
    let mut edges = days.clone();
    edges.extend(dates.iter().copied());
    for age in &said.ages {
        edges.extend(dates.iter().map(|date| *date + SignedDuration::from_secs(*age)));
    }
    let noon: Timestamp = NOON.parse().expect("an instant");
    let mut nows: BTreeSet<Timestamp> = edges.iter().flat_map(|edge| [*edge - TICK, *edge, *edge + TICK]).collect();
    let day = SignedDuration::from_hours(24);
    let (first, last) = (edges.first().copied().unwrap_or(noon), edges.last().copied().unwrap_or(noon));
    nows.extend([noon, first - day * 400, last + day * 400]);
    if !said.spans.is_empty() {
        // The edges of hours on the days after each edge, and before the next one.
        let anchors: Vec<Timestamp> = nows.iter().copied().collect();
        for anchor in anchors {
            for away in -8..=8 {
                nows.extend(hours(said, &worlds[0], anchor + day * away));
            }
        }
    }
    let mut seen: Vec<((usize, bool), Vec<bool>)> = Vec::new();
    let mut moments = Vec::new();
    for now in nows {
        // At an edge itself two others may meet, between which nothing fits.
        let cell = (edges.iter().filter(|edge| **edge < now).count(), edges.contains(&now));
        let mut week = Vec::new();
        for world in worlds.iter_mut() {
            world.now = now;
            week.extend(said.spans.iter().map(|span| lies_in(world, span)));
        }
        if seen.contains(&(cell, week.clone())) {
            continue;
        }
        seen.push((cell, week));
        moments.push(Moment { now, created: created(said, now, &dates, record) });
    }
    moments
}

/// The instants of a day at which some span begins or ends, and those just before.
fn hours(said: &Said, world: &World<'_>, at: Timestamp) -> Vec<Timestamp> {
    let today = at.to_zoned_datetime(world.zone()).date();
    let start = world.first_instant(today);
    let mut minutes: BTreeSet<u16> =
        said.spans.iter().filter_map(|span| span.hours).flat_map(|(a, b)| [a, b]).collect();
    minutes.extend([0, 720]);
    let mut out = Vec::new();
    for minute in minutes {
        // Where clocks are changed an hour may be missing before it, or happen twice.
        for shift in [-60, 0, 60] {
            let at = start + SignedDuration::from_mins(i64::from(minute) + shift);
            out.extend([at - TICK, at]);
        }
    }
    out
}

fn created(said: &Said, now: Timestamp, dates: &BTreeSet<Timestamp>, record: bool) -> Vec<Option<Timestamp>> {
    let mut out = vec![None];
    if !record {
        return out;
    }
    let mut at: BTreeSet<Timestamp> = dates.clone();
    at.extend(said.ages.iter().map(|age| now - SignedDuration::from_secs(*age)));
    let mut all: BTreeSet<Timestamp> = at.iter().flat_map(|edge| [*edge - TICK, *edge]).collect();
    all.insert(now);
    out.extend(all.into_iter().map(Some));
    out
}
