//! The query of a call: known parameters, each once, in one spelling.

use super::path;
use super::refusal::{Refusal, Why};

/// Names and values, in order.
pub(crate) type Pairs<'c> = Vec<(&'c str, &'c str)>;

/// Names that ask some servers for another method.
pub(crate) const METHOD_OVERRIDES: [&str; 3] = ["_method", "_http_method", "x-http-method-override"];

/// Splits a query; which parameters a route has is for [`known`] to say.
pub(crate) fn split(query: &str) -> Result<Pairs<'_>, Refusal> {
    let mut pairs = Pairs::new();
    for pair in query.split('&') {
        let Some((name, value)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(Refusal::query(Why::QueryShape, ""));
        };
        let plain = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
        };
        if !plain(name) {
            return Err(Refusal::query(Why::QueryEncoding, ""));
        }
        if METHOD_OVERRIDES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return Err(Refusal::query(Why::MethodOverride, name));
        }
        if !plain(value) {
            return Err(Refusal::query(Why::QueryEncoding, name));
        }
        if pairs.iter().any(|(other, _)| *other == name) {
            return Err(Refusal::query(Why::DuplicateQueryKey, name));
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// Whether every parameter is one for paging through a list, which is a whole number, or one that tells a fact.
pub(crate) fn known(pairs: &[(&str, &str)], paging: &[String], facts: &[Box<str>]) -> Result<(), Refusal> {
    for (name, value) in pairs {
        if paging.iter().any(|known| known == name) {
            if *value != "0" && path::number(value).is_err() {
                return Err(Refusal::query(Why::QueryNotDigits, name));
            }
        } else if !facts.iter().any(|known| **known == **name) {
            return Err(Refusal::query(Why::UnknownQueryKey, name));
        }
    }
    Ok(())
}
