//! A comparison says how two policies stand to each other as all requests show it.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use bpolc::analyze::diff::{Verdict, diff};

use super::facts::{Values, Wanted};
use super::judge::{grade, operations, rules, said, world};
use super::sums::{Figure, Table};
use super::{compiled, most, seeds};
use crate::naive::clause::World;
use crate::naive::counter::Counter;
use crate::naive::model::{Item, Period, Policy};
use crate::naive::print::print;
use crate::naive::request::Facts;
use crate::naive::rule::{Flat, keys};
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::small::{changed, small};

/// What all requests of a key show.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) gained: Option<String>,
    pub(super) lost: Option<String>,
    pub(super) tried: u64,
}

impl Shown {
    fn verdict(&self) -> Verdict {
        Verdict::of(self.gained.is_some(), self.lost.is_some())
    }
}

/// What each counter holds: a sum that may be unknown, or a number of times.
type Held = HashMap<usize, Option<i128>>;

/// What counters may be held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Orders {
    /// All that is so of scopes and windows.
    All,
    /// Nothing: each counter may hold anything.
    Nothing,
}

/// How the decisions of two policies for a key stand to each other; nothing where there are too many requests. Whatever
/// is said of counters that are one in the old policy and several in the new one is left out unless `forced`.
pub(super) fn shown(policies: [&Policy; 2], key: &str, orders: Orders, forced: bool) -> Option<Shown> {
    let mut out = Shown::default();
    let (wider, narrower) = every(policies, key, orders, &mut |worlds, facts, answer| {
        out.tried += 1;
        let [before, after] = [0, 1].map(|side: usize| grade(&worlds[side], facts, answer));
        let say = || format!("{facts:#?} {answer}\n{before:?}\n{after:?}");
        if !after.is_within(&before) {
            out.gained.get_or_insert_with(say);
        }
        if !before.is_within(&after) {
            out.lost.get_or_insert_with(say);
        }
        if out.gained.is_some() && out.lost.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if forced && wider {
        out.gained.get_or_insert_with(|| "one counter became several".to_owned());
    }
    if forced && narrower {
        out.lost.get_or_insert_with(|| "several counters became one".to_owned());
    }
    Some(out)
}

/// A look at a request, and whether it is one whose facts stand in the answer.
type Visit<'v> = dyn FnMut(&mut [World<'_>], &Facts, bool) -> ControlFlow<()> + 'v;

/// Visits all requests of a key to two policies at all that counters may hold, without operations of which both say the
/// same. What is said of a counter that became several or the other way round; nothing where there are too many.
pub(super) fn every(policies: [&Policy; 2], key: &str, orders: Orders, visit: &mut Visit<'_>) -> Option<(bool, bool)> {
    let table: OnceCell<Table> = OnceCell::new();
    let held: RefCell<Held> = RefCell::new(HashMap::new());
    let holds = |side: usize, counter: &Counter<'_>, currency: Option<&str>, period: Period| {
        let table = table.get().expect("it is made before anything is decided");
        held.borrow().get(&table.variable(side, counter, currency, period)).copied().unwrap_or(Some(0))
    };
    let old = |counter: &Counter<'_>, currency: Option<&str>, period: Period| holds(0, counter, currency, period);
    let new = |counter: &Counter<'_>, currency: Option<&str>, period: Period| holds(1, counter, currency, period);
    let mut worlds = [world(policies[0]), world(policies[1])];
    let made = Table::of(&mut worlds, key)?;
    let open = operations(&worlds, key);
    let forced = made.forced(&worlds, &open);
    let table = table.get_or_init(|| made);
    worlds[0].sums = Some(&old);
    worlds[1].sums = Some(&new);
    for operation in open {
        // What the same lines say of the same names and sums is the same.
        if !std::ptr::eq(policies[0], policies[1]) && are_alike(&worlds, table, key, operation) {
            continue;
        }
        let values = Values::of(&said(&worlds, key, operation), &mut worlds, key, operation, wanted(policies), &[]);
        let figures = table.figures(&worlds, operation);
        let sums = Sums::of(figures, table, orders);
        if values.count().saturating_mul(sums.count()) > most() {
            return None;
        }
        let read = Vocabulary::bunq().operations[operation].action == "read";
        let answers: &[bool] = if read { &[false, true] } else { &[false] };
        let ended = values.each(&mut worlds, &mut |worlds, facts| {
            sums.each(facts, &mut |sums| {
                held.borrow_mut().clone_from(sums);
                answers.iter().try_for_each(|answer| visit(worlds, facts, *answer))
            })
        });
        if ended.is_break() {
            break;
        }
    }
    Some(forced)
}

/// Whether two policies say the same of an operation, word for word, about names that are the same in both.
fn are_alike(worlds: &[World<'_>; 2], table: &Table, key: &str, operation: usize) -> bool {
    let names = [0, 1].map(|side: usize| {
        let items = worlds[side].policy.items.iter();
        let names = items.filter(|item| !matches!(item, Item::Key { .. } | Item::Role { .. } | Item::Every { .. }));
        names.collect::<Vec<_>>()
    });
    let said = [0, 1].map(|side: usize| {
        let rules = rules(&worlds[side], key, operation);
        let clauses = |rule: &Flat| rule.clauses.iter().map(|stated| stated.clause.clone()).collect::<Vec<_>>();
        rules.map(|rule| (rule.effect, rule.subject.clone(), clauses(rule), rule.unless.clone())).collect::<Vec<_>>()
    });
    let figures = [0, 1].map(|side: usize| table.figures_of(side, &worlds[side], operation));
    names[0] == names[1] && said[0] == said[1] && figures[0] == figures[1]
}

/// Where declarations differ, kinds of accounts matter even where no rule speaks of them.
fn wanted(policies: [&Policy; 2]) -> Wanted {
    let declared = policies.map(|policy| crate::naive::accounts(policy).cloned().collect::<Vec<_>>());
    if declared[0] == declared[1] { Wanted::All } else { Wanted::Kinds }
}

/// What the counters that are looked at may hold beside a request.
struct Sums {
    figures: Vec<Figure>,
    variables: Vec<usize>,
    orders: Vec<(usize, usize)>,
}

impl Sums {
    fn of(figures: Vec<Figure>, table: &Table, orders: Orders) -> Self {
        let mut variables: Vec<usize> = figures.iter().map(|figure| figure.variable).collect();
        variables.sort_unstable();
        variables.dedup();
        let orders = match orders {
            Orders::All => table.orders(&variables),
            Orders::Nothing => Vec::new(),
        };
        Self { figures, variables, orders }
    }

    /// About how many there are for one request.
    fn count(&self) -> u64 {
        let per =
            |variable: &usize| 2 + 2 * self.figures.iter().filter(|figure| figure.variable == *variable).count() as u64;
        self.variables.iter().map(per).fold(1, u64::saturating_mul)
    }

    fn each(&self, facts: &Facts, visit: &mut dyn FnMut(&Held) -> ControlFlow<()>) -> ControlFlow<()> {
        let amount = facts.amount.as_ref();
        let mut choices: Vec<(usize, Vec<Option<i128>>)> = Vec::new();
        for variable in &self.variables {
            let of = || self.figures.iter().filter(|figure| figure.variable == *variable);
            let mut values: Vec<Option<i128>> = vec![Some(0)];
            for figure in of() {
                match (&figure.currency, amount) {
                    (None, _) => values.extend([Some(figure.most - 1), Some(figure.most)]),
                    (Some(currency), Some(amount)) if *currency == amount.currency => {
                        // The most that leaves the request within the cap, and one more.
                        values.extend([Some(figure.most - amount.minor), Some(figure.most - amount.minor + 1), None]);
                    }
                    (Some(_), _) => {}
                }
            }
            values.retain(|value| value.is_none_or(|value| value >= 0));
            values.sort_unstable();
            values.dedup();
            choices.push((*variable, values));
        }
        let mut held: Held = HashMap::new();
        self.choose(&choices, &mut held, visit)
    }

    fn choose(
        &self,
        choices: &[(usize, Vec<Option<i128>>)],
        held: &mut Held,
        visit: &mut dyn FnMut(&Held) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(((variable, values), rest)) = choices.split_first() else {
            return if self.fits(held) { visit(held) } else { ControlFlow::Continue(()) };
        };
        for value in values {
            held.insert(*variable, *value);
            self.choose(rest, held, visit)?;
        }
        ControlFlow::Continue(())
    }

    /// An entry that makes a sum unknown makes that of every counter unknown that counts it as well.
    fn fits(&self, held: &Held) -> bool {
        self.orders.iter().all(|(small, big)| match (held[small], held[big]) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(small), Some(big)) => small <= big,
        })
    }
}

#[derive(Debug, Default)]
struct Count {
    pairs: u64,
    /// Changes after which the policy has errors.
    refused: u64,
    undecided: u64,
    too_many: u64,
    exact: u64,
    /// Verdicts that hold only where counters are not held to all that is so of them: a rare thing.
    cautious: u64,
    requests: u64,
}

#[test]
fn comparisons_are_what_all_requests_show() {
    let vocabulary = Vocabulary::bunq();
    let mut count = Count::default();
    let mut verdicts: BTreeMap<String, u64> = BTreeMap::new();
    for (seed, start) in seeds(42, 70) {
        let mut rng = Rng::new(start);
        let (policy, universe) = small(&mut rng, vocabulary);
        let Some((_, old)) = compiled(&print(&policy)) else {
            count.refused += 1;
            continue;
        };
        for _ in 0..3 {
            let (other, what) = changed(&mut rng, &policy, &universe);
            let Some((_, new)) = compiled(&print(&other)) else {
                count.refused += 1;
                continue;
            };
            let (old, new, pair) =
                if rng.percent(50) { (&old, &new, [&policy, &other]) } else { (&new, &old, [&other, &policy]) };
            count.pairs += 1;
            let found = diff(old, new);
            for key in keys(&policy) {
                let said = found.keys.iter().find(|it| it.name == key).expect("a key that both have");
                let Some(all) = shown(pair, &key, Orders::All, true) else {
                    count.too_many += 1;
                    continue;
                };
                count.requests += all.tried;
                let Ok(verdict) = said.verdict else {
                    count.undecided += 1;
                    continue;
                };
                *verdicts.entry(format!("{what}: {}", verdict.word())).or_default() += 1;
                if verdict == all.verdict() {
                    count.exact += 1;
                    continue;
                }
                let free = shown(pair, &key, Orders::Nothing, true).expect("as many as before");
                let within = (verdict.gains() || all.gained.is_none())
                    && (verdict.loses() || all.lost.is_none())
                    && (!verdict.gains() || free.gained.is_some())
                    && (!verdict.loses() || free.lost.is_some());
                let say = || {
                    format!(
                        "with BPOL_SEED={seed} BPOL_CASES=1: {what}\n{}\n---\n{}\n{said:#?}\nsaid {} shown {} free {}\ngained {}\nlost {}",
                        print(pair[0]),
                        print(pair[1]),
                        verdict.word(),
                        all.verdict().word(),
                        free.verdict().word(),
                        all.gained.clone().unwrap_or_default(),
                        all.lost.clone().unwrap_or_default(),
                    )
                };
                assert!(within, "{}", say());
                count.cautious += 1;
                if std::env::var("BPOL_SHOW").is_ok() {
                    println!("{}", say());
                }
            }
        }
    }
    println!("{count:#?}\n{verdicts:#?}");
    assert!(count.exact > 0 && count.cautious * 100 <= count.exact, "{count:?}");
}
