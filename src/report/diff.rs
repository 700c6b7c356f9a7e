//! What a change of policy newly permits, for people, for pull requests and for programs.

mod json;
mod markdown;
mod text;

use std::io;

use bpolc::analyze::diff::{Change, Diff, Key, Presence, Verdict};

use super::number;

pub(crate) use json::schema;
pub(super) use markdown::escaped;

/// How a comparison is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// One JSON document
    Json,
}

/// A comparison and what was compared.
#[derive(Debug)]
pub(crate) struct Compared<'d> {
    /// What the old policy is called.
    pub(crate) old: &'d str,
    /// What the new policy is called.
    pub(crate) new: &'d str,
    /// What must be known beside the comparison, a sentence each.
    pub(crate) notes: &'d [String],
    /// The comparison.
    pub(crate) diff: &'d Diff,
}

/// Writes the comparison to standard output.
pub(crate) fn report(compared: &Compared<'_>, format: Format) -> io::Result<()> {
    super::to_stdout(|out| match format {
        Format::Text => out.write_all(text::write(compared).as_bytes()),
        Format::Markdown => out.write_all(markdown::write(compared).as_bytes()),
        Format::Json => json::write(out, compared),
    })
}

/// The word for a verdict, decided or not.
fn word(verdict: &Result<Verdict, bpolc::analyze::TooLarge>) -> &'static str {
    match verdict {
        Ok(verdict) => verdict.word(),
        Err(_) => "not decided",
    }
}

/// A verdict as a sentence.
fn sentence(diff: &Diff) -> String {
    match &diff.verdict {
        Ok(Verdict::Equal) => "every request is decided as before".to_owned(),
        Ok(Verdict::Narrower) => "something is no longer possible, and nothing is newly possible".to_owned(),
        Ok(Verdict::Wider) => "something is newly possible, and nothing is lost".to_owned(),
        Ok(Verdict::Incomparable) => "something is newly possible, and something is no longer possible".to_owned(),
        Err(reason) => format!("whether something is newly possible could not be told: {reason}"),
    }
}

/// What beside its verdict is so of a key.
fn presence(key: &Key) -> &'static str {
    match key.presence {
        Presence::Both => "",
        Presence::New => ", a new key",
        Presence::Removed => ", a key that is gone",
    }
}

/// The keys that something is to be said of.
fn telling(diff: &Diff) -> impl Iterator<Item = &Key> {
    diff.keys.iter().filter(|key| key.verdict != Ok(Verdict::Equal))
}

/// How many keys are as they were: `2 keys are as they were`.
fn equal(diff: &Diff) -> Option<String> {
    let count = diff.keys.iter().filter(|key| key.verdict == Ok(Verdict::Equal)).count();
    (count > 0).then(|| format!("{} {} as before", number(count, "key"), if count == 1 { "is" } else { "are" }))
}

/// The request of an example, and what was done before it, as lines of JSON.
struct Lines {
    past: Vec<String>,
    request: String,
}

impl Lines {
    fn of(change: &Change) -> Option<Self> {
        let witness = &change.example.as_ref()?.witness;
        Some(Self {
            past: witness.past.iter().map(ToString::to_string).collect(),
            request: witness.request.to_string(),
        })
    }
}

/// Said once where an example has a past: what it is an example of.
const EQUAL_SUMS: &str = "Examples with a past are for the case that both policies have counted the same.";

/// Said where no request could be made.
const NO_EXAMPLE: &str = "no example could be made";

fn has_past(diff: &Diff) -> bool {
    let changes = diff.keys.iter().flat_map(|key| key.gained.iter().chain(&key.lost));
    changes.filter_map(|change| change.example.as_ref()).any(|example| !example.witness.past.is_empty())
}

#[cfg(test)]
mod tests {
    use super::markdown::escaped;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escaped(text), expected);
    }

    #[test]
    fn what_users_write_cannot_make_markdown() {
        check("a *b* `c` [d](e)", "a \\*b\\* \\`c\\` \\[d\\](e)");
        check("<img src=x> | a\nb", "&lt;img src=x&gt; \\| a b");
        check("@team #12", "@<!-- -->team \\#<!-- -->12");
        check("http://evil.example www.evil.example", "http:<!-- -->//evil.example www<!-- -->.evil.example");
        check("\u{202e}back", "\u{fffd}back");
    }
}
