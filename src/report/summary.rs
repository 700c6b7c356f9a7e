//! The last line of a report.

use std::collections::BTreeSet;

use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};
use bpolc::source::Sources;
use bpolc::syntax::tree::ItemKind;
use schemars::JsonSchema;
use serde::Serialize;

use super::number;

/// How many findings there are.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Summary {
    /// Errors.
    errors: usize,
    /// Warnings.
    warnings: usize,
    /// Hints.
    hints: usize,
    /// Files that were read.
    files: usize,
    /// Findings that comments of the policy hide.
    suppressed: usize,
}

impl Summary {
    /// Counts.
    pub(super) fn of(sources: &Sources, diagnostics: &[Diagnostic]) -> Self {
        let mut summary = Self { files: sources.iter().count(), ..Self::default() };
        for found in diagnostics {
            match found.level {
                Level::Error => summary.errors += 1,
                Level::Warning => summary.warnings += 1,
                Level::Hint => summary.hints += 1,
            }
        }
        summary
    }

    /// Adds what is hidden.
    pub(super) fn with_suppressed(self, checked: &Checked) -> Self {
        Self { suppressed: checked.suppressed.len(), ..self }
    }
}

/// `2 errors, 1 warning in 3 files, 1 suppressed`
pub(super) fn count(checked: &Checked) -> String {
    format!("{}{}", counted(&checked.sources, &checked.diagnostics), suppressed(checked))
}

fn suppressed(checked: &Checked) -> String {
    match checked.suppressed.len() {
        0 => String::new(),
        count => format!(", {count} suppressed"),
    }
}

/// `2 errors, 1 warning in 3 files`
pub(super) fn counted(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let summary = Summary::of(sources, diagnostics);
    let counts: Vec<String> = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.hints, "hint")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| number(count, noun))
        .collect();
    let files: BTreeSet<_> = diagnostics.iter().map(|found| found.place.file).collect();
    let of = if summary.files > files.len() { format!(" of {}", summary.files) } else { String::new() };
    format!("{} in {}{of}", counts.join(", "), number(files.len(), "file"))
}

/// `3 files, 5 keys: no findings`
pub(super) fn nothing(checked: &Checked) -> String {
    let items = checked.trees.iter().flat_map(|tree| &tree.items);
    let keys = items.filter(|item| matches!(item.kind, ItemKind::Key { .. })).count();
    let (files, suppressed) = (number(checked.sources.iter().count(), "file"), suppressed(checked));
    format!("{files}, {}: no findings{suppressed}", number(keys, "key"))
}
