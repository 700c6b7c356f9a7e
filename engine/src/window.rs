//! Windows: when a period that contains a moment began, and when it ends.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::instant;
use crate::ir::Period;

/// From when on entries count. There is no end: an entry dated after now counts too.
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
pub(crate) fn start(period: Period, now: Timestamp, zone: Option<&TimeZone>) -> Start {
    match period {
        Period::Total => Start::Ever,
        Period::Rolling(seconds) => before(now, seconds).map_or(Start::Ever, Start::After),
        calendar => bounds(calendar, now, zone).map_or(Start::Ever, |(from, _)| Start::From(from)),
    }
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
    fn rolling_windows_leave_out_their_own_start() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let start = start(Period::Rolling(86_400), now, None);
        assert!(!start.counts("2026-11-23T10:00:00Z".parse().unwrap()));
        assert!(start.counts("2026-11-23T10:00:00.000000001Z".parse().unwrap()));
        assert!(start.counts("2027-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(super::start(Period::Rolling(u64::MAX), now, None), Start::Ever);
        assert_eq!(super::start(Period::Total, now, None), Start::Ever);
        assert_eq!(super::start(Period::Month, now, None), Start::Ever);
    }
}
