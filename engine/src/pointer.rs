//! Pointers into JSON, as routes write them (see [`crate::ir::Route`]): read once, followed often.

use smallvec::SmallVec;

use crate::document::{Kind, Value};

/// A path of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pointer(pub(crate) Box<[Segment]>);

/// One step of a pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// The member of this key.
    Key(Box<str>),
    /// Every entry of a list, or every value of an object.
    Every,
    /// The entries of a list whose key is this text.
    Entry(Box<str>, Box<str>),
    /// Any number of steps.
    Deep,
}

/// What stands at a pointer.
#[derive(Debug, Default)]
pub(crate) struct Found<'d, 't> {
    pub(crate) values: SmallVec<[Value<'d, 't>; 2]>,
    /// Whether some entry of a list has nothing there, or `null`.
    pub(crate) lacking: bool,
}

impl Pointer {
    /// Reads a pointer; `/` is the value itself.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        if rest.is_empty() {
            return Some(Self(Box::default()));
        }
        rest.split('/').map(segment).collect::<Option<_>>().map(Self)
    }

    /// The pointer to what its last segment stands in.
    pub(crate) fn above(&self) -> Self {
        Self(self.0.split_last().map(|(_, above)| above).unwrap_or_default().into())
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The values at the pointer. `null` is as good as nothing.
    pub(crate) fn find<'d, 't>(&self, value: Value<'d, 't>) -> Found<'d, 't> {
        let mut found = Found::default();
        follow(value, &self.0, false, &mut found);
        found
    }
}

fn segment(text: &str) -> Option<Segment> {
    let entry = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|rest| rest.split_once('='));
    match (text, entry) {
        ("*", _) => Some(Segment::Every),
        ("**", _) => Some(Segment::Deep),
        (_, Some((key, text))) if !key.is_empty() && !text.is_empty() => Some(Segment::Entry(key.into(), text.into())),
        (_, Some(_)) | ("", _) => None,
        _ => Some(Segment::Key(text.into())),
    }
}

fn follow<'d, 't>(value: Value<'d, 't>, segments: &[Segment], in_list: bool, found: &mut Found<'d, 't>) {
    let Some((first, rest)) = segments.split_first() else {
        match value.kind() {
            Kind::Null => found.lacking |= in_list,
            _ => found.values.push(value),
        }
        return;
    };
    match first {
        Segment::Key(key) => match value.get(key) {
            Some(below) => follow(below, rest, in_list, found),
            None => found.lacking |= in_list,
        },
        Segment::Every | Segment::Deep => {
            let mut any = false;
            for below in value.children() {
                any = true;
                follow(below, rest, true, found);
            }
            found.lacking |= in_list && !any;
        }
        Segment::Entry(key, text) => {
            let entries = value.children().filter(|entry| entry.get(key).is_some_and(|value| value.text_is(text)));
            let mut any = false;
            for below in entries.filter(|_| value.kind() == Kind::List) {
                any = true;
                follow(below, rest, true, found);
            }
            found.lacking |= in_list && !any;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, read};

    #[track_caller]
    fn check_find(pointer: &str, json: &str, values: &[&str], lacking: bool) {
        let document = read(json.as_bytes(), Limits { bytes: 1000, depth: 10 }).unwrap();
        let found = Pointer::read(pointer).unwrap().find(document.root().unwrap());
        assert_eq!(found.values.iter().map(|value| value.raw()).collect::<Vec<_>>(), values, "{pointer} {json}");
        assert_eq!(found.lacking, lacking, "{pointer} {json}");
    }

    #[test]
    fn keys_lead_to_one_value() {
        check_find("/a/b", r#"{"a":{"b":1,"c":2}}"#, &["1"], false);
        check_find("/a/b", r#"{"a":{"c":2}}"#, &[], false);
        check_find("/a/b", r#"{"a":3}"#, &[], false);
        check_find("/a", r#"{"a":null}"#, &[], false);
        check_find("/", "5", &["5"], false);
    }

    #[test]
    fn a_star_leads_to_every_entry_and_says_when_one_lacks_its_value() {
        check_find("/a/*/b", r#"{"a":[{"b":1},{"b":2}]}"#, &["1", "2"], false);
        check_find("/a/*/b", r#"{"a":[{"b":1},{"c":2}]}"#, &["1"], true);
        check_find("/a/*/b", r#"{"a":[{"b":1},{"b":null}]}"#, &["1"], true);
        check_find("/a/*/b", r#"{"a":[]}"#, &[], false);
        check_find("/a/*/*/b", r#"{"a":[{"X":{"b":1}},{}]}"#, &["1"], true);
        check_find("/a/*/b", r#"{"a":{"x":{"b":1}}}"#, &["1"], false);
    }

    #[test]
    fn an_entry_is_found_by_its_text() {
        let json = r#"{"alias":[{"type":"EMAIL","value":"a"},{"type":"IBAN","value":"b"}]}"#;
        check_find("/alias/[type=IBAN]/value", json, &["b"], false);
        check_find("/alias/[type=PHONE]/value", json, &[], false);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for text in ["", "a", "/a//b", "//", "/[type=]", "/[=x]"] {
            assert_eq!(Pointer::read(text), None, "{text}");
        }
    }
}
