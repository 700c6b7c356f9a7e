//! What a request or an entry says about one payment, record or change, with every word resolved against a policy.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::amount::Amount;
use crate::ir::Dimension;

/// The facts; what is absent is unknown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts<'a> {
    pub(crate) account: Option<AccountFact<'a>>,
    pub(crate) payee: Option<PayeeFact<'a>>,
    pub(crate) amount: Option<Amount>,
    pub(crate) method: Option<u16>,
    pub(crate) repeat: Option<Repeat>,
    pub(crate) url: Option<Cow<'a, str>>,
    pub(crate) record: Option<RecordFact>,
}

/// What is known of the account.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountFact<'a> {
    pub(crate) iban: Option<Cow<'a, str>>,
    pub(crate) id: Option<u64>,
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) kind: Option<u16>,
    /// The declared account that it equals on IBAN or id.
    pub(crate) declared: Option<u32>,
}

/// What is known of the payee.
#[derive(Debug, Clone, Default)]
pub(crate) struct PayeeFact<'a> {
    pub(crate) iban: Option<PayeeIban<'a>>,
    pub(crate) own: Option<bool>,
    pub(crate) favorite: Option<bool>,
}

/// An IBAN and its number in the policy, when the policy speaks of it.
#[derive(Debug, Clone)]
pub(crate) struct PayeeIban<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) known: Option<u32>,
}

/// What is known of the record.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RecordFact {
    pub(crate) created: Option<Timestamp>,
    pub(crate) own: Option<bool>,
}

/// How often the bank repeats by itself, as one bit of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeat(u8);

impl Repeat {
    pub(crate) const WORDS: [&'static str; 7] = ["once", "hourly", "daily", "weekly", "monthly", "yearly", "anytime"];
    pub(crate) const ONCE: Self = Self(1);

    pub(crate) fn named(word: &str) -> Option<Self> {
        let place = Self::WORDS.iter().position(|known| *known == word)?;
        1_u8.checked_shl(u32::try_from(place).ok()?).map(Self)
    }

    pub(crate) fn bit(self) -> u8 {
        self.0
    }

    pub(crate) fn word(self) -> &'static str {
        usize::try_from(self.0.trailing_zeros())
            .ok()
            .and_then(|place| Self::WORDS.get(place))
            .copied()
            .unwrap_or_default()
    }
}

/// A set of dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Dimensions(u8);

impl Dimensions {
    pub(crate) fn of(list: &[Dimension]) -> Self {
        list.iter().fold(Self::default(), |set, one| set.with(*one))
    }

    pub(crate) fn with(self, one: Dimension) -> Self {
        Self(self.0 | bit(one))
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn has(self, one: Dimension) -> bool {
        self.0 & bit(one) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(one: Dimension) -> u8 {
    match one {
        Dimension::Account => 1,
        Dimension::Payee => 2,
        Dimension::Amount => 4,
        Dimension::Method => 8,
        Dimension::Record => 16,
        Dimension::Fields => 32,
        Dimension::Repeat => 64,
        Dimension::Url => 128,
    }
}

/// Dimensions whose facts may be open in a request about an answer (6.5).
pub(crate) const OPENABLE: [Dimension; 5] =
    [Dimension::Record, Dimension::Account, Dimension::Payee, Dimension::Amount, Dimension::Method];

impl<'a> Facts<'a> {
    /// Whether nothing is told about a dimension.
    pub(crate) fn lacks(&self, dimension: Dimension) -> bool {
        match dimension {
            Dimension::Account => self.account.is_none(),
            Dimension::Payee => self.payee.is_none(),
            Dimension::Amount => self.amount.is_none(),
            Dimension::Method => self.method.is_none(),
            Dimension::Record => self.record.is_none(),
            Dimension::Repeat => self.repeat.is_none(),
            Dimension::Url => self.url.is_none(),
            Dimension::Fields => true,
        }
    }

    /// Forgets what is not about one of these dimensions.
    pub(crate) fn keep(&mut self, dimensions: Dimensions) {
        let gone = |dimension| !dimensions.has(dimension);
        if gone(Dimension::Account) {
            self.account = None;
        }
        if gone(Dimension::Payee) {
            self.payee = None;
        }
        if gone(Dimension::Amount) {
            self.amount = None;
        }
        if gone(Dimension::Method) {
            self.method = None;
        }
        if gone(Dimension::Repeat) {
            self.repeat = None;
        }
        if gone(Dimension::Url) {
            self.url = None;
        }
        if gone(Dimension::Record) {
            self.record = None;
        }
    }

    pub(crate) fn into_owned(self) -> Facts<'static> {
        let own = |text: Cow<'a, str>| -> Cow<'static, str> { Cow::Owned(text.into_owned()) };
        Facts {
            account: self.account.map(|account| AccountFact {
                iban: account.iban.map(own),
                name: account.name.map(own),
                id: account.id,
                kind: account.kind,
                declared: account.declared,
            }),
            payee: self.payee.map(|payee| PayeeFact {
                iban: payee.iban.map(|iban| PayeeIban { text: own(iban.text), known: iban.known }),
                own: payee.own,
                favorite: payee.favorite,
            }),
            amount: self.amount,
            method: self.method,
            repeat: self.repeat,
            url: self.url.map(own),
            record: self.record,
        }
    }
}
