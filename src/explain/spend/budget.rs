//! Budgets: counters that every payment of a box must keep, and sums over several.

use std::collections::BTreeMap;

use bpol_engine::ir::{Clause, Counting, Ir, Period, Rule, Scope};

use crate::analyze::TooLarge;
use crate::analyze::mdd::{Id, Step};
use crate::analyze::region::{Region, builder};
use crate::analyze::regions::bound;
use crate::analyze::space::Variable;

/// At most so much in each window of a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Budget {
    /// What is counted: equal for budgets that are one.
    pub(super) id: String,
    pub(super) period: Period,
    pub(super) cap: i128,
}

/// The budgets of a box in a currency. `each` is the largest amount of a payment, where there is one.
#[expect(clippy::too_many_arguments, reason = "a box is told by all of these")]
pub(super) fn budgets(
    ir: &Ir,
    key: usize,
    region: &mut Region<'_>,
    reached: Id,
    steps: &[Step],
    listed: &[usize],
    currency: &str,
    each: Option<i128>,
) -> Result<Vec<Budget>, TooLarge> {
    let mut out = Vec::new();
    for place in 0..region.space.tallies.len() {
        let number = region.space.number(Variable::Total(place as u32));
        let Some(step) = steps.iter().find(|step| step.variable == number) else { continue };
        let Some(tally) = region.space.tallies.get(place) else { continue };
        let last = tally.size() - 1;
        let highest = (1..=last).rev().find(|class| step.classes.has(*class));
        // Past all figures there is no most.
        let Some(cap) = highest.and_then(|class| tally.interval(class)).and_then(|(_, most)| most) else { continue };
        let Some((_, place)) = tally.counters.first().copied() else { continue };
        let Some(counter) = ir.counters.get(place as usize) else { continue };
        let cap = match (&counter.counting, each) {
            (Counting::Money(of), _) if of == currency => cap,
            // What the bank repeats is ordered once and paid often.
            (Counting::Times, Some(each)) if is_paid_once(region, steps) => cap.saturating_mul(each),
            _ => continue,
        };
        if counts_all(ir, key, region, reached, steps, listed, place)? {
            out.push(Budget { id: counter.id.clone(), period: counter.period, cap });
        }
    }
    Ok(out)
}

fn is_paid_once(region: &Region<'_>, steps: &[Step]) -> bool {
    let space = &region.space;
    let tells = space.sides.first().is_some_and(|side| side.tells(bpol_engine::ir::Dimension::Repeat));
    let number = space.number(Variable::Repeat);
    let once = space.repeat.class(Some("once"));
    let step = steps.iter().find(|step| step.variable == number);
    !tells || step.is_some_and(|step| (1..space.repeat.size()).all(|class| class == once || !step.classes.has(class)))
}

/// Whether a counter counts every request of a box.
fn counts_all(
    ir: &Ir,
    key: usize,
    region: &mut Region<'_>,
    reached: Id,
    steps: &[Step],
    listed: &[usize],
    counter: u32,
) -> Result<bool, TooLarge> {
    let Some((counter, name)) = ir.counters.get(counter as usize).zip(ir.keys.get(key).map(|key| &key.name)) else {
        return Ok(false);
    };
    let rules = bound(ir, key);
    let about = |rule: &&&Rule| listed.iter().all(|place| rule.operations.contains(&(*place as u32)));
    let known: Vec<&Clause> =
        rules.iter().filter(about).flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten())).collect();
    let fits = |scope: &&Scope| {
        let of_key = scope.key.as_ref().map_or(!scope.except.contains(name), |of| of == name);
        // Clauses that no rule of these operations has are not told apart in this space.
        let told = scope.when.iter().chain(scope.unless.iter().flatten()).all(|clause| known.contains(&clause));
        of_key && told && listed.iter().all(|place| scope.operations.contains(&(*place as u32)))
    };
    let scopes: Vec<&Scope> =
        counter.scopes.iter().filter_map(|scope| ir.scopes.get(*scope as usize)).filter(fits).collect();
    let mut builder = builder(&region.space, &mut region.diagrams, region.history);
    let mut counted = Vec::new();
    for scope in scopes {
        let mut all = Vec::new();
        for clause in &scope.when {
            let value = builder.clause(0, clause);
            all.push(builder.diagrams.holds(value, |value| value > 0));
        }
        for block in &scope.unless {
            let values = block.iter().map(|clause| builder.clause(0, clause)).collect();
            let value = builder.diagrams.all(values);
            all.push(builder.diagrams.holds(value, |value| value < 2));
        }
        counted.push(builder.diagrams.all(all));
    }
    let counted = builder.diagrams.any(counted);
    let not_counted = builder.diagrams.not(counted);
    let inside = region.diagrams.inside(steps);
    let inside = region.diagrams.and(inside, reached);
    let left_out = region.diagrams.and(inside, not_counted);
    if region.diagrams.is_exhausted() {
        return Err(TooLarge { reason: "adding up budgets takes more steps than allowed".to_owned() });
    }
    Ok(left_out == Id::FALSE)
}

/// What ways to pay can spend together: for each one of its budgets, a budget that several share once. `times` says how
/// many windows of a budget there are; nothing when there is no end of them. Nothing when some way has no budget.
pub(super) fn sum(ways: &[&[Budget]], times: &dyn Fn(&Budget) -> Option<i128>) -> Option<i128> {
    let cost = |budget: &Budget| times(budget).and_then(|times| times.checked_mul(budget.cap));
    let mut chosen: Vec<&Budget> = Vec::new();
    for way in ways {
        let best = way
            .iter()
            .filter_map(|budget| Some((cost(budget)?, &budget.id, budget)))
            .min_by_key(|(cost, id, _)| (*cost, *id));
        chosen.push(best?.2);
    }
    let total = |chosen: &[&Budget]| -> Option<i128> {
        let mut by_id: BTreeMap<&str, i128> = BTreeMap::new();
        for budget in chosen {
            let known = by_id.entry(&budget.id).or_insert(0);
            *known = (*known).max(cost(budget)?);
        }
        by_id.values().try_fold(0_i128, |sum, cost| sum.checked_add(*cost))
    };
    let mut best = total(&chosen)?;
    let ids: std::collections::BTreeSet<&str> =
        ways.iter().copied().flatten().map(|budget| budget.id.as_str()).collect();
    loop {
        let mut better = None;
        for id in &ids {
            let shared: Vec<&Budget> = ways
                .iter()
                .zip(&chosen)
                .map(|(way, old)| way.iter().find(|budget| budget.id == *id).unwrap_or(old))
                .collect();
            if let Some(sum) = total(&shared).filter(|sum| *sum < best) {
                best = sum;
                better = Some(shared);
            }
        }
        match better {
            Some(shared) => chosen = shared,
            None => return Some(best),
        }
    }
}

#[cfg(test)]
mod tests {
    use bpol_engine::ir::Period;

    use super::{Budget, sum};

    fn budget(id: &str, period: Period, cap: i128) -> Budget {
        Budget { id: id.to_owned(), period, cap }
    }

    #[test]
    fn a_shared_budget_counts_once() {
        let own = [budget("a", Period::Day, 50), budget("shared", Period::Day, 60)];
        let other = [budget("b", Period::Day, 40), budget("shared", Period::Day, 60)];
        assert_eq!(sum(&[&own, &other], &|_| Some(1)), Some(60));
        assert_eq!(sum(&[&own[..1], &other[..1]], &|_| Some(1)), Some(90));
        assert_eq!(sum(&[&own, &[]], &|_| Some(1)), None);
        assert_eq!(sum(&[], &|_| Some(1)), Some(0));
    }
}
