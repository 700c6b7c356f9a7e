//! Matches calls with routes as `bpol_engine::ir`'s page of routes says, line by line and without haste.

use bpol_engine::ir::{Condition, Route};
use serde_json::Value;

/// Whether a call matches a route.
pub(super) fn matches(route: &Route, method: &str, path: &str, body: &Value) -> bool {
    let fits = |(template, segment): (&str, &str)| {
        let plain = !matches!(segment, "" | "." | "..") && !segment.contains('%');
        plain && (template.starts_with('{') || template == segment)
    };
    let (template, path): (Vec<&str>, Vec<&str>) = (route.path.split('/').collect(), path.split('/').collect());
    let (template, path) = (template.get(1..).unwrap_or_default(), path.get(1..).unwrap_or_default());
    route.method == method
        && template.len() == path.len()
        && template.iter().copied().zip(path.iter().copied()).all(fits)
        && holds_only(body, &route.body.iter().map(|pointer| segments(pointer)).collect::<Vec<_>>(), true)
        && route.when.as_ref().is_none_or(|when| holds(when, body))
}

/// Whether the body holds nothing but what the pointers name, each with everything below it.
fn holds_only(value: &Value, pointers: &[Vec<&str>], root: bool) -> bool {
    if pointers.iter().any(Vec::is_empty) {
        return true;
    }
    let below = |key: &str| -> Vec<Vec<&str>> {
        let fits = pointers.iter().filter(|pointer| pointer.first().is_some_and(|first| *first == key));
        fits.map(|pointer| pointer.get(1..).unwrap_or_default().to_vec()).collect()
    };
    match value {
        Value::Object(map) if map.is_empty() => root,
        Value::Object(map) => {
            map.iter().all(|(key, value)| !below(key).is_empty() && holds_only(value, &below(key), false))
        }
        Value::Array(list) if !list.is_empty() => {
            !below("*").is_empty() && list.iter().all(|value| holds_only(value, &below("*"), false))
        }
        Value::Null => root,
        _ => false,
    }
}

/// Whether a condition holds.
pub(super) fn holds(when: &Condition, body: &Value) -> bool {
    let Some(values) = at(body, &segments(&when.at)) else { return false };
    !values.is_empty()
        && values.iter().all(|value| match (&when.is, when.empty) {
            (Some(text), _) => value.as_str() == Some(text),
            (None, true) => value.as_array().is_some_and(Vec::is_empty),
            (None, false) => !value.is_null(),
        })
}

/// The values at a pointer; nothing when some entry of a list lacks its value.
fn at<'v>(value: &'v Value, pointer: &[&str]) -> Option<Vec<&'v Value>> {
    let Some((first, rest)) = pointer.split_first() else { return Some(vec![value]) };
    if *first == "*" {
        let list = value.as_array()?;
        let found: Option<Vec<Vec<&Value>>> = list.iter().map(|value| at(value, rest)).collect();
        return Some(found?.concat());
    }
    at(value.get(first)?, rest)
}

fn segments(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}
