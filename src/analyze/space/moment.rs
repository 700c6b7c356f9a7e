//! Moments on the line of time: intervals between instants that rules name.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A variable whose classes are the intervals between instants; the first is all before the first instant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moments {
    cuts: Vec<Timestamp>,
}

impl Moments {
    pub(crate) fn of(mut cuts: Vec<Timestamp>) -> Self {
        cuts.sort_unstable();
        cuts.dedup();
        Self { cuts }
    }

    pub(crate) fn size(&self) -> u32 {
        self.cuts.len() as u32 + 1
    }

    pub(crate) fn class(&self, moment: Timestamp) -> u32 {
        self.cuts.partition_point(|cut| *cut <= moment) as u32
    }

    /// The instants, ascending.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = Timestamp> {
        self.cuts.iter().copied()
    }

    /// The classes at or after an instant that is one of the cuts.
    pub(crate) fn from(&self, start: Timestamp) -> std::ops::Range<u32> {
        self.cuts.partition_point(|cut| *cut < start) as u32 + 1..self.size()
    }

    /// The first and the last moment of a class, both inside, as nanoseconds.
    pub(crate) fn interval(&self, class: u32) -> (i128, i128) {
        let cut = |place: usize| self.cuts.get(place).map(|cut| cut.as_nanosecond());
        let from = (class as usize).checked_sub(1).and_then(cut).unwrap_or(FIRST);
        let to = cut(class as usize).map_or(LAST, |next| next - 1);
        (from, to)
    }
}

/// The years of which analysis speaks: 1 to 9998, so that every window and record age stays within the calendar.
pub(crate) const FIRST: i128 = -62_135_596_800 * SECOND + 800 * 86_400 * SECOND;
/// The last moment of which analysis speaks.
pub(crate) const LAST: i128 = 253_370_764_800 * SECOND - 800 * 86_400 * SECOND;
/// Nanoseconds.
pub(crate) const SECOND: i128 = 1_000_000_000;

/// The first instant of a date in a zone.
pub(crate) fn first_instant(date: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let date: Date = date.parse().ok()?;
    Some(date.to_zoned_datetime(zone?.clone()).ok()?.start_of_day().ok()?.timestamp())
}

/// Ages of records: how long before now they were created.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ages {
    cuts: Vec<u64>,
    used: bool,
}

impl Ages {
    pub(crate) fn of(mut cuts: Vec<u64>, used: bool) -> Self {
        cuts.sort_unstable();
        cuts.dedup();
        Self { cuts, used }
    }

    pub(crate) fn size(&self) -> u32 {
        if self.used { self.cuts.len() as u32 + 2 } else { 1 }
    }

    pub(crate) fn class(&self, now: Timestamp, created: Option<Timestamp>) -> u32 {
        let Some(created) = created.filter(|_| self.used) else { return 0 };
        let age = now.as_nanosecond() - created.as_nanosecond();
        self.cuts.partition_point(|cut| i128::from(*cut) * SECOND < age) as u32 + 1
    }

    /// The ages in seconds, ascending.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = u64> {
        self.cuts.iter().copied()
    }

    /// The classes of records that are at most so many seconds old.
    pub(crate) fn within(&self, seconds: u64) -> std::ops::Range<u32> {
        1..self.cuts.partition_point(|cut| *cut <= seconds) as u32 + 1
    }

    /// The least and the greatest age of a class, both inside, in nanoseconds; nothing for unknown.
    pub(crate) fn interval(&self, class: u32) -> Option<(i128, i128)> {
        let place = (class as usize).checked_sub(1)?;
        let cut = |place: usize| self.cuts.get(place).map(|cut| i128::from(*cut) * SECOND);
        let from = place.checked_sub(1).and_then(cut).map_or(-(LAST - FIRST), |cut| cut + 1);
        Some((from, cut(place).unwrap_or(LAST - FIRST)))
    }
}

/// When records were created: unknown, and the intervals between dates that `since` names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Creation {
    pub(crate) moments: Moments,
    pub(crate) used: bool,
}

impl Creation {
    pub(crate) fn size(&self) -> u32 {
        if self.used { self.moments.size() + 1 } else { 1 }
    }

    pub(crate) fn class(&self, created: Option<Timestamp>) -> u32 {
        created.filter(|_| self.used).map_or(0, |created| self.moments.class(created) + 1)
    }

    /// The classes of records created at or after an instant that is one of the cuts.
    pub(crate) fn from(&self, start: Timestamp) -> std::ops::Range<u32> {
        let classes = self.moments.from(start);
        classes.start + 1..classes.end + 1
    }

    /// The first and last moment of a class; nothing for unknown.
    pub(crate) fn interval(&self, class: u32) -> Option<(i128, i128)> {
        Some(self.moments.interval(class.checked_sub(1)?))
    }
}

/// A moment some nanoseconds after the beginning of 1970.
pub(crate) fn timestamp(nanoseconds: i128) -> Option<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds).ok()
}
