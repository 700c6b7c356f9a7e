//! Deciding against a hand-written decision over hash maps, reading, and loading.

use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use bpol_engine::{Past, Policy, Start, Tally};
use divan::counter::BytesCount;

mod household;

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

const KEYS: [usize; 2] = [1, 10_000];

/// Running sums, as a store of counters would keep them.
struct Sums(HashMap<String, i128>);

impl Past for Sums {
    fn spent(&self, tally: &Tally<'_>, _: Start) -> Option<i128> {
        Some(self.0.get(tally.id()).copied().unwrap_or(0))
    }

    fn count(&self, tally: &Tally<'_>, _: Start) -> u64 {
        self.0.get(tally.id()).map_or(0, |count| u64::try_from(*count).unwrap_or(u64::MAX))
    }
}

fn sums(keys: usize) -> Sums {
    Sums((0..keys).map(|number| (format!("c-{number:016x}"), 2500)).collect())
}

fn last(keys: usize) -> String {
    format!("key-{}", keys - 1)
}

fn load(keys: usize) -> Policy {
    Policy::load(household::policy(keys, 10_000).as_bytes()).unwrap()
}

/// A decision on a request that was read.
#[divan::bench(args = KEYS)]
fn decide_payment(bencher: divan::Bencher<'_, '_>, keys: usize) {
    decide(bencher, keys, 0);
}

/// The same for a read whose facts stand in the answer: two passes and the fields.
#[divan::bench(args = KEYS)]
fn decide_read(bencher: divan::Bencher<'_, '_>, keys: usize) {
    decide(bencher, keys, 5);
}

fn decide(bencher: divan::Bencher<'_, '_>, keys: usize, number: usize) {
    let (policy, past, now) = (load(keys), sums(keys), household::now());
    let (json, effect) = household::requests(&last(keys)).swap_remove(number);
    let request = policy.read_request(&json).unwrap();
    assert_eq!(policy.decide(&request, &past, now).effect(), effect);
    bencher.bench_local(|| policy.decide(black_box(&request), black_box(&past), black_box(now)).effect());
}

/// From the request's text to the decision.
#[divan::bench(args = KEYS)]
fn text_to_decision(bencher: divan::Bencher<'_, '_>, keys: usize) {
    let (policy, past, now) = (load(keys), sums(keys), household::now());
    let (json, _) = household::requests(&last(keys)).swap_remove(0);
    bencher.bench_local(|| {
        let request = policy.read_request(black_box(&json)).unwrap();
        policy.decide(&request, &past, now).effect()
    });
}

#[divan::bench]
fn read_request(bencher: divan::Bencher<'_, '_>) {
    let policy = load(1);
    let (json, _) = household::requests(&last(1)).swap_remove(0);
    bencher.bench_local(|| policy.read_request(black_box(&json)).unwrap().time());
}

#[divan::bench(args = [100, 10_000], sample_count = 10)]
fn load_policy(bencher: divan::Bencher<'_, '_>, keys: usize) {
    let text = household::policy(keys, 10_000);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| Policy::load(black_box(text.as_bytes())).unwrap());
}

/// What somebody would write by hand for this one policy.
struct ByHand {
    keys: HashMap<String, Grant>,
    office: (u32, u32),
}

struct Grant {
    account: String,
    payees: HashSet<String>,
    each: i64,
    month: i64,
    counter: String,
    ask_over: i64,
}

struct Call {
    key: String,
    operation: (&'static str, &'static str),
    account: String,
    payee: String,
    minor: i64,
    currency: &'static str,
    ip: u32,
}

impl ByHand {
    fn decide(&self, call: &Call, sums: &HashMap<String, i128>) -> (&'static str, &'static str) {
        let Some(grant) = self.keys.get(&call.key) else { return ("deny", "unknown-key") };
        if call.ip & self.office.1 != self.office.0 {
            return ("deny", "every#1");
        }
        match call.operation {
            ("create", "payment") => {
                let spent = sums.get(&grant.counter).copied().unwrap_or(0);
                let granted = call.account == grant.account
                    && grant.payees.contains(&call.payee)
                    && call.currency == "EUR"
                    && call.minor <= grant.each
                    && spent + i128::from(call.minor) <= i128::from(grant.month);
                match granted {
                    false => ("deny", "default"),
                    true if call.minor > grant.ask_over => ("ask", "#3"),
                    true => ("allow", "#2"),
                }
            }
            _ => ("deny", "default"),
        }
    }
}

/// The yardstick.
#[divan::bench(args = KEYS)]
fn by_hand(bencher: divan::Bencher<'_, '_>, keys: usize) {
    let payees: HashSet<String> =
        (0..10_000 / keys.min(100)).map(|number| household::iban(1_000_000 + number)).collect();
    let grant = |number: usize| Grant {
        account: household::account(),
        payees: if number + 1 == keys { payees.clone() } else { HashSet::new() },
        each: 10_000,
        month: 50_000,
        counter: format!("c-{number:016x}"),
        ask_over: 5000,
    };
    let by_hand = ByHand {
        keys: (0..keys).map(|number| (format!("key-{number}"), grant(number))).collect(),
        office: (0xcb00_7100, 0xffff_ff00),
    };
    let sums = sums(keys).0;
    let call = Call {
        key: last(keys),
        operation: ("create", "payment"),
        account: household::account(),
        payee: household::payee(),
        minor: 1250,
        currency: "EUR",
        ip: 0xcb00_7107,
    };
    assert_eq!(by_hand.decide(&call, &sums), ("allow", "#2"));
    bencher.bench_local(|| by_hand.decide(black_box(&call), black_box(&sums)));
}
