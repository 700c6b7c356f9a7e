//! Entries of the past: requests with their time that were executed or reserved.

use jiff::Timestamp;

use crate::facts::Facts;
use crate::malformed::Malformed;
use crate::policy::Policy;
use crate::request::{self, Contradictions};

/// One executed or reserved payment, change or read; a batch is one entry per part.
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
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Whether this policy read it: its facts are resolved against that policy's names.
    pub(crate) fn is_of(&self, policy: &Policy) -> bool {
        self.stamp == policy.stamp()
    }
}

impl Policy {
    /// Reads an entry of the past: a request with its time. It is as strict as [`Policy::read_request`], but facts that
    /// contradict a declaration are unknown as a whole. A request with parts gives one entry per part.
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
