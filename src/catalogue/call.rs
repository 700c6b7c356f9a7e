//! Calls of a bank's API: methods and path templates. Shared with the build script.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Span;
use super::book::Endpoint;
use super::fault::Fault;
use super::table::{Table, Word, texts};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Beginnings of paths, by name.
pub(crate) type Prefixes = BTreeMap<String, Vec<Word>>;

/// A call that an endpoint is about.
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) span: Span,
}

pub(crate) fn prefixes(document: &Table<'_>, faults: &mut Vec<Fault>) -> Prefixes {
    let table = document.table("prefixes", faults);
    let mut prefixes = Prefixes::new();
    for (word, value) in table.iter().flat_map(Table::entries) {
        prefixes.insert(word.text.clone(), texts(value, &word.text, faults));
    }
    prefixes
}

pub(crate) fn calls(table: &Table<'_>, prefixes: &Prefixes, faults: &mut Vec<Fault>) -> Vec<Call> {
    let mut words = table.texts("calls", faults);
    words.extend(table.text("call", faults));
    if words.is_empty() {
        faults.push(Fault::new(table.span, "an endpoint without a call").help("add `call = \"GET /…\"`"));
    }
    words.iter().flat_map(|word| call(word, prefixes, faults)).collect()
}

fn call(word: &Word, prefixes: &Prefixes, faults: &mut Vec<Fault>) -> Vec<Call> {
    let (method, path) = word.text.split_once(' ').unwrap_or((&word.text, ""));
    if !METHODS.contains(&method) {
        let fault = Fault::new(word.span, format!("`{method}` is no method of HTTP that a call may have"));
        faults.push(fault.nearest(method, METHODS));
        return Vec::new();
    }
    let paths = match path.strip_prefix('@') {
        None => vec![path.to_string()],
        Some(rest) => {
            let (name, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let Some(group) = prefixes.get(name) else {
                let fault = Fault::new(word.span, format!("there are no prefixes `{name}`"));
                faults.push(fault.nearest(name, prefixes.keys().map(String::as_str)));
                return Vec::new();
            };
            group.iter().map(|prefix| format!("{}{rest}", prefix.text)).collect()
        }
    };
    let mut calls = Vec::new();
    for path in paths {
        if let Some(wrong) = wrong_path(&path) {
            faults.push(Fault::new(word.span, format!("`{path}` is no path of a call: {wrong}")));
        } else {
            calls.push(Call { method: method.to_string(), path, span: word.span });
        }
    }
    calls
}

fn wrong_path(path: &str) -> Option<&'static str> {
    let Some(rest) = path.strip_prefix('/') else { return Some("it does not begin with `/`") };
    let mut names = HashSet::new();
    for segment in rest.split('/') {
        if let Some(name) = parameter(segment) {
            if name.is_empty() || name.contains(['{', '}']) {
                return Some("a name in braces is empty");
            }
            if !names.insert(name) {
                return Some("it says a name in braces twice");
            }
        } else if segment.is_empty()
            || segment.contains(['{', '}', '?', '#', '%', ' ', '*'])
            || segment.starts_with('.')
        {
            return Some("a segment is neither plain nor one name in braces");
        }
    }
    None
}

/// The name of a segment in braces.
pub(crate) fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
}

/// No call may be two endpoints.
pub(crate) fn overlaps(endpoints: &[Endpoint], spans: &[Span], faults: &mut Vec<Fault>) {
    let mut by_form: HashMap<(&str, usize), Vec<usize>> = HashMap::new();
    for (number, endpoint) in endpoints.iter().enumerate() {
        let form = (endpoint.method.as_str(), endpoint.path.split('/').count());
        let others = by_form.entry(form).or_default();
        for other in others.iter().filter_map(|other| endpoints.get(*other)) {
            let both = |(one, two)| one == two || parameter(one).is_some() || parameter(two).is_some();
            if endpoint.path.split('/').zip(other.path.split('/')).all(both) {
                let message = if endpoint.path == other.path {
                    format!("`{} {}` is said twice", endpoint.method, endpoint.path)
                } else {
                    format!("a call could be `{} {}` or `{}`", endpoint.method, endpoint.path, other.path)
                };
                faults.push(Fault::new(spans.get(number).copied().unwrap_or_default(), message));
            }
        }
        others.push(number);
    }
}
