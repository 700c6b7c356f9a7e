//! Windows: when a period that contains a moment began, and when it ends.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::instant;
use crate::ir::Period;

/// From when on entries count. There is no end: an entry dated after now counts too.
///
/// ```
/// use bpol_engine::Start;
/// assert!(Start::Ever.counts("1999-12-31T00:00:00Z".parse().unwrap()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// All entries.
    Ever,
    /// Entries at or after this moment.
    From(Timestamp),
    /// Entries after this moment.
    After(Timestamp),
}

impl Start {
    /// Whether an entry of this time counts.
    pub fn counts(self, time: Timestamp) -> bool {
        match self {
            Self::Ever => true,
            Self::From(start) => time >= start,
            Self::After(start) => time > start,
        }
    }
}

/// Where the window of a period that contains `now` begins. Without a way to tell, everything counts.
pub(crate) fn start(period: Period, now: Timestamp, zone: Option<&TimeZone>, recent: &Recent) -> Start {
    match period {
        Period::Total => Start::Ever,
        Period::Rolling(seconds) => before(now, seconds).map_or(Start::Ever, Start::After),
        calendar => recent.from(calendar, now, zone).map_or(Start::Ever, Start::From),
    }
}

/// The calendar windows that were asked for last: time zones are slow, and most requests are about now. What it says is
/// what [`bounds`] says.
#[derive(Debug, Default)]
pub(crate) struct Recent([AtomicU64; 4]);

/// Bits that hold a window's length in seconds; a year fits.
const LENGTH_BITS: u32 = 26;
/// Added to the first second, so that it is never negative: more than 4,300 years.
const OFFSET: i64 = 1 << 37;

impl Recent {
    fn from(&self, period: Period, now: Timestamp, zone: Option<&TimeZone>) -> Option<Timestamp> {
        let slot = match period {
            Period::Day => 0,
            Period::Week => 1,
            Period::Month => 2,
            Period::Year => 3,
            Period::Rolling(_) | Period::Total => return None,
        };
        let slot: &AtomicU64 = self.0.get(slot)?;
        // First second and length are one word, so they always belong together; zero is no window.
        if let Some((from, until)) = unpack(slot.load(Ordering::Relaxed))
            && from <= now
            && now < until
        {
            return Some(from);
        }
        let (from, until) = bounds(period, now, zone)?;
        if let Some(word) = pack(from, until) {
            slot.store(word, Ordering::Relaxed);
        }
        Some(from)
    }
}

fn pack(from: Timestamp, until: Timestamp) -> Option<u64> {
    let length = u64::try_from(until.as_second().checked_sub(from.as_second())?).ok()?;
    let first = u64::try_from(from.as_second().checked_add(OFFSET)?).ok()?;
    let fits = from.subsec_nanosecond() == 0
        && until.subsec_nanosecond() == 0
        && length < 1 << LENGTH_BITS
        && first < 1 << (64 - LENGTH_BITS);
    fits.then_some(first << LENGTH_BITS | length)
}

fn unpack(word: u64) -> Option<(Timestamp, Timestamp)> {
    if word == 0 {
        return None;
    }
    let first = i64::try_from(word >> LENGTH_BITS).ok()?.checked_sub(OFFSET)?;
    let length = i64::try_from(word & ((1 << LENGTH_BITS) - 1)).ok()?;
    let moment = |second| Timestamp::from_second(second).ok();
    moment(first).zip(moment(first.checked_add(length)?))
}

/// The first instants of the calendar period that contains `now` and of the next one.
pub(crate) fn bounds(period: Period, now: Timestamp, zone: Option<&TimeZone>) -> Option<(Timestamp, Timestamp)> {
    let zone = zone?;
    let today = zone.to_datetime(now).date();
    let first = match period {
        Period::Day => today,
        Period::Week => days_before(today, today.weekday().to_monday_zero_offset())?,
        Period::Month => today.first_of_month(),
        Period::Year => today.first_of_year(),
        Period::Rolling(_) | Period::Total => return None,
    };
    let next = match period {
        Period::Week => first.checked_add(SignedDuration::from_hours(7 * 24)).ok()?,
        Period::Month => first.last_of_month().tomorrow().ok()?,
        Period::Year => first.last_of_year().tomorrow().ok()?,
        _ => first.tomorrow().ok()?,
    };
    Some((midnight(first, zone)?, midnight(next, zone)?))
}

/// The moment so many seconds before another; `None` when it is before all time.
pub(crate) fn before(now: Timestamp, seconds: u64) -> Option<Timestamp> {
    now.checked_sub(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok()
}

fn days_before(date: Date, days: i8) -> Option<Date> {
    date.checked_sub(SignedDuration::from_hours(i64::from(days).checked_mul(24)?)).ok()
}

/// The first instant of a date, without the long way where the clocks do nothing special.
fn midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0));
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(date.at(0, 0, 0, 0)).ok(),
        _ => instant::first(date, zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
    }

    #[track_caller]
    fn check(name: &str, period: Period, now: &str, from: &str, until: &str) {
        let zone = zone(name);
        let (start, end) = bounds(period, now.parse().unwrap(), Some(&zone)).unwrap();
        assert_eq!((start, end), (from.parse().unwrap(), until.parse().unwrap()), "{start} {end}");
    }

    #[test]
    fn days_of_23_and_25_hours_in_amsterdam() {
        let day = |now, from, until| check("Europe/Amsterdam", Period::Day, now, from, until);
        day("2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        day("2026-10-25T00:30:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        day("2026-10-25T01:30:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        day("2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        day("2026-10-24T21:59:59Z", "2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z");
    }

    #[test]
    fn weeks_start_on_monday_and_months_end_where_they_end() {
        let check = |period, now, from, until| check("Europe/Amsterdam", period, now, from, until);
        check(Period::Week, "2026-11-24T10:00:00Z", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z");
        check(Period::Week, "2026-11-22T22:59:59Z", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z");
        check(Period::Month, "2028-02-29T22:59:59Z", "2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z");
        check(Period::Month, "2027-02-28T23:00:00Z", "2027-02-28T23:00:00Z", "2027-03-31T22:00:00Z");
        check(Period::Month, "2026-10-31T22:59:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z");
        check(Period::Year, "2026-12-31T22:59:59Z", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z");
        check(Period::Year, "2026-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "2027-12-31T23:00:00Z");
    }

    #[test]
    fn a_day_without_midnight_begins_at_its_first_instant() {
        // Beirut's clocks went from 00:00 to 01:00 on 2021-03-28; Havana's go from 01:00 back to 00:00.
        check("Asia/Beirut", Period::Day, "2021-03-28T10:00:00Z", "2021-03-27T22:00:00Z", "2021-03-28T21:00:00Z");
        check("America/Havana", Period::Day, "2025-11-02T12:00:00Z", "2025-11-02T04:00:00Z", "2025-11-03T05:00:00Z");
    }

    #[test]
    fn what_was_asked_last_never_changes_the_answer() {
        let zone = zone("Europe/Amsterdam");
        let recent = Recent::default();
        let mut now: Timestamp = "1969-11-30T22:59:59.999999999Z".parse().unwrap();
        for step in 0..4000_i64 {
            for period in [Period::Day, Period::Week, Period::Month, Period::Year] {
                let fresh = bounds(period, now, Some(&zone)).unwrap();
                assert_eq!(recent.from(period, now, Some(&zone)), Some(fresh.0), "{now}");
                assert_eq!(unpack(pack(fresh.0, fresh.1).unwrap()), Some(fresh));
            }
            // Forwards and back, by odd steps and to the very edges of days.
            let hours = if step % 3 == 0 { -7 } else { 131 };
            now = now.checked_add(SignedDuration::from_hours(hours)).unwrap();
            now = if step % 5 == 0 { bounds(Period::Day, now, Some(&zone)).unwrap().1 } else { now };
        }
    }

    #[test]
    fn rolling_windows_leave_out_their_own_start() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let start = start(Period::Rolling(86_400), now, None, &Recent::default());
        assert!(!start.counts("2026-11-23T10:00:00Z".parse().unwrap()));
        assert!(start.counts("2026-11-23T10:00:00.000000001Z".parse().unwrap()));
        assert!(start.counts("2027-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(super::start(Period::Rolling(u64::MAX), now, None, &Recent::default()), Start::Ever);
        assert_eq!(super::start(Period::Total, now, None, &Recent::default()), Start::Ever);
        assert_eq!(super::start(Period::Month, now, None, &Recent::default()), Start::Ever);
    }
}
