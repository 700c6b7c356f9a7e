//! One JSON document, as language.md, section 9, says it.

use std::io;

use bpolc::Checked;
use bpolc::diag::{self, Diagnostic};
use schemars::JsonSchema;
use serde::Serialize;

use super::Places;
use super::place::Place;
use super::summary::Summary;

/// What `bpolc check` found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Document<'s> {
    /// Findings, sorted by file and place.
    diagnostics: Vec<Finding<'s>>,
    /// How many there are.
    summary: Summary,
}

/// A finding.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Finding<'s> {
    /// Its identity: one name, never reused.
    name: &'s str,
    /// How bad it is.
    level: Level,
    /// What is wrong and what it means.
    message: &'s str,
    #[serde(flatten)]
    place: Place<'s>,
    /// Related places.
    labels: Vec<Label<'s>>,
    /// What to do.
    #[schemars(required)]
    help: Option<&'s str>,
    /// Changes that resolve it.
    fixes: Vec<Fix<'s>>,
}

/// A related place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Label<'s> {
    /// What is there.
    message: &'s str,
    #[serde(flatten)]
    place: Place<'s>,
}

/// A change that resolves a finding.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Fix<'s> {
    /// What it does.
    title: &'s str,
    /// What it does to what the policy allows.
    power: Power,
    /// The edits; they do not overlap.
    edits: Vec<Edit<'s>>,
}

/// A replacement of one range of text.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Edit<'s> {
    #[serde(flatten)]
    place: Place<'s>,
    /// The new text.
    text: &'s str,
}

/// The words of levels.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
    Hint,
}

/// The words of what a fix does to what the policy allows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Power {
    Narrows,
    Same,
    Widens,
}

/// The schema of the document.
pub(crate) fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Document<'static>).to_value();
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".to_owned(), "bpol report".into());
    }
    schema
}

/// Writes the document.
pub(super) fn write(out: &mut dyn io::Write, checked: &Checked) -> io::Result<()> {
    let (sources, diagnostics) = (&checked.sources, &checked.diagnostics);
    let mut places = Places::new(sources);
    let document = Document {
        diagnostics: diagnostics.iter().map(|found| finding(found, &mut places)).collect(),
        summary: Summary::of(sources, diagnostics).with_suppressed(checked),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn finding<'s>(found: &'s Diagnostic, places: &mut Places<'s>) -> Finding<'s> {
    Finding {
        name: found.name,
        level: match found.level {
            diag::Level::Error => Level::Error,
            diag::Level::Warning => Level::Warning,
            diag::Level::Hint => Level::Hint,
        },
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
        power: match fix.power {
            diag::Power::Narrows => Power::Narrows,
            diag::Power::Same => Power::Same,
            diag::Power::Widens => Power::Widens,
        },
        edits: fix.edits.iter().map(|edit| Edit { place: places.of(edit.place), text: &edit.text }).collect(),
    }
}
