//! The local time of the week: minutes grouped by the `during` clauses that hold for them.

use hashbrown::HashMap;
use std::collections::BTreeSet;

use bpol_engine::ir::{Day, During};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// A variable whose classes are groups of minutes of the week. Clauses of policies of different zones are told apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weeks {
    zone: Option<TimeZone>,
    clauses: Vec<Vec<(u32, u32)>>,
    /// The first minute of each stretch and its class, ascending; the first is minute 0.
    stretches: Vec<(u32, u32)>,
    signatures: Vec<Vec<bool>>,
}

impl Weeks {
    pub(crate) fn unused(zone: Option<TimeZone>) -> Self {
        Self { zone, ..Self::default() }
    }

    /// The classes for `during` clauses, each its stretches of minutes.
    pub(crate) fn of(zone: Option<TimeZone>, clauses: Vec<Vec<(u32, u32)>>) -> Self {
        let mut edges: BTreeSet<u32> = BTreeSet::from([0]);
        for (from, until) in clauses.iter().flatten() {
            edges.extend([from % WEEK, until % WEEK]);
        }
        let mut out = Self { zone, clauses, ..Self::default() };
        let mut places: HashMap<Vec<bool>, u32> = HashMap::new();
        for minute in edges {
            let signature: Vec<bool> = out.clauses.iter().map(|spans| holds(spans, minute)).collect();
            let next = out.signatures.len() as u32;
            let class = *places.entry(signature.clone()).or_insert(next);
            if class == next {
                out.signatures.push(signature);
            }
            if out.stretches.last().is_none_or(|(_, last)| *last != class) {
                out.stretches.push((minute, class));
            }
        }
        out
    }

    pub(crate) fn size(&self) -> u32 {
        self.signatures.len().max(1) as u32
    }

    pub(crate) fn class(&self, now: Timestamp) -> u32 {
        let Some(zone) = self.zone.as_ref().filter(|_| self.size() > 1) else { return 0 };
        self.class_of_minute(minute(zone.to_datetime(now)))
    }

    fn class_of_minute(&self, minute: u32) -> u32 {
        let after = self.stretches.partition_point(|(first, _)| *first <= minute);
        after.checked_sub(1).and_then(|place| self.stretches.get(place)).map_or(0, |(_, class)| *class)
    }

    /// The classes in which a clause holds, by its stretches.
    pub(crate) fn inside(&self, spans: &[(u32, u32)]) -> Vec<u32> {
        let Some(clause) = self.clauses.iter().position(|known| known == spans) else { return Vec::new() };
        let inside = |signature: &Vec<bool>| signature.get(clause).copied().unwrap_or(false);
        (0..).zip(&self.signatures).filter(|(_, signature)| inside(signature)).map(|(class, _)| class).collect()
    }

    /// The stretches of a class: first minute of the week, and the minute after the last.
    pub(crate) fn minutes(&self, class: u32) -> Vec<(u32, u32)> {
        if self.size() == 1 {
            return vec![(0, WEEK)];
        }
        let ends = self.stretches.iter().skip(1).map(|(first, _)| *first).chain([WEEK]);
        let all = self.stretches.iter().zip(ends);
        all.filter(|((_, other), _)| *other == class).map(|((first, _), end)| (*first, end)).collect()
    }

    /// The first moment between two, both inside, whose local time is of a class.
    pub(crate) fn find(&self, class: u32, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        if from > to {
            return None;
        }
        if self.class(from) == class {
            return Some(from);
        }
        let zone = self.zone.as_ref()?;
        // Within eight days every minute of the week comes by, and within two more weeks also one that a change of the
        // clocks skips. Between moments of these three kinds the class does not change.
        let mut candidates: BTreeSet<Timestamp> = BTreeSet::new();
        let last = to.min(from.checked_add(jiff::SignedDuration::from_hours(24 * 24)).ok()?);
        for transition in zone.following(from).take_while(|transition| transition.timestamp() <= last) {
            candidates.insert(transition.timestamp());
        }
        let mut date = zone.to_datetime(from).date().yesterday().ok()?;
        let end = zone.to_datetime(last).date().tomorrow().ok()?;
        while date <= end {
            let day = date.weekday().to_monday_zero_offset() as u32 * DAY;
            for (first, _) in self.minutes(class) {
                if first < day || first >= day + DAY {
                    continue;
                }
                let (hour, minute) = (((first - day) / 60) as i8, ((first - day) % 60) as i8);
                let local = date.at(hour, minute, 0, 0);
                let ambiguous = zone.to_ambiguous_timestamp(local);
                candidates.extend([ambiguous.earlier().ok(), ambiguous.later().ok()].into_iter().flatten());
            }
            date = date.tomorrow().ok()?;
        }
        candidates.range(from..=last).copied().find(|moment| self.class(*moment) == class)
    }
}

/// A time in which the class is one and clocks are not changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Its first moment.
    pub(crate) start: Timestamp,
    /// The second of the week at its start, from Monday on.
    pub(crate) second: i64,
    /// How long it is; it ends by the end of the week.
    pub(crate) seconds: i64,
    /// The class.
    pub(crate) class: u32,
}

impl Weeks {
    /// The time from one moment to another, the latter left out, in pieces.
    pub(crate) fn pieces(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Piece> {
        let mut at = from;
        let mut transition = None;
        std::iter::from_fn(move || {
            let zone = self.zone.as_ref().filter(|_| at < until)?;
            if transition.is_none_or(|next| next <= at) {
                let next = zone.following(at).next().map(|transition| transition.timestamp());
                transition = Some(next.filter(|next| *next < until).unwrap_or(until));
            }
            let local = zone.to_datetime(at);
            let minute = minute(local);
            let second = i64::from(minute) * 60 + i64::from(local.second());
            let after = self.stretches.partition_point(|(first, _)| *first <= minute);
            let edge = self.stretches.get(after).map_or(WEEK, |(first, _)| *first);
            let end = at.checked_add(jiff::SignedDuration::from_secs(i64::from(edge) * 60 - second)).unwrap_or(until);
            let end = end.min(until).min(transition?);
            let seconds = end.duration_since(at).as_secs();
            let piece = Piece { start: at, second, seconds, class: self.class_of_minute(minute) };
            at = end;
            (seconds > 0).then_some(piece)
        })
    }

    /// The name of the time zone in which times of the week are told.
    pub(crate) fn zone_name(&self) -> Option<&str> {
        self.zone.as_ref()?.iana_name()
    }
}

/// The stretches of minutes of the week of a `during` clause.
pub(crate) fn stretches(spans: &[During]) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for span in spans {
        let length = if span.from < span.until { span.until - span.from } else { span.until + 1440 - span.from };
        for day in &span.days {
            let from = number(*day) * DAY + u32::from(span.from);
            out.push((from, from + u32::from(length)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn holds(spans: &[(u32, u32)], minute: u32) -> bool {
    // What runs past the end of Sunday goes on at the start of Monday.
    let inside = |at: u32| spans.iter().any(|(from, until)| *from <= at && at < *until);
    inside(minute) || inside(minute + WEEK)
}

fn minute(local: DateTime) -> u32 {
    let day = local.weekday().to_monday_zero_offset() as u32;
    day * DAY + local.hour() as u32 * 60 + local.minute() as u32
}

fn number(day: Day) -> u32 {
    match day {
        Day::Mon => 0,
        Day::Tue => 1,
        Day::Wed => 2,
        Day::Thu => 3,
        Day::Fri => 4,
        Day::Sat => 5,
        Day::Sun => 6,
    }
}
