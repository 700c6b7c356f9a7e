//! The JSON Schema of the settings, for editors. What is read is said beside it, in the parent; a test holds the two
//! together.

use serde_json::{Map, Value, json};

use super::{FAIL_LEVELS, LintLevel, PROFILES};
use crate::lint::{self, Profile};

/// The schema of `bpol.toml`.
pub fn schema() -> Value {
    let profiles: Vec<&str> = PROFILES.iter().copied().map(Profile::word).collect();
    let fail_levels: Vec<&str> = FAIL_LEVELS.iter().map(|level| level.word()).collect();
    let levels: Vec<&str> = LintLevel::ALL.iter().map(|level| level.word()).collect();
    let lints: Map<String, Value> = lint::all()
        .into_iter()
        .map(|lint| (lint.name.to_owned(), json!({"description": lint.summary, "$ref": "#/$defs/level"})))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bpol.toml",
        "description": "Settings of a project: which lints are looked for, and how bad each is where.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "profile": {
                "description": "Which lints are looked for; each profile has those of the ones before it.",
                "enum": profiles,
                "default": "recommended",
            },
            "fail-level": {
                "description": "The least bad findings that fail a check.",
                "enum": fail_levels,
                "default": "error",
            },
            "lints": {"description": "How bad lints are.", "$ref": "#/$defs/lints"},
            "overrides": {
                "description": "How bad lints are in some files; the last that names a lint counts.",
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["paths"],
                    "properties": {
                        "paths": {
                            "description": "Patterns of paths, relative to this file: `*` and `?` within a name, `**` for any folders.",
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "minLength": 1},
                        },
                        "lints": {"description": "How bad lints are in these files.", "$ref": "#/$defs/lints"},
                    },
                },
            },
        },
        "$defs": {
            "level": {
                "description": "Not reported, a remark, a warning, or an error.",
                "enum": levels,
            },
            "lints": {"type": "object", "additionalProperties": false, "properties": lints},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::{KEYS, OVERRIDE_KEYS};
    use super::schema;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[track_caller]
    fn has(of: &Value, keys: &[&str]) {
        let found: BTreeSet<&str> = of.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(found, keys.iter().copied().collect());
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let schema = schema();
        has(&schema["properties"], &KEYS);
        has(&schema["properties"]["overrides"]["items"]["properties"], &OVERRIDE_KEYS);
    }
}
