//! What an allowed request adds to counters.

use crate::amount::{Currency, figure};
use crate::clause::Scene;
use crate::facts::Facts;
use crate::ir::{Counter, Counting};
use crate::past::Tally;
use crate::report::Reservation;
use crate::window;
use crate::words;

/// Every counter into whose scope the request falls, by id, so that the order of lines in the policy does not show.
pub(crate) fn reservations(scene: &Scene<'_>, parts: Option<&[Facts<'_>]>) -> Vec<Reservation> {
    let counters = (0_u32..).zip(&scene.policy.ir().counters);
    let mut all: Vec<Reservation> =
        counters.filter_map(|(number, counter)| reservation(scene, parts, number, counter)).collect();
    all.sort_by(|left, right| left.counter.cmp(&right.counter));
    all
}

fn reservation(scene: &Scene<'_>, parts: Option<&[Facts<'_>]>, number: u32, counter: &Counter) -> Option<Reservation> {
    let tally = Tally::new(scene.policy, number, scene.key);
    let pieces = parts.unwrap_or(std::slice::from_ref(scene.facts));
    let covered = pieces.iter().filter(|piece| tally.covers(scene.key, scene.operation, piece)).count();
    if covered == 0 {
        return None;
    }
    let (mut amount, mut currency, mut times) = (None, None, None);
    match &counter.counting {
        Counting::Times => times = u64::try_from(covered).ok(),
        Counting::Money(code) => {
            let spends = |piece| tally.spends(scene.key, scene.operation, piece);
            let sum = pieces.iter().try_fold(0_i128, |sum, piece| sum.checked_add(spends(piece)?));
            if sum == Some(0) {
                return None;
            }
            amount = sum.zip(Currency::named(code)).map(|(sum, currency)| figure(sum, currency));
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
