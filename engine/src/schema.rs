//! JSON Schemas (2020-12) of what goes in and comes out. All shapes are closed.

use serde_json::{Value, json};

use crate::facts::Repeat;
use crate::ir::{Ir, VERSION};
use crate::report::Report;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The compiled policy.
pub fn policy() -> Value {
    let mut schema = schemars::schema_for!(Ir).to_value();
    without_null(&mut schema);
    if let Some(version) = schema.pointer_mut("/properties/bpol") {
        *version = json!({"description": "The language version; a consumer refuses another.", "const": VERSION});
    }
    titled(schema, "bpol policy")
}

/// A request. Words of the bank (action, resource, kind, method) depend on the policy's catalogue and are plain strings
/// here; checksums, currencies and contradictions are beyond a schema.
pub fn request() -> Value {
    asked("bpol request", &["key", "action", "resource"])
}

/// An entry of the past: a request with its time.
pub fn entry() -> Value {
    asked("bpol entry", &["key", "action", "resource", "time"])
}

/// The full decision.
pub fn decision() -> Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    if let Some(definitions) = schema.get_mut("$defs") {
        without_null(definitions);
    }
    titled(schema, "bpol decision")
}

fn titled(mut schema: Value, title: &str) -> Value {
    without_examples(&mut schema);
    if let Some(members) = schema.as_object_mut() {
        members.insert("$schema".to_owned(), json!(DIALECT));
        members.insert("title".to_owned(), json!(title));
    }
    schema
}

/// Descriptions without the examples for users of this library.
fn without_examples(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "description" => {
                        if let Some((said, _)) = text.split_once("\n\n```") {
                            *member = json!(said);
                        }
                    }
                    member => without_examples(member),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(without_examples),
        _ => {}
    }
}

fn asked(title: &str, required: &[&str]) -> Value {
    let instant = json!({
        "type": "string", "format": "date-time",
        "pattern": r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$"
    });
    let closed = |properties: Value| json!({"type": "object", "properties": properties, "additionalProperties": false});
    let fact = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    json!({
        "$schema": DIALECT,
        "title": title,
        "description": "What is known of one call of the bank's API. What is absent is unknown; null is refused.",
        "type": "object",
        "properties": {
            "key": {"description": "The name of the key.", "type": "string"},
            "action": {"description": "The action word, for instance `create`.", "type": "string"},
            "resource": {"description": "The resource word in the singular.", "type": "string"},
            "time": {"description": "When; absent means now.", "$ref": "#/$defs/instant"},
            "ip": {"description": "The caller's IPv4 or IPv6 address.", "type": "string"},
            "account": fact("account"),
            "payee": fact("payee"),
            "amount": fact("amount"),
            "method": {"description": "A METHOD word of the catalogue.", "type": "string"},
            "repeat": {"description": "How often the bank repeats it by itself.", "enum": Repeat::WORDS},
            "url": fact("url"),
            "record": fact("record"),
            "answer": {"description": "Whether facts of records stand in the bank's answer.", "type": "boolean"},
            "parts": {
                "description": "The parts of a batch or list, in order.",
                "type": "array", "minItems": 1,
                "items": closed(json!({
                    "amount": fact("amount"), "payee": fact("payee"), "account": fact("account"), "url": fact("url")
                }))
            },
            "id": {"description": "Names the request for idempotency.", "type": "string"}
        },
        "required": required,
        "additionalProperties": false,
        "not": {"required": ["answer", "parts"], "properties": {"answer": {"const": true}}},
        "$defs": {
            "instant": instant,
            "iban": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$"},
            "url": {"description": "An absolute URL.", "type": "string", "format": "uri"},
            "account": closed(json!({
                "iban": {"$ref": "#/$defs/iban"},
                "id": {"type": "integer", "minimum": 0, "maximum": u64::MAX},
                "name": {"type": "string"},
                "kind": {"type": "string"}
            })),
            "payee": closed(json!({
                "iban": {"$ref": "#/$defs/iban"}, "own": {"type": "boolean"}, "favorite": {"type": "boolean"}
            })),
            "amount": {
                "type": "object",
                "properties": {
                    "value": {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,13})(\.[0-9]+)?$"},
                    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}
                },
                "dependentRequired": {"value": ["currency"], "currency": ["value"]},
                "additionalProperties": false
            },
            "record": closed(json!({"created": {"$ref": "#/$defs/instant"}, "own": {"type": "boolean"}}))
        }
    })
}

/// Takes null out of what may be left out: the documents leave it out.
pub fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Object(members) => {
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|one| *one != json!("null"));
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    members.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|one| *one != json!({"type": "null"}));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    members.remove("anyOf");
                    members.extend(only);
                }
            }
            if members.get("default") == Some(&Value::Null) {
                members.remove("default");
            }
            members.values_mut().for_each(without_null);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(schema: &Value, path: &str, see: &mut impl FnMut(&str, &serde_json::Map<String, Value>)) {
        match schema {
            Value::Object(members) => {
                see(path, members);
                members.iter().for_each(|(name, value)| walk(value, &format!("{path}/{name}"), see));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, path, see)),
            _ => {}
        }
    }

    #[test]
    fn all_shapes_are_closed_and_nothing_may_be_null() {
        for (name, schema) in
            [("policy", policy()), ("request", request()), ("entry", entry()), ("decision", decision())]
        {
            assert_eq!(schema["$schema"], json!(DIALECT));
            let mut objects = 0;
            walk(&schema, name, &mut |path, members| {
                if members.get("type") == Some(&json!("object")) {
                    objects += 1;
                    // A map of the bank's words to the policy's is open by nature.
                    let map = path.ends_with("/map") && !members.contains_key("properties");
                    let more = if map { json!({"type": "string"}) } else { json!(false) };
                    assert_eq!(members.get("additionalProperties"), Some(&more), "{path}");
                }
                let null = members.get("type").is_some_and(|kind| kind.to_string().contains("null"));
                assert!(!null || path == "decision/properties/fields", "{path}");
            });
            assert!(objects > 3, "{name}");
        }
    }

    #[test]
    fn the_request_schema_names_the_fields_that_are_read() {
        let schema = request();
        let mut names: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut fields = crate::request::FIELDS.map(|(name, _)| name);
        names.sort_unstable();
        fields.sort_unstable();
        assert_eq!(names, fields);
        assert_eq!(entry()["required"], json!(["key", "action", "resource", "time"]));
    }
}
