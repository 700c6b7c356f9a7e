//! What a store on a server says and does when the server is away, emptied, full, or not what it seems.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bpol_engine::{Policy, Start};
use bpol_store::{Redis, State, Store};
use jiff::SignedDuration;
use serde_json::json;

use crate::fixture::*;
use crate::server::Server;

fn budget() -> Policy {
    policy(&[("c-day", json!("day"), "EUR", "100.00"), ("c-total", json!("total"), "EUR", "1000.00")])
}

/// What a store says that cannot be opened, without the server's address.
fn refusal(opened: Result<Redis, bpol_store::StoreError>) -> String {
    without_address(&opened.unwrap_err().reason)
}

fn without_address(said: &str) -> String {
    let rest = said.trim_start_matches("denied: ").strip_prefix("redis at 127.0.0.1:").unwrap();
    rest.split_once(": ").unwrap().1.to_owned()
}

#[test]
fn a_store_is_neither_made_nor_taken_for_another_by_mistake() {
    let Some(server) = Server::start() else { return };
    let url = server.url();
    assert_eq!(
        refusal(Redis::open(&url, "budget")),
        "there is no store `budget`: it was never created here, or its server was emptied"
    );
    let store = server.create("budget");
    assert_eq!(refusal(Redis::create(&url, "budget")), "there is a store `budget` already");
    let policy = budget();
    let gateway = Gateway::new(&policy, &store, NOW);
    assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
    Gateway::new(&policy, &server.open("budget"), NOW).left(4_000, NOW);
    Gateway::new(&policy, &server.create("other"), NOW).left(10_000, NOW);
    server.say("HSET bpol:{budget}:meta bpol 2");
    assert_eq!(
        refusal(Redis::open(&url, "budget")),
        "the layout of store `budget` has version 2, this program reads 1"
    );
    // Half of a store is none, and no place for a new one.
    server.say("DEL bpol:{budget}:meta");
    assert!(refusal(Redis::open(&url, "budget")).starts_with("there is no store"));
    assert_eq!(refusal(Redis::create(&url, "budget")), "there is a store `budget` already");
    assert!(Redis::create(&url, "two words").unwrap_err().reason.contains("is no name of a store"));
    let fault = Redis::open("redis://user:secret@[", "budget").unwrap_err().reason;
    assert!(
        fault.starts_with("the address of the redis server cannot be read") && !fault.contains("secret"),
        "{fault}"
    );
    let fault = Redis::open("rediss://127.0.0.1", "budget").unwrap_err().reason;
    assert_eq!(fault, "this program cannot speak TLS with a redis server; reach it through a tunnel");
    assert!(!format!("{store:?}").contains("127.0.0.1"));
}

const LOST: &str = "it lost what it had said to keep in store `budget`: it was emptied, or an older copy took its place; compare with the bank before the store is opened again";

#[test]
fn a_server_that_lost_what_was_spent_is_noticed_and_nothing_is_allowed_any_more() {
    let loss: [fn(&Server); 5] = [
        |server| drop(server.say("FLUSHALL")),
        |server| drop(server.say("DEL bpol:{budget}:log")),
        // An older copy: without the last entry.
        |server| {
            let last = server.say("XREVRANGE bpol:{budget}:log + - COUNT 1");
            let id = last.split(' ').find(|word| word.contains('-')).unwrap();
            assert_eq!(server.say(&format!("XDEL bpol:{{budget}}:log {id}")), ":1");
        },
        // Emptied, and made anew by somebody.
        |server| {
            server.say("FLUSHALL");
            let policy = budget();
            let store = server.create("budget");
            let gateway = Gateway::new(&policy, &store, NOW);
            for id in 0..10 {
                assert_eq!(gateway.call(&format!("new {id}"), &pay("1"), NOW), "forward");
            }
        },
        // The same, and its log was folded.
        |server| {
            server.say("FLUSHALL");
            let policy = budget();
            let store = server.create("budget");
            let gateway = Gateway::new(&policy, &store, NOW);
            for id in 0..10 {
                assert_eq!(gateway.call(&format!("new {id}"), &pay("1"), NOW), "forward");
            }
            store.prune(at(NOW)).unwrap();
        },
    ];
    for lose in loss {
        let Some(server) = Server::start() else { return };
        let policy = budget();
        let store = server.create("budget");
        let gateway = Gateway::new(&policy, &store, NOW);
        let ticket = gateway.call_at("1", &pay("60"), at(NOW)).1.unwrap();
        lose(&server);
        assert_eq!(without_address(&gateway.call("2", &pay("1"), NOW)), LOST);
        assert!(store.commit(&ticket).unwrap_err().to_string().ends_with(LOST));
        assert!(store.sum("c-day", None, Start::Ever).is_err());
        assert!(store.pending(at(NOW)).is_err());
        assert_eq!(without_address(&gateway.call("2", &pay("1"), NOW)), LOST);
    }
}

#[test]
fn a_server_that_may_drop_entries_is_refused() {
    let Some(server) = Server::start() else { return };
    drop(server.create("budget"));
    server.say("CONFIG SET maxmemory-policy allkeys-lru");
    assert_eq!(
        refusal(Redis::open(&server.url(), "budget")),
        "its maxmemory-policy is `allkeys-lru`, so it may drop what was spent when memory is short; set it to `noeviction`"
    );
    server.say("CONFIG SET maxmemory-policy noeviction");
    drop(server.open("budget"));
}

#[test]
fn a_server_without_memory_left_denies_and_reserves_nothing() {
    let Some(server) = Server::start() else { return };
    let policy = budget();
    let store = server.create("budget");
    let gateway = Gateway::new(&policy, &store, NOW);
    let ticket = gateway.call_at("1", &pay("60"), at(NOW)).1.unwrap();
    server.say("CONFIG SET maxmemory 1");
    let said = gateway.call("2", &pay("1"), NOW);
    assert!(said.contains("OOM"), "{said}");
    assert!(store.release(&ticket).is_err());
    server.say("CONFIG SET maxmemory 0");
    gateway.left(4_000, NOW);
    assert_eq!(gateway.call("2", &pay("1"), NOW), "forward");
}

#[test]
fn a_server_that_is_away_denies_and_has_everything_when_it_is_back() {
    let Some(mut server) = Server::durable() else { return };
    let policy = budget();
    let store = server.create("budget");
    let gateway = Gateway::new(&policy, &store, NOW);
    let tickets = ["1", "2", "3", "4"].map(|id| gateway.call_at(id, &pay("10"), at(NOW)).1.unwrap());
    store.commit(&tickets[0]).unwrap();
    store.release(&tickets[1]).unwrap();
    store.hold(&tickets[2]).unwrap();
    server.kill();
    let said = gateway.call("5", &pay("1"), NOW);
    assert_eq!(without_address(&said), "no connection: Connection refused (os error 111)");
    assert!(store.commit(&tickets[3]).is_err());
    server.start_again();
    gateway.left(7_000, NOW);
    for store in [store, server.open("budget")] {
        let gateway = Gateway::new(&policy, &store, NOW);
        assert_eq!(gateway.adopted.gaps, []);
        gateway.left(7_000, NOW);
        assert_eq!(gateway.call("1", &pay("10"), NOW), "denied: the same call came before and is done");
        assert_eq!(gateway.call("2", &pay("10"), NOW), "denied: the same call came before and is refused by the bank");
        let states: Vec<_> = store.pending(at(NOW)).unwrap().into_iter().map(|one| (one.ticket, one.state)).collect();
        assert_eq!(states, [(tickets[2].clone(), State::Held), (tickets[3].clone(), State::Reserved)]);
    }
}

#[test]
fn what_answers_strangely_denies() {
    let answers: [&[u8]; 6] = [
        b"+OK\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"*3\r\n$5\r\nadded\r\n$3\r\n9-9\r\n*0\r\n",
        b":1\r\n",
        b"$-1\r\n",
        b"",
    ];
    std::thread::scope(|scope| {
        for answer in answers {
            scope.spawn(move || check_strange(answer));
        }
    });
}

/// A server that says the same to every question.
#[track_caller]
fn check_strange(answer: &'static [u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://127.0.0.1:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // More often than it is asked, so that nobody waits for it.
            let _ = stream.write_all(&answer.repeat(20));
            std::thread::spawn(move || stream.read_to_end(&mut Vec::new()));
        }
    });
    let expected = match answer {
        b"" => "it did not answer within 2 s",
        _ => "its answer is not one of a store of counters",
    };
    assert_eq!(refusal(Redis::open(&url, "budget")), expected);
}

#[test]
fn what_is_forgotten_leaves_the_log_and_gateways_old_and_new_know_the_same() {
    let Some(server) = Server::start() else { return };
    let policy = budget();
    let (store, behind) = (server.create("budget"), server.open("budget"));
    let gateway = Gateway::new(&policy, &store, NOW);
    let other = Gateway::new(&policy, &behind, NOW);
    assert_eq!(other.call("0", &pay("7"), NOW), "forward");
    for id in 1..=50 {
        let now = at(NOW) + SignedDuration::from_hours(24 * id);
        let ticket = gateway.call_at(&id.to_string(), &pay("10"), now).1.unwrap();
        store.commit(&ticket).unwrap();
    }
    let later = "2028-01-08T10:00:00Z";
    let before = store.sum("c-total", None, Start::Ever).unwrap();
    assert_eq!(store.prune(at(later)).unwrap(), 9);
    assert_eq!(server.say("XLEN bpol:{budget}:log"), ":1");
    assert_eq!(server.say("KEYS *snapshot*").matches("snapshot").count(), 1);
    let new = server.open("budget");
    for store in [&store, &behind, &new] {
        let gateway = Gateway::new(&policy, store, later);
        assert_eq!(gateway.adopted.gaps, []);
        assert_eq!(store.sum("c-total", None, Start::Ever).unwrap(), before);
        assert_eq!(store.sum("c-day", None, Start::From(at("2026-12-03T10:00:00Z"))).unwrap(), None);
        assert_eq!(store.sum("c-day", None, Start::From(at("2026-12-04T10:00:00Z"))).unwrap(), Some(41_000));
        assert_eq!(gateway.call("0", &pay("7"), NOW), "denied: the same call came before and is still under way");
        assert_eq!(gateway.call("50", &pay("10"), NOW), "denied: the same call came before and is done");
    }
    // The next fold takes the place of this one, and the log goes on meanwhile.
    assert_eq!(other.call("51", &pay("1"), later), "forward");
    assert_eq!(new.prune(at(later)).unwrap(), 0);
    assert_eq!(server.say("KEYS *snapshot*").matches("snapshot").count(), 1);
    assert_eq!(gateway.call("51", &pay("1"), later), "denied: the same call came before and is still under way");
    gateway.left(9_900, later);
}

#[test]
fn a_gateway_that_died_while_it_adopted_holds_the_others_up_for_a_moment_only() {
    let Some(server) = Server::start() else { return };
    let policy = budget();
    let store = server.create("budget");
    let gateway = Gateway::new(&policy, &store, NOW);
    server.say("SET bpol:{budget}:fence another PX 300");
    assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
    assert_eq!(server.say("EXISTS bpol:{budget}:fence"), ":0");
    server.say("SET bpol:{budget}:fence another PX 300");
    let other = policy_counting(&[("c-week", json!("week"), "EUR", "100.00")], "k");
    Gateway::new(&other, &store, NOW).left(4_000, NOW);
    assert_eq!(server.say("EXISTS bpol:{budget}:fence"), ":0");
}

#[test]
fn policies_are_adopted_while_others_spend_and_miss_nothing() {
    let Some(server) = Server::start() else { return };
    let much = "1000000.00";
    let policies = [("c-day", "day"), ("c-week", "week"), ("c-year", "year")]
        .map(|(id, period)| policy(&[(id, json!(period), "EUR", much)]));
    let store = server.create("budget");
    let begin = Gateway::new(&policies[0], &store, NOW);
    assert_eq!(begin.call("0", &pay("0.01"), NOW), "forward");
    let spent: i128 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3)
            .map(|thread| {
                let (server, policies) = (&server, &policies);
                scope.spawn(move || {
                    let store = server.open("budget");
                    let mut spent = 0;
                    for number in 0..150 {
                        let policy = &policies[(number / 15 + thread) % 3];
                        let gateway = Gateway::new(policy, &store, NOW);
                        let said = gateway.call(&format!("{thread} {number}"), &pay("0.01"), NOW);
                        spent += i128::from(said == "forward");
                    }
                    spent
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(spent > 20, "{spent}");
    for (policy, counter) in policies.iter().zip(["c-day", "c-week", "c-year"]) {
        for store in [&store, &server.open("budget")] {
            assert_eq!(Gateway::new(policy, store, NOW).adopted.gaps, []);
            assert_eq!(store.sum(counter, None, Start::Ever).unwrap(), Some(spent + 1));
        }
    }
}

/// A proxy to a server that loses the answers of the server, and the connection, while it is told to.
fn forgetful(server: &Server) -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let (to, forgets) = (server.url().replace("redis://", ""), Arc::new(AtomicBool::new(false)));
    let told = Arc::clone(&forgets);
    std::thread::spawn(move || {
        for near in listener.incoming() {
            let (mut near, far) = (near.unwrap(), TcpStream::connect(&to).unwrap());
            let (mut from, mut to) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            std::thread::spawn(move || drop(std::io::copy(&mut from, &mut to)));
            let (mut far, told) = (far, Arc::clone(&told));
            std::thread::spawn(move || {
                let mut bytes = [0; 65_536];
                while let Ok(read) = far.read(&mut bytes)
                    && read > 0
                    // Once for each time that it is told to.
                    && !told.swap(false, Ordering::SeqCst)
                {
                    near.write_all(&bytes[..read]).unwrap();
                }
                let _ = near.shutdown(Shutdown::Both);
            });
        }
    });
    (url, forgets)
}

#[test]
fn a_connection_that_is_cut_loses_nothing_and_does_nothing_twice() {
    let Some(server) = Server::start() else { return };
    drop(server.create("budget"));
    let policy = budget();
    let (url, forgets) = forgetful(&server);
    let store = Redis::open(&url, "budget").unwrap();
    let gateway = Gateway::new(&policy, &store, NOW);
    let order = |id: &str| {
        let ticket = bpol_store::Ticket::new("k", id);
        let order = bpol_store::Order {
            ticket: &ticket,
            digest: [1; 32],
            charter: gateway.adopted.charter(),
            time: at(NOW),
            deadline: at(NOW),
            seen: vec![],
            adds: vec![bpol_store::Add { counter: "c-day", key: None, sum: Some(1_000) }],
            request: "",
        };
        let reserved = store.reserve(&order, at(NOW)).unwrap();
        assert_eq!(reserved, bpol_store::Reserved::New);
        ticket
    };
    let entries = || server.say("XLEN bpol:{budget}:log");
    // The server did it, and its answer was lost.
    let before = entries();
    forgets.store(true, Ordering::SeqCst);
    let ticket = order("1");
    assert!(!forgets.load(Ordering::SeqCst));
    forgets.store(true, Ordering::SeqCst);
    store.commit(&ticket).unwrap();
    assert!(!forgets.load(Ordering::SeqCst));
    assert_eq!((before.as_str(), entries().as_str()), (":2", ":4"));
    // The server cut the connection before it was asked.
    server.say("CLIENT KILL TYPE normal SKIPME yes");
    let ticket = order("2");
    server.say("CLIENT KILL TYPE normal SKIPME yes");
    store.release(&ticket).unwrap();
    assert_eq!(entries(), ":6");
    gateway.left(9_000, NOW);
}
