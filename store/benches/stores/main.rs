//! What it takes to reserve and to commit, in memory, on disk and on a server, each beside the least that the same store
//! could do: read one number, compare it, and write it back. Prints both and their ratio, measured in turns.

mod bare;
mod busy;
mod policy;
mod server;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bpol_store::{Add, Disk, Memory, Order, Redis, Reserved, Seen, State, Store, Ticket};
use jiff::Timestamp;

use busy::Busy;
use policy::{COUNTERS, NOW, PAYMENT};

/// How often each is measured.
const TURNS: usize = 9;

fn main() {
    // Asked by `cargo test --benches`, which only wants to know that it runs.
    let short = std::env::args().any(|argument| argument == "--test");
    let scale = |count: u64| if short { 4 } else { count };
    // `cargo bench -- memory` measures that alone.
    let named = ["memory", "disk", "redis"].map(|name| std::env::args().any(|argument| argument == name));
    let [in_memory, on_disk, on_redis] = if named.contains(&true) { named } else { [true; 3] };
    if in_memory {
        memory(scale(100_000));
    }
    if on_disk {
        disk(1, scale(200));
        disk(64, scale(64));
    }
    if !on_redis {
        return;
    }
    match server::Server::start(false) {
        Some(server) => {
            for (threads, each) in [(1, 4_000), (16, 2_000), (64, 1_000)] {
                redis("no fsync", &server, threads, scale(each));
            }
            let server = server::Server::start(true).expect("a second server");
            redis("appendfsync always", &server, 64, scale(200));
        }
        None => println!("redis: not measured, redis-server is not installed"),
    }
}

fn memory(pairs: u64) {
    let policy = policy::policy();
    let measured = turns(
        || {
            let store = Memory::new();
            Bench::new(&policy, &store).pairs("one", pairs)
        },
        || bare::memory(20 * pairs) / 20,
    );
    print("memory, 1 thread, time on the processor", pairs, measured);
    let store = Memory::new();
    let bench = Bench::new(&policy, &store);
    let mut times: Vec<Duration> = (0..TURNS).map(|turn| bench.decided(&turn.to_string(), pairs)).collect();
    times.sort_unstable();
    println!(
        "    with reading and the decision: {:.2} µs, at the fastest {:.2} µs",
        micros(times[TURNS / 2], pairs),
        micros(times[0], pairs)
    );
}

fn disk(threads: u64, each: u64) {
    let policy = policy::policy();
    let folder = tempfile::tempdir_in(".").expect("a folder on the disk of this checkout");
    let (mut next, mut files) = (0, 0);
    let measured = turns(
        || {
            next += 1;
            let store = Disk::create(folder.path().join(format!("{next}.redb"))).expect("a store");
            Bench::new(&policy, &store).threads(threads, each)
        },
        || {
            files += 1;
            let singly = each.min(200);
            bare::disk(&folder.path().join(format!("bare {files}.redb")), singly)
                * u32::try_from(each * threads / singly).expect("small")
        },
    );
    print(&format!("disk, {threads} threads"), threads * each, measured);
}

fn redis(durable: &str, server: &server::Server, threads: u64, each: u64) {
    let policy = policy::policy();
    let name = AtomicU64::new(0);
    let measured = turns(
        || {
            let name = format!("{threads}-{}", name.fetch_add(1, Ordering::Relaxed));
            let store = Redis::create(&server.url(), &name).expect("a store");
            Bench::new(&policy, &store).threads(threads, each)
        },
        || bare::redis(&server.url(), threads, threads * each),
    );
    print(&format!("redis, {durable}, {threads} threads"), threads * each, measured);
}

/// A store that adopted the policy.
struct Bench<'b> {
    policy: &'b bpol_engine::Policy,
    store: &'b dyn Store,
    adopted: bpol_store::Adopted,
    now: Timestamp,
}

impl<'b> Bench<'b> {
    fn new(policy: &'b bpol_engine::Policy, store: &'b dyn Store) -> Self {
        let now = NOW.parse().expect("a time");
        Self { policy, store, adopted: store.adopt(policy, now).expect("adopted"), now }
    }

    /// Reserves on two counters, of the day and of the last 24 hours, and commits; says how long this thread was busy.
    fn pairs(&self, who: &str, pairs: u64) -> Duration {
        let request = format!("{},\"time\":\"{NOW}\"}}", PAYMENT.trim_end_matches('}'));
        let tickets: Vec<Ticket> = (0..pairs).map(|number| Ticket::new("k", &format!("{who} {number}"))).collect();
        let begin = Busy::start();
        for ticket in &tickets {
            let seen = COUNTERS.map(|(counter, start)| Seen {
                counter: counter.into(),
                key: None,
                start: start(self.now),
                sum: Some(i128::MAX),
            });
            let order = Order {
                ticket,
                digest: [7; 32],
                charter: self.adopted.charter(),
                time: self.now,
                deadline: self.now,
                seen: seen.into(),
                adds: COUNTERS.map(|(counter, _)| Add { counter, key: None, sum: Some(1) }).into(),
                request: &request,
            };
            assert_eq!(self.store.reserve(&order, self.now), Ok(Reserved::New));
            assert_eq!(self.store.settle(ticket, State::Committed), Ok(()));
        }
        begin.elapsed()
    }

    /// The same by many at once, each with its own calls.
    fn threads(&self, threads: u64, each: u64) -> Duration {
        let begin = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || self.pairs(&format!("thread {thread}"), each));
            }
        });
        begin.elapsed()
    }

    /// Reads, decides, reserves and commits.
    fn decided(&self, who: &str, calls: u64) -> Duration {
        let begin = Busy::start();
        for number in 0..calls {
            let request = self.policy.read_request(PAYMENT).expect("a request");
            let id = format!("{who} {number}");
            let call = bpol_store::Call::new(&request, PAYMENT, &id, [7; 32]);
            match bpol_store::decide_and_reserve(self.policy, &self.adopted, self.store, &call, self.now) {
                bpol_store::Outcome::Forward { ticket: Some(ticket), .. } => {
                    self.store.commit(&ticket).expect("committed")
                }
                refused => panic!("{refused}"),
            }
        }
        begin.elapsed()
    }
}

/// Times of some turns of both, the fastest first.
fn turns(mut ours: impl FnMut() -> Duration, mut bare: impl FnMut() -> Duration) -> [Vec<Duration>; 2] {
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..TURNS {
        times[0].push(ours());
        times[1].push(bare());
    }
    times.iter_mut().for_each(|times| times.sort_unstable());
    times
}

fn print(what: &str, count: u64, [ours, bare]: [Vec<Duration>; 2]) {
    println!("{what}");
    for (name, turn) in [("median", TURNS / 2), ("fastest", 0)] {
        let (ours, bare) = (ours[turn], bare[turn]);
        let rate = |time: Duration| count as f64 / time.as_secs_f64();
        println!(
            "    {name}: reserve and commit {:.2} µs ({:.0}/s), a bare read-modify-write {:.2} µs ({:.0}/s), ratio {:.2}",
            micros(ours, count),
            rate(ours),
            micros(bare, count),
            rate(bare),
            ours.as_secs_f64() / bare.as_secs_f64()
        );
    }
}

fn micros(time: Duration, count: u64) -> f64 {
    time.as_secs_f64() * 1e6 / count as f64
}
