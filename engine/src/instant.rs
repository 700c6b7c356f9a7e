//! RFC 3339 instants and dates, read strictly.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// Reads `2026-11-24T10:00:00Z`, `2026-11-24T11:00:00.5+01:00`.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let date = date(text.get(..10)?)?;
    let time = text.get(10..19)?.as_bytes();
    let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2] = time else { return None };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    let mut rest = text.get(19..)?;
    let mut nanos = 0_i32;
    if let Some(tail) = rest.strip_prefix('.') {
        let end = tail.find(|symbol: char| !symbol.is_ascii_digit())?;
        let (digits, after) = tail.split_at_checked(end)?;
        if digits.is_empty() || digits.len() > 9 {
            return None;
        }
        let missing = u32::try_from(9_usize.checked_sub(digits.len())?).ok()?;
        nanos = digits.parse::<i32>().ok()?.checked_mul(10_i32.checked_pow(missing)?)?;
        rest = after;
    }
    let seconds = match rest.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (i32::from(two(*h1, *h2)?), i32::from(two(*m1, *m2)?));
            if hours > 23 || minutes > 59 {
                return None;
            }
            let size = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
            if *sign == b'-' { size.checked_neg()? } else { size }
        }
        _ => return None,
    };
    // The constructor refuses hour 24 and second 60: neither names an instant that every clock knows.
    let local = DateTime::new(date.year(), date.month(), date.day(), hour, minute, second, nanos).ok()?;
    Offset::from_seconds(seconds).ok()?.to_timestamp(local).ok()
}

/// Reads `2027-01-31`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let year = i16::from(two(*y1, *y2)?).checked_mul(100)?.checked_add(i16::from(two(*y3, *y4)?))?;
    Date::new(year, two(*m1, *m2)?, two(*d1, *d2)?).ok()
}

/// The first instant of a date in a zone; where the clocks skip midnight, that is later than midnight.
pub(crate) fn first(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned_datetime(zone.clone()).ok()?.start_of_day().ok().map(|zoned| zoned.timestamp())
}

fn two(tens: u8, ones: u8) -> Option<i8> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    let digit = |byte: u8| i8::try_from(byte.saturating_sub(b'0')).ok();
    digit(tens)?.checked_mul(10)?.checked_add(digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_and_nothing_else() {
        let same: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        for text in [
            "2026-11-24T10:00:00Z",
            "2026-11-24t10:00:00z",
            "2026-11-24T11:00:00+01:00",
            "2026-11-24T10:00:00.000000000Z",
        ] {
            assert_eq!(parse(text), Some(same), "{text}");
        }
        assert_eq!(parse("2026-11-24T10:00:00.5Z"), Some("2026-11-24T10:00:00.5Z".parse().unwrap()));
        for text in [
            "",
            "2026-11-24",
            "2026-11-24 10:00:00Z",
            "2026-11-24T10:00Z",
            "2026-11-24T10:00:00",
            "2026-11-24T24:00:00Z",
            "2026-02-29T10:00:00Z",
            "2026-11-24T10:00:60Z",
            "2026-11-24T10:00:00.Z",
            "2026-11-24T10:00:00+0100",
            "2026-11-24T10:00:00+24:00",
            "2026-11-24T10:00:00Z[UTC]",
            "20261124T100000Z",
            "+2026-11-24T10:00:00Z",
            "2026-11-24T10:00:00,5Z",
            "2026-11-24T10:00:00.1234567890Z",
            " 2026-11-24T10:00:00Z",
            "2026-1१-24T10:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
