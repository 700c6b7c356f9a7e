//! Totals on which no decision depends where some request can be.
//!
//! That a total does matter is mostly seen from one way through the diagram to a node that tests it, with an amount and
//! totals that can be together. Only where none is found in a few steps the diagram is set against itself without it.

use hashbrown::HashSet;
use std::collections::BTreeSet;

use crate::analyze::TooLarge;
use crate::analyze::decision::Builder;
use crate::analyze::mdd::{Classes, Diagrams, Id};
use crate::analyze::space::{Space, Variable};

/// The diagram without idle totals. `below` has for each total the places of those that never exceed it.
pub(super) fn without(builder: &mut Builder<'_, '_>, diagram: Id, below: &[Vec<u32>]) -> Result<Id, TooLarge> {
    let mut search = Search {
        space: builder.space,
        diagrams: builder.diagrams,
        below,
        taken: Vec::new(),
        seen: HashSet::new(),
        found: BTreeSet::new(),
    };
    search.through(diagram);
    let busy = search.found;
    let mut diagram = diagram;
    for place in (0..builder.space.tallies.len() as u32).filter(|place| !busy.contains(place)) {
        let least = builder.diagrams.restrict(diagram, builder.space.number(Variable::Total(place)), LEAST);
        if least != diagram && !differ(builder, diagram, least, below)? {
            diagram = least;
        }
    }
    Ok(diagram)
}

/// The class of the least totals.
const LEAST: u32 = 1;

/// Whether two diagrams differ where some request can be.
fn differ(builder: &mut Builder<'_, '_>, one: Id, other: Id, below: &[Vec<u32>]) -> Result<bool, TooLarge> {
    let mut all = vec![builder.diagrams.join(one, other, &mut |one, other| if one == other { 0 } else { 2 })];
    let tested = builder.diagrams.support(all[0]);
    let tested = |place: &u32| tested.contains(&builder.space.number(Variable::Total(*place)));
    let totals: Vec<u32> = (0..builder.space.tallies.len() as u32).filter(tested).collect();
    for big in &totals {
        all.push(builder.no_less_than_the_amount(*big));
        for small in below.get(*big as usize).into_iter().flatten().filter(|small| totals.contains(small)) {
            all.push(builder.no_less_than(*small, *big));
        }
    }
    let differing = builder.diagrams.all(all);
    if builder.diagrams.is_exhausted() {
        return Err(TooLarge { reason: "more sums are looked at than can be told apart".to_owned() });
    }
    Ok(builder.diagrams.reaches(differing, &|value| value == 2))
}

/// The most steps for one node.
const MOST: u32 = 200;

/// A walk through a diagram, each node once.
struct Search<'s, 'p> {
    space: &'s Space<'p>,
    diagrams: &'s Diagrams,
    below: &'s [Vec<u32>],
    /// The classes of the amount and of totals on the way.
    taken: Vec<(Variable, u32)>,
    seen: HashSet<Id>,
    /// Places of totals that matter.
    found: BTreeSet<u32>,
}

impl Search<'_, '_> {
    fn through(&mut self, id: Id) {
        let Some(number) = self.diagrams.first(id).filter(|_| self.seen.insert(id)) else { return };
        let variable = self.space.variable(number);
        if let Variable::Total(place) = variable
            && !self.found.contains(&place)
            && self.matters(id, place)
        {
            self.found.insert(place);
        }
        for (classes, child) in self.diagrams.children_of(id) {
            if !matches!(variable, Variable::Amount | Variable::Total(_)) {
                self.through(child);
                continue;
            }
            let size = self.space.size(variable);
            let inside = |class: &u32| match &classes {
                Classes::In(classes) => classes.contains(class),
                Classes::NotIn(classes) => !classes.contains(class),
            };
            // A way that no request takes shows nothing; the child may be met on another.
            if let Some(class) = (0..size).filter(inside).find(|class| self.fits(variable, *class)) {
                self.taken.push((variable, class));
                self.through(child);
                self.taken.pop();
            }
        }
    }

    /// Whether a node that tests a total decides differently for two of its classes that can be on this way.
    fn matters(&mut self, id: Id, place: u32) -> bool {
        let variable = Variable::Total(place);
        let classes: Vec<u32> = (0..self.space.size(variable)).filter(|class| self.fits(variable, *class)).collect();
        let mut steps = MOST;
        classes.windows(2).any(|pair| {
            let children = [0, 1].map(|at| self.diagrams.child_of(id, pair[at]));
            self.differ(children, (variable, [pair[0], pair[1]]), &mut steps)
        })
    }

    /// Whether two diagrams differ at a point that goes with two classes of a total.
    fn differ(&mut self, [one, other]: [Id; 2], total: (Variable, [u32; 2]), steps: &mut u32) -> bool {
        if one == other || *steps == 0 {
            return false;
        }
        *steps -= 1;
        let number = [one, other].into_iter().filter_map(|id| self.diagrams.first(id)).min();
        let Some(number) = number else { return true };
        let variable = self.space.variable(number);
        (0..self.space.size(variable)).any(|class| {
            let child =
                |id| if self.diagrams.first(id) == Some(number) { self.diagrams.child_of(id, class) } else { id };
            let children = [child(one), child(other)];
            let fits = total.1.iter().all(|known| {
                self.taken.push((total.0, *known));
                let fits = self.fits(variable, class);
                self.taken.pop();
                fits
            });
            if !fits {
                return false;
            }
            self.taken.push((variable, class));
            let differ = self.differ(children, total, steps);
            self.taken.pop();
            differ
        })
    }

    /// Whether a class can be with all that was taken.
    fn fits(&self, variable: Variable, class: u32) -> bool {
        let unknown_times = match variable {
            Variable::Total(place) if class == 0 => {
                self.space.tallies.get(place as usize).is_some_and(|tally| tally.currency.is_none())
            }
            _ => false,
        };
        // A number of times is never unknown.
        !unknown_times
            && self.taken.iter().all(|(known, taken)| {
                self.agree((*known, *taken), (variable, class)) && self.agree((variable, class), (*known, *taken))
            })
    }

    /// Whether the second, where it is never less than the first, is not less.
    fn agree(&self, small: (Variable, u32), big: (Variable, u32)) -> bool {
        let Variable::Total(place) = big.0 else { return true };
        let Some(tally) = self.space.tallies.get(place as usize) else { return true };
        let most = tally.interval(big.1).map(|(_, most)| most);
        let least = match small.0 {
            Variable::Amount => {
                let interval = self.space.amount.interval(small.1);
                interval.filter(|it| Some(&it.currency) == tally.currency.as_ref()).map(|interval| interval.from)
            }
            Variable::Total(below) if self.below.get(place as usize).is_some_and(|list| list.contains(&below)) => {
                match self.space.tallies.get(below as usize).and_then(|tally| tally.interval(small.1)) {
                    Some((least, _)) => Some(least),
                    // What is part of it is unknown, so it is, too.
                    None => return most.is_none(),
                }
            }
            _ => None,
        };
        // No most at all is enough for anything, and so is what is unknown.
        least.zip(most.flatten()).is_none_or(|(least, most)| least <= most)
    }
}
