//! One JSON document of a stable shape, with its schema.

use std::io;

use bpol_engine::ir::Effect;
use bpolc::analyze::TooLarge;
use bpolc::analyze::diff::{self, Presence, Verdict};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::Compared;

/// What a change of policy newly permits and no longer permits.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Document<'d> {
    /// The verdict about all keys together.
    verdict: Word,
    /// Why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the old policy is called: a file, or a revision.
    old: &'d str,
    /// What the new policy is called.
    new: &'d str,
    /// What must be known beside the comparison.
    notes: &'d [String],
    /// Keys in the order of the new policy, then those that it lacks.
    keys: Vec<Key<'d>>,
}

/// How the new policy stands to the old one.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Word {
    /// Both decide alike.
    Equal,
    /// Something is no longer possible and nothing newly so.
    Narrower,
    /// Something is newly possible and nothing no longer so.
    Wider,
    /// Both.
    Incomparable,
    /// It could not be told, for a reason that is given.
    NotDecided,
}

/// One key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Key<'d> {
    /// Its name.
    name: &'d str,
    /// Which policies declare it.
    presence: Which,
    /// The verdict about it.
    verdict: Word,
    /// Why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What is newly possible.
    gained: Vec<Change<'d>>,
    /// What is no longer possible.
    lost: Vec<Change<'d>>,
}

/// Which policies declare a key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Which {
    /// Both.
    Both,
    /// The new one alone.
    New,
    /// The old one alone.
    Removed,
}

/// Something that is newly possible, or no longer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change<'d> {
    /// What, as a sentence about the key.
    sentence: &'d str,
    /// The operations that it is about; none where it is about what is counted.
    operations: &'d [String],
    /// What the old policy decides there.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Effect>,
    /// What the new policy decides there.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Effect>,
    /// A request that shows it; absent where none could be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<Example<'d>>,
}

/// A request that both policies were asked about.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Example<'d> {
    /// The request, as `bpolc decide` reads it.
    request: &'d Value,
    /// Entries of the past, as `--history` has them: one that brings the sums of both policies to where they differ.
    past: &'d [Value],
    /// The rules that decide it in the old policy.
    before_by: &'d [String],
    /// The rules that decide it in the new policy.
    after_by: &'d [String],
}

/// Writes the document.
pub(super) fn write(out: &mut dyn io::Write, compared: &Compared<'_>) -> io::Result<()> {
    let (verdict, reason) = word(&compared.diff.verdict);
    let keys = compared.diff.keys.iter().map(key).collect();
    let document = Document { verdict, reason, old: compared.old, new: compared.new, notes: compared.notes, keys };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

/// The schema of the document.
pub(crate) fn schema() -> Value {
    let mut schema = schemars::schema_for!(Document<'static>).to_value();
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".to_owned(), json!("bpol diff"));
    }
    bpol_engine::schema::without_null(&mut schema);
    schema
}

fn word(verdict: &Result<Verdict, TooLarge>) -> (Word, Option<String>) {
    match verdict {
        Ok(Verdict::Equal) => (Word::Equal, None),
        Ok(Verdict::Narrower) => (Word::Narrower, None),
        Ok(Verdict::Wider) => (Word::Wider, None),
        Ok(Verdict::Incomparable) => (Word::Incomparable, None),
        Err(reason) => (Word::NotDecided, Some(reason.to_string())),
    }
}

fn key(key: &diff::Key) -> Key<'_> {
    let (verdict, reason) = word(&key.verdict);
    let presence = match key.presence {
        Presence::Both => Which::Both,
        Presence::New => Which::New,
        Presence::Removed => Which::Removed,
    };
    let gained = key.gained.iter().map(change).collect();
    let lost = key.lost.iter().map(change).collect();
    Key { name: &key.name, presence, verdict, reason, gained, lost }
}

fn change(change: &diff::Change) -> Change<'_> {
    let example = change.example.as_ref().map(|example| Example {
        request: &example.witness.request,
        past: &example.witness.past,
        before_by: &example.before.by,
        after_by: &example.after.by,
    });
    let diff::Change { sentence, operations, before, after, .. } = change;
    Change { sentence, operations, before: *before, after: *after, example }
}
