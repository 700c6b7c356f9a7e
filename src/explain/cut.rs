//! Regions at a moment.

use bpol_engine::ir::{Effect, Ir};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::analyze::Region;
use crate::analyze::mdd::Id;
use crate::analyze::space::{self, Variable};

/// Where the outcome is an effect, at one class of dates.
pub(super) fn at(region: &mut Region<'_>, effect: Effect, now: u32) -> Id {
    let there = of(region, effect);
    let number = region.space.number(Variable::Now);
    region.diagrams.restrict(there, number, now)
}

/// Where the outcome is an effect, whenever.
pub(super) fn of(region: &mut Region<'_>, effect: Effect) -> Id {
    let wanted: Vec<bool> = region.outcomes.iter().map(|outcome| outcome.effect == effect).collect();
    region.diagrams.holds(region.plain, |value| wanted.get(value as usize).copied().unwrap_or(false))
}

/// The zone of the policy, or UTC.
pub(super) fn zone(ir: &Ir) -> TimeZone {
    space::zone(ir.timezone.as_deref()).unwrap_or(TimeZone::UTC)
}

/// A moment in the zone of the policy, to the minute.
pub(super) fn moment(ir: &Ir, at: Timestamp) -> String {
    let zone = zone(ir);
    let local = zone.to_datetime(at);
    let name = ir.timezone.as_deref().unwrap_or("UTC");
    format!("{} {:02}:{:02} {name}", local.date(), local.hour(), local.minute())
}
