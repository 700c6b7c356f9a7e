//! The full decision as JSON (language.md, section 8).

use jiff::Timestamp;
use serde::Serialize;

use crate::decide::{Decision, Reason};
use crate::ir::Effect;
use crate::near;
use crate::past::Past;
use crate::policy::Policy;
use crate::request::Request;
use crate::reserve;

/// A decision with everything that a gateway and the policy's owner need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Allow, ask or deny.
    pub decision: Effect,
    /// Why.
    pub reason: Reason,
    /// Ids of the rules that decided, each once, in document order.
    pub by: Vec<String>,
    /// Whether every record of the answer is to be decided by itself.
    pub each: bool,
    /// The fields that the answer may show, in the catalogue's order; null where the decision does not say.
    pub fields: Option<Vec<String>>,
    /// What to reserve before the call is forwarded.
    pub reserve: Vec<Reservation>,
    /// Where nothing allows the request: the rules that came closest. For the policy's owner, never for the key's holder.
    pub near: Vec<Near>,
    /// What is wrong with a malformed request, for people.
    #[serde(skip)]
    pub message: Option<String>,
}

/// What the request adds to a counter, all its parts together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The counter's id.
    pub counter: String,
    /// How much, for a counter of money; absent when the amount is not known, which makes the sum unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The currency of a counter of money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How many times, for a counter of times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The first instant of the calendar period, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first instant of the next period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A rule that came close to allowing the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// Its id.
    pub rule: String,
    /// What does not hold.
    pub failed: Vec<FailedClause>,
}

/// A clause that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FailedClause {
    /// The clause as one would write it.
    pub clause: String,
    /// Whether it is false or cannot be told.
    pub value: Truth,
    /// How far the request is from it, in words.
    pub distance: String,
}

/// Why a clause does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// It is false.
    False,
    /// It cannot be told.
    Unknown,
}

impl Policy {
    /// Decides a request and says everything about the decision.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
    /// let report = policy.report(&request, &past, now);
    /// assert_eq!(report.by.len(), 0);
    /// ```
    pub fn report(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp) -> Report {
        self.reported(self.decide(request, past, now), request, past, now)
    }

    /// The same for a request that was approved: `ask` counts as allow, and what is allowed is to be reserved.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = r#"{"key": "shop", "action": "create", "resource": "payment", "account": {"id": 42},
    ///     "payee": {"iban": "NL91ABNA0417164300"}, "amount": {"value": "60", "currency": "EUR"}}"#;
    /// let request = policy.read_request(request).unwrap();
    /// use bpol_engine::ir::Effect;
    /// assert_eq!(policy.decide(&request, &past, now).effect(), Effect::Ask);
    /// assert_eq!(policy.report_approved(&request, &past, now).reserve.len(), 1);
    /// ```
    pub fn report_approved(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp) -> Report {
        self.reported(self.decide_approved(request, past, now), request, past, now)
    }

    fn reported(&self, decision: Decision<'_>, request: &Request<'_>, past: &dyn Past, now: Timestamp) -> Report {
        let scene = self.scene(request, past, now).filter(|_| request.stamp == self.stamp());
        let parts = request.parts.as_deref();
        let (mut reserve, mut near) = (Vec::new(), Vec::new());
        if let Some(scene) = scene {
            if decision.effect() == Effect::Allow && !decision.each() && !request.answer {
                reserve = reserve::reservations(&scene, parts);
            }
            if decision.reason() == Reason::Default {
                near = near::near(&scene, parts);
            }
        }
        Report {
            decision: decision.effect(),
            reason: decision.reason(),
            by: decision.by().map(str::to_owned).collect(),
            each: decision.each(),
            fields: decision.fields().map(|fields| fields.map(str::to_owned).collect()),
            reserve,
            near,
            message: None,
        }
    }

    /// Reads a request from its JSON text and decides it; what is malformed is denied, with the message beside.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let report = policy.answer("no request", &past, now);
    /// assert_eq!(report.reason, bpol_engine::Reason::Malformed);
    /// ```
    pub fn answer(&self, line: &str, past: &dyn Past, now: Timestamp) -> Report {
        match self.read_request(line) {
            Ok(request) => self.report(&request, past, now),
            Err(malformed) => Report {
                decision: Effect::Deny,
                reason: Reason::Malformed,
                by: Vec::new(),
                each: false,
                fields: None,
                reserve: Vec::new(),
                near: Vec::new(),
                message: Some(malformed.reason),
            },
        }
    }
}
