//! Points that some request is at, as far as variables depend on each other.
//!
//! Exact for: account and kind, payee and own, the four variables of time, and for each counter by itself that its total
//! is at least the amount. Of several counters it is taken into account that of two with the same scopes the one of the
//! longer window (day in week, month and year; month in year; a rolling one in a longer rolling one; any in total) has
//! at least the total of the other, and is unknown when the other is. Not taken into account: counters of different
//! scopes that share entries, sums against numbers of times, and how a window lies at a given date (on a Monday the week
//! has seen no more than the day). So a point about several counters may be without a past that leads to it; witnesses
//! are replayed for that reason.

use crate::analyze::TooLarge;
use crate::analyze::decision::Builder;
use crate::analyze::mdd::Id;
use crate::analyze::space::Variable;
use crate::analyze::window::lies_in;

/// The most pairs of classes that are compared for one dependence.
const MOST: usize = 4_000_000;

impl Builder<'_, '_> {
    /// A diagram that is false or true, where some request can be; of counters only those that it tests are looked at.
    pub(crate) fn within_reach(&mut self, id: Id) -> Result<Id, TooLarge> {
        let support = self.diagrams.support(id);
        let tallies: Vec<u32> = (0..self.space.tallies.len() as u32)
            .filter(|place| support.contains(&self.space.number(Variable::Total(*place))))
            .collect();
        let reach = self.reach(&tallies)?;
        let within = self.diagrams.and(id, reach);
        if self.diagrams.is_exhausted() {
            return Err(TooLarge { reason: "a question takes more steps than allowed".to_owned() });
        }
        Ok(within)
    }

    /// Where some request can be, as far as these counters tell.
    pub(crate) fn reach(&mut self, tallies: &[u32]) -> Result<Id, TooLarge> {
        let contradictions = self.contradictions();
        let mut all = vec![self.diagrams.not(contradictions), self.possible_times()?];
        if tallies.len().saturating_mul(self.space.amount.size() as usize) > MOST {
            return Err(TooLarge { reason: "a question is about too many counters at once".to_owned() });
        }
        for place in tallies {
            all.push(self.no_less_than_the_amount(*place));
        }
        for small in tallies {
            for big in tallies {
                if small != big && self.is_inside(*small, *big) {
                    all.push(self.no_less_than(*small, *big));
                }
            }
        }
        Ok(self.diagrams.all(all))
    }

    /// The total of a sum is at least the amount in its currency; a number of times is never unknown.
    pub(crate) fn no_less_than_the_amount(&mut self, place: u32) -> Id {
        let space = self.space;
        let Some(tally) = space.tallies.get(place as usize) else { return Id::TRUE };
        let Some(currency) = &tally.currency else {
            let unknown = self.one_of(Variable::Total(place), [0]);
            return self.diagrams.not(unknown);
        };
        let mut children = Vec::new();
        for (class, interval) in space.amount.of_currency(currency) {
            let reaches = |total: &u32| match tally.interval(*total) {
                None => true,
                Some((_, most)) => most.is_none_or(|most| most >= interval.from),
            };
            let classes: Vec<u32> = (0..tally.size()).filter(reaches).collect();
            children.push((class, self.one_of(Variable::Total(place), classes)));
        }
        let number = space.number(Variable::Amount);
        self.diagrams.table(number, Id::TRUE, children)
    }

    /// Whether what one counter counts another counts too: the same entries in a longer window.
    fn is_inside(&self, small: u32, big: u32) -> bool {
        let counters = |place: u32| self.space.tallies.get(place as usize).map_or(&[][..], |tally| &tally.counters);
        counters(small).iter().any(|(side, small)| {
            let Some(table) = self.space.sides.get(*side).map(|side| &side.names.ir.counters) else { return false };
            let Some(small) = table.get(*small as usize) else { return false };
            counters(big).iter().filter(|(other, _)| other == side).any(|(_, big)| {
                table.get(*big as usize).is_some_and(|big| {
                    small.scopes == big.scopes
                        && small.each_key == big.each_key
                        && small.counting == big.counting
                        && lies_in(small.period, big.period)
                })
            })
        })
    }

    /// One total is at least another, and unknown when that is.
    pub(crate) fn no_less_than(&mut self, small: u32, big: u32) -> Id {
        let space = self.space;
        let (Some(one), Some(other)) = (space.tallies.get(small as usize), space.tallies.get(big as usize)) else {
            return Id::TRUE;
        };
        let mut children = Vec::new();
        for class in 0..one.size() {
            let reaches = |total: &u32| match (one.interval(class), other.interval(*total)) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some((least, _)), Some((_, most))) => most.is_none_or(|most| most >= least),
            };
            let classes: Vec<u32> = (0..other.size()).filter(reaches).collect();
            children.push((class, self.one_of(Variable::Total(big), classes)));
        }
        // Whichever of the two is tested first.
        let whole: Vec<Id> = children
            .into_iter()
            .map(|(class, rest)| {
                let here = self.one_of(Variable::Total(small), [class]);
                self.diagrams.and(here, rest)
            })
            .collect();
        self.diagrams.any(whole)
    }
}
