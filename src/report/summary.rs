//! The last line of a report.

use std::collections::BTreeSet;

use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};
use bpolc::source::Sources;
use bpolc::syntax::tree::ItemKind;
use serde::Serialize;

use super::number;

/// How many findings there are.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    errors: usize,
    warnings: usize,
    hints: usize,
    files: usize,
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
}

/// `2 errors, 1 warning in 3 files`
pub(super) fn count(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
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
    format!("{}, {}: no findings", number(checked.sources.iter().count(), "file"), number(keys, "key"))
}
