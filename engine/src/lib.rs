//! Decides requests against a compiled bpol policy: the library that gateways embed.
//!
//! [`Policy::load`] checks and indexes the compiled JSON. For each call of the bank's API a gateway then asks
//! [`Policy::route`] which request it is, [`Policy::decide`] whether it may be forwarded, and [`Policy::filter`] what of
//! the bank's answer may be shown. Who does not speak HTTP makes requests by hand: [`Policy::read_request`].
//!
//! ```
//! use bpol_engine::ir::Effect;
//! use bpol_engine::{Answer, History, Policy};
//!
//! let policy = Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json")))?;
//! let (past, now) = (History::new(), "2026-11-24T10:00:00Z".parse()?);
//!
//! let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"")?.for_key("shop");
//! let decision = policy.decide(routed.request(), &past, now);
//! assert_eq!(decision.effect(), Effect::Allow);
//!
//! let body = br#"{"Response": [{"Payment": {"id": 1, "created": "2020-01-01 08:00:00.000000"}}]}"#;
//! let answer = Answer { status: 200, content_type: "application/json", body };
//! let filtered = policy.filter(&routed, &decision)?.cut(answer, &past, now)?;
//! assert_eq!(&*filtered.body, br#"{"Response":[]}"#, "the key sees the last ninety days");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here reads a clock, a file or a socket; what is unknown counts against the caller, what is not written in one
//! way is refused, and nothing panics. Limits: a target has at most [`http::MAX_TARGET`] bytes, a body
//! [`http::MAX_BODY`] bytes, [`http::MAX_BODY_DEPTH`] levels and [`http::MAX_PARTS`] parts, an answer [`MAX_ANSWER`] bytes
//! and [`MAX_ANSWER_DEPTH`] levels; amounts have at most [`amount::MAX_DIGITS`] digits before the point.
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
pub mod http;
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
mod document;
mod entry;
mod fact;
mod facts;
mod fields;
mod filter;
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
mod pointer;
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
pub use filter::{Answer, Filter, Filtered, MAX_ANSWER, MAX_ANSWER_DEPTH, Unfiltered, WhyNot};
pub use load::LoadError;
pub use malformed::Malformed;
pub use past::{History, Past, Tally};
pub use policy::Policy;
pub use report::{FailedClause, Near, Report, Reservation, Truth};
pub use request::Request;
pub use trace::{Traced, TracedClause, TracedRule};
pub use window::Start;
pub use words::clause as clause_words;
