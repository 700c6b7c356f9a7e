//! JSON with nothing lost: what a request may not say must be seen before it can be refused.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// JSON as it stands, with the members of objects in a list, so that a second one of a name is seen.
#[derive(Debug, Clone)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Integer(u64),
    Number,
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Bool(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Integer(value))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
                Ok(Json::Number)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
                Ok(Json::Number)
            }
            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::String(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Json::Array(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Json::Object(members))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// "an unknown or duplicate field, a `null`"
pub(super) fn closed(members: &[(String, Json)], known: &[&str]) -> Result<(), String> {
    for (index, (name, value)) in members.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            return Err(format!("`{name}` is unknown"));
        }
        if members[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(format!("`{name}` stands twice"));
        }
        if matches!(value, Json::Null) {
            return Err(format!("`{name}` is null"));
        }
    }
    Ok(())
}

pub(super) fn member<'json>(members: &'json [(String, Json)], name: &str) -> Option<&'json Json> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

pub(super) fn string(members: &[(String, Json)], name: &str) -> Result<Option<String>, String> {
    match member(members, name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` is a string")),
    }
}

pub(super) fn boolean(members: &[(String, Json)], name: &str) -> Result<Option<bool>, String> {
    match member(members, name) {
        None => Ok(None),
        Some(Json::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(format!("`{name}` is true or false")),
    }
}

pub(super) fn word(members: &[(String, Json)], name: &str, known: &[&str]) -> Result<Option<String>, String> {
    match string(members, name)? {
        Some(text) if !known.contains(&text.as_str()) => Err(format!("`{text}` is no {name}")),
        told => Ok(told),
    }
}

pub(super) fn object<'json>(
    members: &'json [(String, Json)],
    name: &str,
    known: &[&str],
) -> Result<Option<&'json [(String, Json)]>, String> {
    match member(members, name) {
        None => Ok(None),
        Some(Json::Object(inner)) => {
            closed(inner, known)?;
            Ok(Some(inner))
        }
        Some(_) => Err(format!("`{name}` is an object")),
    }
}
