//! Vectors as a person writes them: one line each, with the expectation first.
//!
//! ```text
//! let G {"iban":"NL20INGB0001234567"}          $G below is this text
//! now 2026-11-24T10:00:00Z
//! # Why, in a sentence.                         stands in the vectors that follow
//! after create payment {"time":"…"}             adds an entry to the past of the vectors that follow
//! fresh                                         forgets the past
//! allow k#1+k#2 each (date,text) | read transaction {"account":$G}
//! deny k#3 | create payment
//! default | create payment {"amount":{"value":"@","currency":"EUR"}} | 1 ~ 2 ~ 3    a vector for each value of @
//! malformed | text {"key":…}                    a request that is no JSON object with members once each
//! ```
//!
//! Facts are of key `k` unless they name another.

use serde_json::{Map, Value, json};

#[derive(Default)]
struct Writing {
    lets: Vec<(String, String)>,
    now: String,
    why: Option<String>,
    past: Vec<Value>,
}

pub(super) fn vectors(source: &str) -> Vec<Value> {
    let mut writing = Writing::default();
    source.lines().filter(|line| !line.is_empty()).flat_map(|line| writing.line(line)).collect()
}

impl Writing {
    fn line(&mut self, line: &str) -> Vec<Value> {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        match first {
            "let" => {
                let (name, text) = rest.split_once(' ').expect("a name and a text");
                let text = self.filled(text);
                self.lets.push((format!("${name}"), text));
                // Longer names first, so that no name hides in another.
                self.lets.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
            }
            "now" => rest.clone_into(&mut self.now),
            "#" => self.why = Some(rest.to_owned()),
            "after" => self.past.push(call(&self.filled(rest))),
            "fresh" => self.past.clear(),
            _ => return self.asked(line),
        }
        Vec::new()
    }

    fn filled(&self, text: &str) -> String {
        self.lets.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    fn asked(&self, line: &str) -> Vec<Value> {
        let mut columns = line.split(" | ");
        let (expected, asked) = (columns.next().expect("a column"), columns.next().expect("a request"));
        let asked = self.filled(asked);
        let several = columns.next().unwrap_or("@");
        several
            .split(" ~ ")
            .map(|value| {
                let asked = asked.replace('@', &self.filled(value));
                let mut vector = Map::new();
                if !self.past.is_empty() {
                    vector.insert("past".to_owned(), json!(self.past));
                }
                match asked.strip_prefix("text ") {
                    Some(text) => vector.insert("text".to_owned(), json!(text)),
                    None => vector.insert("request".to_owned(), call(&asked)),
                };
                vector.insert("now".to_owned(), json!(self.now));
                vector.insert("expect".to_owned(), expectation(&self.filled(expected)));
                if let Some(why) = &self.why {
                    vector.insert("why".to_owned(), json!(why));
                }
                Value::Object(vector)
            })
            .collect()
    }
}

/// `ACTION RESOURCE {facts}`
fn call(text: &str) -> Value {
    let mut words = text.splitn(3, ' ');
    let (action, resource) = (words.next().expect("an action"), words.next().expect("a resource"));
    let facts = words.next().unwrap_or("{}");
    let mut call: Value = serde_json::from_str(facts).unwrap_or_else(|error| panic!("{text}: {error}"));
    let members = call.as_object_mut().expect("an object");
    for (name, value) in [("key", "k"), ("action", action), ("resource", resource)] {
        members.entry(name).or_insert_with(|| json!(value));
    }
    call
}

/// `allow k#1+k#2 each (a,b)`, `allow base`, `default`, `malformed`, `unknown-key`.
fn expectation(text: &str) -> Value {
    let (text, fields) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((text, fields)) => (text.trim(), Some(fields.split(',').filter(|field| !field.is_empty()))),
        None => (text, None),
    };
    let (text, each) = text.strip_suffix(" each").map_or((text, false), |text| (text, true));
    let (decision, reason, by) = match text.split_once(' ') {
        None => ("deny", text, Vec::new()),
        Some((decision, "base")) => (decision, "base", Vec::new()),
        Some((decision, by)) => (decision, "rule", by.split('+').collect()),
    };
    let fields = fields.map(Iterator::collect::<Vec<_>>);
    json!({"decision": decision, "reason": reason, "by": by, "each": each, "fields": fields})
}
