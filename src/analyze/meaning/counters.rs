//! Counters by what they count: the same entries in the same windows are the same counter, whatever the rules that ask.

use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

use bpol_engine::ir::{Counting, Dimension, Operation, Period, Scope};

use crate::analyze::TooLarge;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::meaning::digest::{Digest, Text};
use crate::analyze::meaning::{function, node};
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET};
use crate::analyze::space::{Draft, History, Side};
use crate::analyze::window::lies_in;

/// The counters of a policy.
pub(super) struct Counters<'p> {
    names: Rc<Names<'p>>,
    /// By scopes and what an operation has: which entries are counted.
    entries: HashMap<Entries<'p>, Option<Digest>>,
    /// By counter, and by key where each key has a sum of its own.
    known: HashMap<(u32, Option<usize>), Known>,
}

/// Scopes, and what they can tell of an operation.
type Entries<'p> = (Vec<u32>, &'p [Dimension], &'p [Dimension]);

/// What is known of a counter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Which entries are counted, and what of them.
    entries: Digest,
    period: Period,
    /// All of it.
    pub(super) digest: Digest,
}

impl Known {
    /// Whether this total is never more than another: the same entries in a window that lies in the other's.
    pub(super) fn never_exceeds(&self, other: &Self) -> bool {
        self.entries == other.entries && self.digest != other.digest && lies_in(self.period, other.period)
    }

    /// Counters that count the same entries.
    pub(super) fn family(&self) -> Digest {
        self.entries
    }
}

impl<'p> Counters<'p> {
    pub(super) fn of(names: &Rc<Names<'p>>) -> Self {
        Self { names: Rc::clone(names), entries: HashMap::new(), known: HashMap::new() }
    }

    /// A counter, as it stands before a key.
    pub(super) fn get(&mut self, counter: u32, key: usize) -> Result<Known, TooLarge> {
        let ir = self.names.ir;
        let Some(declared) = ir.counters.get(counter as usize) else {
            return Err(TooLarge { reason: "a cap names a counter that is not there".to_owned() });
        };
        let own = declared.each_key.then_some(key);
        if let Some(known) = self.known.get(&(counter, own)) {
            return Ok(*known);
        }
        let mut counted: Vec<(&str, &str, &str, Digest)> = Vec::new();
        let whose = |(place, _): &(usize, _)| own.is_none_or(|own| own == *place);
        for (_, key) in ir.keys.iter().enumerate().filter(whose) {
            let concerns = |scope: &Scope| match &scope.key {
                Some(own) => *own == key.name,
                None => !scope.except.contains(&key.name),
            };
            let mut by_operation: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for scope in &declared.scopes {
                let Some(table) = ir.scopes.get(*scope as usize).filter(|scope| concerns(scope)) else { continue };
                for operation in &table.operations {
                    by_operation.entry(*operation).or_default().push(*scope);
                }
            }
            for (operation, scopes) in by_operation {
                let Some(operation) = ir.operations.get(operation as usize) else { continue };
                // What has no amount adds nothing to a sum.
                if declared.counting != Counting::Times && !operation.dimensions.contains(&Dimension::Amount) {
                    continue;
                }
                if let Some(entries) = self.entries(operation, scopes)? {
                    counted.push((&key.name, &operation.action, &operation.resource, entries));
                }
            }
        }
        counted.sort_unstable();
        let mut text = Text::new("entries");
        text.option(match &declared.counting {
            Counting::Money(currency) => Some(currency),
            Counting::Times => None,
        });
        text.number(counted.len() as i128);
        for (key, action, resource, entries) in counted {
            text.word(key).word(action).word(resource).digest(entries);
        }
        let entries = text.finish();
        let mut text = Text::new("counter");
        text.digest(entries);
        let calendar = match declared.period {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Year => "year",
            Period::Rolling(_) | Period::Total => "",
        };
        text.word(calendar).option(ir.timezone.as_deref().filter(|_| !calendar.is_empty()));
        text.number(match declared.period {
            Period::Rolling(seconds) => i128::from(seconds),
            _ => 0,
        });
        let known = Known { entries, period: declared.period, digest: text.finish() };
        self.known.insert((counter, own), known);
        Ok(known)
    }

    /// Which entries of an operation are in some of these scopes; nothing where none is.
    fn entries(&mut self, operation: &'p Operation, scopes: Vec<u32>) -> Result<Option<Digest>, TooLarge> {
        let question: Entries<'p> = (scopes, &operation.dimensions, &operation.untold);
        if let Some(known) = self.entries.get(&question) {
            return Ok(*known);
        }
        let ir = self.names.ir;
        let table: Vec<&Scope> = question.0.iter().filter_map(|place| ir.scopes.get(*place as usize)).collect();
        let mut draft = Draft::new(vec![Side::of(&self.names, operation)], History::Empty);
        for clause in table.iter().flat_map(|scope| scope.when.iter().chain(scope.unless.iter().flatten())) {
            draft.clause(0, clause);
        }
        let space = draft.finish(&|side, counter| (side, counter))?;
        let mut diagrams = Diagrams::new(space.domains(), BUDGET);
        let mut builder = region::builder(&space, &mut diagrams, History::Empty);
        let inside = builder.counted(0, &table);
        let inside = function::settled(&mut builder, inside);
        let labels = ["outside", "", "inside"].map(|label| Text::new(label).finish());
        let digest = if inside == Id::FALSE {
            None
        } else {
            Some(node::Nodes::new(&space, &diagrams, &labels, &[])?.digest(inside)?)
        };
        self.entries.insert(question, digest);
        Ok(digest)
    }
}
