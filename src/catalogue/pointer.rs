//! Pointers and conditions as a catalogue's author writes them. Shared with the build script.

use super::book::Condition;
use super::fault::Fault;
use super::table::Word;

/// What a pointer may hold beside keys and `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Nothing: pointers into what the caller writes.
    Keys,
    /// `[key=TEXT]` too: pointers of facts.
    Entries,
    /// `**` too: pointers of fields.
    Anywhere,
}

/// Whether a text is a pointer: `/key/*/key`.
pub(crate) fn is_pointer(text: &str, reach: Reach) -> bool {
    let Some(rest) = text.strip_prefix('/') else { return false };
    rest.split('/').all(|segment| {
        let plain = |text: &str| !text.is_empty() && !text.contains(['*', '{', '}', '~', '=', ' ', '[', ']']);
        let entry = segment.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let entry = entry.and_then(|entry| entry.split_once('=')).is_some_and(|(key, text)| plain(key) && plain(text));
        plain(segment)
            || segment == "*"
            || (entry && reach >= Reach::Entries)
            || (segment == "**" && reach >= Reach::Anywhere)
    })
}

/// Reports a text that is no pointer.
pub(crate) fn check(word: &Word, reach: Reach, faults: &mut Vec<Fault>) -> bool {
    let fine = is_pointer(&word.text, reach);
    if !fine {
        let fault = Fault::new(word.span, format!("`{}` is no pointer", word.text));
        faults.push(fault.help("write the keys with a `/` before each, such as `/entries/*/amount`"));
    }
    fine
}

/// Whether `inner` is `outer` or lies below it.
pub(crate) fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A condition: `/key` (the key is there), `/key=VALUE` (a text) or `/key=[]` (an empty list).
pub(crate) fn condition(word: &Word, faults: &mut Vec<Fault>) -> Option<Condition> {
    let (at, value) = match word.text.split_once('=') {
        Some((at, value)) => (at, Some(value)),
        None => (word.text.as_str(), None),
    };
    let pointer = Word { text: at.to_string(), span: word.span };
    if !check(&pointer, Reach::Keys, faults) {
        return None;
    }
    if value == Some("") {
        faults.push(Fault::new(word.span, format!("nothing stands after the `=` of `{}`", word.text)));
        return None;
    }
    let empty = value == Some("[]");
    Some(Condition { at: pointer.text, is: value.filter(|_| !empty).map(str::to_string), empty })
}
