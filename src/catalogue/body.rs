//! Bodies of calls: which keys they may hold, and which case of an endpoint they are. Shared with the build script.

use super::Span;
use super::book::{Case, Condition};
use super::call::Call;
use super::fault::Fault;
use super::pointer::{self, Reach, is_within};
use super::table::{Table, Word};

/// The kinds of body of a case: `when` is one; `any` is one for each of its keys, which may hold the keys after it, so
/// that together they are the bodies that hold one or more of the keys.
pub(crate) fn bodies(table: &Table<'_>, faults: &mut Vec<Fault>) -> Vec<(Condition, Vec<String>, Span)> {
    let (when, any, with) = (table.text("when", faults), table.texts("any", faults), table.texts("with", faults));
    if when.is_some() != any.is_empty() {
        let fault = Fault::new(table.span, "a case without `when` or `any`, or with both");
        faults.push(fault.help("say which body it is: `when = \"/status=CLOSED\"`"));
        return Vec::new();
    }
    if let Some(word) = any.iter().find(|word| word.text.contains('=')) {
        let message = format!("`{}` in `any` says a value; `any` lists keys", word.text);
        faults.push(Fault::new(word.span, message).help("use `when`"));
    }
    let firsts: Vec<&Word> = when.iter().chain(&any).collect();
    let mut bodies = Vec::new();
    for (number, first) in firsts.iter().enumerate() {
        let Some(condition) = pointer::condition(first, faults) else { continue };
        let mut body = vec![condition.at.clone()];
        for word in firsts.iter().skip(number + 1).copied().chain(&with) {
            if pointer::check(word, Reach::Keys, faults) {
                add(word, &mut body, faults);
            }
        }
        bodies.push((condition, body, first.span));
    }
    bodies
}

/// The keys that a call without cases may hold.
pub(crate) fn body(table: &Table<'_>, call: &Call, faults: &mut Vec<Fault>) -> Vec<String> {
    let words = table.texts("body", faults);
    if let Some(word) = words.first()
        && (call.method == "GET" || call.method == "DELETE")
    {
        faults.push(Fault::new(word.span, format!("a {} has no body", call.method)));
    }
    let mut body = Vec::new();
    for word in words {
        if pointer::check(&word, Reach::Keys, faults) {
            add(&word, &mut body, faults);
        }
    }
    body
}

fn add(word: &Word, body: &mut Vec<String>, faults: &mut Vec<Fault>) {
    if body.iter().any(|other| is_within(other, &word.text) || is_within(&word.text, other)) {
        faults.push(Fault::new(word.span, format!("`{}` is already among the keys of this body", word.text)));
    } else {
        body.push(word.text.clone());
    }
}

/// No body may be two cases: either both look at one key for different values, or the later does not allow the key of
/// the earlier. Then the order of cases says nothing, and a policy may leave out those that no key may perform.
pub(crate) fn exclusive(cases: &[Case], spans: &[Span], faults: &mut Vec<Fault>) {
    let whens: Vec<(&Condition, &Case, Span)> =
        cases.iter().zip(spans).filter_map(|(case, span)| Some((case.when.as_ref()?, case, *span))).collect();
    for (number, (later, case, span)) in whens.iter().enumerate() {
        for (earlier, _, _) in whens.iter().take(number) {
            let valued = |when: &Condition| when.is.is_some() || when.empty;
            let differ = earlier.at == later.at && valued(earlier) && valued(later) && earlier != later;
            // An empty list has no entries, and a key of every entry wants at least one.
            let empty = |one: &Condition, other: &Condition| {
                one.empty && other.at.strip_prefix(one.at.as_str()).is_some_and(|rest| rest.starts_with("/*"))
            };
            let apart = differ || empty(earlier, later) || empty(later, earlier);
            let allowed = case.body.iter().any(|key| is_within(&earlier.at, key) || is_within(key, &earlier.at));
            if !apart && allowed {
                let message = format!("a body with `{}` could be this case or the earlier one", earlier.at);
                faults.push(Fault::new(*span, message).help("make the cases tell different keys or values"));
            }
        }
    }
}
