//! Whether the caps of a policy keep what a claim says of a period.
//!
//! A claim that a sum of a period is never passed holds where each line that gives has a cap of its own that counts at
//! least what the claim counts, over as long a time, and is no larger. What was done before counts for both: every entry
//! was let through by some line of the key, at best before anything was done.

use std::collections::HashMap;
use std::rc::Rc;

use bpol_engine::ir::{Clause, CountCap, Effect, Ir, LimitCap, MoneyCap, Period, Rule, Scope};

use crate::analyze::TooLarge;
use crate::analyze::claim::{Area, Claim};
use crate::analyze::facts::minor;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET};
use crate::analyze::space::{Draft, History, Side};
use crate::analyze::window::{lies_in, windows_in};

/// One key, and a claim about it.
pub(super) struct Kept<'q, 'p> {
    pub(super) names: &'q Rc<Names<'p>>,
    pub(super) key: &'q str,
    /// The rules that bind the key.
    pub(super) rules: &'q [&'p Rule],
    pub(super) claim: &'q Claim,
    /// Whether a counter counts all that the claim counts, once it was asked.
    known: HashMap<u32, bool>,
}

/// A cap on a sum or on a number of times.
#[derive(Clone, Copy)]
struct Bound {
    figure: i128,
    /// Nothing: each by itself.
    counter: Option<u32>,
}

impl<'q, 'p> Kept<'q, 'p> {
    pub(super) fn of(names: &'q Rc<Names<'p>>, key: &'q str, rules: &'q [&'p Rule], claim: &'q Claim) -> Self {
        Self { names, key, rules, claim, known: HashMap::new() }
    }

    fn ir(&self) -> &'p Ir {
        self.names.ir
    }

    /// Whether, wherever an `allow` is true for an operation that is not denied, some cap of the area is false.
    pub(super) fn keeps(&mut self, rule: &Rule, area: &Area, place: u32) -> bool {
        let held = self.held(rule, place);
        area.when.iter().any(|clause| match clause {
            Clause::Over(caps) => self.keeps_sums(&held, caps),
            Clause::MoreThan(caps) => self.keeps_counts(&held, caps),
            _ => false,
        })
    }

    /// The caps that hold where an `allow` is true for an operation and no `deny` closes it: its own, those that an
    /// `only` or another lone exception lets through, and those that a `deny` of nothing else lets nothing beyond.
    fn held(&self, rule: &Rule, place: u32) -> Held<'p> {
        let mut held = Held { sums: Vec::new(), counts: Vec::new() };
        let own = self.rules.iter().find(|known| std::ptr::eq(**known, rule));
        own.into_iter().flat_map(|rule| &rule.when).for_each(|clause| held.add(self.ir(), clause));
        let denies = self.rules.iter().filter(|rule| rule.effect == Effect::Deny);
        for rule in denies.filter(|rule| rule.operations.binary_search(&place).is_ok()) {
            match (rule.when.as_slice(), rule.unless.as_slice()) {
                ([], [block]) => block.iter().for_each(|clause| held.add(self.ir(), clause)),
                ([Clause::Over(caps)], []) => held.sums.push(caps.iter().collect()),
                ([Clause::MoreThan(caps)], []) => held.counts.extend(caps),
                _ => {}
            }
        }
        held
    }

    fn keeps_sums(&mut self, held: &Held<'_>, claimed: &[MoneyCap]) -> bool {
        let lists = &held.sums;
        // The amount is in a currency of each list, else it would not be let through.
        lists.iter().any(|list| {
            list.iter().all(|currency| {
                let code = &currency.currency;
                let mut about = claimed.iter().filter(|cap| cap.currency == *code).peekable();
                let own: Vec<Bound> =
                    lists.iter().flatten().filter(|cap| cap.currency == *code).map(|cap| bound(cap)).collect();
                about.peek().is_some() && about.all(|cap| own.iter().any(|own| self.bounds(bound(cap), *own, code)))
            })
        })
    }

    fn keeps_counts(&mut self, held: &Held<'_>, claimed: &[CountCap]) -> bool {
        let own: Vec<Bound> = held.counts.iter().map(|cap| times(cap)).collect();
        claimed.iter().all(|cap| own.iter().any(|own| self.bounds(times(cap), *own, "")))
    }

    /// Whether a cap of the policy that holds makes one of the claim false.
    fn bounds(&mut self, claimed: Bound, own: Bound, code: &str) -> bool {
        let Some(outer) = claimed.counter else { return own.figure <= claimed.figure };
        let period = |counter: u32| self.ir().counters.get(counter as usize).map(|counter| counter.period);
        let (Some(outer), Some(counter)) = (self.claim.period(outer), own.counter) else { return false };
        let Some(inner) = period(counter) else { return false };
        let fits = if lies_in(outer, inner) || outer == inner {
            own.figure <= claimed.figure
        } else {
            // Of periods that are over more is known only where all were held to the cap.
            let most = windows_in(outer, inner).and_then(|windows| windows.checked_mul(own.figure));
            most.is_some_and(|most| most <= claimed.figure) && self.all_are_held(counter, own.figure, code)
        };
        fits && self.counts_all(counter)
    }

    /// Whether nothing that the claim counts is let through without a cap of a counter that is no larger than a figure.
    fn all_are_held(&self, counter: u32, figure: i128, code: &str) -> bool {
        let is_it = |bound: Bound| bound.counter == Some(counter) && bound.figure <= figure;
        let allows = || self.rules.iter().filter(|rule| rule.effect == Effect::Allow);
        self.claim.counted.iter().all(|place| {
            let mut mine = allows().filter(|rule| rule.operations.binary_search(place).is_ok());
            mine.all(|rule| {
                let held = self.held(rule, *place);
                match code {
                    "" => held.counts.iter().any(|cap| is_it(times(cap))),
                    _ => held.sums.iter().flatten().any(|cap| is_it(bound(cap))),
                }
            })
        })
    }

    /// Whether a counter counts every entry of the key that the claim counts.
    fn counts_all(&mut self, counter: u32) -> bool {
        if let Some(known) = self.known.get(&counter) {
            return *known;
        }
        // What is too much to look at is not said to be so.
        let all = self.claim.counted.iter().all(|place| self.covers(counter, *place).unwrap_or(false));
        self.known.insert(counter, all);
        all
    }

    fn covers(&self, counter: u32, place: u32) -> Result<bool, TooLarge> {
        let ir = self.ir();
        let Some(operation) = ir.operations.get(place as usize) else { return Ok(true) };
        let rules: Vec<&Rule> =
            self.rules.iter().copied().filter(|rule| rule.operations.binary_search(&place).is_ok()).collect();
        if !rules.iter().any(|rule| rule.effect == Effect::Allow) {
            return Ok(true);
        }
        let claimed = self.scopes(place);
        let claimed: Vec<&Scope> = claimed.iter().collect();
        let own = ir.counters.get(counter as usize).map_or(&[][..], |counter| &counter.scopes);
        let concerns = |scope: &&Scope| {
            let key =
                scope.key.as_ref().map_or(!scope.except.iter().any(|name| name == self.key), |key| key == self.key);
            key && scope.operations.binary_search(&place).is_ok()
        };
        let own: Vec<&Scope> = own.iter().filter_map(|place| ir.scopes.get(*place as usize)).filter(concerns).collect();
        let mut draft = Draft::new(vec![Side::of(self.names, operation)], History::Empty);
        let said = rules.iter().flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten()));
        let scoped =
            claimed.iter().chain(&own).flat_map(|scope| scope.when.iter().chain(scope.unless.iter().flatten()));
        said.chain(scoped).for_each(|clause| draft.clause(0, clause));
        let space = draft.finish(&|side, counter| (side, counter))?;
        let mut diagrams = Diagrams::new(space.domains(), BUDGET);
        let mut builder = region::builder(&space, &mut diagrams, History::Empty);
        let mut outcomes = Vec::new();
        let (plain, _) = region::decisions(&mut builder, 0, &rules, operation, &mut outcomes)?;
        let open: Vec<bool> = outcomes.iter().map(|outcome| outcome.effect != Effect::Deny).collect();
        let open = builder.diagrams.holds(plain, |value| open.get(value as usize).copied().unwrap_or(false));
        let (claimed, own) = (builder.counted(0, &claimed), builder.counted(0, &own));
        let own = builder.diagrams.not(own);
        let outside = builder.diagrams.all(vec![open, claimed, own]);
        Ok(builder.within_reach(outside)? == Id::FALSE)
    }

    /// What the claim counts of an operation: as for a rule, clauses about account, payee, method and rhythm alone.
    fn scopes(&self, place: u32) -> Vec<Scope> {
        let narrows =
            |clause: &&Clause| matches!(clause, Clause::On(_) | Clause::To(_) | Clause::Via(_) | Clause::Repeating(_));
        let scope = |area: &Area| Scope {
            key: Some(self.key.to_owned()),
            except: Vec::new(),
            operations: vec![place],
            when: area.when.iter().filter(narrows).cloned().collect(),
            unless: area.unless.iter().filter(|block| block.iter().all(|clause| narrows(&clause))).cloned().collect(),
        };
        let listing: Vec<Scope> =
            self.claim.areas.iter().filter(|area| area.operations.contains(&place)).map(scope).collect();
        if listing.is_empty() { self.claim.areas.iter().map(scope).collect() } else { listing }
    }
}

impl Claim {
    /// The period of a cap of the claim.
    fn period(&self, counter: u32) -> Option<Period> {
        self.periods.get((u32::MAX - counter) as usize).copied()
    }
}

fn bound(cap: &MoneyCap) -> Bound {
    Bound { figure: minor(&cap.value, &cap.currency).unwrap_or(i128::MAX), counter: cap.counter }
}

fn times(cap: &CountCap) -> Bound {
    Bound { figure: i128::from(cap.times), counter: Some(cap.counter) }
}

/// Caps that hold together.
struct Held<'r> {
    /// On money, one list for each clause and limit that has some.
    sums: Vec<Vec<&'r MoneyCap>>,
    counts: Vec<&'r CountCap>,
}

impl<'r> Held<'r> {
    /// Adds those of a clause that is true.
    fn add(&mut self, ir: &'r Ir, clause: &'r Clause) {
        match clause {
            Clause::UpTo(caps) => self.sums.push(caps.iter().collect()),
            Clause::AtMost(caps) => self.counts.extend(caps),
            Clause::Within(limits) => {
                for limit in limits.iter().filter_map(|place| ir.limits.get(*place as usize)) {
                    let mut sums = Vec::new();
                    for cap in &limit.caps {
                        match cap {
                            LimitCap::Money(cap) => sums.push(cap),
                            LimitCap::Count(cap) => self.counts.push(cap),
                        }
                    }
                    self.sums.extend(Some(sums).filter(|sums| !sums.is_empty()));
                }
            }
            _ => {}
        }
    }
}
