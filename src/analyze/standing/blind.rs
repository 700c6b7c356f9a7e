//! A `deny` that closes an operation whole, only because a call never tells the fact that the `deny` is about.

use bpol_engine::ir::{Clause, Dimension, Effect, Rule};

use crate::analyze::mdd::Id;
use crate::analyze::space::Side;
use crate::analyze::standing::Label;
use crate::analyze::standing::contest::{inside, of};
use crate::analyze::standing::group::Group;

/// An operation that is closed so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blind {
    /// The `allow`.
    pub(crate) allow: Label,
    /// The `deny`.
    pub(crate) deny: Label,
    /// The operations, by their place in the table.
    pub(crate) operations: Vec<usize>,
    /// What a call of theirs does not tell.
    pub(crate) untold: Dimension,
}

/// All that are closed so.
pub(super) fn find(groups: &mut [Group<'_>]) -> Vec<Blind> {
    let mut out = Vec::new();
    for group in groups.iter_mut().filter(|group| group.denied != Id::FALSE) {
        let values = group.values.clone();
        let allows = group.items(Effect::Allow, &values, &|_| true);
        let denies = group.items(Effect::Deny, &values, &|_| true);
        let mut labels: Vec<Label> = allows.iter().map(|(label, _)| *label).collect();
        labels.dedup();
        for allow in labels {
            let counts = of(&mut group.diagrams, &allows, allow);
            let counts = group.diagrams.and(counts, group.reach);
            if counts == Id::FALSE || !inside(&mut group.diagrams, counts, group.denied) {
                continue;
            }
            let closing = denies.iter().find_map(|(deny, there)| {
                let untold = untold(group, *deny, &values)?;
                inside(&mut group.diagrams, counts, *there).then_some((*deny, untold))
            });
            if let Some((deny, untold)) = closing {
                out.push(Blind { allow, deny, operations: group.operations.clone(), untold });
            }
        }
    }
    out
}

/// What a `deny` is about and a call does not tell, if the `deny` is never true for that reason.
fn untold(group: &Group<'_>, deny: Label, values: &[Id]) -> Option<Dimension> {
    let side = group.space.sides.first()?;
    let mut untold = None;
    for ((_, rule), value) in group.rules.iter().zip(values).filter(|((label, _), _)| *label == deny) {
        if group.diagrams.values(*value).contains(&2) {
            return None;
        }
        untold = untold.or_else(|| about(rule).find(|dimension| !side_tells(side, *dimension)));
    }
    untold
}

fn side_tells(side: &Side<'_>, dimension: Dimension) -> bool {
    side.tells(dimension)
}

fn about(rule: &Rule) -> impl Iterator<Item = Dimension> {
    rule.when.iter().chain(rule.unless.iter().flatten()).filter_map(|clause| match clause {
        Clause::On(_) => Some(Dimension::Account),
        Clause::To(_) => Some(Dimension::Payee),
        Clause::ToUrl(_) => Some(Dimension::Url),
        Clause::UpTo(_) | Clause::Over(_) => Some(Dimension::Amount),
        Clause::Via(_) => Some(Dimension::Method),
        Clause::Repeating(_) => Some(Dimension::Repeat),
        Clause::Since(_) | Clause::CreatedByThisKey => Some(Dimension::Record),
        _ => None,
    })
}
