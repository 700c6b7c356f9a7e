//! Caps on sums and on how often, and limits (language.md, 6.2 and 6.4).

use bpol_engine::ir::{CountCap, Dimension, LimitCap, MoneyCap};

use crate::analyze::decision::Builder;
use crate::analyze::facts::minor;
use crate::analyze::mdd::Id;
use crate::analyze::space::{History, Variable};
use crate::analyze::truth::Truth;

impl Builder<'_, '_> {
    /// Whether some cap is exceeded; unknown where none is in the amount's currency.
    pub(super) fn over(&mut self, side: usize, caps: &[MoneyCap]) -> Id {
        let figures: Vec<&MoneyCap> = caps.iter().collect();
        self.exceeded(side, &figures, Id::UNKNOWN)
    }

    /// Whether some cap in the amount's currency is exceeded; `none` where there is no such cap.
    fn exceeded(&mut self, side: usize, caps: &[&MoneyCap], none: Id) -> Id {
        let space = self.space;
        if !space.sides.get(side).is_some_and(|side| side.tells(Dimension::Amount)) {
            return none;
        }
        let mut currencies: Vec<&str> = caps.iter().map(|cap| cap.currency.as_str()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        let mut branches = Vec::new();
        let mut looked_at = Vec::new();
        for currency in currencies {
            let classes: Vec<u32> = space.amount.of_currency(currency).map(|(class, _)| class).collect();
            let of_currency = self.one_of(Variable::Amount, classes.iter().copied());
            looked_at.extend(classes);
            let values =
                caps.iter().filter(|cap| cap.currency == currency).map(|cap| self.exceeds(side, cap)).collect();
            let value = self.diagrams.any(values);
            branches.push(self.diagrams.and(of_currency, value));
        }
        let in_some = self.one_of(Variable::Amount, looked_at);
        let in_none = self.diagrams.not(in_some);
        branches.push(self.diagrams.and(in_none, none));
        self.diagrams.any(branches)
    }

    /// Whether a cap is exceeded by an amount in its currency.
    fn exceeds(&mut self, side: usize, cap: &MoneyCap) -> Id {
        let space = self.space;
        let Some(figure) = minor(&cap.value, &cap.currency) else { return Id::UNKNOWN };
        let above: Vec<u32> = space
            .amount
            .of_currency(&cap.currency)
            .filter(|(_, interval)| interval.from > figure)
            .map(|(class, _)| class)
            .collect();
        let Some(counter) = cap.counter else { return self.one_of(Variable::Amount, above) };
        let value = match self.history {
            History::Empty => self.one_of(Variable::Amount, above),
            History::Any => {
                let Some(place) = space.tally_of.get(&(side, counter)) else { return Id::UNKNOWN };
                self.sum_above(*place, figure, above)
            }
        };
        // What the bank repeats by itself cannot be counted.
        if !space.sides.get(side).is_some_and(|side| side.tells(Dimension::Repeat)) {
            return value;
        }
        let once = space.repeat.class(Some("once"));
        let countable = self.table(Variable::Repeat, Id::FALSE, [(0, Id::TRUE), (once, Id::TRUE)]);
        self.diagrams.join(countable, value, &mut |countable, value| if countable == 2 { value } else { 1 })
    }

    /// Whether a sum is above a figure; `amounts` are the classes of amounts that are.
    fn sum_above(&mut self, place: u32, figure: i128, amounts: Vec<u32>) -> Id {
        let Some(below) = self.below else {
            let above = self.classes_above(place, figure);
            return self.known_one_of(Variable::Total(place), above);
        };
        let mut unknown = Vec::new();
        let mut above = vec![self.one_of(Variable::Amount, amounts)];
        for total in below.get(place as usize).into_iter().flatten().copied().chain([place]) {
            let classes = self.classes_above(total, figure);
            above.push(self.one_of(Variable::Total(total), classes));
            unknown.push(self.one_of(Variable::Total(total), [0]));
        }
        let above = self.diagrams.any(above);
        let unknown = self.diagrams.any(unknown);
        self.diagrams.join(unknown, above, &mut |unknown, above| if unknown == 2 { 1 } else { above })
    }

    /// The classes of a total in which a figure is exceeded.
    fn classes_above(&self, place: u32, figure: i128) -> Vec<u32> {
        self.space.tallies.get(place as usize).map(|tally| tally.above(figure).collect()).unwrap_or_default()
    }

    pub(super) fn at_most(&mut self, side: usize, count: &CountCap) -> Id {
        let space = self.space;
        if self.history == History::Empty {
            return Truth::from(count.times >= 1).leaf();
        }
        let Some(place) = space.tally_of.get(&(side, count.counter)) else { return Id::UNKNOWN };
        let below = self.below.and_then(|below| below.get(*place as usize)).map_or(&[][..], Vec::as_slice);
        let mut above = Vec::new();
        for total in below.iter().chain([place]) {
            let classes = self.classes_above(*total, i128::from(count.times));
            above.push(self.one_of(Variable::Total(*total), classes));
        }
        let above = self.diagrams.any(above);
        self.diagrams.not(above)
    }

    pub(super) fn limit(&mut self, side: usize, caps: &[LimitCap]) -> Id {
        let mut money = Vec::new();
        let mut values = Vec::new();
        for cap in caps {
            match cap {
                LimitCap::Money(cap) => money.push(cap),
                LimitCap::Count(count) => values.push(self.at_most(side, count)),
            }
        }
        if !money.is_empty() {
            let exceeded = self.exceeded(side, &money, Id::UNKNOWN);
            values.push(self.diagrams.not(exceeded));
        }
        self.diagrams.all(values)
    }
}
