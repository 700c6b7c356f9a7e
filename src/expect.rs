//! Tests of a policy: each `expect` as a request with its past.

use bpol_engine::ir::Effect;

use crate::source::FileSpan;

/// One `expect`, ready to be decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The name of its `test`.
    pub test: String,
    /// The key.
    pub key: String,
    /// Where the `expect` stands.
    pub place: FileSpan,
    /// The request as JSON (language.md, 6.1), `time` included where the test says `at`.
    pub request: serde_json::Value,
    /// The entries of the past as JSON.
    pub past: Vec<serde_json::Value>,
    /// The expected decision.
    pub effect: Effect,
    /// The fields that the answer must show at least, from `showing`.
    pub showing: Vec<String>,
}
