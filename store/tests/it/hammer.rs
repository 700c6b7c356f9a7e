//! Many at once spend from one budget: never a cent too much, and no release is lost.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};

use bpol_engine::{Policy, Start};
use bpol_store::{Adopted, Digest, Order, Pending, Reserved, SettleError, State, Store, StoreError, Ticket};
use jiff::Timestamp;
use serde_json::json;

use crate::fixture::*;

/// Euros of the budget; every payment is of one cent.
const BUDGET: u64 = 3;
pub(crate) const CENTS: u64 = BUDGET * 100;

pub(crate) fn budget() -> Policy {
    let euros = format!("{BUDGET}.00");
    policy(&[("c-day", json!("day"), "EUR", &euros), ("c-24h", json!({"rolling": 86_400}), "EUR", &euros)])
}

/// Pays a cent at a time until it is denied, releases every third, and says how many cents were committed.
pub(crate) fn spend(gateway: &Gateway<'_>, who: &str) -> u64 {
    let mut committed = 0;
    for number in 0.. {
        let (said, ticket) = gateway.call_at(&format!("{who} {number}"), &pay("0.01"), at(NOW));
        match (said.as_str(), ticket) {
            ("forward", Some(ticket)) if number % 3 == 2 => gateway.store.release(&ticket).unwrap(),
            ("forward", Some(ticket)) => {
                gateway.store.commit(&ticket).unwrap();
                committed += 1;
            }
            // Others were faster again and again; it may be sent again.
            (busy, None) if busy.starts_with("denied: others") => {}
            ("not allowed: deny", None) => break,
            other => panic!("{other:?}"),
        }
    }
    committed
}

#[test]
fn threads_never_overspend_nor_lose_a_release() {
    let policy = budget();
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        let committed = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (gateway, committed) = (&gateway, &committed);
                scope
                    .spawn(move || committed.fetch_add(spend(gateway, &format!("thread {thread}")), Ordering::Relaxed));
            }
        });
        let committed = committed.into_inner();
        assert!((CENTS - 8..=CENTS).contains(&committed), "{committed}");
        gateway.left(CENTS - committed, NOW);
    });
}

#[test]
fn the_same_call_from_many_is_forwarded_once() {
    let policy = budget();
    check_store(|store| {
        let gateway = Gateway::new(&policy, store, NOW);
        for round in 0..10 {
            let forwarded = AtomicU64::new(0);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        let (said, _) = gateway.call_at(&format!("round {round}"), &pay("0.01"), at(NOW));
                        forwarded.fetch_add(u64::from(said == "forward"), Ordering::Relaxed)
                    });
                }
            });
            assert_eq!(forwarded.into_inner(), 1);
        }
        gateway.left(CENTS - 10, NOW);
    });
}

/// A store at which nobody reserves before all have decided, on the same sums.
struct AllDecideFirst<'s> {
    store: &'s dyn Store,
    all: Barrier,
    came: Mutex<HashSet<Ticket>>,
}

impl Store for AllDecideFirst<'_> {
    fn adopt(&self, policy: &Policy, now: Timestamp) -> Result<Adopted, StoreError> {
        self.store.adopt(policy, now)
    }

    fn sum(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        self.store.sum(counter, key, start)
    }

    fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Result<Option<Reserved>, StoreError> {
        self.store.find(ticket, digest, now)
    }

    fn reserve(&self, order: &Order<'_>, now: Timestamp) -> Result<Reserved, StoreError> {
        let first = self.came.lock().unwrap().insert(order.ticket.clone());
        if first {
            self.all.wait();
        }
        self.store.reserve(order, now)
    }

    fn settle(&self, ticket: &Ticket, end: State) -> Result<(), SettleError> {
        self.store.settle(ticket, end)
    }

    fn pending(&self, now: Timestamp) -> Result<Vec<Pending>, StoreError> {
        self.store.pending(now)
    }

    fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.store.prune(now)
    }

    fn trust(&self, counter: &str) -> Result<(), StoreError> {
        self.store.trust(counter)
    }
}

#[test]
fn what_all_decide_on_the_same_sums_is_forwarded_only_as_far_as_the_budget_goes() {
    let policy = budget();
    check_store(|store| {
        let store = AllDecideFirst { store, all: Barrier::new(8), came: Mutex::default() };
        let gateway = Gateway::new(&policy, &store, NOW);
        let forwarded = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (gateway, forwarded) = (&gateway, &forwarded);
                scope.spawn(move || {
                    // Each fits by itself, and two of them together.
                    let (said, _) = gateway.call_at(&format!("thread {thread}"), &pay("1.20"), at(NOW));
                    assert!(said == "forward" || said == "not allowed: deny", "{said}");
                    forwarded.fetch_add(u64::from(said == "forward"), Ordering::Relaxed)
                });
            }
        });
        assert_eq!(forwarded.into_inner(), 2);
    });
}
