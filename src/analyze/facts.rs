//! The facts of a request or an entry, as the compiler's side reads them: plain data, not strict.
//!
//! Strictness is the engine's: what it calls malformed has no place in any region.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use bpol_engine::amount;

/// What is known of one call; what is absent is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The account.
    pub account: Option<Account>,
    /// Who gets the money.
    pub payee: Option<Payee>,
    /// How much.
    pub amount: Option<Amount>,
    /// How it is paid.
    pub method: Option<String>,
    /// How often the bank repeats it.
    pub repeat: Option<String>,
    /// A web address.
    pub url: Option<String>,
    /// The record.
    pub record: Option<Record>,
    /// Where the call comes from.
    pub ip: Option<IpAddr>,
}

/// What is known of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Its IBAN.
    pub iban: Option<String>,
    /// The bank's number for it.
    pub id: Option<u64>,
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Option<String>,
}

/// What is known of a payee.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payee {
    /// The IBAN.
    pub iban: Option<String>,
    /// Whether it is an account of the holder.
    pub own: Option<bool>,
    /// Whether the bank's list of trusted payees has it.
    pub favorite: Option<bool>,
}

/// An amount in the smallest units of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// How many of them.
    pub minor: i128,
    /// The currency's code.
    pub currency: String,
}

/// What is known of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// When it was created.
    pub created: Option<Timestamp>,
    /// Whether the key created it.
    pub own: Option<bool>,
}

impl Facts {
    /// Reads the facts of a request or entry that the engine accepts; of another, whatever can be read.
    pub fn read(request: &Value) -> Self {
        let text = |value: &Value, name: &str| value[name].as_str().map(str::to_owned);
        let known = |name: &str| request.get(name).filter(|fact| fact.as_object().is_none_or(|fact| !fact.is_empty()));
        Self {
            account: known("account").map(|account| Account {
                iban: text(account, "iban"),
                id: account["id"].as_u64(),
                name: account["name"].as_str().map(|name| name.nfc().collect()),
                kind: text(account, "kind"),
            }),
            payee: known("payee").map(|payee| Payee {
                iban: text(payee, "iban"),
                own: payee["own"].as_bool(),
                favorite: payee["favorite"].as_bool(),
            }),
            amount: known("amount").and_then(|amount| {
                let currency = text(amount, "currency")?;
                Some(Amount { minor: minor(amount["value"].as_str()?, &currency)?, currency })
            }),
            method: text(request, "method"),
            repeat: text(request, "repeat"),
            url: text(request, "url"),
            record: known("record").map(|record| Record {
                created: record["created"].as_str().and_then(|time| time.parse().ok()),
                own: record["own"].as_bool(),
            }),
            ip: text(request, "ip").and_then(|ip| ip.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical()),
        }
    }
}

/// A figure in the smallest units of its currency.
pub fn minor(figure: &str, currency: &str) -> Option<i128> {
    let decimals = amount::decimals(currency)? as usize;
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    let padding = decimals.checked_sub(fraction.len())?;
    format!("{whole}{fraction}{}", "0".repeat(padding)).parse().ok()
}

/// Smallest units as a figure with all the currency's decimals.
pub fn figure(minor: i128, currency: &str) -> String {
    let decimals = amount::decimals(currency).unwrap_or(0) as usize;
    let digits = format!("{minor:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}
