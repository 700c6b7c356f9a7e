//! Decisions as functions of the clock and of when the record was created.
//!
//! Now and the record's date, its age and the time of the week are one or two moments, so cuts of one variable show
//! through others: a date that lies before an age at every time that is left, a weekday that an interval does not hold.
//! What is hashed is therefore the function itself. For each stretch of the clock the decisions along the line of
//! records are listed, oldest first; stretches that list the same are one. Where the function changes without end it is
//! told as patterns of the week, each followed for as long as the function does so.

use jiff::Timestamp;

use crate::analyze::TooLarge;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::meaning::digest::{Digest, Text};
use crate::analyze::space::moment::{LAST, SECOND, timestamp};
use crate::analyze::space::week::Piece;
use crate::analyze::space::{Space, Variable};

/// The most decisions that are looked at for one function.
const MOST: usize = 1_000_000;

/// The most changes that are listed one by one.
const MOST_CHANGES: usize = 5_000;

/// The digest of a diagram that tests nothing but times; where it is the same at all times, the label of its value.
pub(super) fn digest(space: &Space<'_>, diagrams: &Diagrams, id: Id, labels: &[Digest]) -> Result<Digest, TooLarge> {
    let missing = || TooLarge { reason: "a decision has no name".to_owned() };
    if let Some(value) = id.value() {
        return labels.get(value as usize).copied().ok_or_else(missing);
    }
    let records = Records::of(space);
    let weeks = space.week.size();
    let starts = records.starts(space);
    if starts.len().saturating_mul(weeks as usize).saturating_mul(records.size() + 2) > MOST {
        return Err(TooLarge { reason: "dates, ages and times of day are mixed in too many ways".to_owned() });
    }
    let mut stretches: Vec<Stretch> = Vec::with_capacity(starts.len());
    for start in starts {
        let now = start.map_or(0, |start| timestamp(start).map_or(0, |start| space.now.class(start)));
        let mut by_week = Vec::with_capacity(weeks as usize);
        for week in 0..weeks {
            let value = |created: u32, age: u32| {
                let value = diagrams.at(id, |number| match space.variable(number) {
                    Variable::Now => now,
                    Variable::Week => week,
                    Variable::Created => created,
                    Variable::Age => age,
                    _ => 0,
                });
                labels.get(value as usize).copied().ok_or_else(missing)
            };
            by_week.push(records.digest(start, &value)?);
        }
        stretches.push(Stretch { start, by_week });
    }
    over_time(space, &stretches)
}

/// A stretch of the clock: its first moment in nanoseconds (nothing for the first stretch), and what is decided in it, by
/// the class of the time of the week.
struct Stretch {
    start: Option<i128>,
    by_week: Vec<Digest>,
}

/// Where the line of records is cut: moments, and ages in nanoseconds, both ascending.
struct Records {
    dates: Vec<i128>,
    ages: Vec<i128>,
}

impl Records {
    fn of(space: &Space<'_>) -> Self {
        let dates = space.created.moments.cuts().map(Timestamp::as_nanosecond).collect();
        let ages = space.age.cuts().map(|seconds| i128::from(seconds) * SECOND).collect();
        Self { dates, ages }
    }

    fn size(&self) -> usize {
        self.dates.len() + self.ages.len()
    }

    /// The first moment of each stretch of the clock in which the order of dates and ages is the same.
    fn starts(&self, space: &Space<'_>) -> Vec<Option<i128>> {
        let mut starts: Vec<i128> = space.now.cuts().map(Timestamp::as_nanosecond).collect();
        starts.extend(self.dates.iter().flat_map(|date| self.ages.iter().map(move |age| date + age)));
        starts.retain(|start| *start <= LAST);
        starts.sort_unstable();
        starts.dedup();
        std::iter::once(None).chain(starts.into_iter().map(Some)).collect()
    }

    /// What is decided about a record of unknown date, and along the line of records from the oldest on, at a time of a
    /// stretch that starts at a moment. `value` is by the class of the date and of the age.
    fn digest(
        &self,
        start: Option<i128>,
        value: &dyn Fn(u32, u32) -> Result<Digest, TooLarge>,
    ) -> Result<Digest, TooLarge> {
        let unknown = value(0, 0)?;
        let (mut date, mut age) = (0, self.ages.len());
        let first = value(1, age as u32 + 1)?;
        let mut steps: Vec<(bool, i128, Digest)> = Vec::new();
        let mut last = first;
        while date < self.dates.len() || age > 0 {
            let next_date = self.dates.get(date).copied();
            let next_age = age.checked_sub(1).and_then(|next| self.ages.get(next)).copied();
            let by_date = match (next_date, next_age) {
                (Some(date), Some(age)) => start.is_some_and(|start| start >= date + age),
                (next_date, _) => next_date.is_some(),
            };
            let cut = if by_date { next_date } else { next_age };
            if by_date {
                date += 1;
            } else {
                age -= 1;
            }
            let here = value(date as u32 + 1, age as u32 + 1)?;
            if here != last {
                steps.push((by_date, cut.unwrap_or_default(), here));
                last = here;
            }
        }
        if steps.is_empty() && unknown == first {
            return Ok(first);
        }
        let mut text = Text::new("records");
        text.digest(unknown).digest(first).number(steps.len() as i128);
        for (by_date, cut, here) in steps {
            text.word(if by_date { "since" } else { "age" }).number(cut).digest(here);
        }
        Ok(text.finish())
    }
}

/// The digest of what is decided over time.
fn over_time(space: &Space<'_>, stretches: &[Stretch]) -> Result<Digest, TooLarge> {
    let (Some(first), Some(last)) = (stretches.first(), stretches.last()) else {
        return Err(TooLarge { reason: "there is no time at which something is decided".to_owned() });
    };
    let steady = |stretch: &Stretch| {
        let one = stretch.by_week.first().copied()?;
        stretch.by_week.iter().all(|other| *other == one).then_some(one)
    };
    if let (Some(before), Some(after)) = (steady(first), steady(last))
        && let Some(changes) = changes(space, stretches, before)
    {
        if changes.is_empty() && before == after {
            return Ok(before);
        }
        let mut text = Text::new("times");
        text.digest(before).number(changes.len() as i128);
        for (moment, value) in changes {
            text.number(moment).digest(value);
        }
        return Ok(text.finish());
    }
    Ok(patterns(space, stretches))
}

/// Each moment at which another decision begins; nothing where there are more than can be listed.
fn changes(space: &Space<'_>, stretches: &[Stretch], before: Digest) -> Option<Vec<(i128, Digest)>> {
    let mut changes: Vec<(i128, Digest)> = Vec::new();
    let mut last = before;
    for (place, stretch) in stretches.iter().enumerate() {
        let Some(start) = stretch.start else { continue };
        let end = stretches.get(place + 1).and_then(|next| next.start);
        let mut take = |moment: i128, value: Digest| {
            if value != last {
                last = value;
                changes.push((moment, value));
            }
            changes.len() <= MOST_CHANGES
        };
        let steady = stretch.by_week.windows(2).all(|pair| pair.first() == pair.last());
        let Some(end) = end.filter(|_| !steady) else {
            // The last stretch is steady, or this is not asked.
            if !take(start, *stretch.by_week.first()?) {
                return None;
            }
            continue;
        };
        for piece in space.week.pieces(timestamp(start)?, timestamp(end)?) {
            if !take(piece.start.as_nanosecond(), *stretch.by_week.get(piece.class as usize)?) {
                return None;
            }
        }
    }
    Some(changes)
}

/// What is decided by the second of the week, as far as it was seen: stretches in order, none touching one of its own
/// value.
#[derive(Default)]
struct Pattern(Vec<(i64, i64, Digest)>);

impl Pattern {
    /// How many seconds of a stretch are not decided otherwise, and so may be taken in.
    fn agrees(&self, from: i64, until: i64, value: Digest) -> i64 {
        let other = |(start, end, known): &&(i64, i64, Digest)| *start < until && from < *end && *known != value;
        self.0.iter().find(other).map_or(until - from, |(start, ..)| (start - from).max(0))
    }

    fn take(&mut self, from: i64, until: i64, value: Digest) {
        if from >= until {
            return;
        }
        let (mut from, mut until) = (from, until);
        self.0.retain(|(start, end, known)| {
            let joins = *known == value && *start <= until && from <= *end;
            if joins {
                from = from.min(*start);
                until = until.max(*end);
            }
            !joins
        });
        let place = self.0.partition_point(|(start, ..)| *start < from);
        self.0.insert(place, (from, until, value));
    }

    fn write(&self, text: &mut Text) {
        text.number(self.0.len() as i128);
        for (from, until, value) in &self.0 {
            text.number(i128::from(*from)).number(i128::from(*until)).digest(*value);
        }
    }
}

/// Patterns of the week, each from the moment at which the one before no longer tells what is decided.
fn patterns(space: &Space<'_>, stretches: &[Stretch]) -> Digest {
    let whole = |stretch: &Stretch| {
        let mut pattern = Pattern::default();
        for (class, value) in (0..).zip(&stretch.by_week) {
            for (from, until) in space.week.minutes(class) {
                pattern.take(i64::from(from) * 60, i64::from(until) * 60, *value);
            }
        }
        pattern
    };
    let mut text = Text::new("weeks");
    text.option(space.week.zone_name());
    let mut pattern = Pattern::default();
    for (place, stretch) in stretches.iter().enumerate() {
        let here = whole(stretch);
        let Some(start) = stretch.start else {
            pattern = here;
            continue;
        };
        let end = stretches.get(place + 1).and_then(|next| next.start).unwrap_or(LAST);
        let Some((start, end)) = timestamp(start).zip(timestamp(end)) else { continue };
        for piece in space.week.pieces(start, end) {
            if pattern.0 == here.0 {
                break;
            }
            let Some(value) = stretch.by_week.get(piece.class as usize) else { continue };
            follow(&mut text, &mut pattern, &piece, *value);
        }
    }
    pattern.write(&mut text);
    text.finish()
}

/// Takes a piece of time into the pattern; where it tells otherwise a new one begins.
fn follow(text: &mut Text, pattern: &mut Pattern, piece: &Piece, value: Digest) {
    let (from, until) = (piece.second, piece.second + piece.seconds);
    let agrees = pattern.agrees(from, until, value);
    pattern.take(from, from + agrees, value);
    if agrees < until - from {
        pattern.write(text);
        text.number(piece.start.as_nanosecond() + i128::from(agrees) * SECOND);
        *pattern = Pattern::default();
        pattern.take(from + agrees, until, value);
    }
}
