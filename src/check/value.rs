//! Values: money, IBANs, networks, times. Each reader reports what is wrong and gives nothing then.

mod iban;
mod integer;
mod money;
mod network;
mod time;

pub(crate) use iban::{iban, own_iban};
pub(crate) use integer::integer;
pub(crate) use money::money;
pub use money::{Currency, Money};
pub(crate) use network::{address, block};
pub(crate) use time::{clock, date, duration, instant};

/// A calendar date.
pub type Date = jiff::civil::Date;
