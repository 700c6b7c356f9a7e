//! Rules that do the same where they count: who counts alone, who first, and whom the others make idle.
//!
//! Values of diagrams here are labels of statements, moved past the truth values, so that `and` with a mask keeps them.

use hashbrown::HashMap;
use std::cell::RefCell;

use crate::analyze::mdd::{Diagrams, Id};

/// A statement of a key, by its place in the list.
pub(crate) type Label = u32;

/// Rules of one effect about one operation, by whose statements.
#[derive(Debug)]
pub(crate) struct Contest {
    /// The group whose diagrams these are.
    pub(super) group: usize,
    /// Where each counts, as false and true.
    pub(super) items: Vec<(Label, Id)>,
    /// What makes all of them idle, and where.
    pub(super) denies: Vec<(Label, Id)>,
    /// Where some request can be.
    pub(super) reach: Id,
    /// Where some request can be that nothing denies.
    pub(super) mask: Id,
    /// For each point the first, or the last, of those that stay or deny: by which of these were asked for.
    pub(super) covers: RefCell<HashMap<(bool, bool, bool), Id>>,
}

/// Labels begin here: below are the truth values, of which `and` thinks that they are weak or strong.
const FIRST: u32 = 3;
const NOBODY: u32 = 0;
const SEVERAL: u32 = 1;
/// More than every label.
const TOP: u32 = (1 << 31) - 1;

/// Statements that count somewhere under the mask where no other does.
pub(super) fn alone(diagrams: &mut Diagrams, contest: &Contest, left_out: &dyn Fn(Label) -> bool) -> Vec<Label> {
    let sole = fold(diagrams, &contest.items, left_out, &mut |one, other| match (one, other) {
        (NOBODY, other) => other,
        (one, NOBODY) => one,
        (one, other) if one == other => one,
        _ => SEVERAL,
    });
    labels(diagrams, sole, contest.mask)
}

/// For each point the first statement that counts there, or the last.
pub(super) fn chosen(
    diagrams: &mut Diagrams,
    items: &[(Label, Id)],
    left_out: &dyn Fn(Label) -> bool,
    last: bool,
) -> Id {
    fold(diagrams, items, left_out, &mut |one, other| match (one, other) {
        (NOBODY, other) => other,
        (one, NOBODY) => one,
        (one, other) if last => one.max(other),
        (one, other) => one.min(other),
    })
}

/// The labels that a diagram of labels has somewhere under a mask.
pub(super) fn labels(diagrams: &mut Diagrams, id: Id, mask: Id) -> Vec<Label> {
    let mask = diagrams.map(mask, &mut |value| if value == 2 { TOP } else { NOBODY });
    let there = diagrams.and(id, mask);
    diagrams.values(there).into_iter().filter_map(|value| value.checked_sub(FIRST)).collect()
}

fn fold(
    diagrams: &mut Diagrams,
    items: &[(Label, Id)],
    left_out: &dyn Fn(Label) -> bool,
    join: &mut dyn FnMut(u32, u32) -> u32,
) -> Id {
    let mut ids: Vec<Id> = items
        .iter()
        .filter(|(label, _)| !left_out(*label))
        .map(|(label, id)| diagrams.map(*id, &mut |value| if value == 2 { label + FIRST } else { NOBODY }))
        .collect();
    while ids.len() > 1 {
        ids = ids
            .chunks(2)
            .map(|pair| match *pair {
                [one, other] => diagrams.join(one, other, join),
                [one] => one,
                _ => Id::leaf(NOBODY),
            })
            .collect();
    }
    ids.first().copied().unwrap_or(Id::leaf(NOBODY))
}

/// Where a statement counts.
pub(super) fn of(diagrams: &mut Diagrams, items: &[(Label, Id)], label: Label) -> Id {
    any(diagrams, items, &|other| other == label)
}

/// Where some of the statements counts.
pub(super) fn any(diagrams: &mut Diagrams, items: &[(Label, Id)], wanted: &dyn Fn(Label) -> bool) -> Id {
    let ids = items.iter().filter(|(label, _)| wanted(*label)).map(|(_, id)| *id).collect();
    diagrams.any(ids)
}

/// Whether one diagram, of false and true, is true only where another is.
pub(super) fn inside(diagrams: &mut Diagrams, inner: Id, outer: Id) -> bool {
    diagrams.and(inner, outer) == inner
}
