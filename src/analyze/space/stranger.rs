//! Facts that no policy speaks of, to stand for all others.

use hashbrown::HashSet;
use std::rc::Rc;

use crate::analyze::names::Names;

/// Currencies from which one that no cap names is taken.
pub(crate) const CURRENCIES: [&str; 24] = [
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "JPY", "CAD", "AUD", "NZD",
    "ZAR", "TRY", "INR", "BRL", "MXN", "SGD", "HKD", "KWD",
];

/// An IBAN that no policy declares or names.
pub(crate) fn iban(names: &[Rc<Names<'_>>]) -> String {
    let unknown = |iban: &str| !names.iter().any(|names| names.spoken().contains(iban));
    let own = names.iter().map(|one| one.stranger.get_or_init(|| free(&[one])));
    own.into_iter().find(|iban| unknown(iban)).cloned().unwrap_or_else(|| free(&names.iter().collect::<Vec<_>>()))
}

/// An id that no policy declares.
pub(crate) fn id(names: &[Rc<Names<'_>>]) -> u64 {
    // As a rule there is one policy, or another whose ids are the same.
    let own = names.iter().map(|one| one.strange_id.get_or_init(|| free_id(&[one])));
    let unknown = |id: u64| !names.iter().any(|names| names.has_id(id));
    own.into_iter().copied().find(|id| unknown(*id)).unwrap_or_else(|| free_id(&names.iter().collect::<Vec<_>>()))
}

fn free_id(names: &[&Rc<Names<'_>>]) -> u64 {
    (1..).find(|id| !names.iter().any(|names| names.has_id(*id))).unwrap_or(0)
}

/// The first of a row of IBANs with right check digits that no policy speaks of.
fn free(names: &[&Rc<Names<'_>>]) -> String {
    let spoken = names.iter().flat_map(|names| names.spoken().iter());
    let taken: HashSet<u32> = spoken.filter_map(|iban| number(iban)).collect();
    (1_u32..).find(|number| !taken.contains(number)).map(numbered).unwrap_or_default()
}

/// The number whose IBAN [`numbered`] writes.
fn number(iban: &str) -> Option<u32> {
    iban.strip_prefix("NL")?.get(2..)?.strip_prefix("BUNQ")?.parse().ok()
}

/// The IBAN of a number: a Dutch account whose check digits are right.
pub(crate) fn numbered(number: u32) -> String {
    let account = format!("{number:010}");
    // Letters count from 10 for `A`: `BUNQ` is 11 30 23 26, and `NL00` at the end 23 21 00.
    let digits = format!("11302326{account}232100");
    let rest = digits.bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("NL{:02}BUNQ{account}", 98 - rest)
}
