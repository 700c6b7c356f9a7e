//! The worst case: how much money a key can move, at most.
//!
//! Every way in which the key may pay is a box of its regions. A box is bounded by the counters that all payments in it
//! must keep and that count all of them; what several boxes may spend is added up, and a budget that they share counts
//! once. The sum is an upper bound: it may be more than can really be spent, and is never less.

mod budget;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::{Dimension, Effect, Ir, Period, Tier};
use jiff::Timestamp;
use serde::Serialize;

use super::cut;
use crate::analyze::mdd::{Classes, Id, Step};
use crate::analyze::phrase::{self, About, Facts, money, phrased};
use crate::analyze::space::amount::most;
use crate::analyze::space::moment::timestamp;
use crate::analyze::space::{Space, Variable};
use crate::analyze::window::windows_in;
use crate::analyze::{Region, Regions, TooLarge};

use budget::{Budget, budgets};

/// The most money that can leave in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spending {
    /// The currency; nothing for all that no rule names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// At most so much, by period, of what is bounded.
    pub at_most: Vec<Bound>,
    /// To whom.
    pub to: Vec<String>,
    /// Whether the account holder must approve some of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub with_approval: bool,
    /// What has no bound, where something has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_bound: Vec<String>,
}

/// At most so much in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// The amount.
    pub amount: String,
    /// The amount in the smallest units of its currency.
    pub minor: String,
    /// The period in words.
    pub per: String,
}

/// More boxes than this are too many to add up, and nothing is said to bound them.
const MOST: usize = 64;

/// A way to pay.
#[derive(Debug)]
struct Grant {
    currency: Option<String>,
    budgets: Vec<Budget>,
    /// The first instant at which it is over, in nanoseconds; nothing when it has no end.
    end: Option<i128>,
    /// The first instant at which it is there, in nanoseconds.
    start: i128,
    to: Vec<String>,
    what: String,
}

/// The worst cases of a key, by currency: without approval, and with it where that is more.
pub(super) fn spending(
    ir: &Ir,
    key: usize,
    regions: &mut Regions<'_>,
    as_of: Timestamp,
) -> Result<Vec<Spending>, TooLarge> {
    let allowed = grants(ir, key, regions, as_of, &[Effect::Allow])?;
    let approved = grants(ir, key, regions, as_of, &[Effect::Allow, Effect::Ask])?;
    let mut out = summed(ir, &allowed, as_of, false);
    for one in summed(ir, &approved, as_of, true) {
        let same = |known: &Spending| {
            known.currency == one.currency
                && known.at_most == one.at_most
                && known.no_bound == one.no_bound
                && known.to == one.to
        };
        if !out.iter().any(same) {
            out.push(one);
        }
    }
    Ok(out)
}

fn grants(
    ir: &Ir,
    key: usize,
    regions: &mut Regions<'_>,
    as_of: Timestamp,
    effects: &[Effect],
) -> Result<Vec<Grant>, TooLarge> {
    let mut grants = Vec::new();
    for number in 0..regions.regions.len() {
        let spends = |place: &usize| {
            regions.of_operation.get(*place).copied().flatten() == Some(number)
                && ir.operations.get(*place).is_some_and(|operation| operation.tier == Tier::Spend)
        };
        let listed: Vec<usize> = (0..ir.operations.len()).filter(spends).collect();
        let Some(region) = regions.regions.get_mut(number).filter(|_| !listed.is_empty()) else { continue };
        let mut there = Id::FALSE;
        for effect in effects {
            let one = cut::of(region, *effect);
            there = region.diagrams.or(there, one);
        }
        let now = region.space.number(Variable::Now);
        let later: Vec<u32> = (region.space.now.class(as_of)..region.space.now.size()).collect();
        let later = region.diagrams.one_of(now, later);
        let there = region.diagrams.and(there, later);
        let what = phrase::operations(ir, &listed).join(", ");
        of_region(ir, key, region, there, &listed, &what, &mut grants)?;
    }
    Ok(grants)
}

fn of_region(
    ir: &Ir,
    key: usize,
    region: &mut Region<'_>,
    there: Id,
    listed: &[usize],
    what: &str,
    grants: &mut Vec<Grant>,
) -> Result<(), TooLarge> {
    let reached = phrase::reached(&region.space, &mut region.diagrams, region.history, there, Facts::Told)?;
    if reached == Id::FALSE {
        return Ok(());
    }
    let found = phrase::boxes(&region.space, &mut region.diagrams, region.history, there, Facts::Told, MOST)?;
    let (start, end) = span(region, reached);
    if found.more {
        grants.push(Grant { currency: None, budgets: Vec::new(), end, start, to: Vec::new(), what: what.to_owned() });
        return Ok(());
    }
    for steps in &found.boxes {
        let to = payees(&region.space, steps);
        for (currency, each) in currencies(&region.space, steps) {
            let budgets = match &currency {
                Some(currency) => budgets(ir, key, region, reached, steps, listed, currency, each)?,
                None => Vec::new(),
            };
            grants.push(Grant { currency, budgets, end, start, to: to.clone(), what: what.to_owned() });
        }
    }
    Ok(())
}

/// The currencies that a box has, each with the largest amount where there is one.
fn currencies(space: &Space<'_>, steps: &[Step]) -> Vec<(Option<String>, Option<i128>)> {
    let number = space.number(Variable::Amount);
    let step = steps.iter().find(|step| step.variable == number).map(|step| &step.classes);
    let has = |class: u32| step.is_none_or(|classes| classes.has(class));
    let mut out: BTreeMap<Option<String>, Option<i128>> = BTreeMap::new();
    for (_, interval) in space.amount.intervals().filter(|(class, _)| has(*class)) {
        let each = Some(interval.to).filter(|to| *to < most(&interval.currency));
        out.insert(Some(interval.currency.clone()), each);
    }
    if space.amount.size() == 1 || space.amount.others().is_some_and(has) {
        out.insert(None, None);
    }
    out.into_iter().collect()
}

fn payees(space: &Space<'_>, steps: &[Step]) -> Vec<String> {
    let phrase = phrased(space, 0, steps, Facts::Told);
    let part = phrase.part(About::Payee);
    let tells = space.sides.first().is_some_and(|side| side.is_about(Dimension::Payee));
    match part {
        Some(part) => part.to_string().strip_prefix("to ").map(str::to_owned).into_iter().collect(),
        None if tells => vec!["anyone".to_owned()],
        None => Vec::new(),
    }
}

/// When the first and the last request of a region may come.
fn span(region: &mut Region<'_>, there: Id) -> (i128, Option<i128>) {
    let now = region.space.number(Variable::Now);
    let classes = region.diagrams.onto_some(there, now);
    let classes = region.diagrams.true_classes(classes, now).unwrap_or(Classes::NotIn(Vec::new()));
    let size = region.space.now.size();
    let first = (0..size).find(|class| classes.has(*class)).unwrap_or(0);
    let last = (0..size).rev().find(|class| classes.has(*class)).unwrap_or(0);
    (region.space.now.interval(first).0, (last + 1 < size).then(|| region.space.now.interval(last).1 + 1))
}

fn summed(ir: &Ir, grants: &[Grant], as_of: Timestamp, with_approval: bool) -> Vec<Spending> {
    let currencies: BTreeSet<Option<String>> = grants.iter().map(|grant| grant.currency.clone()).collect();
    let mut out = Vec::new();
    for currency in currencies {
        let of: Vec<&Grant> = grants.iter().filter(|grant| grant.currency == currency).collect();
        let mut to: Vec<String> = of.iter().flat_map(|grant| grant.to.clone()).collect();
        to.sort_unstable();
        to.dedup();
        let mut no_bound: Vec<String> =
            of.iter().filter(|grant| grant.budgets.is_empty()).map(|grant| grant.what.clone()).collect();
        no_bound.sort_unstable();
        no_bound.dedup();
        let mut at_most = Vec::new();
        let of: Vec<&Grant> = of.into_iter().filter(|grant| !grant.budgets.is_empty()).collect();
        if let Some(currency) = currency.as_deref().filter(|_| !of.is_empty()) {
            let budgets: Vec<&[Budget]> = of.iter().map(|grant| grant.budgets.as_slice()).collect();
            let periods: BTreeSet<Period> = budgets.iter().copied().flatten().map(|budget| budget.period).collect();
            let bound =
                |minor: i128, per: String| Bound { amount: money(minor, currency), minor: minor.to_string(), per };
            for period in periods {
                let sum = budget::sum(&budgets, &|budget| windows_in(period, budget.period));
                at_most.extend(sum.map(|minor| bound(minor, phrase::period(period))));
            }
            let ends: Option<Vec<i128>> = of.iter().map(|grant| grant.end).collect();
            if let Some(end) = ends.and_then(|ends| ends.into_iter().max()) {
                let zone = cut::zone(ir);
                let start = of.iter().map(|grant| grant.start).min().and_then(timestamp).unwrap_or(as_of).max(as_of);
                let sum = budget::sum(&budgets, &|budget| window::until(budget.period, start, end, &zone));
                let date = window::date(end, &zone);
                at_most.extend(sum.map(|minor| bound(minor, format!("until it ends on {date}"))));
            }
        }
        out.push(Spending { currency, at_most, to, with_approval, no_bound });
    }
    out
}
