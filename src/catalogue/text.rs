//! From the text of a catalogue file to what is embedded. Shared with the build script, which calls nothing else.

use toml::de::DeTable;

use super::Span;
use super::book::{Book, Routes};
use super::fault::Fault;
use super::table::{Table, range};
use super::{endpoint, words};

const DOCUMENT: [&str; 12] = [
    "bank", "methods", "kinds", "fields", "dropped", "resource", "path", "prefixes", "maps", "answers", "shape",
    "endpoint",
];

/// Reads a whole file; all its faults in one run, in the order of the text.
pub(crate) fn read(text: &str) -> Result<(Book, Routes), Vec<Fault>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| Fault::new(error.span().map_or(Span::default(), range), error.message().to_string()))
        .collect();
    if faults.is_empty() {
        let table = Table::document(&document);
        table.closed(&DOCUMENT, &mut faults);
        let mut book = words::read(&table, &mut faults);
        let routes = endpoint::read(&table, &book, &mut faults);
        if faults.is_empty() {
            book.digest = digest(text);
            return Ok((book, routes));
        }
    }
    faults.sort_by_key(|fault| fault.span);
    faults.dedup();
    Err(faults)
}

fn digest(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
