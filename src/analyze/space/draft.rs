//! A space while it is cut: clauses say where facts must be told apart.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::{AccountRef, Clause, CountCap, Counting, Dimension, LimitCap, MoneyCap, PayeeRef, Since};
use jiff::Timestamp;

use crate::analyze::TooLarge;
use crate::analyze::facts::minor;
use crate::analyze::space::account::Identity;
use crate::analyze::space::amount::Amounts;
use crate::analyze::space::flag::Flag;
use crate::analyze::space::ip::{self, Addresses, Block};
use crate::analyze::space::moment::{Ages, Creation, Moments, first_instant};
use crate::analyze::space::payee::{Ibans, Unit};
use crate::analyze::space::words::Words;
use crate::analyze::space::{Side, Space, Tally, stranger, week};

/// What the past can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Anything: every counter is a variable.
    Any,
    /// Nothing was done before.
    Empty,
}

/// Two counters are one variable when they have the same name here.
pub(crate) type Same<'s> = &'s dyn Fn(usize, u32) -> (usize, u32);

/// What clauses look at.
pub(crate) struct Draft<'p> {
    sides: Vec<Side<'p>>,
    history: History,
    accounts: Vec<(usize, AccountRef)>,
    redeclared: Vec<(usize, u32)>,
    names: Vec<String>,
    about: BTreeSet<Dimension>,
    units: BTreeSet<(usize, UnitKey)>,
    urls: Vec<String>,
    figures: BTreeMap<String, BTreeSet<i128>>,
    totals: BTreeMap<(usize, u32), BTreeSet<i128>>,
    addresses: Vec<Vec<Block>>,
    now: Vec<Timestamp>,
    weeks: Vec<Vec<(u32, u32)>>,
    created: Vec<Timestamp>,
    ages: Vec<u64>,
    periods: bool,
}

/// Units in the order in which they are numbered.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum UnitKey {
    Payee(u32),
    Account(u32),
    Iban(String),
    Own,
}

impl<'p> Draft<'p> {
    pub(crate) fn new(sides: Vec<Side<'p>>, history: History) -> Self {
        Self {
            sides,
            history,
            accounts: Vec::new(),
            redeclared: Vec::new(),
            names: Vec::new(),
            about: BTreeSet::new(),
            units: BTreeSet::new(),
            urls: Vec::new(),
            figures: BTreeMap::new(),
            totals: BTreeMap::new(),
            addresses: Vec::new(),
            now: Vec::new(),
            weeks: Vec::new(),
            created: Vec::new(),
            ages: Vec::new(),
            periods: false,
        }
    }

    /// Takes in that accounts are declared otherwise in another policy: then every account is told apart, for facts that
    /// contradict the declarations of one policy may be right in the other.
    pub(crate) fn redeclared(&mut self, accounts: &[(usize, u32)]) {
        if accounts.is_empty() {
            return;
        }
        for (number, side) in self.sides.iter().enumerate() {
            if side.tells(Dimension::Account) {
                self.about.insert(Dimension::Account);
                let all = 0..side.names.ir.accounts.len() as u32;
                self.accounts.extend(all.map(|place| (number, AccountRef::Account(place))));
                self.redeclared = accounts.to_vec();
            }
            if side.tells(Dimension::Payee) {
                self.about.insert(Dimension::Payee);
                self.units.insert((number, UnitKey::Own));
            }
        }
    }

    /// Takes in a clause of a policy.
    pub(crate) fn clause(&mut self, number: usize, clause: &Clause) {
        let Some(side) = self.sides.get(number).cloned() else { return };
        let mut tells = |dimension| {
            let tells = side.tells(dimension);
            if tells {
                self.about.insert(dimension);
            }
            tells
        };
        match clause {
            Clause::On(refs) if tells(Dimension::Account) => {
                for reference in refs {
                    match reference {
                        AccountRef::Name(name) => self.names.push(name.clone()),
                        reference => self.accounts.push((number, reference.clone())),
                    }
                }
            }
            Clause::To(refs) if tells(Dimension::Payee) => {
                for reference in refs {
                    let key = match reference {
                        PayeeRef::Payee(place) => UnitKey::Payee(*place),
                        PayeeRef::Account(place) => UnitKey::Account(*place),
                        PayeeRef::Iban(iban) => UnitKey::Iban(iban.clone()),
                        PayeeRef::OwnAccounts => UnitKey::Own,
                        PayeeRef::Favorites | PayeeRef::Anyone => continue,
                    };
                    self.units.insert((number, key));
                }
            }
            Clause::ToUrl(urls) if tells(Dimension::Url) => self.urls.extend(urls.iter().cloned()),
            Clause::UpTo(caps) | Clause::Over(caps) => {
                tells(Dimension::Amount);
                caps.iter().for_each(|cap| self.money(number, cap));
            }
            Clause::AtMost(counts) | Clause::MoreThan(counts) => {
                counts.iter().for_each(|count| self.count(number, count));
            }
            Clause::Within(limits) => {
                for limit in limits.iter().filter_map(|limit| side.names.ir.limits.get(*limit as usize)) {
                    for cap in &limit.caps {
                        match cap {
                            LimitCap::Money(cap) => {
                                if side.tells(Dimension::Amount) {
                                    self.about.insert(Dimension::Amount);
                                }
                                self.money(number, cap);
                            }
                            LimitCap::Count(count) => self.count(number, count),
                        }
                    }
                }
            }
            Clause::Via(_) => _ = tells(Dimension::Method),
            Clause::Repeating(_) => _ = tells(Dimension::Repeat),
            Clause::Since(since) if tells(Dimension::Record) => match since {
                Since::Age(seconds) => self.ages.push(*seconds),
                Since::Date(date) => self.created.extend(first_instant(date, side.zone.as_ref())),
            },
            Clause::CreatedByThisKey => _ = tells(Dimension::Record),
            Clause::From(refs) => self.addresses.extend(ip::blocks(side.names.ir, refs)),
            Clause::During(spans) => self.weeks.push(week::stretches(spans)),
            Clause::Starting(date) | Clause::Before(date) => {
                self.now.extend(first_instant(date, side.zone.as_ref()));
            }
            Clause::On(_) | Clause::To(_) | Clause::ToUrl(_) | Clause::Since(_) | Clause::AnyAmount => {}
        }
    }

    fn money(&mut self, side: usize, cap: &MoneyCap) {
        if !self.sides.get(side).is_some_and(|side| side.tells(Dimension::Amount)) {
            return;
        }
        let Some(figure) = minor(&cap.value, &cap.currency) else { return };
        self.figures.entry(cap.currency.clone()).or_default().insert(figure);
        if let Some(counter) = cap.counter {
            self.periods = true;
            if self.history == History::Any {
                self.totals.entry((side, counter)).or_default().insert(figure);
            }
        }
    }

    fn count(&mut self, side: usize, count: &CountCap) {
        if self.history == History::Any {
            self.totals.entry((side, count.counter)).or_default().insert(i128::from(count.times));
        }
    }

    /// Cuts each counter of the first policy also at the caps on those that never hold less, by pairs of counters.
    pub(crate) fn nested(&mut self, pairs: impl IntoIterator<Item = (u32, u32)>) {
        let before = self.totals.clone();
        for (small, big) in pairs {
            if let Some((cuts, more)) = self.totals.get_mut(&(0, small)).zip(before.get(&(0, big))) {
                cuts.extend(more);
            }
        }
    }

    /// The counters of the first policy that caps look at.
    pub(crate) fn counters(&self) -> impl Iterator<Item = u32> {
        self.totals.keys().filter(|(side, _)| *side == 0).map(|(_, counter)| *counter)
    }

    /// The space. `same` names counters, so that those of two policies that count the same are one variable.
    pub(crate) fn finish(self, same: Same<'_>) -> Result<Space<'p>, TooLarge> {
        let names: Vec<_> = self.sides.iter().map(|side| side.names.clone()).collect();
        let is = |dimension| self.about.contains(&dimension);
        let tells = |dimension| self.sides.iter().any(|side| side.tells(dimension));
        let words = |of: &dyn Fn(&'p bpol_engine::ir::Ir) -> Vec<String>| -> Vec<String> {
            names.iter().flat_map(|names| of(names.ir)).collect()
        };
        let methods = words(&|ir| ir.methods.clone());
        let kinds = words(&|ir| ir.kinds.iter().map(|kind| kind.word.clone()).collect());
        let (tallies, tally_of) = tallies(&names, self.totals, same);
        let units: Vec<Unit> = self
            .units
            .iter()
            .filter_map(|(side, key)| {
                Unit::of(
                    *side,
                    &match key {
                        UnitKey::Payee(place) => PayeeRef::Payee(*place),
                        UnitKey::Account(place) => PayeeRef::Account(*place),
                        UnitKey::Iban(iban) => PayeeRef::Iban(iban.clone()),
                        UnitKey::Own => PayeeRef::OwnAccounts,
                    },
                )
            })
            .collect();
        let payees = is(Dimension::Payee);
        let accounts = is(Dimension::Account);
        let records = is(Dimension::Record);
        let repeats = is(Dimension::Repeat) || (self.periods && tells(Dimension::Repeat));
        let zone = self.sides.iter().find_map(|side| side.zone.clone());
        let different = self.sides.iter().any(|side| side.zone.is_some() && side.zone != zone);
        if different && !self.weeks.is_empty() {
            return Err(TooLarge { reason: "the policies tell times of day in different time zones".to_owned() });
        }
        Ok(Space {
            own: Flag { used: records },
            method: if is(Dimension::Method) {
                Words::closed(methods)
            } else {
                Words::unused(methods.first().cloned())
            },
            repeat: if repeats {
                Words::closed(REPEATS.map(str::to_owned).to_vec())
            } else {
                Words::unused(Some("once".to_owned()))
            },
            account: if accounts { Identity::of(&names, &self.accounts, &self.redeclared) } else { Identity::unused() },
            name: if accounts {
                Words::open(self.names, |number| format!("Account {}", number + 1))
            } else {
                Words::unused(Some("Account 1".to_owned()))
            },
            kind: if accounts { Words::closed(kinds) } else { Words::unused(kinds.first().cloned()) },
            payee: if payees {
                Ibans::of(|side| &self.sides[side].names, units, stranger::iban(&names))
            } else {
                Ibans::unused(stranger::iban(&names))
            },
            payee_own: Flag { used: payees },
            favorite: Flag { used: payees },
            url: if is(Dimension::Url) {
                Words::open(self.urls, |number| format!("https://example.com/{}", number + 1))
            } else {
                Words::unused(Some("https://example.com/1".to_owned()))
            },
            amount: if is(Dimension::Amount) { Amounts::of(&self.figures) } else { Amounts::unused() },
            tallies,
            tally_of,
            ip: if self.addresses.is_empty() { Addresses::unused() } else { Addresses::of(distinct(self.addresses)) },
            now: Moments::of(self.now),
            week: if self.weeks.is_empty() {
                week::Weeks::unused(zone)
            } else {
                week::Weeks::of(zone, distinct(self.weeks))
            },
            created: Creation { moments: Moments::of(self.created), used: records },
            age: Ages::of(self.ages, records),
            sides: self.sides,
        })
    }
}

/// The words of rhythms.
pub(crate) const REPEATS: [&str; 7] = ["once", "hourly", "daily", "weekly", "monthly", "yearly", "anytime"];

fn tallies(
    names: &[std::rc::Rc<crate::analyze::names::Names<'_>>],
    totals: BTreeMap<(usize, u32), BTreeSet<i128>>,
    same: Same<'_>,
) -> (Vec<Tally>, HashMap<(usize, u32), u32>) {
    type Group = (Vec<(usize, u32)>, BTreeSet<i128>);
    let mut groups: BTreeMap<(usize, u32), Group> = BTreeMap::new();
    for ((side, counter), figures) in totals {
        let group = groups.entry(same(side, counter)).or_default();
        group.0.push((side, counter));
        group.1.extend(figures);
    }
    let mut out = Vec::new();
    let mut places = HashMap::new();
    for (counters, figures) in groups.into_values() {
        let first = counters.first().and_then(|(side, counter)| names.get(*side)?.ir.counters.get(*counter as usize));
        let currency = first.and_then(|counter| match &counter.counting {
            Counting::Money(code) => Some(code.clone()),
            Counting::Times => None,
        });
        places.extend(counters.iter().map(|counter| (*counter, out.len() as u32)));
        out.push(Tally::of(counters, currency, &figures));
    }
    (out, places)
}

fn distinct<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    let mut out: Vec<T> = Vec::new();
    for one in list {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}
