//! Spans of the week by the clock on the wall.

use jiff::civil::DateTime;

use crate::ir::{Day, During};

/// A span: the days on which it starts as bits from Monday, and minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    days: u8,
    from: u16,
    until: u16,
}

impl Span {
    pub(crate) fn new(during: &During) -> Result<Self, &'static str> {
        if during.days.is_empty() || !during.days.is_sorted_by(|a, b| a < b) {
            return Err("`days` must name days in week order, each once");
        }
        if during.from > 1439 || during.until > 1440 {
            return Err("minutes of a day run from 0 to 1440");
        }
        if during.from == during.until {
            return Err("a span that ends when it starts holds nothing");
        }
        let days = during.days.iter().fold(0, |days, day| days | bit(*day));
        Ok(Self { days, from: during.from, until: during.until })
    }

    /// Whether the local time lies in the span; what runs past midnight belongs to the day it starts on.
    pub(crate) fn holds(self, local: DateTime) -> bool {
        let minute = minute(local);
        let weekday = u32::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        let today = self.starts_on(weekday);
        if self.from < self.until {
            return today && self.from <= minute && minute < self.until;
        }
        let yesterday = self.starts_on(weekday.saturating_add(6) % 7);
        (today && self.from <= minute) || (yesterday && minute < self.until)
    }

    fn starts_on(self, weekday: u32) -> bool {
        1_u8.checked_shl(weekday).is_some_and(|bit| self.days & bit != 0)
    }
}

fn minute(local: DateTime) -> u16 {
    let (hour, minute) = (u16::try_from(local.hour()).unwrap_or(0), u16::try_from(local.minute()).unwrap_or(0));
    hour.saturating_mul(60).saturating_add(minute)
}

fn bit(day: Day) -> u8 {
    match day {
        Day::Mon => 1,
        Day::Tue => 2,
        Day::Wed => 4,
        Day::Thu => 8,
        Day::Fri => 16,
        Day::Sat => 32,
        Day::Sun => 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(days: &[Day], from: u16, until: u16) -> Span {
        Span::new(&During { days: days.to_vec(), from, until }).unwrap()
    }

    #[track_caller]
    fn check(span: Span, local: &str, holds: bool) {
        assert_eq!(span.holds(local.parse().unwrap()), holds, "{local}");
    }

    #[test]
    fn the_start_is_inside_and_the_end_is_not() {
        let office = span(&[Day::Mon, Day::Tue], 540, 1020);
        check(office, "2026-11-23T09:00:00", true);
        check(office, "2026-11-23T08:59:59", false);
        check(office, "2026-11-24T16:59:59", true);
        check(office, "2026-11-24T17:00:00", false);
        check(office, "2026-11-25T12:00:00", false);
    }

    #[test]
    fn a_night_belongs_to_the_day_it_starts_on() {
        let night = span(&[Day::Sun], 1320, 360);
        check(night, "2026-11-22T22:00:00", true);
        check(night, "2026-11-23T05:59:59", true);
        check(night, "2026-11-23T06:00:00", false);
        check(night, "2026-11-22T05:00:00", false);
        check(night, "2026-11-23T22:00:00", false);
    }

    #[test]
    fn a_whole_day_ends_at_midnight() {
        let saturday = span(&[Day::Sat], 0, 1440);
        check(saturday, "2026-11-28T00:00:00", true);
        check(saturday, "2026-11-28T23:59:59", true);
        check(saturday, "2026-11-29T00:00:00", false);
        check(saturday, "2026-11-27T23:59:59", false);
    }

    #[test]
    fn spans_that_hold_nothing_are_refused() {
        for (days, from, until) in [
            (vec![], 0, 60),
            (vec![Day::Mon], 60, 60),
            (vec![Day::Mon], 1440, 60),
            (vec![Day::Mon], 0, 1441),
            (vec![Day::Tue, Day::Mon], 0, 60),
        ] {
            assert!(Span::new(&During { days, from, until }).is_err());
        }
    }
}
