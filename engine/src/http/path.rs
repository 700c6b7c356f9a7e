//! The target of a call: one spelling of the path, or a refusal.

use smallvec::SmallVec;

use super::MAX_TARGET;
use super::refusal::{Refusal, Why};

/// The segments of a path, in order.
pub(crate) type Segments<'c> = SmallVec<[&'c str; 12]>;

/// Splits a target into the segments of its path and its query. Reads each byte once.
pub(crate) fn split(target: &str) -> Result<(Segments<'_>, Option<&str>), Refusal> {
    if target.len() > MAX_TARGET {
        return Err(Refusal::path(Why::TargetTooLong));
    }
    let Some(rest) = target.strip_prefix('/') else { return Err(Refusal::path(Why::TargetForm)) };
    let mut segments = Segments::new();
    let (mut from, mut end, mut fault) = (0_usize, rest.len(), None);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' | b'.' => {}
            b'/' => {
                segments.push(rest.get(from..at).unwrap_or_default());
                from = at.saturating_add(1);
            }
            b'?' => {
                end = at;
                break;
            }
            b'#' => return Err(Refusal::path(Why::Fragment)),
            b'%' => fault = fault.or(Some(Why::PercentEncoding)),
            _ => fault = fault.or(Some(Why::StrangeCharacter)),
        }
    }
    segments.push(rest.get(from..end).unwrap_or_default());
    let query = rest.get(end.saturating_add(1)..).filter(|_| end < rest.len());
    if query.is_some_and(|query| query.contains('#')) {
        fault = Some(Why::Fragment);
    }
    match fault.or_else(|| wrong(&segments)) {
        None => Ok((segments, query)),
        Some(why) => Err(Refusal::path(why)),
    }
}

/// What makes a path of plain segments another path to some servers.
fn wrong(segments: &Segments<'_>) -> Option<Why> {
    if segments.iter().any(|segment| segment.starts_with('.') && segment.bytes().all(|byte| byte == b'.')) {
        return Some(Why::DotSegment);
    }
    // A path ends with a slash when its last segment is empty; elsewhere that is two slashes side by side.
    let empty = segments.iter().position(|segment| segment.is_empty())?;
    let last = empty.saturating_add(1) == segments.len();
    Some(if last { Why::TrailingSlash } else { Why::EmptySegment })
}

/// Checks a number of the path: digits, no zero in front, at most 63 bits.
pub(crate) fn number(segment: &str) -> Result<u64, Why> {
    if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Why::IdNotDigits);
    }
    if segment.starts_with('0') {
        return Err(Why::IdLeadingZero);
    }
    segment.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok()).ok_or(Why::IdTooLarge)
}

/// Whether a segment is a UUID in small letters.
pub(crate) fn is_uuid(segment: &str) -> bool {
    segment.len() == 36
        && segment.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
        })
}
