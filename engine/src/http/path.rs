//! The target of a call: one spelling of the path, or a refusal.

use smallvec::SmallVec;

use super::MAX_TARGET;
use super::refusal::{Refusal, Why};

/// The segments of a path, in order.
pub(crate) type Segments<'c> = SmallVec<[&'c str; 12]>;

/// Splits a target into the segments of its path and its query.
pub(crate) fn split(target: &str) -> Result<(Segments<'_>, Option<&str>), Refusal> {
    if target.len() > MAX_TARGET {
        return Err(Refusal::path(Why::TargetTooLong));
    }
    if target.contains('#') {
        return Err(Refusal::path(Why::Fragment));
    }
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let Some(rest) = path.strip_prefix('/') else { return Err(Refusal::path(Why::TargetForm)) };
    let mut segments = Segments::new();
    for segment in rest.split('/') {
        plain(segment)?;
        segments.push(segment);
    }
    // A path ends with a slash when its last segment is empty; elsewhere that is two slashes side by side.
    match segments.iter().position(|segment| segment.is_empty()) {
        None => Ok((segments, query)),
        Some(place) if place.saturating_add(1) == segments.len() => Err(Refusal::path(Why::TrailingSlash)),
        Some(_) => Err(Refusal::path(Why::EmptySegment)),
    }
}

fn plain(segment: &str) -> Result<(), Refusal> {
    if segment.contains('%') {
        return Err(Refusal::path(Why::PercentEncoding));
    }
    if !segment.is_empty() && segment.bytes().all(|byte| byte == b'.') {
        return Err(Refusal::path(Why::DotSegment));
    }
    if segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')) {
        Ok(())
    } else {
        Err(Refusal::path(Why::StrangeCharacter))
    }
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
