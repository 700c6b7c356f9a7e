//! SARIF 2.1.0, the format of scanners' results. Findings that comments of the policy hide are not in it: services that
//! do not look at marks would show them.

mod rule;

use std::io;

use bpolc::Checked;
use bpolc::diag::{Diagnostic, Edit, Fix, Level, Power};
use bpolc::source::{FileId, FileSpan};
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::{Places, path};

const LONGEST_SNIPPET: usize = 2000;

/// Writes the document.
pub(super) fn write(out: &mut dyn io::Write, checked: &Checked) -> io::Result<()> {
    let mut places = Places::new(&checked.sources);
    let known = fingerprints(&checked.sources, checked.diagnostics.iter());
    let mut names: Vec<&str> = checked.diagnostics.iter().map(|found| found.name).collect();
    names.sort_unstable();
    names.dedup();
    let results: Vec<Value> = checked
        .diagnostics
        .iter()
        .zip(known)
        .map(|(found, fingerprint)| {
            let mut result = result(found, checked, &mut places);
            result["ruleIndex"] = json!(names.binary_search(&found.name).unwrap_or(0));
            result["partialFingerprints"] = json!({"bpolFinding/v1": fingerprint});
            result
        })
        .collect();
    let is_claim = |name: &str| checked.diagnostics.iter().any(|found| found.name == name && bpolc::is_claim(found));
    let rules: Vec<Value> = names.iter().map(|name| rule::rule(name, is_claim(name))).collect();
    let mut driver = json!({"name": "bpolc", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules});
    if let Some(repository) = rule::repository() {
        driver["informationUri"] = json!(repository);
    }
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true}],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn result(found: &Diagnostic, checked: &Checked, places: &mut Places<'_>) -> Value {
    let text = match &found.help {
        Some(help) => format!("{}\nhelp: {help}", found.message),
        None => found.message.clone(),
    };
    let mut result = json!({
        "ruleId": found.name,
        "level": level(found.level),
        "message": {"text": text},
        "locations": [{"physicalLocation": physical(found.place, checked, places)}],
    });
    if !found.labels.is_empty() {
        let related: Vec<Value> = (1..)
            .zip(&found.labels)
            .map(|(id, label)| json!({"id": id, "message": {"text": label.text}, "physicalLocation": physical(label.place, checked, places)}))
            .collect();
        result["relatedLocations"] = json!(related);
    }
    // What allows more is never offered to a program that might apply it unasked.
    let fixes: Vec<Value> =
        found.fixes.iter().filter(|fix| fix.power != Power::Widens).map(|fix| self::fix(fix, places)).collect();
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    result
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "note",
    }
}

/// A place with its text; without that where it is long.
fn physical(place: FileSpan, checked: &Checked, places: &mut Places<'_>) -> Value {
    let mut region = region(place, places);
    let text = checked.sources.text(place);
    if text.len() <= LONGEST_SNIPPET {
        region["snippet"] = json!({"text": text});
    }
    json!({"artifactLocation": {"uri": uri(places.of(place).file)}, "region": region})
}

fn region(place: FileSpan, places: &mut Places<'_>) -> Value {
    let place = places.of(place);
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

fn fix(fix: &Fix, places: &mut Places<'_>) -> Value {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.place.file).collect();
    files.sort_unstable();
    files.dedup();
    let changes: Vec<Value> = files
        .into_iter()
        .map(|file| {
            let edits: Vec<&Edit> = fix.edits.iter().filter(|edit| edit.place.file == file).collect();
            let location = edits.first().map(|edit| uri(places.of(edit.place).file));
            let replacements: Vec<Value> = edits
                .iter()
                .map(
                    |edit| json!({"deletedRegion": region(edit.place, places), "insertedContent": {"text": edit.text}}),
                )
                .collect();
            json!({"artifactLocation": {"uri": location}, "replacements": replacements})
        })
        .collect();
    json!({"description": {"text": fix.title}, "artifactChanges": changes})
}

/// A path as a relative reference: what has a meaning of its own there is written as `%` and its number.
fn uri(file: &str) -> String {
    let file = path::relative(file);
    let mut out = String::with_capacity(file.len());
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    if out.starts_with('/') { format!("file://{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("./a b/é#1?.bpol"), "a%20b/%C3%A9%231%3F.bpol");
        assert_eq!(uri("/else where/a.bpol"), "file:///else%20where/a.bpol");
        assert_eq!(uri("c:d.bpol"), "c%3Ad.bpol");
    }
}
