//! Headers that change what a call means.

use super::MAX_HEADERS;
use super::refusal::{Refusal, Why};

/// Headers by which some servers take another method than the one that is written.
const METHOD: [&str; 4] = ["x-http-method-override", "x-http-method", "x-method-override", "x-method"];
/// Headers by which some servers take another path.
const PATH: [&str; 4] = ["x-original-url", "x-rewrite-url", "x-original-uri", "x-override-url"];

/// Checks the headers of a call that has a body, or none.
pub(crate) fn check(headers: &[(&str, &[u8])], has_body: bool) -> Result<(), Refusal> {
    if headers.len() > MAX_HEADERS {
        return Err(Refusal::new(Why::TooManyHeaders, super::Place::Header(String::new())));
    }
    let mut content_type = None;
    for (name, value) in headers {
        if any(name, &METHOD) {
            return Err(Refusal::header(Why::MethodOverride, name));
        }
        if any(name, &PATH) {
            return Err(Refusal::header(Why::PathOverride, name));
        }
        if same(name, "range") || same(name, "if-range") {
            return Err(Refusal::header(Why::Range, name));
        }
        if same(name, "content-encoding") && !value.eq_ignore_ascii_case(b"identity") {
            return Err(Refusal::header(Why::ContentEncoding, name));
        }
        if same(name, "content-type") && content_type.replace(*value).is_some() {
            return Err(Refusal::header(Why::DuplicateHeader, name));
        }
    }
    match content_type {
        // The bank reads a body of no stated type as JSON, and its own Python client states none.
        Some(value) if has_body && !is_json(value) => Err(Refusal::header(Why::ContentType, "content-type")),
        _ => Ok(()),
    }
}

/// `application/json`, with `charset=utf-8` at most.
pub(crate) fn is_json(value: &[u8]) -> bool {
    let Ok(value) = std::str::from_utf8(value) else { return false };
    let (kind, parameter) = match value.split_once(';') {
        Some((kind, parameter)) => (kind, Some(parameter)),
        None => (value, None),
    };
    let blank = |text: &str| -> String { text.trim_matches([' ', '\t']).to_ascii_lowercase() };
    kind.trim_matches([' ', '\t']).eq_ignore_ascii_case("application/json")
        && parameter.is_none_or(|parameter| matches!(&*blank(parameter), "charset=utf-8" | "charset=\"utf-8\""))
}

fn any(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| same(name, known))
}

/// Header names are alike in capitals and small letters, and to some servers with `_` for `-`.
fn same(name: &str, known: &str) -> bool {
    name.len() == known.len()
        && name.bytes().zip(known.bytes()).all(|(one, other)| {
            let one = if one == b'_' { b'-' } else { one.to_ascii_lowercase() };
            one == other
        })
}
