//! Cases that no test tries as blocks of tests, in the form in which policies are written.

use std::collections::BTreeMap;

use crate::analyze::coverage::{Case, Key};
use crate::analyze::paste::{Line, quoted};
use crate::fmt;

/// A longer name of a test says the first words only.
const LONG: usize = 70;

/// Tests for all that was not tried, to be added to a file of the policy; no text when there is nothing to add. Names
/// that are `taken` are not given again.
pub fn suggest(keys: &[Key], taken: &[String]) -> String {
    let mut taken = taken.to_vec();
    let mut text = String::new();
    for key in keys {
        for cases in key.cases.chunk_by(|one, other| one.operations == other.operations) {
            let lines: Vec<&Line> = cases.iter().flat_map(|case| &case.lines).collect();
            if lines.is_empty() {
                continue;
            }
            let name = name(key, cases, &taken);
            text.push_str(&block(&name, &key.name, &lines));
            taken.push(name);
        }
    }
    // Lines that were confirmed are right, so there is always a form for them.
    fmt::format(&text).unwrap_or(text)
}

fn name(key: &Key, cases: &[Case], taken: &[String]) -> String {
    let operations = cases.first().map_or("", |case| case.operations.as_str());
    let mut name = format!("{}: {operations}", key.name);
    if name.chars().count() > LONG {
        let end = name.char_indices().nth(LONG).map_or(name.len(), |(at, _)| at);
        let end = name.get(..end).and_then(|start| start.rfind(' ')).unwrap_or(end);
        name.truncate(end);
        name.push_str(" …");
    }
    let mut numbered = (2..).map(|number| format!("{name} {number}"));
    if taken.contains(&name) { numbered.find(|name| !taken.contains(name)).unwrap_or(name) } else { name }
}

/// The block; what most lines say of when, and all of from where, is said once.
fn block(name: &str, key: &str, lines: &[&Line]) -> String {
    let slice = |line: &Line, range: &Option<std::ops::Range<usize>>| {
        range.clone().and_then(|range| line.text.get(range)).map(str::to_owned)
    };
    let at = most(lines.iter().filter_map(|line| slice(line, &line.at)));
    let ips = || lines.iter().map(|line| slice(line, &line.ip));
    let ip = ips().all(|ip| ip.is_some()).then(|| most(ips().flatten())).flatten();
    let mut text = format!("test {} for key {}", quoted(name), quoted(key));
    text.extend([&at, &ip].into_iter().flatten().map(String::as_str));
    text.push_str(" <\n");
    for line in lines {
        let mut said = line.text.clone();
        // The later one first, so that the place of the other stays right.
        for (range, setting) in [(&line.at, &at), (&line.ip, &ip)] {
            if slice(line, range).is_some_and(|words| Some(&words) == setting.as_ref())
                && let Some(range) = range.clone()
            {
                said.replace_range(range, "");
            }
        }
        text.push_str(&said);
        text.push('\n');
    }
    text.push_str(">\n\n");
    text
}

/// The words that most say, the first of several, where more than one does.
fn most(words: impl Iterator<Item = String>) -> Option<String> {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for words in words {
        *counted.entry(words).or_default() += 1;
    }
    let most = counted.values().copied().max().filter(|most| *most > 1)?;
    counted.into_iter().find(|(_, count)| *count == most).map(|(words, _)| words)
}
