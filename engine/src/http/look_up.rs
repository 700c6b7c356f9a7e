//! What a request leaves unknown and a gateway can find out before deciding.

use std::borrow::Cow;

/// Something to find out before deciding. A gateway that cannot leaves it unknown: then a rule that depends on it does
/// not allow.
///
/// ```
/// use bpol_engine::http::LookUp;
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// let target = "/v1/user/1/monetary-account/42/request-response/7";
/// let json: &[(&str, &[u8])] = &[("content-type", b"application/json")];
/// let routed = policy.route("PUT", target, json, br#"{"status":"ACCEPTED"}"#).unwrap();
/// let look_ups: Vec<LookUp<'_>> = routed.look_ups().collect();
/// assert!(look_ups.contains(&LookUp::Object { path: target.into() }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LookUp<'a> {
    /// `GET` this path from the bank and hand the answer to [`Routed::looked_up`](super::Routed::looked_up).
    Object {
        /// The path.
        path: Cow<'a, str>,
    },
    /// The account of this number in the gateway's own list ([`Known::account`](super::Known::account)).
    Account {
        /// The bank's number for it.
        id: u64,
    },
    /// Whether this payee is the holder's own, or a favorite ([`Known::payee`](super::Known::payee)).
    Payee {
        /// Its IBAN.
        iban: &'a str,
    },
    /// Whether the key created this record ([`Known::created`](super::Known::created)).
    Record {
        /// The path under which such records are made and listed.
        collection: &'a str,
        /// The bank's number for it.
        id: u64,
    },
}
