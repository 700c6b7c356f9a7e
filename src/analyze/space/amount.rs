//! How much: per currency the intervals between the figures of caps.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::amount::{self, MAX_DIGITS};

use crate::analyze::facts::Amount;
use crate::analyze::space::stranger::CURRENCIES;

/// A variable whose classes are: unknown, the intervals of each currency that some cap names, and any other currency.
#[derive(Debug, Clone, Default)]
pub(crate) struct Amounts {
    classes: Vec<Interval>,
    /// A currency that no cap names.
    other: Option<String>,
    used: bool,
}

/// Amounts of a currency from `from` to `to`, both inside, in smallest units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The currency.
    pub currency: String,
    /// The least.
    pub from: i128,
    /// The most.
    pub to: i128,
}

impl Amounts {
    pub(crate) fn unused() -> Self {
        Self::default()
    }

    pub(crate) fn of(figures: &BTreeMap<String, BTreeSet<i128>>) -> Self {
        let mut classes = Vec::new();
        for (currency, figures) in figures {
            let mut from = 1;
            let most = most(currency);
            for figure in figures.iter().copied().filter(|figure| *figure < most).chain([most]) {
                if figure >= from {
                    classes.push(Interval { currency: currency.clone(), from, to: figure });
                    from = figure + 1;
                }
            }
        }
        let other = CURRENCIES.into_iter().find(|code| !figures.contains_key(*code));
        Self { classes, other: other.map(str::to_owned), used: true }
    }

    pub(crate) fn size(&self) -> u32 {
        if self.used { self.classes.len() as u32 + 1 + u32::from(self.other.is_some()) } else { 1 }
    }

    pub(crate) fn class(&self, told: Option<&Amount>) -> u32 {
        let Some(told) = told.filter(|_| self.used) else { return 0 };
        let inside = |one: &Interval| one.currency == told.currency && one.from <= told.minor && told.minor <= one.to;
        self.classes.iter().position(inside).unwrap_or(self.classes.len()) as u32 + 1
    }

    /// Classes with their intervals.
    pub(crate) fn intervals(&self) -> impl Iterator<Item = (u32, &Interval)> {
        (1..).zip(&self.classes)
    }

    /// The interval of a class; nothing for unknown and for other currencies.
    pub(crate) fn interval(&self, class: u32) -> Option<&Interval> {
        self.classes.get((class as usize).checked_sub(1)?)
    }

    /// The classes of a currency.
    pub(crate) fn of_currency<'s>(&'s self, currency: &'s str) -> impl Iterator<Item = (u32, &'s Interval)> {
        self.intervals().filter(move |(_, interval)| interval.currency == currency)
    }

    /// All classes: what is not told, those of each currency, and other currencies.
    pub(crate) fn by_currency(&self) -> Vec<Vec<u32>> {
        let mut groups = vec![vec![0]];
        let runs = self.classes.chunk_by(|one, other| one.currency == other.currency);
        let mut next = 1;
        for run in runs {
            let end = next + run.len() as u32;
            groups.push((next..end).collect());
            next = end;
        }
        groups.extend(self.others().map(|class| vec![class]));
        groups
    }

    /// The class of all currencies that no cap names, where there is one.
    pub(crate) fn others(&self) -> Option<u32> {
        self.other.as_ref().filter(|_| self.used).map(|_| self.classes.len() as u32 + 1)
    }

    /// The greatest amount of a class; nothing for unknown.
    pub(crate) fn fact(&self, class: u32) -> Option<Amount> {
        let place = (class as usize).checked_sub(1)?;
        match self.classes.get(place) {
            Some(one) => {
                // Beyond all figures the first amount says more than the greatest that there is.
                let minor = if one.to == most(&one.currency) { one.from } else { one.to };
                Some(Amount { minor, currency: one.currency.clone() })
            }
            None => self.spare(),
        }
    }

    /// An amount to tell where rules do not look at it, or of another currency.
    pub(crate) fn spare(&self) -> Option<Amount> {
        let currency = if self.used { self.other.clone()? } else { "EUR".to_owned() };
        Some(Amount { minor: 100, currency })
    }
}

/// The greatest amount that a request can say.
pub(crate) fn most(currency: &str) -> i128 {
    let decimals = amount::decimals(currency).unwrap_or(0);
    10_i128.pow(MAX_DIGITS as u32 + decimals) - 1
}
