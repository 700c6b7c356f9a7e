//! What an allowed request adds to counters, as a decision says it.

use crate::addition::{Addition, additions};
use crate::amount::{Currency, figure};
use crate::clause::Scene;
use crate::facts::Facts;
use crate::ir::Counting;
use crate::report::Reservation;
use crate::window;
use crate::words;

/// Every counter into whose scope the request falls, by id, so that the order of lines in the policy does not show.
pub(crate) fn reservations(scene: &Scene<'_>, parts: Option<&[Facts<'_>]>) -> Vec<Reservation> {
    let pieces = parts.unwrap_or(std::slice::from_ref(scene.facts));
    let all = additions(scene.policy, scene.key, scene.operation, pieces);
    let mut all: Vec<Reservation> = all.filter_map(|addition| reservation(scene, &addition)).collect();
    all.sort_by(|left, right| left.counter.cmp(&right.counter));
    all
}

fn reservation(scene: &Scene<'_>, addition: &Addition<'_>) -> Option<Reservation> {
    let counter = addition.tally.counter()?;
    let (mut amount, mut currency, mut times) = (None, None, None);
    match &counter.counting {
        Counting::Times => times = addition.sum.and_then(|sum| u64::try_from(sum).ok()),
        Counting::Money(code) => {
            amount = addition.sum.zip(Currency::named(code)).map(|(sum, currency)| figure(sum, currency));
            currency = Some(code.clone());
        }
    }
    let zone = scene.policy.zone();
    let bounds = window::bounds(counter.period, scene.now, zone);
    Some(Reservation {
        counter: counter.id.clone(),
        amount,
        currency,
        times,
        from: bounds.map(|(from, _)| words::instant(from, zone)),
        until: bounds.map(|(_, until)| words::instant(until, zone)),
    })
}
