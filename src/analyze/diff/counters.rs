//! Which counters of two policies are taken to have counted the same (language.md, section 9).
//!
//! First a counter that both have, in whatever words, is itself and nothing else. Of the others those of caps of a limit
//! correspond to those of the limit of that name, and what is left where rules of one effect have scopes of which one
//! contains the other. Period, what is counted, and whether each key is counted by itself must be the same.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::{Clause, Effect, Ir, LimitCap, Rule};

use crate::analyze::diff::scope::{Counter, Entries, Exhausted};

/// Counters of both policies with the variables that they are.
#[derive(Debug)]
pub(super) struct Correspondence {
    groups: Vec<Group>,
    /// By policy: the group of each counter that some cap looks at.
    of_counter: [BTreeMap<u32, usize>; 2],
    /// The first of the groups that are one variable.
    variable: Vec<usize>,
}

/// Counters that count the same entries.
#[derive(Debug, Default, Clone)]
struct Group {
    members: [Vec<u32>; 2],
    limits: BTreeSet<String>,
    effects: BTreeSet<Effect>,
    measure: String,
    /// The key whose entries alone it counts.
    owner: Option<String>,
    /// How many of the other policy's it corresponds to without being the same.
    others: usize,
    undecided: bool,
}

impl Group {
    fn is_shared(&self) -> bool {
        self.members.iter().all(|members| !members.is_empty())
    }

    fn first(&self) -> Option<Counter> {
        (0..).zip(&self.members).find_map(|(side, members)| Some((side, *members.first()?)))
    }

    /// The only policy that has it.
    fn side(&self) -> usize {
        usize::from(self.members[0].is_empty())
    }
}

/// What correspondences say by themselves about rules that look at some counters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Forced {
    /// One counter of the old policy is several of the new one.
    pub(super) wider: bool,
    /// Several counters of the old policy are one of the new one.
    pub(super) narrower: bool,
    /// Too many were changed to be paired.
    pub(super) undecided: bool,
}

/// Pairs of counters of one key, period and currency that are compared before all counts as undecided, and pairs of any
/// counters.
const PAIRS: usize = 400_000;
const ALL_PAIRS: usize = 20_000_000;

impl Correspondence {
    pub(super) fn of(entries: &mut Entries<'_, '_>) -> Self {
        let mut out = Self { groups: Vec::new(), of_counter: Default::default(), variable: Vec::new() };
        let mut by_content: BTreeMap<u32, usize> = BTreeMap::new();
        for side in [0, 1] {
            let ir = entries.names[side].ir;
            for (counter, usage) in usages(ir) {
                let Some(number) = entries.contents[side].counters.get(counter as usize) else { continue };
                let place = *by_content.entry(*number).or_insert_with(|| {
                    let measure = entries.contents[side].measure(counter);
                    out.groups.push(Group { measure, owner: owner(ir, counter), ..Group::default() });
                    out.groups.len() - 1
                });
                let Some(group) = out.groups.get_mut(place) else { continue };
                group.members[side].push(counter);
                group.limits.extend(usage.limits.into_iter().map(str::to_owned));
                group.effects.extend(usage.effects);
                out.of_counter[side].insert(counter, place);
            }
        }
        if out.pair(entries).is_err() {
            for group in out.groups.iter_mut().filter(|group| !group.is_shared()) {
                group.undecided = true;
            }
        }
        out
    }

    /// The same name for counters that are one variable.
    pub(super) fn same(&self, side: usize, counter: u32) -> (usize, u32) {
        match self.of_counter.get(side).and_then(|of| of.get(&counter)) {
            Some(group) => (0, self.variable.get(*group).map_or(u32::MAX, |variable| *variable as u32)),
            None => (side + 1, counter),
        }
    }

    /// Whether a counter is one variable with others than those that count the same.
    pub(super) fn is_taken_for_another(&self, (side, counter): Counter) -> bool {
        let group = self.of_counter.get(side).and_then(|of| of.get(&counter)).and_then(|at| self.groups.get(*at));
        group.is_some_and(|group| group.others > 0)
    }

    /// What is so for rules that look at these counters.
    pub(super) fn forced(&self, counters: impl IntoIterator<Item = Counter>) -> Forced {
        let mut forced = Forced::default();
        for (side, counter) in counters {
            let Some(group) = self.of_counter.get(side).and_then(|of| of.get(&counter)) else { continue };
            let Some(group) = self.groups.get(*group) else { continue };
            forced.undecided |= group.undecided;
            forced.wider |= group.others > 1 && group.side() == 0;
            forced.narrower |= group.others > 1 && group.side() == 1;
        }
        forced
    }

    fn pair(&mut self, entries: &mut Entries<'_, '_>) -> Result<(), Exhausted> {
        let count = self.groups.len();
        self.variable = (0..count).collect();
        self.unite(entries)?;
        let alone = |groups: &[Group], side: usize| -> Vec<usize> {
            (0..count).filter(|at| groups.get(*at).is_some_and(|it| !it.is_shared() && it.side() == side)).collect()
        };
        let (old, new) = (alone(&self.groups, 0), alone(&self.groups, 1));
        let old: Vec<usize> = old.into_iter().filter(|at| !self.is_empty(*at)).collect();
        let new: Vec<usize> = new.into_iter().filter(|at| !self.is_empty(*at)).collect();
        if old.len().saturating_mul(new.len()) > ALL_PAIRS {
            return Err(Exhausted);
        }
        let mut links: Vec<(usize, usize)> = Vec::new();
        for (one, other) in pairs(&old, &new) {
            let (left, right) = (&self.groups[one], &self.groups[other]);
            if left.measure == right.measure && !left.limits.is_disjoint(&right.limits) {
                links.push((one, other));
            }
        }
        let mut pairs_left = PAIRS;
        let named: BTreeSet<usize> = links.iter().flat_map(|(one, other)| [*one, *other]).collect();
        for (one, other) in pairs(&old, &new) {
            let (left, right) = (&self.groups[one], &self.groups[other]);
            let apart = named.contains(&one)
                || named.contains(&other)
                || left.measure != right.measure
                || left.effects.is_disjoint(&right.effects)
                || are_of_two_keys(left, right);
            let (Some(left), Some(right)) = (left.first().filter(|_| !apart), right.first()) else { continue };
            pairs_left = pairs_left.checked_sub(1).ok_or(Exhausted)?;
            if entries.contains(left, right)? || entries.contains(right, left)? {
                links.push((one, other));
            }
        }
        for (one, other) in links {
            self.groups[one].others += 1;
            self.groups[other].others += 1;
            let (one, other) = (self.variable[one], self.variable[other]);
            let (first, second) = (one.min(other), one.max(other));
            self.variable.iter_mut().filter(|variable| **variable == second).for_each(|variable| *variable = first);
        }
        Ok(())
    }

    fn is_empty(&self, at: usize) -> bool {
        self.groups.get(at).is_none_or(|group| group.members.iter().all(Vec::is_empty))
    }

    /// Makes one group of those that count the same in other words.
    fn unite(&mut self, entries: &mut Entries<'_, '_>) -> Result<(), Exhausted> {
        let alone: Vec<usize> = (0..self.groups.len()).filter(|at| !self.groups[*at].is_shared()).collect();
        let mut pairs_left = PAIRS;
        if alone.len().saturating_mul(self.groups.len()) > ALL_PAIRS {
            return Err(Exhausted);
        }
        for one in alone {
            for other in 0..self.groups.len() {
                let (left, right) = (&self.groups[one], &self.groups[other]);
                if left.is_shared() || one == other || left.measure != right.measure || are_of_two_keys(left, right) {
                    continue;
                }
                let (Some(first), Some(second)) = (left.first(), right.first()) else { continue };
                pairs_left = pairs_left.checked_sub(1).ok_or(Exhausted)?;
                if entries.contains(first, second)? && entries.contains(second, first)? {
                    self.merge(one, other);
                    break;
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, from: usize, into: usize) {
        let gone = Group { measure: "none".to_owned(), ..Group::default() };
        let from_group = std::mem::replace(&mut self.groups[from], gone);
        let target = &mut self.groups[into];
        for (side, members) in from_group.members.into_iter().enumerate() {
            for member in members {
                target.members[side].push(member);
                self.of_counter[side].insert(member, into);
            }
        }
        target.limits.extend(from_group.limits);
        target.effects.extend(from_group.effects);
    }
}

fn pairs<'l>(old: &'l [usize], new: &'l [usize]) -> impl Iterator<Item = (usize, usize)> + 'l {
    old.iter().flat_map(|one| new.iter().map(|other| (*one, *other)))
}

fn are_of_two_keys(left: &Group, right: &Group) -> bool {
    left.owner.as_ref().zip(right.owner.as_ref()).is_some_and(|(one, other)| one != other)
}

/// The key whose entries alone a counter counts.
fn owner(ir: &Ir, counter: u32) -> Option<String> {
    let counter = ir.counters.get(counter as usize)?;
    let mut keys = counter.scopes.iter().map(|place| ir.scopes.get(*place as usize)?.key.as_deref());
    let first = keys.next()??;
    keys.all(|key| key == Some(first)).then(|| first.to_owned())
}

#[derive(Debug, Default)]
struct Usage<'p> {
    limits: BTreeSet<&'p str>,
    effects: BTreeSet<Effect>,
}

/// The counters that caps of rules look at, with the limits they belong to and what the rules do.
fn usages(ir: &Ir) -> BTreeMap<u32, Usage<'_>> {
    let mut out: BTreeMap<u32, Usage<'_>> = BTreeMap::new();
    let guardrails = ir.guardrails.iter().flat_map(|guardrail| &guardrail.rules);
    for rule in ir.keys.iter().flat_map(|key| &key.rules).chain(guardrails) {
        looked_at(ir, rule, &mut |counter, limit| {
            let usage = out.entry(counter).or_default();
            usage.effects.insert(rule.effect);
            usage.limits.extend(limit);
        });
    }
    out
}

/// Visits the counters that a rule looks at, with the name of the limit whose cap it is.
pub(super) fn looked_at<'p>(ir: &'p Ir, rule: &Rule, visit: &mut dyn FnMut(u32, Option<&'p str>)) {
    for clause in rule.when.iter().chain(rule.unless.iter().flatten()) {
        match clause {
            Clause::UpTo(caps) | Clause::Over(caps) => {
                caps.iter().filter_map(|cap| cap.counter).for_each(|counter| visit(counter, None));
            }
            Clause::AtMost(caps) | Clause::MoreThan(caps) => caps.iter().for_each(|cap| visit(cap.counter, None)),
            Clause::Within(limits) => {
                for limit in limits.iter().filter_map(|place| ir.limits.get(*place as usize)) {
                    for cap in &limit.caps {
                        let counter = match cap {
                            LimitCap::Money(cap) => cap.counter,
                            LimitCap::Count(cap) => Some(cap.counter),
                        };
                        counter.into_iter().for_each(|counter| visit(counter, Some(limit.name.as_str())));
                    }
                }
            }
            _ => {}
        }
    }
}
