//! Deciding and reserving as one step: what is allowed is reserved on the sums on which it was allowed, or decided again.

use std::borrow::Cow;
use std::cell::RefCell;

use bpol_engine::ir::Effect;
use bpol_engine::{Decision, Past, Policy, Request, Start, Tally};
use jiff::{SignedDuration, Timestamp};

use crate::charter::Adopted;
use crate::order::{Add, Digest, Order, Reserved, Seen, State, Ticket};
use crate::store::{Store, StoreError};

/// A call that was read and is to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The request, read by the policy.
    pub request: &'a Request<'a>,
    /// The text that it was read from.
    pub text: &'a str,
    /// What names the call among those of its key.
    pub id: &'a str,
    /// Digest of the call's body.
    pub digest: Digest,
    /// For how long somebody is expected to say how it ended; after that it is held.
    pub lease: SignedDuration,
    /// Whether the account holder approved this very request.
    pub approved: bool,
}

impl<'a> Call<'a> {
    /// A call that nobody approved, with a lease of two minutes.
    pub fn new(request: &'a Request<'a>, text: &'a str, id: &'a str, digest: Digest) -> Self {
        Self { request, text, id, digest, lease: SignedDuration::from_mins(2), approved: false }
    }
}

/// What to do with a call. Only [`Outcome::Forward`] may be forwarded.
#[derive(Debug)]
pub enum Outcome<'p> {
    /// Allowed, and reserved where it counts: forward it, then settle its ticket.
    Forward {
        /// The decision. It holds for sums that are at least as great as those that were reserved on.
        decision: Decision<'p>,
        /// The reservation; none for a read that no counter counts.
        ticket: Option<Ticket>,
    },
    /// Ask or deny; nothing is reserved.
    Refuse(Decision<'p>),
    /// The same call came before, and this is what became of it.
    Repeated(State),
    /// The id came before with another body.
    Conflict,
    /// Others spent from the same counters all the while.
    Busy,
    /// The store cannot be asked, or counts for another policy.
    Unavailable(StoreError),
}

impl std::fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forward { .. } => f.write_str("allowed and reserved"),
            Self::Refuse(decision) => write!(f, "not allowed: {}", decision.effect().word()),
            Self::Repeated(state) => {
                let word = match state {
                    State::Reserved => "still under way",
                    State::Held => "held, since nobody knows how it ended",
                    State::Committed => "done",
                    State::Released => "refused by the bank",
                };
                write!(f, "denied: the same call came before and is {word}")
            }
            Self::Conflict => f.write_str("denied: the id came before with another body"),
            Self::Busy => f.write_str("denied: others spent from the same counters all the while; send it again"),
            Self::Unavailable(fault) => write!(f, "denied: {fault}"),
        }
    }
}

/// How often it is decided again when others spent in between.
const ATTEMPTS: u32 = 32;
/// How much more than what was seen a decision is tried on when others spent in between, in times of its own additions:
/// what is allowed on greater sums is allowed on smaller ones, so that they need not stand still meanwhile.
const AHEAD: [i128; 4] = [64, 8, 1, 0];

/// Decides a call on what the store counts, and reserves what it adds. The first in the store's order wins, and nobody is
/// denied for a reservation that is taken back.
pub fn decide_and_reserve<'p>(
    policy: &'p Policy,
    adopted: &Adopted,
    store: &dyn Store,
    call: &Call<'_>,
    now: Timestamp,
) -> Outcome<'p> {
    let request = call.request;
    let ticket = Ticket::new(request.key(), call.id);
    match store.find(&ticket, &call.digest, now) {
        Ok(None) => {}
        Ok(Some(Reserved::Repeated(state))) => return Outcome::Repeated(state),
        Ok(Some(_)) => return Outcome::Conflict,
        Err(fault) => return Outcome::Unavailable(fault),
    }
    let time = request.time().unwrap_or(now);
    let adds: Vec<Add<'_>> = policy
        .additions(request)
        .map(|addition| Add { counter: addition.tally.id(), key: addition.tally.key(), sum: addition.sum })
        .collect();
    // Reads that no counter counts leave no trace.
    let leaves_trace = !adds.is_empty() || !policy.is_read(request);
    let text = if leaves_trace { entry(call, time) } else { Cow::Borrowed("") };
    let Ok(deadline) = now.checked_add(call.lease) else {
        return Outcome::Unavailable(StoreError::new("the lease ends after all time"));
    };
    for attempt in 0..ATTEMPTS {
        let ahead: &[i128] = if attempt == 0 { &[0] } else { &AHEAD };
        let mut decided = None;
        for times in ahead {
            let view = View { store, adds: &adds, ahead: *times, seen: RefCell::default(), fault: RefCell::default() };
            let decision = match call.approved {
                true => policy.decide_approved(request, &view, now),
                false => policy.decide(request, &view, now),
            };
            if let Some(fault) = view.fault.into_inner() {
                return Outcome::Unavailable(fault);
            }
            let allowed = decision.effect() == Effect::Allow;
            decided = Some((decision, view.seen.into_inner()));
            if allowed {
                break;
            }
        }
        let Some((decision, seen)) = decided else { break };
        if decision.effect() != Effect::Allow {
            return Outcome::Refuse(decision);
        }
        if !leaves_trace || decision.each() {
            return Outcome::Forward { decision, ticket: None };
        }
        let order = Order {
            ticket: &ticket,
            digest: call.digest,
            charter: adopted.charter,
            time,
            deadline,
            seen,
            adds: adds.clone(),
            request: &text,
        };
        return match store.reserve(&order, now) {
            Ok(Reserved::New) => Outcome::Forward { decision, ticket: Some(ticket) },
            Ok(Reserved::Changed) => continue,
            Ok(Reserved::Repeated(state)) => Outcome::Repeated(state),
            Ok(Reserved::Conflict) => Outcome::Conflict,
            Ok(Reserved::Stale) => Outcome::Unavailable(StoreError::new("the store counts for another policy by now")),
            Err(fault) => Outcome::Unavailable(fault),
        };
    }
    Outcome::Busy
}

/// The request with its time.
fn entry<'a>(call: &Call<'a>, time: Timestamp) -> Cow<'a, str> {
    match call.text.trim_end().strip_suffix('}') {
        Some(rest) if call.request.time().is_none() => Cow::Owned(format!("{rest},\"time\":\"{time}\"}}")),
        _ => Cow::Borrowed(call.text),
    }
}

/// The store as a decision sees it; remembers what was seen.
struct View<'v> {
    store: &'v dyn Store,
    adds: &'v [Add<'v>],
    ahead: i128,
    seen: RefCell<Vec<Seen<'v>>>,
    fault: RefCell<Option<StoreError>>,
}

impl View<'_> {
    fn see(&self, tally: &Tally<'_>, start: Start) -> Option<i128> {
        let (id, key) = (tally.id(), tally.key());
        let mut seen = self.seen.borrow_mut();
        let known = |seen: &&Seen<'_>| seen.counter == id && seen.key.as_deref() == key && seen.start == start;
        if let Some(seen) = seen.iter().find(known) {
            return seen.sum;
        }
        let sum = match self.store.glance(id, key, start) {
            Ok(sum) => sum,
            Err(fault) => {
                *self.fault.borrow_mut() = Some(fault);
                None
            }
        };
        let add = self.adds.iter().find(|add| add.counter == id && add.key == key);
        let more = add.and_then(|add| add.sum).unwrap_or(0);
        let sum = sum.and_then(|sum| sum.checked_add(more.checked_mul(self.ahead)?));
        seen.push(match add {
            Some(add) => Seen { counter: add.counter.into(), key: add.key.map(Cow::Borrowed), start, sum },
            None => {
                let key = key.map(|key| Cow::Owned(key.to_owned()));
                Seen { counter: Cow::Owned(id.to_owned()), key, start, sum }
            }
        });
        sum
    }
}

impl Past for View<'_> {
    fn spent(&self, tally: &Tally<'_>, start: Start) -> Option<i128> {
        self.see(tally, start)
    }

    fn count(&self, tally: &Tally<'_>, start: Start) -> u64 {
        self.see(tally, start).and_then(|sum| u64::try_from(sum).ok()).unwrap_or(u64::MAX)
    }
}
