//! When a key's powers change by themselves.

use std::collections::BTreeSet;

use bpol_engine::ir::{Effect, Ir, Tier};
use jiff::Timestamp;

use super::{Change, cut};
use crate::analyze::mdd::Id;
use crate::analyze::phrase::{self, Facts, operations};
use crate::analyze::{Regions, TooLarge};

/// What changes after a moment, by date.
pub(super) fn changes(ir: &Ir, regions: &mut Regions<'_>, as_of: Timestamp) -> Result<Vec<Change>, TooLarge> {
    let mut cuts: BTreeSet<Timestamp> = BTreeSet::new();
    for region in &regions.regions {
        cuts.extend(region.space.now.cuts().filter(|cut| *cut > as_of));
    }
    let mut before = as_of;
    let mut out = Vec::new();
    for cut in cuts {
        let (mut begins, mut ends, mut differs) = (Vec::new(), Vec::new(), Vec::new());
        let mut left = false;
        for number in 0..regions.regions.len() {
            let of = |place: &usize| regions.of_operation.get(*place).copied().flatten() == Some(number);
            let listed: Vec<usize> = (0..ir.operations.len())
                .filter(of)
                .filter(|place| ir.operations.get(*place).is_some_and(|operation| operation.tier != Tier::Base))
                .collect();
            let Some(region) = regions.regions.get_mut(number).filter(|_| !listed.is_empty()) else { continue };
            let mut of_moment = |moment| -> Result<(Id, Id), TooLarge> {
                let class = region.space.now.class(moment);
                let mut of_effect = |effect| {
                    let there = cut::at(region, effect, class);
                    phrase::reached(&region.space, &mut region.diagrams, region.history, there, Facts::Told)
                };
                Ok((of_effect(Effect::Allow)?, of_effect(Effect::Ask)?))
            };
            let (old, new) = (of_moment(before)?, of_moment(cut)?);
            let is_open = |both: (Id, Id)| both != (Id::FALSE, Id::FALSE);
            left |= is_open(new);
            match (is_open(old), is_open(new)) {
                (false, true) => begins.extend(listed),
                (true, false) => ends.extend(listed),
                (true, true) if old != new => differs.extend(listed),
                _ => {}
            }
        }
        if begins.len() + ends.len() + differs.len() > 0 {
            out.push(Change {
                on: cut::zone(ir).to_datetime(cut).date().to_string(),
                begins: operations(ir, &begins),
                ends: operations(ir, &ends),
                differs: operations(ir, &differs),
                nothing_left: !left,
            });
        }
        before = cut;
    }
    Ok(out)
}
