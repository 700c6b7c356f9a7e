//! What a policy counts, as a store keeps it.

use bpol_engine::Policy;
use bpol_engine::ir::{Counter, Period};
use jiff::{SignedDuration, Timestamp};

use crate::store::KEPT_DAYS;

/// What adopting a policy came to. Reservations carry it, so that a gateway that still follows another policy cannot
/// reserve without adding to the counters of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    pub(crate) charter: u64,
    /// Counters that may have missed something, by id: they count as full for every window that reaches back to it.
    pub gaps: Vec<Gap>,
}

impl Adopted {
    /// The name of the policy's set of counters.
    pub fn charter(&self) -> u64 {
        self.charter
    }
}

/// A counter that may have missed what was done until a moment. A counter `in total` is full until an operator says
/// [`crate::Store::trust`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The counter's id.
    pub counter: String,
    /// The last moment that it may have missed.
    pub until: Timestamp,
}

/// The name of a policy's set of counters: the same whatever their caps.
pub(crate) fn charter(policy: &Policy) -> u64 {
    let mut ids: Vec<&str> = policy.ir().counters.iter().map(|counter| counter.id.as_str()).collect();
    ids.sort_unstable();
    // FNV-1a: the same in every version and on every machine.
    let bytes = ids.iter().flat_map(|id| id.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a counter may count reads: those that count nowhere are not kept, so a new counter cannot know them.
pub(crate) fn counts_reads(policy: &Policy, counter: &Counter) -> bool {
    let ir = policy.ir();
    let at = |number: &u32| usize::try_from(*number).ok();
    let scopes = counter.scopes.iter().filter_map(|scope| ir.scopes.get(at(scope)?));
    let mut operations = scopes.flat_map(|scope| &scope.operations);
    operations.any(|number| at(number).and_then(|at| ir.operations.get(at)).is_none_or(|one| one.action == "read"))
}

/// How long settled reservations are kept for a policy: as its longest window, and a stated minimum.
pub(crate) fn kept(policy: &Policy) -> SignedDuration {
    let rolling = policy.ir().counters.iter().filter_map(|counter| match counter.period {
        Period::Rolling(seconds) => i64::try_from(seconds).ok(),
        _ => None,
    });
    let day = SignedDuration::from_hours(24);
    let longest = SignedDuration::from_secs(rolling.max().unwrap_or(0)).saturating_add(day);
    longest.max(SignedDuration::from_hours(24 * KEPT_DAYS))
}
