//! Counters for gateways that embed bpol: what was spent, reserved before a call is forwarded.
//!
//! A gateway adopts its policy once ([`Store::adopt`]), decides every call with [`decide_and_reserve`], forwards what
//! comes back as [`Outcome::Forward`], and then says how it ended: [`Store::commit`], [`Store::release`] when the bank
//! definitely refused, [`Store::hold`] when nobody knows. Whatever a store cannot tell counts as spent.
//!
//! ```
//! use bpol_store::{Call, Memory, Outcome, Store, StoreError, decide_and_reserve};
//! # fn forward(_: &str) -> Option<bool> { Some(true) }
//! # fn demo(policy: &bpol_engine::Policy, now: jiff::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
//! let store = Memory::new();
//! let adopted = store.adopt(policy, now)?;
//!
//! let text = r#"{"key": "ynab", "action": "create", "resource": "payment", "amount": {"value": "12.50", "currency": "EUR"}}"#;
//! let request = policy.read_request(text)?;
//! let call = Call::new(&request, text, "order-7", [7; 32]);
//! match decide_and_reserve(policy, &adopted, &store, &call, now) {
//!     Outcome::Forward { ticket: Some(ticket), .. } => match forward(text) {
//!         Some(true) => drop(store.commit(&ticket)?),
//!         Some(false) => drop(store.release(&ticket)?),
//!         None => drop(store.hold(&ticket)?),
//!     },
//!     Outcome::Forward { ticket: None, .. } => drop(forward(text)),
//!     refused => println!("{refused}"),
//! }
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod charter;
mod decide;
#[cfg(feature = "disk")]
mod disk;
mod ledger;
mod memory;
mod order;
#[cfg(feature = "records")]
mod record;
#[cfg(feature = "redis")]
mod redis;
mod store;
mod sum;

pub use charter::{Adopted, Gap};
pub use decide::{Call, Outcome, decide_and_reserve};
#[cfg(feature = "disk")]
pub use disk::Disk;
pub use memory::Memory;
pub use order::{Add, Digest, Order, Pending, Reserved, Seen, State, Ticket};
#[cfg(feature = "redis")]
pub use redis::Redis;
pub use store::{KEPT_DAYS, SettleError, Store, StoreError};
