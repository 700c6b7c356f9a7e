//! What counters say: the sum with this request, or the number of times with this one.

use std::collections::BTreeSet;

/// A variable whose classes are: unknown (sums only), and the intervals between the figures of the caps on a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The counters that it stands for, each a policy and a place in its table. Several when two policies are compared.
    pub counters: Vec<(usize, u32)>,
    /// The currency of a sum; nothing for a number of times.
    pub currency: Option<String>,
    /// The figures, ascending.
    figures: Vec<i128>,
}

impl Tally {
    pub(crate) fn of(counters: Vec<(usize, u32)>, currency: Option<String>, figures: &BTreeSet<i128>) -> Self {
        Self { counters, currency, figures: figures.iter().copied().collect() }
    }

    pub(crate) fn size(&self) -> u32 {
        // A number of times is always known; its class of unknown is never met, but keeps numbering the same.
        self.figures.len() as u32 + 2
    }

    /// The class of a total, this request included.
    pub(crate) fn class(&self, total: Option<i128>) -> u32 {
        total.map_or(0, |total| self.figures.partition_point(|figure| *figure < total) as u32 + 1)
    }

    /// The least and the most total of a class; nothing for unknown, and no most past all figures.
    pub(crate) fn interval(&self, class: u32) -> Option<(i128, Option<i128>)> {
        let place = (class as usize).checked_sub(1)?;
        let from = place.checked_sub(1).and_then(|before| self.figures.get(before)).map_or(1, |figure| figure + 1);
        Some((from, self.figures.get(place).copied()))
    }

    /// The classes in which a figure is exceeded.
    pub(crate) fn above(&self, figure: i128) -> impl Iterator<Item = u32> {
        let first = self.figures.partition_point(|known| *known <= figure) as u32 + 1;
        first..self.size()
    }
}
