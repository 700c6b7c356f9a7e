//! Why a decision is what it is: the value of every clause of every rule that lists the operation.

use jiff::Timestamp;
use serde::Serialize;

use crate::amount::figure;
use crate::clause::{Cap, LimitCap, Scene, Test, Times};
use crate::decide::{part_scene, stretches};
use crate::distance;
use crate::facts::Facts;
use crate::ir::{self, Clause, Effect};
use crate::past::Past;
use crate::policy::Policy;
use crate::request::Request;
use crate::rule::{self, Pass};
use crate::value::Value;
use crate::words;

/// A truth value of Kleene's logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Traced {
    /// It does not hold.
    False,
    /// It cannot be told.
    Unknown,
    /// It holds.
    True,
}

/// A rule that lists the operation of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TracedRule {
    /// Its id.
    pub rule: String,
    /// What it does.
    pub effect: Effect,
    /// Its statement as written, blanks folded.
    pub text: String,
    /// The number of the part of the request that this is about, from 1; nothing for a request of one piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<usize>,
    /// Its value, facts that stand in the answer taken as helps the caller.
    pub value: Traced,
    /// Its value with these facts taken as harms the caller.
    pub worst: Traced,
    /// Its clauses.
    pub clauses: Vec<TracedClause>,
    /// Its exceptions, each the clauses of an `unless`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<Vec<TracedClause>>,
}

/// A clause and what it says about a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TracedClause {
    /// The clause as one would write it.
    pub clause: String,
    /// Its value.
    pub value: Traced,
    /// The fact that decides it, in words.
    pub fact: String,
    /// Whether its fact stands in the answer and is not known yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

impl Policy {
    /// The value of every clause of every rule that binds the key and lists the operation, in document order of the key's
    /// rules and then of the guardrails; nothing for a key that the policy does not name.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// # let past = bpol_engine::History::new();
    /// let request = policy.read_request(r#"{"key": "shop", "action": "read", "resource": "health"}"#).unwrap();
    /// assert!(policy.trace(&request, &past, now).is_empty(), "no rule of the key is about the bank being up");
    /// ```
    pub fn trace(&self, request: &Request<'_>, past: &dyn Past, now: Timestamp) -> Vec<TracedRule> {
        let scene = self.scene(request, past, now).filter(|_| request.stamp == self.stamp());
        let Some(scene) = scene else { return Vec::new() };
        match request.parts.as_deref() {
            None => traced(&scene, None),
            Some(parts) => traced_parts(&scene, parts),
        }
    }
}

fn traced_parts(scene: &Scene<'_>, parts: &[Facts<'_>]) -> Vec<TracedRule> {
    let scenes = (0..parts.len()).filter_map(|number| Some((number, part_scene(scene, parts, number)?)));
    scenes.flat_map(|(number, scene)| traced(&scene, Some(number.saturating_add(1)))).collect()
}

fn traced(scene: &Scene<'_>, part: Option<usize>) -> Vec<TracedRule> {
    let mut list = Vec::new();
    for number in stretches(scene).flat_map(|span| span.from..span.until) {
        let Some((rule, ir)) = scene.policy.rule(number).zip(scene.policy.ir_rule(number)) else { continue };
        if !scene.policy.listed(rule.operations, scene.operation) {
            continue;
        }
        let blocks = scene.policy.blocks(rule.unless).iter().zip(&ir.unless);
        list.push(TracedRule {
            rule: ir.id.clone(),
            effect: rule.effect,
            text: ir.text.clone(),
            part,
            value: rule::value(rule, scene, Pass::Best).into(),
            worst: rule::value(rule, scene, Pass::Worst).into(),
            clauses: clauses(scene, scene.policy.tests(rule.when), &ir.when),
            unless: blocks.map(|(block, said)| clauses(scene, scene.policy.tests(*block), said)).collect(),
        });
    }
    list
}

fn clauses(scene: &Scene<'_>, tests: &[Test], said: &[Clause]) -> Vec<TracedClause> {
    let clause = |(test, clause): (&Test, &Clause)| {
        let value = test.value(scene);
        let open =
            value == Value::Unknown && test.about(scene.policy).is_some_and(|dimension| scene.open.has(dimension));
        let fact = if open { "it stands in the answer".to_owned() } else { fact(scene, test, clause, value) };
        TracedClause { clause: words::clause(scene.policy.ir(), clause), value: value.into(), fact, open }
    };
    tests.iter().zip(said).map(clause).collect()
}

/// The fact that decides a clause. Where it does not hold its distance says it.
fn fact(scene: &Scene<'_>, test: &Test, clause: &Clause, value: Value) -> String {
    match (test, clause) {
        (Test::UpTo(caps) | Test::Over(caps), Clause::UpTo(said) | Clause::Over(said)) if value != Value::Unknown => {
            joined(caps.iter().zip(said).filter_map(|(cap, said)| money(scene, cap, said)))
        }
        (Test::AtMost(counts) | Test::MoreThan(counts), Clause::AtMost(said) | Clause::MoreThan(said)) => {
            joined(counts.iter().zip(said).map(|(count, said)| often(scene, count, said)))
        }
        (Test::Within(_), Clause::Within(limits)) if value != Value::Unknown => {
            joined(limits.iter().flat_map(|limit| within(scene, *limit)))
        }
        (Test::AnyAmount, _) if value == Value::True => "any amount will do".to_owned(),
        (Test::To(_), _) if value == Value::True => payee(scene),
        (Test::To(_), _)
            if value == Value::Unknown && scene.facts.payee.as_ref().is_some_and(|it| it.iban.is_some()) =>
        {
            "the call does not tell whether the payee is an own account or a favorite".to_owned()
        }
        (Test::SinceAge(_) | Test::SinceDate(_), _) if value == Value::True => {
            match scene.facts.record.and_then(|record| record.created) {
                Some(created) => {
                    format!("the record was created {}", words::minute(created, scene.policy.zone()))
                }
                None => String::new(),
            }
        }
        (Test::CreatedByThisKey, _) if value == Value::True => "the key created the record".to_owned(),
        (Test::During(_) | Test::Starting(_) | Test::Before(_), _) if value == Value::True => {
            format!("it is {}", words::minute(scene.now, scene.policy.zone()))
        }
        (Test::On(_), _) if value == Value::True && scene.facts.account.is_none() => "any account will do".to_owned(),
        _ => distance::of(scene, test, clause),
    }
}

fn payee(scene: &Scene<'_>) -> String {
    match scene.facts.payee.as_ref().and_then(|payee| payee.iban.as_ref()) {
        Some(iban) => format!("the payee is {}", iban.text),
        None if scene.facts.payee.is_none() => "anyone will do".to_owned(),
        None => "the call tells what kind of payee it is".to_owned(),
    }
}

/// How much a cap has seen with this request.
fn money(scene: &Scene<'_>, cap: &Cap, said: &ir::MoneyCap) -> Option<String> {
    let amount = scene.facts.amount.filter(|amount| amount.currency == cap.currency)?;
    let spent = match cap.counter {
        None => 0,
        Some(counter) => scene.spent(counter)?,
    };
    let sum = spent.checked_add(i128::from(amount.minor))?;
    let words = words::money(scene.policy.ir(), said);
    let before =
        if spent > 0 { format!(", {} of it spent before", figure(spent, cap.currency)) } else { String::new() };
    Some(format!("{} of {words}{before}", figure(sum, cap.currency)))
}

fn often(scene: &Scene<'_>, count: &Times, said: &ir::CountCap) -> String {
    let done = scene.count(count.counter).saturating_add(1);
    format!("this is number {done} of {}", words::times(scene.policy.ir(), said))
}

fn within(scene: &Scene<'_>, limit: u32) -> Vec<String> {
    let said = usize::try_from(limit).ok().and_then(|limit| scene.policy.ir().limits.get(limit));
    let Some(said) = said else { return Vec::new() };
    let caps = scene.policy.limit(limit).iter().zip(&said.caps);
    let texts = caps.filter_map(|(cap, said)| match (cap, said) {
        (LimitCap::Money(cap), ir::LimitCap::Money(said)) => money(scene, cap, said),
        (LimitCap::Count(count), ir::LimitCap::Count(said)) => Some(often(scene, count, said)),
        _ => None,
    });
    texts.map(|text| format!("limit `{}`: {text}", said.name)).collect()
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("; ")
}

impl From<Value> for Traced {
    fn from(value: Value) -> Self {
        match value {
            Value::False => Self::False,
            Value::Unknown => Self::Unknown,
            Value::True => Self::True,
        }
    }
}
