//! From an HTTP call to a request, by the routes of the compiled policy: read strictly, refused rather than repaired.
//!
//! There is one way to write each call: no escapes in the path, no doubled or trailing slashes, digits for numbers, one
//! body that is one JSON object. What could be read in two ways by a gateway and by a bank is refused with its reason
//! ([`Refusal`]). It knows no sockets: framing (`Content-Length`, `Transfer-Encoding`), TLS and who the caller is are the
//! host's, and a host must hand over the body that it forwards, byte for byte.

mod body;
mod gather;
mod headers;
mod known;
mod look_up;
mod path;
mod query;
mod refusal;
mod route;
mod routed;
mod routes;
mod told;

pub use known::{Known, KnownAccount, KnownPayee, Nothing};
pub use look_up::LookUp;
pub use refusal::{Place, Refusal, Why};
pub use routed::Routed;

pub(crate) use gather::{Mode, Origin, gather};
pub(crate) use headers::is_json;
pub(crate) use routes::{Fact, Routes, answer_facts, check};

/// Bytes that the target of a call may have.
pub const MAX_TARGET: usize = 2048;
/// Bytes that the body of a call may have.
pub const MAX_BODY: usize = 1024 * 1024;
/// How deep objects and lists of a body may stand in each other.
pub const MAX_BODY_DEPTH: usize = 16;
/// Headers that a call may have.
pub const MAX_HEADERS: usize = 100;
/// Parts that a body may have (payments of a batch).
pub const MAX_PARTS: usize = 1000;
