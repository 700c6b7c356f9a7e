//! One key in both policies, operation by operation; operations that the same rules are about are compared once.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::{Dimension, Rule};

use crate::analyze::TooLarge;
use crate::analyze::diff::change::{Change, Teller};
use crate::analyze::diff::counters::{Correspondence, Forced, looked_at};
use crate::analyze::diff::example::Engines;
use crate::analyze::diff::operation::{View, compare, grants};
use crate::analyze::diff::scope::Entries;
use crate::analyze::diff::{Key, Presence, Table, Verdict};
use crate::analyze::past::tells;

/// The most steps of work for a whole comparison, which keeps it to seconds.
const BUDGET: u64 = 20_000_000;

/// The most steps of work for saying what was found.
const SAYING: u64 = 10_000_000;

/// Compares keys of two policies.
pub(super) struct Comparer<'c, 'e, 'p> {
    entries: &'c mut Entries<'e, 'p>,
    same: &'c Correspondence,
    tables: &'c [Table<'p>; 2],
    budget: u64,
    saying: u64,
}

/// Operations by their places in the table of one of the policies.
type Places = (usize, Vec<usize>);

/// Numbers of rules in both policies, and the shape of the operation that they are about.
type Meeting = ([Vec<u32>; 2], [Option<u32>; 2]);

impl<'c, 'e, 'p> Comparer<'c, 'e, 'p> {
    pub(super) fn new(entries: &'c mut Entries<'e, 'p>, same: &'c Correspondence, tables: &'c [Table<'p>; 2]) -> Self {
        Self { entries, same, tables, budget: BUDGET, saying: SAYING }
    }

    /// The comparison for one key.
    pub(super) fn key(&mut self, name: &str, engines: &mut Engines<'p>) -> Key {
        let tables = self.tables;
        let bound = [tables[0].bound(name), tables[1].bound(name)];
        let presence = match (&bound[0], &bound[1]) {
            (None, _) => Presence::New,
            (_, None) => Presence::Removed,
            _ => Presence::Both,
        };
        let mut meetings: BTreeMap<Meeting, (Places, [View<'p>; 2])> = BTreeMap::new();
        let mut listed = [lists(&tables[0], bound[0].as_deref()), lists(&tables[1], bound[1].as_deref())];
        for [old, new] in self.operations() {
            let mut side = |number: usize, place: Option<usize>| {
                let list = place.and_then(|place| listed[number].get_mut(place)).map(std::mem::take);
                let mut list: Vec<(u32, &'p Rule)> = list.unwrap_or_default();
                list.sort_by_key(|(number, _)| *number);
                list.dedup_by_key(|(number, _)| *number);
                let place = place.filter(|_| bound[number].is_some());
                let operation = place.and_then(|place| tables[number].ir.operations.get(place));
                let shape = place.and_then(|place| tables[number].shapes.get(place)).copied();
                let (numbers, rules) = list.into_iter().unzip();
                (numbers, shape, View { operation, rules })
            };
            let (old_numbers, old_shape, old_view) = side(0, old);
            let (new_numbers, new_shape, new_view) = side(1, new);
            let views = [old_view, new_view];
            let told = |dimension| views.iter().any(|view| view.operation.is_some_and(|it| tells(it, dimension)));
            let redeclared =
                !self.entries.redeclared.is_empty() && (told(Dimension::Account) || told(Dimension::Payee));
            let equal = old_numbers == new_numbers && old_shape == new_shape && !redeclared;
            if equal || !views.iter().any(grants) {
                continue;
            }
            let meeting = ([old_numbers, new_numbers], [old_shape, new_shape]);
            let (side, place) = new.filter(|_| views[1].operation.is_some()).map_or((0, old), |new| (1, Some(new)));
            let Some(place) = place else { continue };
            meetings.entry(meeting).or_insert_with(|| ((side, Vec::new()), views)).0.1.push(place);
        }
        self.judged(name, presence, engines, meetings.into_values())
    }

    fn judged(
        &mut self,
        name: &str,
        presence: Presence,
        engines: &mut Engines<'p>,
        meetings: impl Iterator<Item = (Places, [View<'p>; 2])>,
    ) -> Key {
        let meetings: Vec<(Places, [View<'p>; 2])> = meetings.collect();
        let mut counters = BTreeSet::new();
        for (side, view) in meetings.iter().flat_map(|(_, views)| views.iter().enumerate()) {
            for rule in &view.rules {
                looked_at(self.tables[side].ir, rule, &mut |counter, _| _ = counters.insert((side, counter)));
            }
        }
        let forced = if presence == Presence::Both { self.same.forced(counters) } else { Forced::default() };
        if forced.undecided {
            let reason = "more budgets over a period were changed at once than can be paired".to_owned();
            let verdict = Err(TooLarge { reason });
            return Key { name: name.to_owned(), presence, verdict, gained: Vec::new(), lost: Vec::new() };
        }
        let mut verdict = Ok(Verdict::of(forced.wider, forced.narrower));
        let mut teller = Teller::new([self.tables[0].ir, self.tables[1].ir], engines, name);
        for (places, views) in meetings {
            match self.meeting(&mut teller, &places, &views) {
                Ok(found) => verdict = verdict.map(|verdict: Verdict| verdict.and(found)),
                Err(reason) => verdict = verdict.and(Err(reason)),
            }
        }
        let [mut gained, mut lost] = teller.finish();
        if forced.wider {
            gained.push(Change::split());
        }
        if forced.narrower {
            lost.push(Change::joined());
        }
        Key { name: name.to_owned(), presence, verdict, gained, lost }
    }

    fn meeting(
        &mut self,
        teller: &mut Teller<'_, 'p>,
        (side, places): &Places,
        views: &[View<'p>; 2],
    ) -> Result<Verdict, TooLarge> {
        if self.budget == 0 {
            return Err(TooLarge {
                reason: "the change is about more than can be compared in a few seconds".to_owned(),
            });
        }
        let compared = compare(self.entries, self.same, views, self.budget);
        let mut compared = match compared {
            Ok(Some(compared)) => compared,
            Ok(None) => return Ok(Verdict::Equal),
            Err(reason) => {
                self.budget /= 2;
                return Err(reason);
            }
        };
        let mut verdict = Verdict::Equal;
        for diagram in [compared.plain, compared.answer] {
            for (_, (old, new)) in compared.differences(diagram) {
                verdict = verdict.and(Verdict::of(!new.is_within(old), !old.is_within(new)));
            }
        }
        let work = compared.diagrams.work();
        self.budget = self.budget.saturating_sub(work);
        teller.take(*side, places, &mut compared, self.saying > 0);
        self.saying = self.saying.saturating_sub(compared.diagrams.work() - work);
        Ok(verdict)
    }

    /// Places of each operation in both tables.
    fn operations(&self) -> Vec<[Option<usize>; 2]> {
        let twins = self.entries.twins;
        let both = twins[1].iter().enumerate().map(|(new, old)| [old.map(|old| old as usize), Some(new)]);
        let gone = twins[0].iter().enumerate().filter(|(_, new)| new.is_none()).map(|(old, _)| [Some(old), None]);
        both.chain(gone).collect()
    }
}

/// The rules that list each operation.
fn lists<'p>(table: &Table<'p>, rules: Option<&[(u32, &'p Rule)]>) -> Vec<Vec<(u32, &'p Rule)>> {
    let mut lists = vec![Vec::new(); table.ir.operations.len()];
    for rule in rules.unwrap_or_default() {
        for place in &rule.1.operations {
            if let Some(list) = lists.get_mut(*place as usize) {
                list.push(*rule);
            }
        }
    }
    lists
}
