//! What every store holds.

use bpol_store::{SettleError, State, Ticket};
use serde_json::json;

use crate::fixture::*;

fn day(cap: &str) -> Vec<Cap<'_>> {
    vec![("c-day", json!("day"), "EUR", cap)]
}

#[test]
fn what_is_reserved_counts_until_it_is_released() {
    let policy = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        gateway.left(10_000, NOW);
        let (said, ticket) = gateway.call_at("1", &pay("60"), at(NOW));
        assert_eq!(said, "forward");
        gateway.left(4_000, NOW);
        store.release(&ticket.unwrap()).unwrap();
        gateway.left(10_000, NOW);
        let (_, ticket) = gateway.call_at("2", &pay("99.99"), at(NOW));
        store.commit(&ticket.unwrap()).unwrap();
        gateway.left(1, NOW);
    });
}

#[test]
fn the_same_id_is_the_same_reservation_and_another_body_is_denied() {
    let policy = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let (_, ticket) = gateway.call_at("1", &pay("60"), at(NOW));
        let ticket = ticket.unwrap();
        let again = || gateway.call("1", &pay("60"), NOW);
        assert_eq!(again(), "denied: the same call came before and is still under way");
        assert_eq!(gateway.call("1", &pay("61"), NOW), "denied: the id came before with another body");
        gateway.left(4_000, NOW);
        store.hold(&ticket).unwrap();
        assert_eq!(again(), "denied: the same call came before and is held, since nobody knows how it ended");
        store.commit(&ticket).unwrap();
        assert_eq!(again(), "denied: the same call came before and is done");
        // The same id of another key is another call.
        let mut other = pay("60");
        other["key"] = json!("other");
        assert_eq!(gateway.call("1", &other, NOW), "not allowed: deny");
        other["amount"]["value"] = json!("1");
        assert_eq!(gateway.call("1", &other, NOW), "forward");
    });
}

#[test]
fn settling_twice_is_once_and_what_cannot_be_undone_is_said() {
    let policy = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let reserve = |id: &str| gateway.call_at(id, &pay("10"), at(NOW)).1.unwrap();
        let (one, two, three) = (reserve("1"), reserve("2"), reserve("3"));
        store.commit(&one).unwrap();
        store.commit(&one).unwrap();
        assert_eq!(store.release(&one), Err(SettleError::Committed));
        assert_eq!(store.hold(&one), Err(SettleError::Committed));
        store.release(&two).unwrap();
        store.release(&two).unwrap();
        gateway.left(8_000, NOW);
        assert_eq!(store.commit(&two), Err(SettleError::Reinstated));
        gateway.left(7_000, NOW);
        store.commit(&two).unwrap();
        gateway.left(7_000, NOW);
        store.release(&three).unwrap();
        assert_eq!(store.hold(&three), Err(SettleError::Reinstated));
        gateway.left(7_000, NOW);
        store.release(&three).unwrap();
        gateway.left(8_000, NOW);
        assert_eq!(store.commit(&Ticket::new("k", "nobody")), Err(SettleError::Unknown));
    });
}

#[test]
fn what_nobody_settles_is_held_and_goes_on_counting() {
    let policy = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let ticket = gateway.call_at("1", &pay("60"), at(NOW)).1.unwrap();
        let state = |now: &str| {
            let pending = store.pending(at(now)).unwrap();
            pending.iter().find(|one| one.ticket == ticket).map(|one| one.state)
        };
        assert_eq!(state(NOW), Some(State::Reserved));
        assert_eq!(state("2026-11-24T10:01:59Z"), Some(State::Reserved));
        assert_eq!(state("2026-11-24T10:02:00Z"), Some(State::Held));
        gateway.left(4_000, "2026-11-24T10:03:00Z");
        store.release(&ticket).unwrap();
        assert_eq!(state("2026-11-24T10:02:00Z"), None);
        gateway.left(10_000, "2026-11-24T10:03:00Z");
    });
}

#[test]
fn a_reservation_covers_all_counters_or_none() {
    let policy = policy(&[
        ("c-day", json!("day"), "EUR", "100.00"),
        ("c-times", json!("month"), "times", "2"),
        ("c-total", json!("total"), "EUR", "500.00"),
    ]);
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
        assert_eq!(gateway.call("2", &pay("41"), NOW), "not allowed: deny");
        assert_eq!(gateway.call("3", &pay("40"), NOW), "forward");
        // Two were counted, not three.
        assert_eq!(gateway.call("4", &pay("1"), "2026-11-25T10:00:00Z"), "not allowed: deny");
        assert_eq!(gateway.call("4", &pay("100"), "2026-12-01T10:00:00Z"), "forward");
        let sum = |counter| store.sum(counter, None, bpol_engine::Start::Ever).unwrap();
        assert_eq!(sum("c-total"), Some(20_000));
    });
}

#[test]
fn a_counter_that_the_store_does_not_have_keeps_the_others_from_counting() {
    let policy = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let ticket = Ticket::new("k", "by hand");
        let add = |counter| bpol_store::Add { counter, key: None, sum: Some(6_000) };
        let order = bpol_store::Order {
            ticket: &ticket,
            digest: [1; 32],
            charter: gateway.adopted.charter(),
            time: at(NOW),
            deadline: at(NOW),
            seen: vec![],
            adds: vec![add("c-day"), add("c-night")],
            request: "",
        };
        assert_eq!(store.reserve(&order, at(NOW)).unwrap(), bpol_store::Reserved::Stale);
        gateway.left(10_000, NOW);
        assert_eq!(store.pending(at(NOW)).unwrap(), []);
    });
}

#[test]
fn windows_are_those_of_the_calendar_and_of_the_last_hours() {
    let policy = policy(&[("c-day", json!("day"), "EUR", "100.00")]);
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, "2026-10-24T12:00:00Z");
        // 2026-10-25 has 25 hours in Amsterdam: from 22:00Z to 23:00Z.
        assert_eq!(gateway.call("1", &pay("60"), "2026-10-24T22:00:00Z"), "forward");
        gateway.left(4_000, "2026-10-25T22:59:59Z");
        gateway.left(10_000, "2026-10-25T23:00:00Z");
        // 2027-03-28 has 23: from 23:00Z to 22:00Z.
        assert_eq!(gateway.call("2", &pay("70"), "2027-03-27T23:00:00Z"), "forward");
        gateway.left(3_000, "2027-03-28T21:59:59Z");
        gateway.left(10_000, "2027-03-28T22:00:00Z");
    });
    let policy = crate::fixture::policy(&[("c-24h", json!({"rolling": 86_400}), "EUR", "100.00")]);
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, "2026-10-24T12:00:00Z");
        assert_eq!(gateway.call("1", &pay("60"), "2026-10-24T12:00:00Z"), "forward");
        assert_eq!(gateway.call("2", &pay("30"), "2026-10-24T12:00:00.5Z"), "forward");
        gateway.left(1_000, "2026-10-25T11:59:59.999999999Z");
        gateway.left(7_000, "2026-10-25T12:00:00Z");
        gateway.left(7_000, "2026-10-25T12:00:00.499999999Z");
        gateway.left(10_000, "2026-10-25T12:00:00.5Z");
    });
}

#[test]
fn a_clock_that_steps_back_reopens_nothing() {
    for period in [json!("day"), json!("month"), json!({"rolling": 86_400})] {
        let policy = policy(&[("c", period, "EUR", "100.00")]);
        check_store(|store| {
            let gateway = Gateway::new(&policy, store, "2026-10-30T10:00:00Z");
            assert_eq!(gateway.call("1", &pay("20"), "2026-10-31T10:00:00Z"), "forward");
            assert_eq!(gateway.call("2", &pay("60"), "2026-11-24T10:00:00Z"), "forward");
            gateway.left(4_000, "2026-11-24T10:00:00Z");
            // Back before both: all that is dated later counts.
            gateway.left(2_000, "2026-10-30T10:00:00Z");
            gateway.left(2_000, "2026-10-31T10:00:00Z");
            gateway.left(4_000, "2026-11-24T11:00:00Z");
        });
    }
}

#[test]
fn edited_caps_keep_what_was_spent() {
    check_store(|store| {
        let low = policy(&day("100.00"));
        let gateway = Gateway::new(&low, store, NOW);
        assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
        let high = policy(&day("150.00"));
        let gateway = Gateway::new(&high, store, NOW);
        gateway.left(9_000, NOW);
        let lower = policy(&day("50.00"));
        Gateway::new(&lower, store, NOW).left(0, NOW);
    });
}

#[test]
fn an_amount_that_is_not_known_fills_a_counter_until_it_leaves_the_window() {
    let money = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&money, store, NOW);
        // An allowed request whose amount is unknown: the other key's counters do not bind it, so it is reserved by hand.
        let ticket = Ticket::new("k", "by hand");
        let order = bpol_store::Order {
            ticket: &ticket,
            digest: [1; 32],
            charter: gateway.adopted.charter(),
            time: at(NOW),
            deadline: at(NOW),
            seen: vec![],
            adds: vec![bpol_store::Add { counter: "c-day", key: None, sum: None }],
            request: "",
        };
        assert_eq!(store.reserve(&order, at(NOW)).unwrap(), bpol_store::Reserved::New);
        gateway.left(0, NOW);
        gateway.left(10_000, "2026-11-25T10:00:00Z");
        gateway.left(0, NOW);
        store.release(&ticket).unwrap();
        gateway.left(10_000, NOW);
    });
}

#[test]
fn each_key_has_its_own_sum_and_a_shared_budget_one_for_all() {
    let other = |value: &str| {
        let mut body = pay(value);
        body["key"] = json!("other");
        body
    };
    check_store(|store| {
        let policy = shared(&day("100.00"), true);
        let gateway = Gateway::new(&policy, store, NOW);
        assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
        assert_eq!(gateway.call("2", &other("100"), NOW), "forward");
        assert_eq!(gateway.call("3", &other("0.01"), NOW), "not allowed: deny");
        gateway.left(4_000, NOW);
    });
    check_store(|store| {
        let policy = shared(&day("100.00"), false);
        let gateway = Gateway::new(&policy, store, NOW);
        assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
        assert_eq!(gateway.call("2", &other("40.01"), NOW), "not allowed: deny");
        assert_eq!(gateway.call("3", &other("40"), NOW), "forward");
        gateway.left(0, NOW);
    });
}

#[test]
fn a_batch_counts_as_its_parts_together() {
    let policy = policy(&[("c-day", json!("day"), "EUR", "100.00"), ("c-times", json!("day"), "times", "3")]);
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let part = |value: &str| json!({"amount": {"value": value, "currency": "EUR"}});
        let batch = |parts: serde_json::Value| json!({"key": "k", "action": "create", "resource": "payment-batch", "parts": parts});
        assert_eq!(gateway.call("1", &batch(json!([part("60"), part("41")])), NOW), "not allowed: deny");
        assert_eq!(gateway.call("2", &batch(json!([part("60"), part("30")])), NOW), "forward");
        gateway.left(1_000, NOW);
        assert_eq!(gateway.call("3", &batch(json!([part("1"), part("1")])), NOW), "not allowed: deny");
    });
}

#[test]
fn a_read_that_nothing_counts_leaves_no_trace() {
    let policy = policy(&day("100.00"));
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let read = json!({"key": "k", "action": "read", "resource": "transaction"});
        assert_eq!(gateway.call("1", &read, NOW), "forward, nothing reserved");
        assert_eq!(gateway.call("1", &read, NOW), "forward, nothing reserved");
        assert_eq!(store.pending(at(NOW)).unwrap(), []);
    });
}

#[test]
fn a_new_counter_counts_what_was_done_before_it_or_is_full() {
    check_store(|store| {
        let unused = policy_counting(&[("c-other", json!("day"), "EUR", "100.00")], "other");
        let gateway = Gateway::new(&unused, store, NOW);
        let mut other = pay("1");
        other["key"] = json!("other");
        assert_eq!(gateway.call("1", &other, NOW), "forward");
        let ticket = gateway.call_at("2", &pay("60"), at(NOW)).1;
        let ticket = ticket.expect("what pays is kept though nothing counts it");

        let (day, total) = (policy(&day("100.00")), policy(&[("c-total", json!("total"), "EUR", "100.00")]));
        let gateway = Gateway::new(&day, store, NOW);
        let keeps = gateway.adopted.gaps.is_empty();
        if keeps {
            gateway.left(4_000, NOW);
            store.release(&ticket).unwrap();
            gateway.left(10_000, NOW);
            Gateway::new(&total, store, NOW).left(10_000, NOW);
        } else {
            // A store that keeps no requests.
            gateway.left(0, NOW);
            gateway.left(10_000, "2026-11-24T23:00:00Z");
            let gateway = Gateway::new(&total, store, NOW);
            gateway.left(0, "2027-11-24T23:00:00Z");
            store.trust("c-total").unwrap();
            gateway.left(10_000, NOW);
        }
    });
}

#[test]
fn a_new_counter_of_reads_is_full_until_its_window_ends() {
    check_store(|store| {
        let before = policy(&day("100.00"));
        let gateway = Gateway::new(&before, store, NOW);
        assert_eq!(gateway.call("1", &pay("1"), NOW), "forward");
        let reads = counting_reads(&[("c-reads", json!("day"), "EUR", "100.00")]);
        let gateway = Gateway::new(&reads, store, NOW);
        assert_eq!(gateway.adopted.gaps.len(), 1);
        gateway.left(0, "2026-11-24T22:59:59Z");
        gateway.left(10_000, "2026-11-24T23:00:00Z");
    });
}

#[test]
fn a_gateway_of_the_policy_before_is_denied() {
    check_store(|store| {
        let (old, new) = (policy(&day("100.00")), policy(&[("c-week", json!("week"), "EUR", "100.00")]));
        let before = Gateway::new(&old, store, NOW);
        let after = Gateway::new(&new, store, NOW);
        assert_eq!(after.call("1", &pay("1"), "2026-12-24T10:00:00Z"), "forward");
        let said = before.call("2", &pay("1"), NOW);
        assert!(
            said.starts_with("not allowed") || said == "denied: the store counts for another policy by now",
            "{said}"
        );
    });
}

#[test]
fn a_counter_that_the_policy_left_for_a_while_misses_nothing() {
    check_store(|store| {
        let (with, without) = (policy(&day("100.00")), policy(&[("c-week", json!("week"), "EUR", "1000.00")]));
        assert_eq!(Gateway::new(&with, store, NOW).call("1", &pay("20"), NOW), "forward");
        let meanwhile = Gateway::new(&without, store, "2026-11-24T10:00:00.1Z");
        let said = meanwhile.call("2", &pay("30"), NOW);
        let spent = if said == "forward" { 5_000 } else { 2_000 };
        let again = Gateway::new(&with, store, "2026-11-24T10:00:00.2Z");
        if again.adopted.gaps.is_empty() {
            again.left(10_000 - spent, NOW);
        } else {
            again.left(0, NOW);
        }
        again.left(10_000, "2026-11-25T10:00:00Z");
    });
}

#[test]
fn what_is_forgotten_counts_in_total_and_reopens_nothing() {
    let policy = policy(&[("c-day", json!("day"), "EUR", "100.00"), ("c-total", json!("total"), "EUR", "1000.00")]);
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let ticket = gateway.call_at("1", &pay("100"), at(NOW)).1.unwrap();
        assert_eq!(gateway.call("2", &pay("60"), "2026-11-25T10:00:00Z"), "forward");
        store.commit(&ticket).unwrap();
        store.prune(at("2026-12-30T10:00:00Z")).unwrap();
        gateway.left(0, NOW);
        store.prune(at("2028-12-30T10:00:00Z")).unwrap();
        // The second is not settled, so it is never forgotten; of the day of the first nobody knows.
        gateway.left(4_000, "2026-11-25T10:00:00Z");
        gateway.left(0, NOW);
        for id in 0..8 {
            let day = format!("2029-01-{:02}T10:00:00Z", id + 1);
            assert_eq!(gateway.call(&format!("later {id}"), &pay("100"), &day), "forward");
        }
        gateway.left(4_000, "2029-02-01T10:00:00Z");
    });
}
