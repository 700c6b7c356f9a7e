//! What each key may do, and why one request is decided as it is. One file per format.

mod json;
mod markdown;
mod text;
mod why;

use std::io;

use bpolc::explain::{Overview, Why, page};

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
        Format::Html => page(overview),
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
