//! What is told of a kind of finding.

use bpolc::lint::{self, Lint};
use serde_json::{Value, json};

/// The repository that pages can be linked to, where the package names one.
pub(super) fn repository() -> Option<&'static str> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    (!repository.is_empty()).then_some(repository)
}

/// The rule of a name.
pub(super) fn rule(name: &str, is_claim: bool) -> Value {
    match lint::all().iter().find(|lint| lint.name == name) {
        Some(lint) => of_lint(lint),
        None if is_claim => of_language(name, "A claim of the policy does not hold for all requests.", "claim"),
        None => of_language(name, "The policy does not compile, or breaks a bound of the language.", "error"),
    }
}

fn of_lint(lint: &Lint) -> Value {
    let mut rule = json!({
        "id": lint.name,
        "name": pascal(lint.name),
        "shortDescription": {"text": sentence(lint.summary)},
        "defaultConfiguration": {"level": super::level(lint.level)},
        "properties": {"tags": ["bpol", "lint", lint.profile.word(), "security"]},
    });
    if let Some(page) = lint::page(lint.name) {
        // The heading is the name, which is told already.
        let text = page.split_once("\n\n").map_or(page, |(_, rest)| rest).trim_end();
        rule["help"] = json!({"text": text, "markdown": text});
        if let Some(reports) = section(page, "What it reports") {
            rule["fullDescription"] = json!({"text": reports});
        }
        if let Some(repository) = repository() {
            rule["helpUri"] =
                json!(format!("{}/blob/main/docs/lints/{}.md", repository.trim_end_matches('/'), lint.name));
        }
    } else {
        rule["help"] = json!({"text": sentence(lint.summary)});
    }
    rule
}

fn of_language(name: &str, text: &str, tag: &str) -> Value {
    json!({
        "id": name,
        "name": pascal(name),
        "shortDescription": {"text": text},
        "help": {"text": format!("{text} Each finding says what it means and what to write instead.")},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["bpol", tag, "security"]},
    })
}

/// The text below a heading of a page, on one line.
fn section(page: &str, heading: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("## {heading}\n"))?;
    let text = rest.split("\n## ").next()?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

fn pascal(name: &str) -> String {
    let part = |part: &str| {
        let mut characters = part.chars();
        characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
    };
    name.split('-').map(part).collect()
}
