//! Decides requests against a compiled bpol policy: the library that gateways embed.
//!
//! [`Policy::load`] checks and indexes the compiled JSON, [`Policy::read_request`] reads what is known of one call
//! strictly, and [`Policy::decide`] says allow, ask or deny. Nothing here reads a clock or a file; what is unknown
//! counts against the caller, and nothing panics.
//!
//! ```
//! # fn demo(policy: &bpol_engine::Policy, now: jiff::Timestamp) -> Result<(), bpol_engine::Malformed> {
//! let past = bpol_engine::History::new();
//! let request = policy.read_request(r#"{"key": "ynab", "action": "read", "resource": "transaction"}"#)?;
//! let decision = policy.decide(&request, &past, now);
//! println!("{:?} by {:?}", decision.effect(), decision.by().collect::<Vec<_>>());
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::unreachable
    )
)]

pub mod amount;
pub mod iban;
pub mod ir;
pub mod url;

mod addition;
mod address;
mod answer;
mod clause;
mod compile;
mod decide;
mod distance;
mod entry;
mod fact;
mod facts;
mod fields;
mod ibans;
mod index;
mod instant;
mod json;
mod load;
mod malformed;
mod names;
mod near;
mod needs;
mod parts;
mod past;
mod policy;
mod report;
mod request;
mod reserve;
mod rule;
mod rules;
#[cfg(feature = "schema")]
pub mod schema;
mod shrink;
mod span;
mod table;
mod trace;
mod value;
mod window;
mod words;

pub use addition::Addition;
pub use decide::{Decision, Reason};
pub use entry::Entry;
pub use load::LoadError;
pub use malformed::Malformed;
pub use past::{History, Past, Tally};
pub use policy::Policy;
pub use report::{FailedClause, Near, Report, Reservation, Truth};
pub use request::Request;
pub use trace::{Traced, TracedClause, TracedRule};
pub use window::Start;
pub use words::clause as clause_words;
