//! What a call, an object that was looked up, or a record says, before it is held against the policy.

use std::borrow::Cow;

use jiff::Timestamp;

use super::known::Known;
use crate::amount::{self, Amount, Currency};
use crate::facts::{AccountFact, Dimensions, Facts, PayeeFact, PayeeIban, RecordFact, Repeat};
use crate::iban;
use crate::ir::Dimension;
use crate::names::nfc;
use crate::policy::Policy;

/// Facts as they are told; what is absent is unknown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told<'c> {
    pub(crate) account_id: Option<u64>,
    pub(crate) account_iban: Option<Cow<'c, str>>,
    pub(crate) account_name: Option<Cow<'c, str>>,
    pub(crate) account_kind: Option<u16>,
    pub(crate) payee_iban: Option<Cow<'c, str>>,
    pub(crate) payee_own: Option<bool>,
    pub(crate) payee_favorite: Option<bool>,
    pub(crate) value: Option<Cow<'c, str>>,
    pub(crate) currency: Option<Cow<'c, str>>,
    pub(crate) method: Option<u16>,
    pub(crate) repeat: Option<Repeat>,
    pub(crate) url: Option<Cow<'c, str>>,
    pub(crate) created: Option<Timestamp>,
    pub(crate) record: Option<u64>,
    pub(crate) own: Option<bool>,
    /// Told, but not one thing: values that differ, words that mean nothing here.
    pub(crate) unclear: Dimensions,
}

impl<'c> Told<'c> {
    /// Adds what another says about the same. What both say must be the same, or it is unknown.
    pub(crate) fn also(&mut self, other: Self) {
        both(&mut self.account_id, other.account_id);
        both(&mut self.account_iban, other.account_iban);
        both(&mut self.account_name, other.account_name);
        both(&mut self.account_kind, other.account_kind);
        both(&mut self.payee_iban, other.payee_iban);
        // A value of one and a currency of the other are no amount.
        let mut mine = self.value.take().zip(self.currency.take());
        both(&mut mine, other.value.zip(other.currency));
        (self.value, self.currency) = mine.unzip();
        both(&mut self.method, other.method);
        both(&mut self.repeat, other.repeat);
        both(&mut self.url, other.url);
        both(&mut self.created, other.created);
        both(&mut self.record, other.record);
    }

    /// The same with nothing borrowed.
    pub(crate) fn into_owned(self) -> Told<'static> {
        let own = |text: Cow<'c, str>| -> Cow<'static, str> { Cow::Owned(text.into_owned()) };
        Told {
            account_iban: self.account_iban.map(own),
            account_name: self.account_name.map(own),
            payee_iban: self.payee_iban.map(own),
            value: self.value.map(own),
            currency: self.currency.map(own),
            url: self.url.map(own),
            account_id: self.account_id,
            account_kind: self.account_kind,
            payee_own: self.payee_own,
            payee_favorite: self.payee_favorite,
            method: self.method,
            repeat: self.repeat,
            created: self.created,
            record: self.record,
            own: self.own,
            unclear: self.unclear,
        }
    }

    /// Takes from another what this says nothing about.
    pub(crate) fn fill(&mut self, other: Self) {
        let clear = |told: &Self, dimension| !told.unclear.has(dimension);
        if clear(self, Dimension::Account) {
            first(&mut self.account_id, other.account_id);
            first(&mut self.account_iban, other.account_iban);
            first(&mut self.account_name, other.account_name);
            first(&mut self.account_kind, other.account_kind);
        }
        if clear(self, Dimension::Payee) {
            first(&mut self.payee_iban, other.payee_iban);
        }
        if clear(self, Dimension::Amount) && self.value.is_none() && self.currency.is_none() {
            (self.value, self.currency) = (other.value, other.currency);
        }
        if clear(self, Dimension::Method) {
            first(&mut self.method, other.method);
        }
        if clear(self, Dimension::Repeat) {
            first(&mut self.repeat, other.repeat);
        }
        if clear(self, Dimension::Url) {
            first(&mut self.url, other.url);
        }
        if clear(self, Dimension::Record) {
            first(&mut self.created, other.created);
            first(&mut self.record, other.record);
        }
    }

    /// Takes what the gateway knows of the account and the payee that are told.
    pub(crate) fn know(&mut self, policy: &Policy, known: &(impl Known + ?Sized)) {
        if let Some(account) = self.account_id.and_then(|id| known.account(id)) {
            let own = |text: &str| Cow::Owned(text.to_owned());
            if self.account_iban.is_none() {
                self.account_iban = account.iban.filter(|iban| iban::check_told(iban).is_ok()).map(own);
            }
            if self.account_name.is_none() {
                self.account_name = account.name.map(own);
            }
            if self.account_kind.is_none() {
                self.account_kind = account.kind.and_then(|kind| policy.kind_named(kind));
            }
        }
        if let Some(payee) = self.payee_iban.as_deref().and_then(|iban| known.payee(iban)) {
            self.payee_own = self.payee_own.or(payee.own);
            self.payee_favorite = self.payee_favorite.or(payee.favorite);
        }
    }

    /// The facts, held against what the policy declares; the error says what contradicts it.
    pub(crate) fn facts(&self, policy: &Policy) -> Result<Facts<'c>, (Dimension, String)> {
        let account = self.account().map(|mut fact| match policy.recognise(&fact) {
            Ok(declared) => {
                fact.declared = declared;
                Ok(fact)
            }
            Err(fault) => Err((Dimension::Account, fault)),
        });
        let payee = self.payee(policy);
        if let Some(fact) = &payee
            && let Some(number) = fact.iban.as_ref().and_then(|iban| iban.known).filter(|number| policy.is_own(*number))
            && fact.own == Some(false)
        {
            let name = policy.account_name(number);
            return Err((Dimension::Payee, format!("the IBAN is that of the holder's account `{name}`")));
        }
        let record = RecordFact { created: self.created, own: self.own };
        Ok(Facts {
            account: account.transpose()?,
            payee,
            amount: self.amount(),
            method: self.method,
            repeat: self.repeat,
            url: self.url.clone(),
            record: (record.created.is_some() || record.own.is_some()).then_some(record),
        })
    }

    fn account(&self) -> Option<AccountFact<'c>> {
        let told = self.account_id.is_some()
            || self.account_iban.is_some()
            || self.account_name.is_some()
            || self.account_kind.is_some();
        told.then(|| AccountFact {
            iban: self.account_iban.clone(),
            id: self.account_id,
            name: self.account_name.clone().map(nfc),
            kind: self.account_kind,
            declared: None,
        })
    }

    fn payee(&self, policy: &Policy) -> Option<PayeeFact<'c>> {
        let told = self.payee_iban.is_some() || self.payee_own.is_some() || self.payee_favorite.is_some();
        told.then(|| PayeeFact {
            iban: self.payee_iban.clone().map(|text| PayeeIban { known: policy.iban_number(&text), text }),
            own: self.payee_own,
            favorite: self.payee_favorite,
        })
    }

    fn amount(&self) -> Option<Amount> {
        let (value, currency) = (self.value.as_deref()?, Currency::named(self.currency.as_deref()?)?);
        amount::minor(value, currency).ok().map(|minor| Amount { minor, currency })
    }
}

/// Two tellings of one thing: the same, or unknown.
fn both<T: PartialEq>(mine: &mut Option<T>, other: Option<T>) {
    match (&*mine, other) {
        (_, None) => {}
        (None, other) => *mine = other,
        (Some(one), Some(other)) => {
            if *one != other {
                *mine = None;
            }
        }
    }
}

fn first<T>(mine: &mut Option<T>, other: Option<T>) {
    if mine.is_none() {
        *mine = other;
    }
}
