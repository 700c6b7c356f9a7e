//! GitLab's code quality report: one JSON array.

use std::io;

use bpolc::Checked;
use bpolc::diag::Level;
use serde::Serialize;

use super::fingerprint::fingerprints;
use super::{Places, advice, path};

#[derive(Debug, Serialize)]
struct Issue<'s> {
    check_name: &'s str,
    description: String,
    fingerprint: String,
    severity: &'s str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the array.
pub(super) fn write(out: &mut dyn io::Write, checked: &Checked) -> io::Result<()> {
    let mut places = Places::new(&checked.sources);
    let known = fingerprints(&checked.sources, checked.diagnostics.iter());
    let issues: Vec<Issue<'_>> = checked
        .diagnostics
        .iter()
        .zip(known)
        .map(|(found, fingerprint)| {
            let place = places.of(found.place);
            Issue {
                check_name: found.name,
                description: advice(found),
                fingerprint,
                severity: match found.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Hint => "info",
                },
                location: Location {
                    path: path::relative(place.file),
                    lines: Lines { begin: place.line, end: place.end_line },
                },
            }
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}
