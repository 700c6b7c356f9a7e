//! How much a decision lets happen, so that two policies' can be set against each other.

use bpol_engine::ir::{Effect, Operation};

use crate::analyze::TooLarge;
use crate::analyze::diff::operation::View;
use crate::analyze::region::{self, Outcome};

/// How much a decision lets happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grade {
    pub(super) step: Step,
    /// The fields that the answer shows, as bits by [`Seen::fields`].
    pub(super) fields: u64,
    /// It is denied because its facts contradict a declaration.
    pub(super) contradicts: bool,
}

/// Decisions from the strictest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    /// Denied.
    Deny,
    /// The account holder is asked.
    Ask,
    /// Each record of the answer is decided by itself.
    Each,
    /// Allowed.
    Allow,
}

impl Step {
    pub(super) fn effect(self) -> Effect {
        match self {
            Self::Deny => Effect::Deny,
            Self::Ask => Effect::Ask,
            Self::Each | Self::Allow => Effect::Allow,
        }
    }
}

impl Grade {
    pub(super) const DENIED: Self = Self { step: Step::Deny, fields: 0, contradicts: false };
    pub(super) const CONTRADICTION: Self = Self { contradicts: true, ..Self::DENIED };

    /// Whether both let the same happen.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.is_within(other) && other.is_within(self)
    }

    /// Whether it lets happen nothing that the other does not.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.step < other.step || self.step == other.step && self.fields & !other.fields == 0
    }
}

/// The fields of an operation in both policies.
pub(super) struct Seen<'p> {
    pub(super) fields: Vec<&'p str>,
}

impl<'p> Seen<'p> {
    pub(super) fn of(views: &[View<'p>; 2]) -> Result<Self, TooLarge> {
        let mut fields: Vec<&str> = Vec::new();
        for field in views.iter().filter_map(|view| view.operation).flat_map(region::fields) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        if fields.len() > 64 {
            return Err(TooLarge { reason: "an operation has more than 64 fields".to_owned() });
        }
        Ok(Self { fields })
    }

    pub(super) fn grade(&self, operation: &Operation, outcome: &Outcome) -> Grade {
        let step = match (outcome.effect, outcome.each) {
            (Effect::Deny, _) => Step::Deny,
            (Effect::Ask, _) => Step::Ask,
            (Effect::Allow, true) => Step::Each,
            (Effect::Allow, false) => Step::Allow,
        };
        let shown = outcome.fields.unwrap_or(0);
        let named = region::fields(operation).enumerate().filter(|(bit, _)| shown >> bit & 1 != 0);
        let places = named.filter_map(|(_, field)| self.fields.iter().position(|known| *known == field));
        Grade { contradicts: false, step, fields: places.fold(0, |bits, place| bits | 1 << place) }
    }
}
