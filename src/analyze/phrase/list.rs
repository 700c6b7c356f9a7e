//! Lists of names as people read them.

/// Something that a part of a phrase names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Item {
    /// The noun before the name, shared by names that follow each other: `account`, `payee`, `payees`, `iban`.
    pub noun: &'static str,
    /// The name.
    pub text: String,
    /// The larger thing that it is one of, by its text: where that is named too, this need not be.
    pub(crate) one_of: Option<String>,
}

/// More names than this are counted.
const MOST: usize = 6;

impl Item {
    pub(crate) fn plain(text: String) -> Self {
        Self { noun: "", text, one_of: None }
    }

    pub(crate) fn named(noun: &'static str, text: String) -> Self {
        Self { noun, text, one_of: None }
    }
}

/// One of the items: `accounts "A", "B" or joint accounts`.
pub(crate) fn either(items: &[Item]) -> String {
    said(items, "or")
}

/// All of the items.
pub(crate) fn all(items: &[Item]) -> String {
    said(items, "and")
}

fn said(items: &[Item], last: &str) -> String {
    let runs: Vec<&[Item]> = items.chunk_by(|one, other| !one.noun.is_empty() && one.noun == other.noun).collect();
    let words: Vec<String> = runs.iter().map(|run| named(run, last)).collect();
    joined(&words, last)
}

fn named(run: &[Item], last: &str) -> String {
    let Some(first) = run.first() else { return String::new() };
    if first.noun.is_empty() {
        return first.text.clone();
    }
    let shown = if run.len() > MOST { MOST - 1 } else { run.len() };
    let mut names: Vec<String> = run.iter().take(shown).map(|item| item.text.clone()).collect();
    if shown < run.len() {
        names.push(format!("{} more", run.len() - shown));
    }
    let noun = match first.noun {
        "account" if run.len() > 1 => "accounts",
        "payee" if run.len() > 1 => "payees",
        other => other,
    };
    format!("{noun} {}", joined(&names, last))
}

/// Words in a row: `a, b or c`.
pub fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// A name in quotes, as the language writes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
