//! The decision (language.md, 6.3): deny beats ask beats allow, and what nothing allows is denied.

use jiff::Timestamp;
use smallvec::SmallVec;

use crate::answer;
use crate::clause::Scene;
use crate::facts::{Dimensions, Facts};
use crate::fields;
use crate::ir::{Effect, Tier};
use crate::parts;
use crate::past::Past;
use crate::policy::{Policy, Span};
use crate::request::Request;
use crate::rule::{self, Pass};
use crate::value::Value;

/// Why a decision is what it is.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
/// # let past = bpol_engine::History::new();
/// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
/// let decision = policy.decide(&request, &past, now);
/// assert_eq!(decision.reason(), bpol_engine::Reason::Base);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The rules in `by` decided.
    Rule,
    /// Nothing allows it.
    Default,
    /// The request is not one that can be read.
    Malformed,
    /// The policy does not name the key.
    UnknownKey,
    /// Every declared key may do it: opening and closing the session, health.
    Base,
}

/// The numbers of rules, in document order.
pub(crate) type By = SmallVec<[u32; 8]>;

/// What one pass over the rules says.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) effect: Effect,
    pub(crate) reason: Reason,
    pub(crate) by: By,
}

impl Verdict {
    pub(crate) fn deny(reason: Reason) -> Self {
        Self { effect: Effect::Deny, reason, by: By::new() }
    }
}

/// What deciding comes to, before it is tied to the policy.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) each: bool,
    pub(crate) fields: Option<u128>,
}

/// A decision on one request.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
/// # let past = bpol_engine::History::new();
/// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
/// let decision = policy.decide(&request, &past, now);
/// assert_eq!(decision.by().count(), 0, "every declared key may ask whether the bank is up");
/// ```
#[derive(Debug, Clone)]
pub struct Decision<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) key: Option<u32>,
    pub(crate) operation: u32,
    pub(crate) verdict: Verdict,
    pub(crate) each: bool,
    pub(crate) fields: Option<u128>,
}

impl<'p> Decision<'p> {
    /// Allow, ask or deny.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
    /// let decision = policy.decide(&request, &past, now);
    /// assert_eq!(decision.effect(), bpol_engine::ir::Effect::Allow);
    /// ```
    pub fn effect(&self) -> Effect {
        self.verdict.effect
    }

    /// Why.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
    /// let decision = policy.decide(&request, &past, now);
    /// assert_eq!(decision.reason(), bpol_engine::Reason::Base);
    /// ```
    pub fn reason(&self) -> Reason {
        self.verdict.reason
    }

    /// Ids of the rules that decided, each once, in document order.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = r#"{"key": "shop", "action": "read", "resource": "transaction", "answer": true, "account": {"id": 42}}"#;
    /// let request = policy.read_request(request).unwrap();
    /// let decision = policy.decide(&request, &past, now);
    /// assert_eq!(decision.by().collect::<Vec<_>>(), ["shop#2"]);
    /// ```
    pub fn by(&self) -> impl Iterator<Item = &'p str> {
        self.verdict.by.iter().filter_map(|number| self.policy.rule_id(*number))
    }

    /// Whether every record of the answer is to be decided by itself.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = r#"{"key": "shop", "action": "read", "resource": "transaction", "answer": true, "account": {"id": 42}}"#;
    /// let request = policy.read_request(request).unwrap();
    /// let decision = policy.decide(&request, &past, now);
    /// assert!(decision.each(), "how old records are stands in the answer");
    /// ```
    pub fn each(&self) -> bool {
        self.each
    }

    /// The fields that the answer may show, in the catalogue's order; `None` when the decision does not say.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = r#"{"key": "books", "action": "read", "resource": "account", "account": {"id": 42}}"#;
    /// let request = policy.read_request(request).unwrap();
    /// let decision = policy.decide(&request, &past, now);
    /// let fields: Vec<&str> = decision.fields().unwrap().collect();
    /// assert_eq!(fields, ["name", "iban", "kind", "balance", "status"]);
    /// ```
    pub fn fields(&self) -> Option<impl Iterator<Item = &'p str>> {
        let shown = self.fields?;
        Some(self.policy.fields_of(self.operation).filter(move |(_, bit)| shown & bit != 0).map(|(name, _)| name))
    }
}

impl Policy {
    /// Decides a request that this policy has read, at the request's time or else at `now`.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
    /// let decision = policy.decide(&request, &past, now);
    /// assert_eq!(decision.effect(), bpol_engine::ir::Effect::Allow);
    /// ```
    pub fn decide(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp) -> Decision<'_> {
        self.decision(request, past, now, false)
    }

    /// Decides a request that was approved: the same, with `ask` counting as allow.
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
    /// assert_eq!(policy.decide_approved(&request, &past, now).effect(), Effect::Allow);
    /// ```
    pub fn decide_approved(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp) -> Decision<'_> {
        self.decision(request, past, now, true)
    }

    fn decision(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp, approved: bool) -> Decision<'_> {
        let outcome = self.outcome(request, past, now, approved);
        let Outcome { verdict, each, fields } = outcome;
        Decision { policy: self, key: request.key, operation: request.operation, verdict, each, fields }
    }

    fn outcome(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp, approved: bool) -> Outcome {
        let deny = |reason| Outcome { verdict: Verdict::deny(reason), each: false, fields: None };
        // What another policy read says nothing about the names of this one.
        if request.stamp != self.stamp() {
            return deny(Reason::Malformed);
        }
        let Some(scene) = self.scene(request, past, now) else { return deny(Reason::UnknownKey) };
        let mut outcome = if request.answer {
            answer::decide(&scene, approved)
        } else if let Some(parts) = &request.parts {
            parts::decide(&scene, parts, approved)
        } else {
            plain(&scene, approved)
        };
        if outcome.verdict.by.len() > 1 {
            outcome.verdict.by.sort_unstable_by_key(|number| (self.stands_before(scene.key, *number), *number));
        }
        outcome
    }

    /// False for rules of guardrails that stand before a key in the document, true for its own and those behind it:
    /// rules are numbered with all keys first.
    fn stands_before(&self, key: u32, number: u32) -> bool {
        let guardrail = self.index.guardrails.iter().find(|guardrail| guardrail.rules.holds(number));
        guardrail.is_none_or(|guardrail| guardrail.keys_before > key)
    }

    /// What the clauses of a request's rules look at; `None` when the policy does not name the key.
    pub(crate) fn scene<'s>(
        &'s self,
        request: &'s Request<'_>,
        past: &'s dyn Past,
        now: Timestamp,
    ) -> Option<Scene<'s>> {
        Some(Scene {
            policy: self,
            past,
            now: request.time.unwrap_or(now),
            key: request.key?,
            operation: request.operation,
            about: self.about(request.operation),
            ip: request.ip,
            facts: &request.facts,
            earlier: &[],
            open: if request.answer { answer::open(self, request) } else { Dimensions::default() },
        })
    }
}

/// A request of one piece whose facts are what they are.
fn plain(scene: &Scene<'_>, approved: bool) -> Outcome {
    let verdict = pass(scene, Pass::Best, approved);
    let fields = match verdict.effect {
        Effect::Allow => fields::shown(scene, Pass::Best),
        _ => None,
    };
    Outcome { verdict, each: false, fields }
}

/// The rules of the scene's key and of the guardrails that bind it, as stretches of the list of rules.
pub(crate) fn stretches<'s>(scene: &Scene<'s>) -> impl Iterator<Item = Span> + use<'s> {
    let (index, key) = (&scene.policy.index, scene.key);
    let own = usize::try_from(key).ok().and_then(|key| index.key_rules.get(key)).copied();
    let bind = index.guardrails.iter().filter(move |guardrail| !guardrail.except.contains(&key));
    own.into_iter().chain(bind.map(|guardrail| guardrail.rules))
}

/// Decides by the rules, with facts that are still in the answer taken as the pass says.
pub(crate) fn pass(scene: &Scene<'_>, pass: Pass, approved: bool) -> Verdict {
    let (mut denied, mut asked, mut allowed) = (By::new(), By::new(), By::new());
    for span in stretches(scene) {
        for rule in scene.policy.index.rules.get(span.range()).unwrap_or_default() {
            if !scene.policy.listed(rule.operations, scene.operation) {
                continue;
            }
            // What takes holds unless it is false, what gives only when it is true.
            let (by, least) = match rule.effect {
                Effect::Deny => (&mut denied, Value::Unknown),
                // Where something denies, nothing else matters.
                _ if !denied.is_empty() => continue,
                Effect::Allow => (&mut allowed, Value::True),
                Effect::Ask if approved => continue,
                Effect::Ask => (&mut asked, Value::Unknown),
            };
            if !by.contains(&rule.statement) && rule::value(rule, scene, pass) >= least {
                by.push(rule.statement);
            }
        }
    }
    let rules = |effect, mut by: By| {
        by.sort_unstable();
        Verdict { effect, reason: Reason::Rule, by }
    };
    if !denied.is_empty() {
        return rules(Effect::Deny, denied);
    }
    if allowed.is_empty() {
        let base = scene.policy.operation(scene.operation).is_some_and(|operation| operation.tier == Tier::Base);
        if !base {
            return Verdict::deny(Reason::Default);
        }
        if asked.is_empty() {
            return Verdict { effect: Effect::Allow, reason: Reason::Base, by: allowed };
        }
    }
    if asked.is_empty() { rules(Effect::Allow, allowed) } else { rules(Effect::Ask, asked) }
}

/// The scene of one part, with the parts before it counted as executed.
pub(crate) fn part_scene<'s>(scene: &Scene<'s>, parts: &'s [Facts<'s>], number: usize) -> Option<Scene<'s>> {
    Some(Scene { facts: parts.get(number)?, earlier: parts.get(..number)?, ..*scene })
}
