//! Cutting an answer as `bpol_engine::ir`'s page of routes says, line by line and without haste.

use bpol_engine::ir::Answer;
use serde_json::{Map, Value};

/// One step from a value to one inside it.
#[derive(Clone, Copy)]
enum Step<'v> {
    Member(&'v str),
    Entry(&'v Value),
}

/// What stays of a record; nothing when nothing does.
pub(super) fn cut(answer: &Answer, record: &Value, shown: &[String], dropped: &[String]) -> Value {
    let Some(fields) = &answer.fields else { return without(record, dropped) };
    let (mut shows, mut hides): (Vec<&str>, Vec<&str>) = (answer.keep.iter().map(String::as_str).collect(), Vec::new());
    for field in fields {
        let side = if shown.contains(&field.field) { &mut shows } else { &mut hides };
        side.extend(field.at.iter().map(String::as_str));
    }
    let cutting = Cutting { shows, hides, dropped };
    cutting.inside(record, &mut Vec::new()).unwrap_or_else(|| Value::Object(Map::new()))
}

struct Cutting<'c> {
    shows: Vec<&'c str>,
    hides: Vec<&'c str>,
    dropped: &'c [String],
}

impl<'c> Cutting<'c> {
    fn inside<'v>(&self, value: &'v Value, path: &mut Vec<Step<'v>>) -> Option<Value> {
        // "A value stays when `keep` or a field that is shown names it or something above it, and no field that is not
        // shown does."
        let named = |pointers: &[&str]| {
            pointers.iter().any(|pointer| names(&pointer.split('/').skip(1).collect::<Vec<_>>(), path))
        };
        let stays = named(&self.shows) && !named(&self.hides);
        match value {
            Value::Object(members) => {
                let mut kept = Map::new();
                for (key, value) in members.iter().filter(|(key, _)| !self.dropped.contains(key)) {
                    path.push(Step::Member(key));
                    if let Some(value) = self.inside(value, path) {
                        kept.insert(key.clone(), value);
                    }
                    path.pop();
                }
                (stays || !kept.is_empty()).then_some(Value::Object(kept))
            }
            Value::Array(entries) => {
                let mut kept = Vec::new();
                for value in entries {
                    path.push(Step::Entry(value));
                    kept.extend(self.inside(value, path));
                    path.pop();
                }
                (stays || !kept.is_empty()).then_some(Value::Array(kept))
            }
            _ => stays.then(|| value.clone()),
        }
    }
}

/// Whether a pointer names what stands at a path, or something above it.
fn names(pointer: &[&str], path: &[Step<'_>]) -> bool {
    let Some((first, rest)) = pointer.split_first() else { return true };
    let below = || path.split_first();
    match *first {
        "**" => names(rest, path) || below().is_some_and(|(_, path)| names(pointer, path)),
        "*" => below().is_some_and(|(_, path)| names(rest, path)),
        key => below().is_some_and(|(step, path)| {
            let fits = match (key.strip_prefix('[').and_then(|key| key.strip_suffix(']')), step) {
                (None, Step::Member(member)) => *member == key,
                (Some(entry), Step::Entry(value)) => {
                    let (key, text) = entry.split_once('=').expect("key=TEXT");
                    value.get(key).and_then(Value::as_str) == Some(text)
                }
                _ => false,
            };
            fits && names(rest, path)
        }),
    }
}

/// "Keys that gateways drop from every answer, at any depth, whoever asks."
fn without(value: &Value, dropped: &[String]) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| !dropped.contains(key));
            Value::Object(kept.map(|(key, value)| (key.clone(), without(value, dropped))).collect())
        }
        Value::Array(entries) => entries.iter().map(|value| without(value, dropped)).collect(),
        other => other.clone(),
    }
}
