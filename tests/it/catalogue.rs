//! The catalogue of bunq against the tables that it was made from, and the faults of catalogue files.

use std::collections::BTreeMap;

mod call;
mod endpoints;
mod faults;
mod open_banking;
mod words;

/// A row of a table, by the words of the table's first line.
type Row = BTreeMap<&'static str, &'static str>;

/// The rows of a tab-separated table.
fn table(text: &'static str) -> Vec<Row> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    lines.map(|line| head.iter().copied().zip(line.split('\t')).collect()).collect()
}
