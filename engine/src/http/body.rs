//! Bodies: which keys they hold, and whether a route has these.

use smallvec::SmallVec;

use super::refusal::{Refusal, Why};
use super::{MAX_BODY, MAX_BODY_DEPTH, query};
use crate::document::{self, Document, Kind, Limits, Value};
use crate::pointer::{Pointer, Segment};

/// Reads the body of a call: one JSON object, every key once and without escapes.
pub(crate) fn read(body: &[u8]) -> Result<Document<'_>, Refusal> {
    let document = document::read(body, Limits { bytes: MAX_BODY, depth: MAX_BODY_DEPTH })?;
    if let Some(value) = document.escaped_key() {
        return Err(Refusal::body(Why::EscapedKey, value.pointer()));
    }
    let Some(root) = document.root().filter(|root| root.kind() == Kind::Object) else {
        return Err(Refusal::body(Why::BodyNotObject, String::new()));
    };
    let overrides = |key: &str| query::METHOD_OVERRIDES.iter().any(|known| key.eq_ignore_ascii_case(known));
    if let Some(value) = root.children().find(|value| overrides(value.raw_key())) {
        return Err(Refusal::body(Why::MethodOverride, value.pointer()));
    }
    Ok(document)
}

/// Whether a body holds nothing but what the pointers name, each with everything below it.
pub(crate) fn holds_only(body: Option<Value<'_, '_>>, pointers: &[Pointer]) -> Result<(), Refusal> {
    let Some(body) = body else { return Ok(()) };
    if body.is_empty() {
        return Ok(());
    }
    if pointers.is_empty() {
        return Err(Refusal::body(Why::BodyNotAllowed, String::new()));
    }
    let pointers: Ways<'_> = pointers.iter().map(Pointer::segments).collect();
    inside(body, &pointers)
}

type Ways<'p> = SmallVec<[&'p [Segment]; 16]>;

fn inside(value: Value<'_, '_>, pointers: &Ways<'_>) -> Result<(), Refusal> {
    let refuse = |why, value: Value<'_, '_>| Err(Refusal::body(why, value.pointer()));
    if pointers.iter().any(|pointer| pointer.is_empty()) {
        return Ok(());
    }
    if !matches!(value.kind(), Kind::Object | Kind::List) {
        return refuse(Why::WrongType, value);
    }
    if value.is_empty() {
        return refuse(Why::EmptyValue, value);
    }
    for child in value.children() {
        let fits = |segment: &Segment| match segment {
            Segment::Key(key) => value.kind() == Kind::Object && child.key_is(key),
            Segment::Every => value.kind() == Kind::List,
            Segment::Entry(..) | Segment::Deep => false,
        };
        let below: Ways<'_> = pointers
            .iter()
            .filter_map(|pointer| pointer.split_first())
            .filter(|(first, _)| fits(first))
            .map(|(_, rest)| rest)
            .collect();
        if below.is_empty() {
            let keyed = pointers.iter().any(|pointer| matches!(pointer.first(), Some(Segment::Key(_))));
            return match value.kind() {
                Kind::Object if keyed => refuse(Why::UnknownKey, child),
                _ => refuse(Why::WrongType, value),
            };
        }
        inside(child, &below)?;
    }
    Ok(())
}
