//! Entries of the past: requests with their time that were executed or reserved.

use jiff::Timestamp;

use crate::facts::Facts;
use crate::malformed::Malformed;
use crate::policy::Policy;
use crate::request::{self, Contradictions, Request};

/// One executed or reserved payment, change or read; a batch is one entry per part.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// let line = r#"{"key": "shop", "action": "create", "resource": "payment", "time": "2026-11-24T09:00:00Z"}"#;
/// let entries = policy.read_entry(line).unwrap();
/// assert_eq!(entries.len(), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) stamp: usize,
    pub(crate) key: Option<u32>,
    pub(crate) operation: u32,
    pub(crate) time: Timestamp,
    pub(crate) facts: Facts<'static>,
}

impl Entry {
    /// When it happened.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let line = r#"{"key": "shop", "action": "create", "resource": "payment", "time": "2026-11-24T09:00:00Z"}"#;
    /// let entries = policy.read_entry(line).unwrap();
    /// assert_eq!(entries[0].time().to_string(), "2026-11-24T09:00:00Z");
    /// ```
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Whether this policy read it: its facts are resolved against that policy's names.
    pub(crate) fn is_of(&self, policy: &Policy) -> bool {
        self.stamp == policy.stamp()
    }
}

impl Policy {
    /// The entries that a request leaves in the past when it is executed or reserved at `time`: one, or one per part.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// let request = policy.read_request(r#"{"key": "shop", "action": "create", "resource": "payment"}"#).unwrap();
    /// let mut past = bpol_engine::History::new();
    /// past.extend(policy.entries(&request, now));
    /// assert_eq!(past.len(), 1);
    /// ```
    pub fn entries(&self, request: &Request<'_>, time: Timestamp) -> Vec<Entry> {
        let entry = |facts: &Facts<'_>| Entry {
            stamp: request.stamp,
            key: request.key,
            operation: request.operation,
            time,
            facts: facts.clone().into_owned(),
        };
        match &request.parts {
            Some(parts) => parts.iter().map(entry).collect(),
            None => vec![entry(&request.facts)],
        }
    }

    /// Reads an entry of the past: a request with its time. It is as strict as [`Policy::read_request`], but facts that
    /// contradict a declaration are unknown as a whole. A request with parts gives one entry per part.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let line = r#"{"key": "shop", "action": "create", "resource": "payment", "time": "2026-11-24T09:00:00Z"}"#;
    /// let entries = policy.read_entry(line).unwrap();
    /// let mut past = bpol_engine::History::new();
    /// past.extend(entries);
    /// ```
    pub fn read_entry(&self, json: &str) -> Result<Vec<Entry>, Malformed> {
        let request = request::read(self, json, Contradictions::Forget)?;
        let Some(time) = request.time else {
            return Err(Malformed::new("an entry of the past needs its `time`"));
        };
        let entry = |facts: Facts<'_>| Entry {
            stamp: request.stamp,
            key: request.key,
            operation: request.operation,
            time,
            facts: facts.into_owned(),
        };
        Ok(match request.parts {
            Some(parts) => parts.into_iter().map(entry).collect(),
            None => vec![entry(request.facts)],
        })
    }
}
