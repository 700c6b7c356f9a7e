//! What each key may do, and why one request is decided as it is. One file per format.

mod html;
mod json;
mod markdown;
mod text;
mod why;

use std::io;

use bpolc::explain::{How, Level, Line, Overview, Reach, Spending, Why, tier_word};

/// How an overview is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Plain text
    #[default]
    Text,
    /// Markdown
    Markdown,
    /// One page that needs nothing else
    Html,
    /// One JSON document
    Json,
}

/// The overview as a document.
pub(crate) fn overview(overview: &Overview, format: Format) -> io::Result<String> {
    Ok(match format {
        Format::Text => text::overview(overview),
        Format::Markdown => markdown::overview(overview),
        Format::Html => html::overview(overview),
        Format::Json => json::document(overview)?,
    })
}

/// The reasons for a decision as a document; nothing in a format that has none.
pub(crate) fn why(why: &Why, format: Format) -> io::Result<Option<String>> {
    Ok(match format {
        Format::Text => Some(why::text(why)),
        Format::Json => Some(json::document(why)?),
        Format::Markdown | Format::Html => None,
    })
}

/// A way in words; `loud` marks the words that are loud.
fn how(how: &How, words: &dyn Fn(&str) -> String, loud: &dyn Fn(&str) -> String) -> String {
    let parts = how.parts.iter().map(|part| if part.loud { loud(&part.text) } else { words(&part.text) });
    parts.collect::<Vec<_>>().join(", ")
}

/// What a line is about.
fn what(line: &Line) -> String {
    line.what.join(", ")
}

/// How much money can leave, in a sentence, and whether nothing bounds it. `all` is what else is said of the key.
fn spending(spending: &Spending, all: &[Spending]) -> (String, bool) {
    let currency = spending.currency.as_deref();
    let bounds: Vec<String> = spending.at_most.iter().map(|bound| format!("{} {}", bound.amount, bound.per)).collect();
    let bounds = format!("at most {}", bounds.join(", "));
    let mut text = if spending.no_bound.is_empty() {
        bounds
    } else {
        let what = spending.no_bound.join("; ");
        let no_bound = match currency {
            Some(currency) => format!("no bound in {currency} ({what})"),
            None if all.iter().any(|other| other.currency.is_some()) => {
                format!("no bound in any other currency ({what})")
            }
            None => format!("no bound ({what})"),
        };
        if spending.at_most.is_empty() { no_bound } else { format!("{no_bound}, the rest {bounds}") }
    };
    let to: Vec<&str> = spending.to.iter().map(String::as_str).collect();
    if !to.is_empty() {
        text.push_str(&format!(", to {}", to.join(" and to ")));
    }
    if spending.with_approval {
        text.push_str(", with what you approve");
    }
    (text, !spending.no_bound.is_empty())
}

/// How far a key may go in tiers, in words; nothing for tiers that are closed.
fn reaches(reaches: &[Reach]) -> Vec<String> {
    let open = reaches.iter().filter(|reach| reach.level != Level::Cannot);
    open.map(|reach| match reach.level {
        Level::Ask => format!("{} (asks)", tier_word(reach.tier)),
        _ => tier_word(reach.tier).to_owned(),
    })
    .collect()
}
