//! How many windows of a period there are until a date.

use bpol_engine::ir::Period;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::analyze::space::moment::{SECOND, timestamp};

/// How many windows of a period there are from a moment until an instant in nanoseconds, which is left out.
pub(super) fn until(period: Period, from: Timestamp, end: i128, zone: &TimeZone) -> Option<i128> {
    let last = timestamp(end - 1)?.max(from);
    let (first_day, last_day): (Date, Date) = (zone.to_datetime(from).date(), zone.to_datetime(last).date());
    let days = i128::from(days(first_day, last_day));
    let months = (i128::from(last_day.year()) - i128::from(first_day.year())) * 12 + i128::from(last_day.month())
        - i128::from(first_day.month());
    Some(match period {
        Period::Day => days + 1,
        Period::Week => {
            let into = i128::from(first_day.weekday().to_monday_zero_offset());
            (days + into) / 7 + 1
        }
        Period::Month => months + 1,
        Period::Year => i128::from(last_day.year()) - i128::from(first_day.year()) + 1,
        Period::Rolling(seconds) => {
            let length = (last.as_nanosecond() - from.as_nanosecond()) / SECOND;
            length / i128::from(seconds.max(1)) + 1
        }
        Period::Total => 1,
    })
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or(i32::MAX)
}

/// The date that begins at an instant in nanoseconds.
pub(super) fn date(nanoseconds: i128, zone: &TimeZone) -> String {
    timestamp(nanoseconds).map(|at| zone.to_datetime(at).date().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use bpol_engine::ir::Period;
    use jiff::tz::TimeZone;

    use super::until;

    #[test]
    fn windows_that_begin_before_the_end_are_counted() {
        let zone = TimeZone::UTC;
        let from = "2026-11-24T10:00:00Z".parse().unwrap();
        let end = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_nanosecond();
        let count = |period, to| until(period, from, end(to), &zone);
        assert_eq!(count(Period::Day, "2026-11-25T00:00:00Z"), Some(1));
        assert_eq!(count(Period::Day, "2026-12-01T00:00:00Z"), Some(7));
        assert_eq!(count(Period::Week, "2026-11-30T00:00:00Z"), Some(1));
        assert_eq!(count(Period::Week, "2026-12-01T00:00:00Z"), Some(2));
        assert_eq!(count(Period::Month, "2027-02-01T00:00:00Z"), Some(3));
        assert_eq!(count(Period::Year, "2027-02-01T00:00:00Z"), Some(2));
        assert_eq!(count(Period::Rolling(86_400), "2026-11-25T10:00:00Z"), Some(1));
        assert_eq!(count(Period::Rolling(86_400), "2026-11-25T10:00:01Z"), Some(2));
    }
}
