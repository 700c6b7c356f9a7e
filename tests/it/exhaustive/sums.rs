//! What counters of two policies may hold together, "at equal sums" (section 9).
//!
//! The scope of a counter is known by the entries that it counts: all of them that words about scopes tell apart are
//! tried. Equal scopes are one counter, and a scope inside another never holds more than it.

use std::collections::{BTreeSet, HashMap};

use super::entries::entries;
use super::judge::rules;
use crate::naive::clause::{Site, World};
use crate::naive::counter::{Counter, caps_of_limit, within};
use crate::naive::model::{Cap, Clause, CountCap, Effect, MoneyCap, Period};
use crate::naive::request::Facts;
use crate::naive::rule::Flat;

/// Counters of two policies with what they have in common.
#[derive(Debug)]
pub(super) struct Table {
    /// By policy and scopes.
    counters: HashMap<(usize, Scopes), usize>,
    groups: Vec<Group>,
    /// By counter, period and what is counted.
    group_of: HashMap<(usize, Window, Option<String>), usize>,
    /// By group, the variable that it is.
    variable: Vec<usize>,
    key: String,
    entries: Vec<Facts>,
}

/// Rules by the place in memory at which they stay, each perhaps without one of its exceptions.
type Scopes = Vec<(usize, Option<usize>)>;

/// A period that can be looked up.
type Window = (u8, i64);

/// Counters that count the same entries in the same window.
#[derive(Debug)]
struct Group {
    counts: Vec<bool>,
    /// Rules under `every key` count "each key by itself".
    each_key: bool,
    window: Window,
    currency: Option<String>,
    sides: [bool; 2],
    limits: BTreeSet<String>,
    effects: BTreeSet<u8>,
    /// The key of the rules, if it is one.
    owner: Option<String>,
    /// To how many of the other policy it corresponds without being the same.
    others: usize,
}

/// A cap that rules of a key look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) variable: usize,
    pub(super) currency: Option<String>,
    pub(super) most: i128,
}

/// A counter as a rule speaks of it.
pub(super) struct Use<'w> {
    counter: Counter<'w>,
    limit: Option<String>,
    window: Window,
    currency: Option<String>,
    most: i128,
}

fn window(period: Period) -> Window {
    match period {
        Period::Day => (0, 0),
        Period::Week => (1, 0),
        Period::Month => (2, 0),
        Period::Year => (3, 0),
        Period::Rolling(duration) => (4, duration.seconds()),
        Period::Total => (5, 0),
    }
}

/// "A counter whose scope and window lie in those of another never holds more than it": whether a window lies in another.
fn lies_in(small: Window, big: Window) -> bool {
    match (small.0, big.0) {
        (_, 5) => true,
        (4, 4) => small.1 <= big.1,
        (4, _) | (5, _) => false,
        // No day is longer than 25 hours in the zones of these tests.
        (0, 4) => big.1 >= 25 * 3600,
        (1, 4) => big.1 >= (7 * 24 + 1) * 3600,
        (2, 4) => big.1 >= (31 * 24 + 1) * 3600,
        (3, 4) => big.1 >= 366 * 24 * 3600,
        (small, big) => small == big || small == 0 || (small == 2 && big == 3),
    }
}

fn scopes(counter: &Counter<'_>) -> Scopes {
    let mut scopes: Scopes =
        counter.scopes.iter().map(|scope| (std::ptr::from_ref(scope.rule) as usize, scope.without)).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// Visits the caps with a window of a rule.
pub(super) fn uses<'w>(world: &'w World<'_>, rule: &'w Flat, visit: &mut dyn FnMut(Use<'w>)) {
    let stated = rule.clauses.iter().map(Site::Stated);
    let blocks = rule.unless.iter().enumerate();
    let excepted = blocks.flat_map(|(place, block)| block.iter().map(move |clause| Site::Unless(place, clause)));
    for site in stated.chain(excepted) {
        let mut money = |caps: &[MoneyCap], counter: &dyn Fn() -> Counter<'w>, limit: Option<&String>| {
            for cap in caps {
                let Some((amount, period)) = cap.amount.as_ref().zip(cap.period) else { continue };
                visit(Use {
                    counter: counter(),
                    limit: limit.cloned(),
                    window: window(period),
                    currency: Some(amount.currency.clone()),
                    most: amount.minor,
                });
            }
        };
        match site.clause() {
            Clause::UpTo(caps) | Clause::Over(caps) => money(caps, &|| Counter::of(world, rule, site), None),
            Clause::Within(limits) => {
                for limit in limits {
                    for cap in caps_of_limit(world.policy, limit) {
                        match cap {
                            Cap::Money(cap) => money(std::slice::from_ref(cap), &|| within(world, limit), Some(limit)),
                            Cap::Count(_) => {}
                        }
                    }
                }
            }
            _ => {}
        }
        let mut times = |caps: &[CountCap], counter: &dyn Fn() -> Counter<'w>, limit: Option<&String>| {
            for cap in caps {
                visit(Use {
                    counter: counter(),
                    limit: limit.cloned(),
                    window: window(cap.period),
                    currency: None,
                    most: i128::from(cap.times),
                });
            }
        };
        match site.clause() {
            Clause::AtMost(caps) | Clause::MoreThan(caps) => times(caps, &|| Counter::of(world, rule, site), None),
            Clause::Within(limits) => {
                for limit in limits {
                    for cap in caps_of_limit(world.policy, limit) {
                        if let Cap::Count(cap) = cap {
                            times(std::slice::from_ref(cap), &|| within(world, limit), Some(limit));
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_guardrail(rule: &Flat) -> bool {
    rule.id.starts_with("every#")
}

impl Table {
    /// The counters of two policies as a key's rules see them; nothing where there are too many entries to try.
    pub(super) fn of(worlds: &mut [World<'_>], key: &str) -> Option<Self> {
        let mut out = Self {
            counters: HashMap::new(),
            groups: Vec::new(),
            group_of: HashMap::new(),
            variable: Vec::new(),
            key: key.to_owned(),
            entries: entries(worlds)?,
        };
        let mut counts: Vec<Vec<bool>> = Vec::new();
        let mut by_guardrail: HashMap<(usize, Vec<usize>, usize, String), usize> = HashMap::new();
        let mut found: Vec<(usize, usize, Use<'_>, Effect, bool, Option<String>)> = Vec::new();
        for (side, world) in worlds.iter().enumerate() {
            for (place, rule) in world.rules.iter().enumerate() {
                // Rules of one statement for one key stand in a row.
                let number =
                    world.rules[..place].iter().filter(|it| it.key == rule.key && it.place == rule.place).count();
                let mut cap = 0;
                uses(world, rule, &mut |used| {
                    cap += 1;
                    let name = (side, scopes(&used.counter));
                    let each = is_guardrail(rule) && used.limit.is_none();
                    // Of a guardrail all keys' counters are one, which counts each key by itself.
                    let shared = (side, rule.place.clone(), number, format!("{cap}"));
                    let counter = match out.counters.get(&name) {
                        Some(counter) => *counter,
                        None if each && by_guardrail.contains_key(&shared) => by_guardrail[&shared],
                        None => {
                            counts.push(vec![false; out.entries.len()]);
                            counts.len() - 1
                        }
                    };
                    if out.counters.insert(name, counter).is_none() {
                        for (entry, counted) in out.entries.iter().zip(&mut counts[counter]) {
                            *counted |= used.counter.counts(world, entry);
                        }
                    }
                    if each {
                        by_guardrail.insert(shared, counter);
                    }
                    let mut owners =
                        used.counter.scopes.iter().map(|scope| (is_guardrail(scope.rule), &scope.rule.key));
                    let first = owners.next();
                    let owner = first.filter(|first| !first.0 && owners.all(|other| other == *first));
                    let owner = owner.map(|(_, key)| key.clone());
                    found.push((side, counter, used, rule.effect, each, owner));
                });
            }
        }
        for (side, counter, used, effect, each_key, owner) in found {
            let counts = &counts[counter];
            let same = |group: &Group| {
                group.counts == *counts
                    && group.each_key == each_key
                    && group.window == used.window
                    && group.currency == used.currency
            };
            let place = out.groups.iter().position(same).unwrap_or_else(|| {
                out.groups.push(Group {
                    counts: counts.clone(),
                    each_key,
                    window: used.window,
                    currency: used.currency.clone(),
                    sides: [false; 2],
                    limits: BTreeSet::new(),
                    effects: BTreeSet::new(),
                    owner,
                    others: 0,
                });
                out.groups.len() - 1
            });
            let group = &mut out.groups[place];
            group.sides[side] = true;
            group.limits.extend(used.limit);
            group.effects.insert(match effect {
                Effect::Allow => 0,
                Effect::Ask => 1,
                Effect::Deny => 2,
            });
            out.group_of.insert((counter, used.window, used.currency), place);
        }
        out.correspond();
        Some(out)
    }

    /// "Rules correspond when the scope of one contains the other's … a counter that both have corresponds to itself alone;
    /// rules of different effect and caps whose periods differ do not correspond." Those of a limit are those of the limit
    /// of that name.
    fn correspond(&mut self) {
        let alone = |groups: &[Group], side: usize| -> Vec<usize> {
            (0..groups.len()).filter(|at| groups[*at].sides[side] && !groups[*at].sides[1 - side]).collect()
        };
        let (old, new) = (alone(&self.groups, 0), alone(&self.groups, 1));
        let alike = |one: &Group, other: &Group| {
            one.each_key == other.each_key && one.window == other.window && one.currency == other.currency
        };
        let mut links = Vec::new();
        for one in &old {
            for other in &new {
                let (left, right) = (&self.groups[*one], &self.groups[*other]);
                if alike(left, right) && !left.limits.is_disjoint(&right.limits) {
                    links.push((*one, *other));
                }
            }
        }
        let named: BTreeSet<usize> = links.iter().flat_map(|(one, other)| [*one, *other]).collect();
        for one in &old {
            for other in &new {
                let (left, right) = (&self.groups[*one], &self.groups[*other]);
                let of_two = left.owner.as_ref().zip(right.owner.as_ref()).is_some_and(|(left, right)| left != right);
                if alike(left, right)
                    && !named.contains(one)
                    && !named.contains(other)
                    && !of_two
                    && !left.effects.is_disjoint(&right.effects)
                    && (inside(&left.counts, &right.counts) || inside(&right.counts, &left.counts))
                {
                    links.push((*one, *other));
                }
            }
        }
        self.variable = (0..self.groups.len()).collect();
        for (one, other) in links {
            self.groups[one].others += 1;
            self.groups[other].others += 1;
            let (one, other) = (self.variable[one], self.variable[other]);
            self.variable.iter_mut().filter(|variable| **variable == other).for_each(|variable| *variable = one);
        }
    }

    /// The variable of a counter of a policy.
    pub(super) fn variable(&self, side: usize, counter: &Counter<'_>, currency: Option<&str>, period: Period) -> usize {
        let counter = self.counters[&(side, scopes(counter))];
        self.variable[self.group_of[&(counter, window(period), currency.map(str::to_owned))]]
    }

    /// The caps that rules of the key look at for an operation.
    pub(super) fn figures(&self, worlds: &[World<'_>], operation: usize) -> Vec<Figure> {
        let all = worlds.iter().enumerate().flat_map(|(side, world)| self.figures_of(side, world, operation));
        let mut out = Vec::new();
        for figure in all {
            if !out.contains(&figure) {
                out.push(figure);
            }
        }
        out
    }

    /// Those of one policy, in the order of its rules.
    pub(super) fn figures_of(&self, side: usize, world: &World<'_>, operation: usize) -> Vec<Figure> {
        let mut out = Vec::new();
        self.looked_at(side, world, operation, &mut |group, used| {
            out.push(Figure { variable: self.variable[group], currency: used.currency.clone(), most: used.most });
        });
        out
    }

    fn looked_at(&self, side: usize, world: &World<'_>, operation: usize, visit: &mut dyn FnMut(usize, &Use<'_>)) {
        for rule in rules(world, &self.key, operation) {
            uses(world, rule, &mut |used| {
                let counter = self.counters[&(side, scopes(&used.counter))];
                visit(self.group_of[&(counter, used.window, used.currency.clone())], &used);
            });
        }
    }

    /// "where one counter of OLD corresponds to several of NEW the verdict is at least wider, the other way round narrower"
    pub(super) fn forced(&self, worlds: &[World<'_>], operations: &[usize]) -> (bool, bool) {
        let mut forced = (false, false);
        for operation in operations {
            for (side, world) in worlds.iter().enumerate() {
                self.looked_at(side, world, *operation, &mut |group, _| {
                    let group = &self.groups[group];
                    if group.others > 1 {
                        forced.0 |= group.sides[0];
                        forced.1 |= group.sides[1];
                    }
                });
            }
        }
        forced
    }

    /// Pairs of variables of which the first never holds more than the second. Where not `all`, none of which that could
    /// be doubted since a counter stands for several.
    pub(super) fn orders(&self, variables: &[usize]) -> Vec<(usize, usize)> {
        let mine: Vec<bool> = self.entries.iter().map(|entry| entry.key == self.key).collect();
        let seen = |group: &Group| -> Vec<bool> {
            let counts = group.counts.iter().zip(&mine);
            counts.map(|(counted, mine)| *counted && (*mine || !group.each_key)).collect()
        };
        let mut out = Vec::new();
        for (small, one) in self.groups.iter().enumerate() {
            for (big, other) in self.groups.iter().enumerate() {
                let (left, right) = (self.variable[small], self.variable[big]);
                if left != right
                    && variables.contains(&left)
                    && variables.contains(&right)
                    && one.currency == other.currency
                    && lies_in(one.window, other.window)
                    && inside(&seen(one), &seen(other))
                    && !out.contains(&(left, right))
                {
                    out.push((left, right));
                }
            }
        }
        out
    }
}

fn inside(small: &[bool], big: &[bool]) -> bool {
    small.iter().zip(big).all(|(small, big)| !small || *big)
}
