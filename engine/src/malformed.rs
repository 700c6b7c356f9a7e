//! What is said about a request that cannot be read.

/// Why a request or an entry is malformed: which field, and what is right.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// let malformed = policy.read_request(r#"{"key": "shop"}"#).unwrap_err();
/// assert!(malformed.to_string().starts_with("`action` is missing"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// For people; never stable.
    pub reason: String,
}

impl Malformed {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }

    /// The same with the place in front.
    pub(crate) fn inside(self, place: &str) -> Self {
        Self { reason: format!("{place}: {}", self.reason) }
    }
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Malformed {}
