//! Decides a call: route, decide and reserve, and whether its answer may pass whole. It knows no Envoy.

use std::error::Error;
use std::fs;

use bpol_engine::http::Routed;
use bpol_engine::ir::{Capability, Effect};
use bpol_engine::{Decision, Past, Policy, Reason, Report, Start, Tally};
use bpol_store::{Adopted, Disk, Outcome, Store, decide_and_reserve};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::call::Call;

/// What this host can do; `whole-answers.toml` says the same to the compiler.
const OFFERS: &[Capability] = &[Capability::ClientIp, Capability::Counters, Capability::ResponseFields];

/// A policy and what was spent under it.
#[derive(Debug)]
pub(crate) struct Gate {
    policy: Policy,
    counters: Disk,
    adopted: Adopted,
}

/// What becomes of a call.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// Status and text of a refusal; nothing where the call is forwarded.
    pub(crate) refused: Option<(u16, String)>,
    /// For the policy's owner: what it was, and how far from allowed.
    pub(crate) log: String,
}

impl Verdict {
    pub(crate) fn refuse(status: u16, text: String, log: String) -> Self {
        Self { refused: Some((status, text)), log: format!("refuse  {log}") }
    }
}

impl Gate {
    /// Loads the policy and opens its counters. Counters that are not there are made only when that is said, since a budget
    /// that starts anew would be spent twice.
    pub(crate) fn open(policy: &str, counters: &str, new: bool, now: Timestamp) -> Result<Self, Box<dyn Error>> {
        let json = fs::read(policy).map_err(|fault| format!("{policy}: {fault}"))?;
        let loaded = Policy::load_for(&json, OFFERS).map_err(|fault| format!("{policy}: {fault}"))?;
        let counters = if new { Disk::create(counters)? } else { Disk::open(counters)? };
        let adopted = counters.adopt(&loaded, now)?;
        Ok(Self { policy: loaded, counters, adopted })
    }

    /// Decides a call, and counts it where it is allowed.
    pub(crate) fn judge(&self, call: &Call, now: Timestamp) -> Verdict {
        let headers: Vec<(&str, &[u8])> =
            call.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let routed = match self.policy.route(&call.method, &call.target, &headers, &call.body) {
            Ok(routed) => routed.for_key(&call.key).at(now),
            Err(refusal) => {
                let log = format!("{}: {} {}: {refusal}", call.key, call.method, call.target);
                return Verdict::refuse(400, refusal.to_string(), log);
            }
        };
        let routed = match call.ip {
            Some(ip) => routed.from_ip(ip),
            None => routed,
        };
        let what = format!("{}: {} {}", call.key, routed.action(), routed.resource());
        // A client that sends a call again says so by the same id; who says none has sent a new one.
        let id = call.header("x-bunq-client-request-id").unwrap_or(&call.id);
        if id.is_empty() {
            return Verdict::refuse(400, "the call has no id".to_owned(), format!("{what}: no id"));
        }
        let text = self.policy.request_json(routed.request()).to_string();
        let asked = bpol_store::Call::new(routed.request(), &text, id, digest(call));
        let outcome = decide_and_reserve(&self.policy, &self.adopted, &self.counters, &asked, now);
        match outcome {
            Outcome::Forward { decision, ticket } => {
                if !self.passes_whole(&routed, &decision) {
                    let released = ticket.map(|ticket| self.counters.release(&ticket));
                    if let Some(Err(fault)) = released {
                        return Verdict::refuse(503, fault.to_string(), format!("{what}: {fault}"));
                    }
                    let text = "the key may see a part of this answer only, and answers cannot be cut here";
                    return Verdict::refuse(403, text.to_owned(), format!("{what}: {text}"));
                }
                // Nobody tells an authorizer how a call ended, so what it lets through counts as spent.
                if let Some(ticket) = ticket
                    && let Err(fault) = self.counters.commit(&ticket)
                {
                    return Verdict::refuse(503, fault.to_string(), format!("{what}: {fault}"));
                }
                Verdict { refused: None, log: format!("forward {what}") }
            }
            Outcome::Refuse(decision) => {
                let report = self.policy.report(routed.request(), &Sums(&self.counters), now);
                let text = denied(&decision, &call.key, &routed);
                Verdict::refuse(403, text, format!("{what}: {}", closest(&report)))
            }
            Outcome::Repeated(_) | Outcome::Conflict => {
                Verdict::refuse(409, outcome.to_string(), format!("{what}: {outcome}"))
            }
            Outcome::Busy | Outcome::Unavailable(_) => {
                Verdict::refuse(503, outcome.to_string(), format!("{what}: {outcome}"))
            }
        }
    }

    /// Whether the key may see all of the answer. The answer to opening a session is the one that passes without a rule.
    fn passes_whole(&self, routed: &Routed<'_, '_>, decision: &Decision<'_>) -> bool {
        if decision.reason() == Reason::Base {
            return true;
        }
        let Some(shown) = decision.fields().filter(|_| !decision.each()) else { return !decision.each() };
        let operations = &self.policy.ir().operations;
        let own = |known: &&bpol_engine::ir::Operation| {
            known.action == routed.action() && known.resource == routed.resource()
        };
        let all = operations.iter().find(own).map(|known| known.fields.len() + known.extra_fields.len());
        all == Some(shown.count())
    }
}

/// What the program is told: that it was denied, and by which rule, but not how far it was from allowed.
fn denied(decision: &Decision<'_>, key: &str, routed: &Routed<'_, '_>) -> String {
    let by: Vec<&str> = decision.by().collect();
    match (decision.effect(), decision.reason()) {
        (Effect::Ask, _) => format!("the account holder is to be asked, which cannot be done here ({})", by.join(", ")),
        (_, Reason::Rule) => format!("denied by {}", by.join(", ")),
        (_, Reason::UnknownKey) => format!("the policy has no key `{key}`"),
        _ => format!("no rule of key `{key}` allows this `{} {}`", routed.action(), routed.resource()),
    }
}

/// What the owner is told: the rules that denied, or those that came closest.
fn closest(report: &Report) -> String {
    if report.near.is_empty() {
        return match report.by.as_slice() {
            [] => "no rule comes close".to_owned(),
            by => format!("denied by {}", by.join(", ")),
        };
    }
    let rules = report.near.iter().map(|near| {
        let failed = near.failed.iter().map(|failed| format!("`{}`: {}", failed.clause, failed.distance));
        format!("{} {}", near.rule, failed.collect::<Vec<_>>().join(", "))
    });
    rules.collect::<Vec<_>>().join("; ")
}

/// Of all that the bank reads, so that an id stands for one call.
fn digest(call: &Call) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [call.method.as_bytes(), call.target.as_bytes(), &call.body] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// What the counters say, for the owner's log alone.
struct Sums<'s>(&'s dyn Store);

impl Past for Sums<'_> {
    fn spent(&self, tally: &Tally<'_>, start: Start) -> Option<i128> {
        self.0.sum(tally.id(), tally.key(), start).ok().flatten()
    }

    fn count(&self, tally: &Tally<'_>, start: Start) -> u64 {
        self.spent(tally, start).and_then(|sum| u64::try_from(sum).ok()).unwrap_or(u64::MAX)
    }
}
