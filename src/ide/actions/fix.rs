//! Fixes that come with findings.

use super::{Action, Kind};
use crate::Checked;
use crate::diag::{Diagnostic, Edit, Fix, Power};
use crate::source::FileId;
use crate::syntax::tree::{ItemKind, StatementKind, Tree};

/// The fixes of a finding. The only one that widens nothing is what one would do.
pub(super) fn fixes(found: &Diagnostic) -> Vec<Action> {
    let safe = found.fixes.iter().filter(|fix| fix.power != Power::Widens).count();
    found
        .fixes
        .iter()
        .map(|fix| {
            let more = if fix.power == Power::Widens { " (allows more)" } else { "" };
            Action {
                title: format!("{}{more}", fix.title),
                kind: Kind::Fix,
                power: Some(fix.power),
                preferred: fix.power != Power::Widens && safe == 1,
                edits: fix.edits.clone(),
            }
        })
        .collect()
}

/// The fixes of a file that allow no more and can be made together: of each finding the only one of that kind, where no
/// change touches another. A file that cannot be read whole is left alone: there a fix may not mean what it says.
pub fn all(checked: &Checked, findings: &[Diagnostic], file: FileId) -> Vec<Edit> {
    let whole = |file: FileId| checked.trees.get(file.0 as usize).is_some_and(|tree| !is_broken(tree));
    let mut taken: Vec<Edit> = Vec::new();
    for found in findings.iter().filter(|found| found.place.file == file) {
        let mut safe = found.fixes.iter().filter(|fix| fix.power != Power::Widens);
        let (Some(fix), None) = (safe.next(), safe.next()) else { continue };
        if !fix.edits.is_empty() && fix.edits.iter().all(|edit| whole(edit.place.file)) && is_free(&taken, fix) {
            taken.extend(fix.edits.iter().cloned());
        }
    }
    taken.sort_by_key(|edit| edit.place);
    taken
}

/// Whether nothing that is taken touches a fix. Changes that merely meet are kept apart too: their order would be a
/// guess.
fn is_free(taken: &[Edit], fix: &Fix) -> bool {
    let touches = |one: &Edit, other: &Edit| {
        let (a, b) = (one.place, other.place);
        a.file == b.file && a.span.start <= b.span.end && b.span.start <= a.span.end
    };
    !fix.edits.iter().any(|edit| taken.iter().any(|other| touches(edit, other)))
}

/// Whether some piece of a file could not be read.
pub(super) fn is_broken(tree: &Tree) -> bool {
    tree.items.iter().any(|item| match &item.kind {
        ItemKind::Bad => true,
        ItemKind::Test(test) => test.expectations.iter().any(|one| one.expect.is_none()),
        _ => crate::ide::cursor::statements(item).iter().any(|one| matches!(one.kind, StatementKind::Bad)),
    })
}
