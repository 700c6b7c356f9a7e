//! Durations, dates, instants and times of day.

use jiff::Timestamp;

use crate::check::context::{At, Context};
use crate::check::value::Date;
use crate::syntax::tree::Token;

/// A duration of a hundred years; longer ones are slips.
const LONGEST: u64 = 100 * 366 * 86_400;

/// Reads a duration and gives its seconds.
pub(crate) fn duration(cx: &mut Context<'_>, at: At<'_>, token: Token) -> Option<u64> {
    let written = at.word(token);
    let digits = written.trim_end_matches(|character: char| !character.is_ascii_digit());
    let unit = match &written[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => 0,
    };
    let number: Option<u64> = if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None };
    let fault = match (number, unit) {
        (_, 0) | (None, _) => at
            .error("duration-shape", token, format!("`{written}` is not a duration"))
            .help("write a number and `s`, `m` (minutes), `h`, `d` or `w`, such as `30d`; months and years have no fixed length"),
        (Some(0), _) => at.error("duration-zero", token, "a duration of zero holds nothing").help("write how long you mean"),
        (Some(number), unit) => match number.checked_mul(unit) {
            Some(seconds) if seconds <= LONGEST => return Some(seconds),
            _ => at
                .error("duration-too-long", token, format!("`{written}` is longer than a hundred years"))
                .help("leave the clause out, or write a duration that ends"),
        },
    };
    cx.report(fault);
    None
}

/// Reads a date.
pub(crate) fn date(cx: &mut Context<'_>, at: At<'_>, token: Token) -> Option<Date> {
    let written = at.word(token);
    let shape = written.len() == 10
        && written
            .bytes()
            .enumerate()
            .all(|(i, byte)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let read: Option<Date> = if shape { written.parse().ok() } else { None };
    let fault = match read {
        Some(date) if (1970..=9998).contains(&date.year()) => return Some(date),
        Some(_) => at
            .error("date-out-of-range", token, format!("`{written}` is not a year that a bank's clock knows"))
            .help("write a date between 1970 and 9998"),
        None if shape => at
            .error("date-does-not-exist", token, format!("there is no day `{written}`"))
            .help("look at the calendar and write a day that exists"),
        None => at
            .error("date-shape", token, format!("`{written}` is not a date"))
            .help("write year, month and day, such as `2027-01-31`"),
    };
    cx.report(fault);
    None
}

/// Reads an instant.
pub(crate) fn instant(cx: &mut Context<'_>, at: At<'_>, token: Token) -> Option<Timestamp> {
    let written = at.word(token);
    let shape = written.as_bytes().get(10) == Some(&b'T');
    let fault = match (shape, written.parse::<Timestamp>()) {
        (true, Ok(instant)) => return Some(instant),
        _ => at
            .error("instant-shape", token, format!("`{written}` is not an instant"))
            .help("write date, time and zone, such as `2027-01-31T09:00:00Z` or `2027-01-31T10:00:00+01:00`"),
    };
    cx.report(fault);
    None
}

/// Reads a time of day and gives its minutes; `24:00` only where an end may stand.
pub(crate) fn clock(cx: &mut Context<'_>, at: At<'_>, token: Token, end: bool) -> Option<u16> {
    let written = at.word(token);
    let bytes = written.as_bytes();
    let digits = bytes.len() == 5 && bytes[2] == b':' && [0, 1, 3, 4].iter().all(|&i| bytes[i].is_ascii_digit());
    let (hours, minutes): (u16, u16) =
        if digits { (written[..2].parse().unwrap_or(99), written[3..].parse().unwrap_or(99)) } else { (99, 99) };
    let fault = match (hours, minutes) {
        (0..=23, 0..=59) => return Some(hours * 60 + minutes),
        (24, 0) if end => return Some(1440),
        (24, 0) => {
            at.error("time-of-day", token, "a day begins at `00:00`; `24:00` is only its end").help("write `00:00`")
        }
        _ => at
            .error("time-of-day", token, format!("`{written}` is not a time of day"))
            .help("write hours and minutes with two digits each, from `00:00` to `24:00`"),
    };
    cx.report(fault);
    None
}
