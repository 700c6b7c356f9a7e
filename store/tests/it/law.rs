//! A law: after whatever was reserved, committed, released, held and forgotten, sums are those of the entries themselves.

use bpol_engine::{History, Past, Policy};
use bpol_store::{Add, Order, Reserved, State, Store, Ticket};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::fixture::*;

/// A small generator of numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % most
    }
}

fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn everything() -> Policy {
    let much = "99999999999999.00";
    policy(&[
        ("c-day", json!("day"), "EUR", much),
        ("c-week", json!("week"), "EUR", much),
        ("c-month", json!("month"), "EUR", much),
        ("c-year", json!("year"), "EUR", much),
        ("c-total", json!("total"), "EUR", much),
        ("c-hour", json!({"rolling": 3_600}), "EUR", much),
        ("c-24h", json!({"rolling": 86_400}), "EUR", much),
        ("c-dollars", json!("day"), "USD", much),
        ("c-times", json!("month"), "times", "1000000"),
        ("c-times-24h", json!({"rolling": 86_400}), "times", "1000000"),
    ])
}

#[test]
fn sums_are_those_of_the_entries() {
    let seed = variable("BPOL_SEED", 1);
    let policy = everything();
    let cases = variable("BPOL_CASES", 60);
    for case in 0..cases {
        check_memory(&policy, seed.wrapping_mul(1_000_003).wrapping_add(case), 60);
    }
    // A store that is waited for gets a tenth.
    for case in 0..cases.div_ceil(20).min(20) {
        check_store(|store| check_law(&policy, store, seed.wrapping_add(case), 25));
    }
}

fn check_memory(policy: &Policy, seed: u64, steps: u64) {
    check_law(policy, &bpol_store::Memory::new(), seed, steps);
}

fn check_law(policy: &Policy, store: &dyn Store, seed: u64, steps: u64) {
    let mut dice = Dice(seed);
    let charter = store.adopt(policy, moment(&mut dice)).unwrap().charter();
    let mut past: Vec<(Ticket, String, State)> = Vec::new();
    let mut forgotten = false;
    for step in 0..steps {
        let now = moment(&mut dice);
        match dice.below(8) {
            0..=3 => {
                let ticket = Ticket::new("k", &step.to_string());
                let text = body(&mut dice, now);
                let request = policy.read_request(&text).unwrap();
                let adds = policy.additions(&request);
                let adds = adds.map(|add| Add { counter: add.tally.id(), key: add.tally.key(), sum: add.sum });
                let order = Order {
                    ticket: &ticket,
                    digest: [0; 32],
                    charter,
                    time: now,
                    deadline: now,
                    seen: vec![],
                    adds: adds.collect(),
                    request: &text,
                };
                assert_eq!(store.reserve(&order, now).unwrap(), Reserved::New);
                past.push((ticket, text, State::Reserved));
            }
            4..=6 if !past.is_empty() => {
                let chosen = usize::try_from(dice.below(past.len() as u64)).unwrap();
                let end = [State::Committed, State::Released, State::Held][usize::try_from(dice.below(3)).unwrap()];
                let (ticket, _, state) = &mut past[chosen];
                // What is forgotten is unknown; committed money stays committed.
                if store.settle(ticket, end) != Err(bpol_store::SettleError::Unknown)
                    && !(*state == State::Committed && end != State::Committed)
                {
                    *state = end;
                }
            }
            7 if dice.below(4) == 0 => {
                forgotten |= store.prune(now + SignedDuration::from_hours(24 * 390)).unwrap() > 0;
            }
            _ => {}
        }
        compare(policy, store, &past, moment(&mut dice), forgotten, seed);
    }
}

fn compare(
    policy: &Policy,
    store: &dyn Store,
    past: &[(Ticket, String, State)],
    now: Timestamp,
    forgotten: bool,
    seed: u64,
) {
    let mut history = History::new();
    for (_, text, _) in past.iter().filter(|(_, _, state)| state.counts()) {
        history.extend(policy.read_entry(text).unwrap());
    }
    for probe in [
        pay("1"),
        json!({"key": "k", "action": "create", "resource": "payment", "amount": {"value": "1", "currency": "USD"}}),
    ] {
        let text = probe.to_string();
        let request = policy.read_request(&text).unwrap();
        for tally in policy.additions(&request).map(|addition| addition.tally) {
            let start = tally.start(now);
            let expected = match tally.id().starts_with("c-times") {
                true => Some(i128::from(history.count(&tally, start))),
                false => history.spent(&tally, start),
            };
            let sum = store.sum(tally.id(), tally.key(), start).unwrap();
            let allowed = sum == expected || (forgotten && sum.is_none() && tally.id() != "c-total");
            assert!(allowed, "seed {seed}: {} at {now}: {sum:?}, the entries say {expected:?}", tally.id());
        }
    }
}

/// Moments about the two changes of the clocks, often on the edges of days.
fn moment(dice: &mut Dice) -> Timestamp {
    let edge = [
        "2026-10-24T22:00:00Z",
        "2026-10-25T23:00:00Z",
        "2027-03-27T23:00:00Z",
        "2027-03-28T22:00:00Z",
        "2026-12-31T23:00:00Z",
    ];
    let near = at(edge[usize::try_from(dice.below(5)).unwrap()]);
    let seconds = i64::try_from(dice.below(200_000)).unwrap() - 100_000;
    match dice.below(4) {
        0 => near,
        1 => near - SignedDuration::from_nanos(1),
        2 => near + SignedDuration::from_secs(3_600),
        _ => near + SignedDuration::new(seconds, 5),
    }
}

fn body(dice: &mut Dice, time: Timestamp) -> String {
    let money = |dice: &mut Dice| -> Value {
        let currency = if dice.below(4) == 0 { "USD" } else { "EUR" };
        match dice.below(12) {
            0 => json!({}),
            1 => json!({"amount": {"value": "99999999999999.99", "currency": currency}}),
            _ => {
                json!({"amount": {"value": format!("{}.{:02}", dice.below(90), 1 + dice.below(99)), "currency": currency}})
            }
        }
    };
    let mut body =
        json!({"key": if dice.below(5) == 0 { "other" } else { "k" }, "action": "create", "time": time.to_string()});
    if dice.below(3) == 0 {
        body["resource"] = json!("payment-batch");
        body["parts"] = json!([money(dice), money(dice)]);
    } else {
        body["resource"] = json!("payment");
        for (name, value) in money(dice).as_object().unwrap() {
            body[name] = value.clone();
        }
    }
    body.to_string()
}
