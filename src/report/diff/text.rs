//! For a terminal.

use std::fmt::Write as _;

use bpolc::analyze::diff::Change;

use super::{Compared, EQUAL_SUMS, Lines, NO_EXAMPLE, equal, has_past, presence, sentence, telling, word};
use crate::report::harmless;

/// The comparison as lines.
pub(super) fn write(compared: &Compared<'_>) -> String {
    let diff = compared.diff;
    let mut out = String::new();
    for note in compared.notes {
        _ = writeln!(out, "note: {}", harmless(note));
    }
    _ = writeln!(out, "{}: {}", word(&diff.verdict), sentence(diff));
    for key in telling(diff) {
        _ = writeln!(out, "\nkey {}{}: {}", harmless(&format!("{:?}", key.name)), presence(key), word(&key.verdict));
        if let Err(reason) = &key.verdict {
            _ = writeln!(out, "  ? {}", harmless(&reason.to_string()));
        }
        key.gained.iter().for_each(|change| write_change(&mut out, '+', change));
        key.lost.iter().for_each(|change| write_change(&mut out, '-', change));
    }
    if let Some(equal) = equal(diff).filter(|_| telling(diff).next().is_some()) {
        _ = writeln!(out, "\n{equal}");
    }
    if has_past(diff) {
        _ = writeln!(out, "\n{EQUAL_SUMS}");
    }
    out
}

fn write_change(out: &mut String, sign: char, change: &Change) {
    _ = writeln!(out, "  {sign} {}", harmless(&change.sentence));
    match Lines::of(change) {
        Some(lines) => {
            for entry in &lines.past {
                _ = writeln!(out, "      after        {}", harmless(entry));
            }
            _ = writeln!(out, "      for example  {}", harmless(&lines.request));
        }
        None if change.operations.is_empty() => {}
        None => _ = writeln!(out, "      {NO_EXAMPLE}"),
    }
}
