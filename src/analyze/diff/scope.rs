//! Whether every entry that one counter counts another counts too, decided over all entries.
//!
//! An entry is a key, an operation and what is known of account, payee, method and rhythm. Left out are entries whose
//! facts contradict the declarations of one of the two policies.

use hashbrown::HashMap;
use std::rc::Rc;

use bpol_engine::ir::{AccountRef, Clause, Dimension, Ir, Operation, Scope};

use crate::analyze::diff::content::Content;
use crate::analyze::facts::{Account, Facts, Payee};
use crate::analyze::mdd::Diagrams;
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET};
use crate::analyze::space::{Draft, History, Side};
use crate::analyze::truth::Truth;

/// A counter: a policy and a place in its table.
pub(super) type Counter = (usize, u32);

/// Two policies, as comparing scopes sees them.
pub(super) struct Entries<'c, 'p> {
    pub(super) names: [&'c Rc<Names<'p>>; 2],
    pub(super) contents: [&'c Content<'p>; 2],
    /// For each operation of one policy its place in the other's table.
    pub(super) twins: [&'c [Option<u32>]; 2],
    /// Accounts that the two declare differently.
    pub(super) redeclared: &'c [(usize, u32)],
    /// How many questions may still be asked of diagrams.
    pub(super) left: u32,
}

/// More questions were asked than are worked out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exhausted;

impl<'p> Entries<'_, 'p> {
    /// Whether all that `small` counts `big` counts too.
    pub(super) fn contains(&mut self, big: Counter, small: Counter) -> Result<bool, Exhausted> {
        let mut known: HashMap<(Vec<u32>, Vec<u32>), bool> = HashMap::new();
        let each = self.ir(small).counters.get(small.1 as usize).is_some_and(|counter| counter.each_key);
        for key in &self.ir(small).keys {
            // A counter of each key by itself is compared only where both policies know the key.
            if each && small.0 != big.0 && !declares(self.ir(big), &key.name) {
                continue;
            }
            let (few, many) = (self.scopes(small, &key.name), self.scopes(big, &key.name));
            if few.is_empty() {
                continue;
            }
            let pair = (few, many);
            let inside = match known.get(&pair) {
                Some(inside) => *inside,
                None => {
                    let inside = self.covers((big.0, &pair.1), (small.0, &pair.0))?;
                    known.insert(pair, inside);
                    inside
                }
            };
            if !inside {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn ir(&self, counter: Counter) -> &'p Ir {
        self.names[counter.0].ir
    }

    /// The scopes of a counter that a key's entries may fall in.
    fn scopes(&self, counter: Counter, key: &str) -> Vec<u32> {
        let ir = self.ir(counter);
        let scopes = ir.counters.get(counter.1 as usize).map_or(&[][..], |counter| &counter.scopes);
        let concerns = |scope: &Scope| match &scope.key {
            Some(own) => own == key,
            None => declares(ir, key) && !scope.except.iter().any(|name| name == key),
        };
        let mut out: Vec<u32> = scopes.to_vec();
        out.retain(|place| ir.scopes.get(*place as usize).is_some_and(concerns));
        out
    }

    /// Whether each entry in some of the few scopes is in some of the many, whatever its key.
    fn covers(&mut self, many: (usize, &[u32]), few: (usize, &[u32])) -> Result<bool, Exhausted> {
        let number = |side: usize, place: &u32| self.contents[side].scopes.get(*place as usize).copied();
        let listed: Vec<Option<u32>> = many.1.iter().map(|place| number(many.0, place)).collect();
        let rest: Vec<u32> = few.1.iter().filter(|place| !listed.contains(&number(few.0, place))).copied().collect();
        if rest.is_empty() {
            return Ok(true);
        }
        let of = |side: usize, places: &[u32]| -> Vec<&'p Scope> {
            let ir = self.names[side].ir;
            places.iter().filter_map(|place| ir.scopes.get(*place as usize)).collect()
        };
        let (some, all) = (of(few.0, &rest), of(many.0, many.1));
        let mut questions: Vec<Question<'p>> = Vec::new();
        for (place, operation) in (0..).zip(&self.names[few.0].ir.operations) {
            let some: Vec<&Scope> = listing(&some, place);
            if some.is_empty() {
                continue;
            }
            let twin = || self.twins[few.0].get(place as usize).copied().flatten();
            let other = if few.0 == many.0 { Some(place) } else { twin() };
            let all = other.map_or_else(Vec::new, |place| listing(&all, place));
            if all.is_empty() && some.iter().any(|scope| scope.unless.is_empty()) {
                return Ok(false);
            }
            let beside =
                other.and_then(|place| self.names[many.0].ir.operations.get(place as usize)).unwrap_or(operation);
            let question = Question { operation, beside, some, all };
            if question.some.iter().any(|scope| self.probe((few.0, scope), (many.0, &question)).is_some()) {
                return Ok(false);
            }
            if !questions.iter().any(|asked| asked.is_like(&question)) {
                questions.push(question);
            }
        }
        for question in questions {
            self.left = self.left.checked_sub(1).ok_or(Exhausted)?;
            if !question.holds([self.names[few.0], self.names[many.0]], few.0 == many.0)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An entry of a scope, made of what the scope names first or last, that the many do not have.
    fn probe(&self, few: (usize, &Scope), many: (usize, &Question<'_>)) -> Option<()> {
        let (names, question) = (self.names[few.0], many.1);
        [true, false].into_iter().find_map(|first| {
            let facts = example(names, &few.1.when, first);
            let fine = [few.0, many.0].iter().all(|side| {
                let account = facts.account.as_ref().is_none_or(|account| self.names[*side].declared(account).is_ok());
                account && !facts.payee.as_ref().is_some_and(|payee| self.names[*side].contradicts(payee))
            });
            let inside =
                |side: usize, scope: &Scope, operation: &Operation| counted(self.names[side], scope, operation, &facts);
            let shows = fine
                && inside(few.0, few.1, question.operation)
                && !question.all.iter().any(|scope| inside(many.0, scope, question.beside));
            shows.then_some(())
        })
    }
}

fn declares(ir: &Ir, key: &str) -> bool {
    ir.keys.iter().any(|known| known.name == key)
}

fn listing<'p>(scopes: &[&'p Scope], operation: u32) -> Vec<&'p Scope> {
    scopes.iter().filter(|scope| scope.operations.binary_search(&operation).is_ok()).copied().collect()
}

/// Whether entries of one operation that are in some scopes of one policy are in others of another.
struct Question<'p> {
    operation: &'p Operation,
    beside: &'p Operation,
    some: Vec<&'p Scope>,
    all: Vec<&'p Scope>,
}

impl<'p> Question<'p> {
    fn is_like(&self, other: &Self) -> bool {
        let same = |one: &[&Scope], two: &[&Scope]| {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| std::ptr::eq(*one, *two))
        };
        let alike = |one: &Operation, two: &Operation| one.dimensions == two.dimensions && one.untold == two.untold;
        alike(self.operation, other.operation)
            && alike(self.beside, other.beside)
            && same(&self.some, &other.some)
            && same(&self.all, &other.all)
    }

    fn holds(&self, names: [&Rc<Names<'p>>; 2], alone: bool) -> Result<bool, Exhausted> {
        let mut sides = vec![Side::of(names[0], self.operation)];
        if !alone {
            sides.push(Side::of(names[1], self.beside));
        }
        let other = sides.len() - 1;
        let mut draft = Draft::new(sides, History::Empty);
        for (side, scopes) in [(0, &self.some), (other, &self.all)] {
            for clause in scopes.iter().flat_map(|scope| scope.when.iter().chain(scope.unless.iter().flatten())) {
                draft.clause(side, clause);
            }
        }
        let space = draft.finish(&|side, counter| (side, counter)).map_err(|_| Exhausted)?;
        let mut diagrams = Diagrams::new(space.domains(), BUDGET / 100);
        let mut builder = region::builder(&space, &mut diagrams, History::Empty);
        let mut outside = vec![builder.counted(0, &self.some)];
        let many = builder.counted(other, &self.all);
        outside.push(builder.diagrams.not(many));
        for side in 0..=other {
            let malformed = builder.malformed(side);
            outside.push(builder.diagrams.not(malformed));
        }
        let outside = builder.diagrams.all(outside);
        if builder.diagrams.is_exhausted() {
            return Err(Exhausted);
        }
        Ok(!diagrams.reaches(outside, &|value| value == 2))
    }
}

/// What clauses name, as the facts of an entry.
fn example(names: &Names<'_>, when: &[Clause], first: bool) -> Facts {
    let mut facts = Facts::default();
    for clause in when {
        match clause {
            Clause::On(refs) => {
                let known = |one: &AccountRef| match one {
                    AccountRef::Account(place) => names.ir.accounts.get(*place as usize).map(|known| Account {
                        iban: known.iban.clone(),
                        id: known.id,
                        ..Account::default()
                    }),
                    AccountRef::Name(name) => Some(Account { name: Some(name.clone()), ..Account::default() }),
                    AccountRef::Kind { kind, .. } => Some(Account { kind: Some(kind.clone()), ..Account::default() }),
                    AccountRef::Any { .. } => None,
                };
                facts.account = end(first, refs.iter().filter_map(known));
            }
            Clause::To(refs) => {
                let iban = end(first, refs.iter().flat_map(|reference| names.ibans(reference)));
                facts.payee = iban.map(|iban| Payee { iban: Some(iban.to_owned()), ..Payee::default() });
            }
            Clause::Via(words) => facts.method = end(first, words.iter().cloned()),
            Clause::Repeating(words) => facts.repeat = end(first, words.iter().cloned()),
            _ => {}
        }
    }
    facts
}

fn end<T>(first: bool, mut list: impl Iterator<Item = T>) -> Option<T> {
    if first { list.next() } else { list.last() }
}

/// Whether a scope counts an entry.
fn counted(names: &Names<'_>, scope: &Scope, operation: &Operation, facts: &Facts) -> bool {
    let tells = |dimension| operation.dimensions.contains(&dimension) && !operation.untold.contains(&dimension);
    let word = |told: &Option<String>, dimension, words: &[String]| {
        Truth::of(told.as_ref().filter(|_| tells(dimension)).map(|told| words.contains(told)))
    };
    let value = |clause: &Clause| match clause {
        Clause::On(refs) if operation.dimensions.contains(&Dimension::Account) => {
            names.on(refs, facts.account.as_ref().filter(|_| tells(Dimension::Account)))
        }
        Clause::To(refs) if operation.dimensions.contains(&Dimension::Payee) => {
            names.to(refs, facts.payee.as_ref().filter(|_| tells(Dimension::Payee)))
        }
        Clause::Via(words) => word(&facts.method, Dimension::Method, words),
        Clause::Repeating(words) => word(&facts.repeat, Dimension::Repeat, words),
        _ => Truth::Unknown,
    };
    let all = |clauses: &[Clause]| clauses.iter().map(value).min().unwrap_or(Truth::True);
    all(&scope.when) != Truth::False && scope.unless.iter().all(|block| all(block) != Truth::True)
}
