//! Statements that stand more than once in a block, word for word.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::context::Context;
use crate::lint::site::idle;
use crate::lint::written::{body, items};
use crate::source::FileSpan;
use crate::syntax::tree::{Statement, StatementKind};

/// Where a statement stands, and whether a word is said about it.
pub(crate) type Twin = (FileSpan, bool);

/// The places of each statement that stands more than once in one block, in document order; without those of which not
/// one is needed, since of them more is to be said than that.
pub(crate) fn needed(cx: &Context<'_>) -> Vec<Vec<Twin>> {
    let idle: BTreeSet<FileSpan> = idle(cx).iter().map(|idle| idle.place).collect();
    twins(cx).into_iter().filter(|twins| twins.iter().any(|(place, _)| !idle.contains(place))).collect()
}

fn twins(cx: &Context<'_>) -> Vec<Vec<Twin>> {
    let mut out = Vec::new();
    for (file, item) in items(cx) {
        let mut same: BTreeMap<String, Vec<Twin>> = BTreeMap::new();
        for statement in body(item).iter().filter(|statement| statement.kind != StatementKind::Bad) {
            let place = FileSpan { file, span: statement.span };
            if let Some(words) = words(cx.checked.sources.text(place), statement) {
                same.entry(words).or_default().push((place, !statement.doc.is_empty()));
            }
        }
        out.extend(same.into_values().filter(|places| places.len() > 1));
    }
    out
}

/// The text with single blanks. Nothing for one with a comment in it, whose words are not all its own, or with a blank
/// in a name that is not a single one.
fn words(text: &str, statement: &Statement) -> Option<String> {
    let quoted = text.split('"').skip(1).step_by(2);
    let plain = |name: &str| !name.contains(['\\', '\t']) && !name.contains("  ");
    if statement.kind == StatementKind::Bad || text.contains("//") || !quoted.into_iter().all(plain) {
        return None;
    }
    Some(text.split_whitespace().collect::<Vec<&str>>().join(" "))
}
