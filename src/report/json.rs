//! One JSON document, as language.md, section 9, says it.

use std::io;

use bpolc::diag::{self, Diagnostic};
use bpolc::source::Sources;
use serde::Serialize;

use super::Places;
use super::place::Place;
use super::summary::Summary;

#[derive(Debug, Serialize)]
struct Document<'s> {
    diagnostics: Vec<Finding<'s>>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct Finding<'s> {
    name: &'s str,
    level: &'s str,
    message: &'s str,
    #[serde(flatten)]
    place: Place<'s>,
    labels: Vec<Label<'s>>,
    help: Option<&'s str>,
    fixes: Vec<Fix<'s>>,
}

#[derive(Debug, Serialize)]
struct Label<'s> {
    message: &'s str,
    #[serde(flatten)]
    place: Place<'s>,
}

#[derive(Debug, Serialize)]
struct Fix<'s> {
    title: &'s str,
    power: &'s str,
    edits: Vec<Edit<'s>>,
}

#[derive(Debug, Serialize)]
struct Edit<'s> {
    #[serde(flatten)]
    place: Place<'s>,
    text: &'s str,
}

/// Writes the document.
pub(super) fn write(out: &mut dyn io::Write, sources: &Sources, diagnostics: &[Diagnostic]) -> io::Result<()> {
    let mut places = Places::new(sources);
    let document = Document {
        diagnostics: diagnostics.iter().map(|found| finding(found, &mut places)).collect(),
        summary: Summary::of(sources, diagnostics),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn finding<'s>(found: &'s Diagnostic, places: &mut Places<'s>) -> Finding<'s> {
    Finding {
        name: found.name,
        level: found.level.word(),
        message: &found.message,
        place: places.of(found.place),
        labels: found
            .labels
            .iter()
            .map(|label| Label { message: &label.text, place: places.of(label.place) })
            .collect(),
        help: found.help.as_deref(),
        fixes: found.fixes.iter().map(|fix| self::fix(fix, places)).collect(),
    }
}

fn fix<'s>(fix: &'s diag::Fix, places: &mut Places<'s>) -> Fix<'s> {
    Fix {
        title: &fix.title,
        power: fix.power.word(),
        edits: fix.edits.iter().map(|edit| Edit { place: places.of(edit.place), text: &edit.text }).collect(),
    }
}
