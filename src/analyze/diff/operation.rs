//! The decisions of two policies about one operation side by side, over one space.

use std::rc::Rc;

use bpol_engine::ir::{Effect, Operation, Period, Rule};

use crate::analyze::TooLarge;
use crate::analyze::decision::Builder;
use crate::analyze::diff::counters::Correspondence;
use crate::analyze::diff::grade::{Grade, Seen};
use crate::analyze::diff::scope::{Counter, Entries};
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::names::Names;
use crate::analyze::region;
use crate::analyze::space::{Draft, History, Side, Space, Tally, Variable};
use crate::analyze::window::lies_in;

/// What one policy says of an operation for one key.
#[derive(Debug, Clone)]
pub(super) struct View<'p> {
    /// Nothing where the policy knows the operation or the key not at all, so that it is denied.
    pub(super) operation: Option<&'p Operation>,
    pub(super) rules: Vec<&'p Rule>,
}

/// Where two policies decide differently.
pub(super) struct Compared<'p> {
    pub(super) space: Space<'p>,
    pub(super) diagrams: Diagrams,
    /// The place of each difference in [`Compared::pairs`] plus one, zero where there is none: requests whose `answer`
    /// is false.
    pub(super) plain: Id,
    /// The same for requests whose `answer` is true.
    pub(super) answer: Id,
    /// Grades of the old and the new policy.
    pub(super) pairs: Vec<(Grade, Grade)>,
    /// All fields, by their bits.
    pub(super) fields: Vec<&'p str>,
}

impl Compared<'_> {
    /// The differences that some request within reach shows.
    pub(super) fn differences(&self, diagram: Id) -> impl Iterator<Item = (u32, &(Grade, Grade))> {
        let values = self.diagrams.values(diagram);
        values.into_iter().filter_map(|value| Some((value, self.pairs.get((value as usize).checked_sub(1)?)?)))
    }
}

/// The most pairs of accounts of which IBAN and id are mixed, where declarations changed.
const MOST_MIXED: usize = 40_000;

/// The most totals that are set against each other.
const MOST_TOTALS: usize = 60;

/// Compares two views; in at most `budget` steps.
pub(super) fn compare<'p>(
    entries: &mut Entries<'_, 'p>,
    same: &Correspondence,
    views: &[View<'p>; 2],
    budget: u64,
) -> Result<Option<Compared<'p>>, TooLarge> {
    let Some(any) = views[1].operation.or(views[0].operation) else { return Ok(None) };
    let side = |number: usize| -> Side<'p> {
        // A policy that says nothing of the key or the operation declares nothing that matters.
        let says = if views[number].operation.is_some() { number } else { 1 - number };
        let names: &Rc<Names<'p>> = entries.names[says];
        Side::of(names, views[number].operation.unwrap_or(any))
    };
    let mut draft = Draft::new(vec![side(0), side(1)], History::Any);
    for (number, view) in views.iter().enumerate() {
        for clause in view.rules.iter().flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten())) {
            draft.clause(number, clause);
        }
    }
    let accounts: usize = entries.names.iter().map(|names| names.ir.accounts.len()).sum();
    if entries.redeclared.len().saturating_mul(accounts) > MOST_MIXED {
        return Err(TooLarge { reason: "more accounts are declared in another way than can be compared".to_owned() });
    }
    draft.redeclared(entries.redeclared);
    let space = draft.finish(&|side, counter| same.same(side, counter))?;
    let mut diagrams = Diagrams::new(space.domains(), budget);
    let mut builder = region::builder(&space, &mut diagrams, History::Any);
    let seen = Seen::of(views)?;
    let mut grades: Vec<Grade> = Vec::new();
    let mut decided = Vec::new();
    for (number, view) in views.iter().enumerate() {
        decided.push(graded(&mut builder, number, view, &seen, &mut grades)?);
    }
    let mut pairs = Vec::new();
    let mut differing = Vec::new();
    for at in [0, 1] {
        let sides: Vec<Id> = decided.iter().map(|both: &[Id; 2]| both[at]).collect();
        let apart = builder.diagrams.join(sides[0], sides[1], &mut |old, new| {
            let pair = grades.get(old as usize).zip(grades.get(new as usize));
            let Some((old, new)) = pair.filter(|(old, new)| !old.is_alike(new)) else { return 0 };
            let place = pairs.iter().position(|(one, other)| one == old && other == new).unwrap_or_else(|| {
                pairs.push((old.clone(), new.clone()));
                pairs.len() - 1
            });
            place as u32 + 1
        });
        differing.push(reached(&mut builder, entries, same, apart)?);
    }
    let (plain, answer) = (differing[0], differing[1]);
    if diagrams.is_exhausted() {
        return Err(TooLarge { reason: format!("`{} {}` takes more steps than allowed", any.action, any.resource) });
    }
    Ok(Some(Compared { space, diagrams, plain, answer, pairs, fields: seen.fields }))
}

/// The decisions of one policy as places in a list of grades: about plain requests and about answers.
fn graded<'p>(
    builder: &mut Builder<'_, 'p>,
    number: usize,
    view: &View<'p>,
    seen: &Seen<'p>,
    grades: &mut Vec<Grade>,
) -> Result<[Id; 2], TooLarge> {
    let mut intern = |grade: Grade| {
        let known = grades.iter().position(|known| *known == grade);
        known.unwrap_or_else(|| {
            grades.push(grade);
            grades.len() - 1
        }) as u32
    };
    let denied = intern(Grade::DENIED);
    let contradiction = intern(Grade::CONTRADICTION);
    let everywhere = Id::leaf(denied);
    let Some(operation) = view.operation else { return Ok([everywhere; 2]) };
    let mut outcomes = Vec::new();
    let (plain, answer) = region::decisions(builder, number, &view.rules, operation, &mut outcomes)?;
    let places: Vec<u32> = outcomes.iter().map(|outcome| intern(seen.grade(operation, outcome))).collect();
    let malformed = builder.malformed(number);
    let mut settle = |diagram: Id| {
        let place = |value: u32| places.get(value as usize).copied().unwrap_or(denied);
        let diagram = builder.diagrams.map(diagram, &mut |value| place(value));
        builder
            .diagrams
            .join(diagram, malformed, &mut |value, malformed| if malformed == 2 { contradiction } else { value })
    };
    Ok([settle(plain), answer.map_or(everywhere, settle)])
}

/// What of the differences some request can be at.
fn reached(
    builder: &mut Builder<'_, '_>,
    entries: &mut Entries<'_, '_>,
    same: &Correspondence,
    apart: Id,
) -> Result<Id, TooLarge> {
    if apart == Id::leaf(0) {
        return Ok(apart);
    }
    let space = builder.space;
    let mut all = vec![builder.diagrams.holds(apart, |value| value > 0)];
    let support = builder.diagrams.support(apart);
    let tallies: Vec<u32> = (0..space.tallies.len() as u32)
        .filter(|place| support.contains(&space.number(Variable::Total(*place))))
        .collect();
    // With more than so many every pair would take too long; leaving them out leaves more within reach.
    let compared = if tallies.len() > MOST_TOTALS { &[] } else { tallies.as_slice() };
    for small in compared {
        for big in compared.iter().filter(|big| *big != small) {
            let pair = space.tallies.get(*small as usize).zip(space.tallies.get(*big as usize));
            if pair.is_some_and(|(small, big)| counts_no_more(entries, same, small, big)) {
                all.push(builder.no_less_than(*small, *big));
            }
        }
    }
    let there = builder.diagrams.all(all);
    let there = builder.within_reach(there)?;
    Ok(builder.diagrams.join(apart, there, &mut |value, there| if there == 2 { value } else { 0 }))
}

/// Whether one total is never more than another. Counters that correspond without being the same stand for two sums, and
/// what is so of the one need not be so of the other; as the greater of the two alone they can do no harm, for then
/// totals are never held to be equal that are not.
fn counts_no_more(entries: &mut Entries<'_, '_>, same: &Correspondence, small: &Tally, big: &Tally) -> bool {
    if small.counters.iter().any(|counter| same.is_taken_for_another(*counter)) {
        return false;
    }
    let mut pairs = small.counters.iter().flat_map(|one| big.counters.iter().map(move |other| (one, other)));
    pairs.any(|(one, other)| is_part(entries, *one, *other))
}

/// Whether a counter counts nothing that another does not.
fn is_part(entries: &mut Entries<'_, '_>, small: Counter, big: Counter) -> bool {
    let counter = |(side, place): Counter| entries.names[side].ir.counters.get(place as usize);
    let (Some(one), Some(other)) = (counter(small), counter(big)) else { return false };
    let calendar = |period| !matches!(period, Period::Rolling(_) | Period::Total);
    let zone = |(side, _): Counter| entries.names[side].ir.timezone.as_deref();
    // What one key's own rules count is looked at only for that key, of which the other then has the entries.
    let of_one_key = || {
        let scopes = &entries.names[small.0].ir.scopes;
        let mut keys = one.scopes.iter().map(|place| scopes.get(*place as usize).and_then(|scope| scope.key.as_ref()));
        let first = keys.next().flatten();
        first.is_some() && keys.all(|key| key == first)
    };
    let fits = one.counting == other.counting
        && (one.each_key || !other.each_key || of_one_key())
        && (one.period == other.period || lies_in(one.period, other.period))
        && (!calendar(one.period) || !calendar(other.period) || zone(small) == zone(big));
    // That is not worked out counts as not so, which leaves more within reach.
    fits && entries.contains(big, small).unwrap_or(false)
}

/// Whether something may be granted at all.
pub(super) fn grants(view: &View<'_>) -> bool {
    view.operation.is_some_and(|operation| {
        operation.tier == bpol_engine::ir::Tier::Base || view.rules.iter().any(|rule| rule.effect == Effect::Allow)
    })
}
