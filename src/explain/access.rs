//! Who reaches which account.

use std::collections::BTreeMap;

use bpol_engine::ir::{Dimension, Effect, Ir, Tier};
use jiff::Timestamp;

use super::{Account, Level, Reach, TIERS, cut};
use crate::analyze::mdd::Id;
use crate::analyze::phrase::{self, Facts};
use crate::analyze::space::Variable;
use crate::analyze::{Region, Regions, TooLarge};

const OTHER: &str = "any other account";

/// How far a key may go with each account in each tier, of accounts that it reaches at all.
pub(super) fn accounts(ir: &Ir, regions: &mut Regions<'_>, as_of: Timestamp) -> Result<Vec<Account>, TooLarge> {
    let mut table: BTreeMap<(bool, String), BTreeMap<usize, Level>> = BTreeMap::new();
    for number in 0..regions.regions.len() {
        let tiers: Vec<Tier> = ir
            .operations
            .iter()
            .zip(&regions.of_operation)
            .filter(|(_, region)| **region == Some(number))
            .map(|(operation, _)| operation.tier)
            .collect();
        let Some(region) = regions.regions.get_mut(number) else { continue };
        if !region.space.sides.first().is_some_and(|side| side.is_about(Dimension::Account)) {
            continue;
        }
        let now = region.space.now.class(as_of);
        for (effect, level) in [(Effect::Ask, Level::Ask), (Effect::Allow, Level::Can)] {
            let there = cut::at(region, effect, now);
            let there = phrase::reached(&region.space, &mut region.diagrams, region.history, there, Facts::Told)?;
            for account in reached(ir, region, there) {
                let row = table.entry(account).or_default();
                for place in tiers.iter().filter_map(|tier| TIERS.iter().position(|known| known == tier)) {
                    let known = row.entry(place).or_insert(Level::Cannot);
                    *known = (*known).max(level);
                }
            }
        }
    }
    let rows = table.into_iter().map(|((_, account), levels)| Account {
        account,
        tiers: (0..TIERS.len())
            .map(|place| Reach { tier: TIERS[place], level: levels.get(&place).copied().unwrap_or(Level::Cannot) })
            .collect(),
    });
    Ok(rows.collect())
}

/// The accounts with which some request is there; others come last.
fn reached(ir: &Ir, region: &mut Region<'_>, there: Id) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    let space = &region.space;
    let mut meets = |variable: Variable, classes: Vec<u32>| {
        let inside = region.diagrams.one_of(space.number(variable), classes);
        region.diagrams.and(there, inside) != Id::FALSE
    };
    if there == Id::FALSE {
        return out;
    }
    let named: Vec<(u32, &str)> = space.name.words().collect();
    if space.name.size() > 1 {
        for (class, name) in &named {
            // Where the name does not matter the account is one of the others.
            let rest: Vec<u32> = (0..space.name.size()).filter(|other| other != class).collect();
            if meets(Variable::Name, vec![*class]) && !meets(Variable::Name, rest) {
                out.push((false, format!("the account named \"{name}\"")));
            }
        }
    }
    if space.account.size() == 1 {
        if out.is_empty() {
            out.extend(ir.accounts.iter().map(|account| (false, account.name.clone())));
            out.push((true, OTHER.to_owned()));
        }
        return out;
    }
    let mut classes: BTreeMap<(bool, String), Vec<u32>> = BTreeMap::new();
    let names = space.sides.first().map(|side| side.names.clone());
    for (class, fact) in space.account.classes() {
        let declared = names.as_ref().and_then(|names| names.declared(fact).ok().flatten());
        let account = declared.and_then(|place| ir.accounts.get(place));
        let row = account.map_or((true, OTHER.to_owned()), |account| (false, account.name.clone()));
        classes.entry(row).or_default().push(class);
    }
    let strangers = classes.get(&(true, OTHER.to_owned())).cloned().unwrap_or_default();
    let named_only = !out.is_empty();
    for (row, classes) in classes {
        if !(named_only && row.0) && meets(Variable::Account, classes) {
            out.push(row);
        }
    }
    // Declared accounts that no rule tells apart from others are among the others.
    if !named_only && meets(Variable::Account, strangers) {
        let spoken: Vec<String> = space
            .account
            .classes()
            .filter_map(|(_, fact)| names.as_ref()?.declared(fact).ok().flatten())
            .filter_map(|place| ir.accounts.get(place).map(|account| account.name.clone()))
            .collect();
        let silent = ir.accounts.iter().filter(|account| !spoken.contains(&account.name));
        out.extend(silent.map(|account| (false, account.name.clone())));
    }
    out
}
