//! From the text of a catalogue file to what is embedded. Shared with the build script, which calls nothing else.

use toml::de::DeTable;

use super::Span;
use super::book::{Book, Routes};
use super::fault::Fault;
use super::table::{Table, range};
use super::{endpoint, words};

const DOCUMENT: [&str; 14] = [
    "bank", "methods", "kinds", "fields", "dropped", "paging", "errors", "resource", "path", "prefixes", "maps",
    "answers", "shape", "endpoint",
];

/// Reads a whole file. Faults come in the order of the text: that of the TOML alone if it cannot be parsed, else all of
/// the words, else all of the endpoints, which would only repeat what is wrong with the words.
pub(crate) fn read(text: &str) -> Result<(Book, Routes), Vec<Fault>> {
    let document = DeTable::parse(text)
        .map_err(|error| vec![Fault::new(error.span().map_or(Span::default(), range), error.message().to_string())])?;
    let table = Table::document(&document);
    let mut faults = Vec::new();
    table.closed(&DOCUMENT, &mut faults);
    let (mut book, spans) = words::read(&table, &mut faults);
    if !faults.is_empty() {
        return Err(sorted(faults));
    }
    let routes = endpoint::read(&table, &book, &spans, &mut faults);
    if !faults.is_empty() {
        return Err(sorted(faults));
    }
    book.digest = digest(text);
    Ok((book, routes))
}

fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| fault.span);
    faults.dedup();
    faults
}

fn digest(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
