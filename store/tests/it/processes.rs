//! Many processes spend from one budget on a server: never a cent too much, no release is lost, and what a process leaves
//! behind when it is killed goes on counting until somebody settles it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use bpol_engine::{Policy, Start};
use bpol_store::{Redis, State, Store};
use serde_json::json;

use crate::fixture::*;
use crate::hammer;
use crate::server::Server;

const PROCESSES: usize = 4;
const THREADS: usize = 4;

/// A process that does what a test of this file says, and begins when it is told to.
fn process(test: &str, server: &Server) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("processes::{test}"), "--nocapture"]).env("BPOL_PROCESS", server.url());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// In such a process: the store, after the parent said so.
fn begin() -> Option<Redis> {
    let url = std::env::var("BPOL_PROCESS").ok()?;
    let store = Redis::open(&url, "budget").unwrap();
    std::io::stdin().lines().next();
    Some(store)
}

fn told_to_begin(children: &mut [Child]) {
    children.iter_mut().for_each(|child| child.stdin.take().unwrap().write_all(b"\n").unwrap());
}

#[test]
fn child_that_spends_all() {
    let Some(store) = begin() else { return };
    let policy = hammer::budget();
    let gateway = Gateway::new(&policy, &store, NOW);
    let committed = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (gateway, committed) = (&gateway, &committed);
            let who = format!("{} {thread}", std::process::id());
            scope.spawn(move || committed.fetch_add(hammer::spend(gateway, &who), Ordering::Relaxed));
        }
    });
    println!("\ncommitted {}", committed.into_inner());
}

#[test]
fn processes_never_overspend_nor_lose_a_release() {
    let Some(server) = Server::start() else { return };
    let policy = hammer::budget();
    let store = server.create("budget");
    let gateway = Gateway::new(&policy, &store, NOW);
    let mut children: Vec<Child> = (0..PROCESSES).map(|_| process("child_that_spends_all", &server)).collect();
    told_to_begin(&mut children);
    let committed: Vec<u64> = children
        .into_iter()
        .map(|child| {
            let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
            let line = said.lines().find_map(|line| line.strip_prefix("committed ")).unwrap();
            line.parse().unwrap()
        })
        .collect();
    println!("{committed:?}");
    assert!(committed.iter().filter(|one| **one > 0).count() > 1, "{committed:?}");
    let committed = committed.iter().sum();
    // Whoever was denied at the end was denied for what another then released.
    let most = u64::try_from(PROCESSES * THREADS).unwrap();
    assert!((hammer::CENTS - most..=hammer::CENTS).contains(&committed), "{committed}");
    gateway.left(hammer::CENTS - committed, NOW);
}

fn much() -> Policy {
    policy(&[
        ("c-day", json!("day"), "EUR", "1000.00"),
        ("c-24h", json!({"rolling": 86_400}), "EUR", "1000.00"),
        ("c-total", json!("total"), "EUR", "1000.00"),
    ])
}

/// Reserves, commits and releases until it is killed or the server is, and says what was promised to it.
#[test]
fn child_that_goes_on() {
    let Some(store) = begin() else { return };
    let policy = much();
    let gateway = Gateway::new(&policy, &store, NOW);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let gateway = &gateway;
            scope.spawn(move || {
                for number in 0.. {
                    let id = format!("{} {thread} {number}", std::process::id());
                    let (said, ticket) = gateway.call_at(&id, &pay("0.01"), at(NOW));
                    let Some(ticket) = ticket else { return println!("\nstopped {said}") };
                    println!("\nreserved {id}");
                    let (settled, word) = match number % 3 {
                        2 => (gateway.store.release(&ticket), "released"),
                        _ => (gateway.store.commit(&ticket), "committed"),
                    };
                    if let Err(fault) = settled {
                        return println!("\nstopped {fault}");
                    }
                    println!("\n{word} {id}");
                }
            });
        }
    });
}

/// What processes were promised, by id.
#[derive(Default)]
struct Promised(HashMap<String, String>);

impl Promised {
    fn hear(&mut self, line: &str) {
        if let Some((word, id)) = line.split_once(' ')
            && ["reserved", "committed", "released"].contains(&word)
        {
            self.0.insert(id.to_owned(), word.to_owned());
        }
    }

    /// Holds a store to what was promised; `untold` more may have been done without time to say so.
    fn check(&self, store: &dyn Store, untold: usize) {
        let policy = much();
        let gateway = Gateway::new(&policy, store, NOW);
        let mut counted = 0;
        for (id, word) in &self.0 {
            let said = gateway.call(id, &pay("0.01"), NOW);
            let is = |end: &str| said == format!("denied: the same call came before and is {end}");
            let (done, refused, open) = (is("done"), is("refused by the bank"), is("still under way"));
            match word.as_str() {
                "committed" => assert!(done, "{id}: {said}"),
                "released" => assert!(refused, "{id}: {said}"),
                _ => assert!(done || refused || open, "{id}: {said}"),
            }
            counted += i128::from(!refused);
        }
        let sum = |counter, start| store.sum(counter, None, start).unwrap().unwrap();
        let total = sum("c-total", Start::Ever);
        let extra = usize::try_from(total - counted).unwrap();
        assert!(extra <= untold, "{extra} more than {untold}");
        // All counters count the same, whatever was cut off.
        assert_eq!(sum("c-day", Start::From(at(NOW))), total);
        assert_eq!(sum("c-24h", Start::From(at(NOW))), total);

        // What nobody settled is held after its lease, and its money comes back when it is released.
        let later = at("2026-11-24T10:02:00Z");
        let open = store.pending(later).unwrap();
        assert!(open.len() <= untold, "{}", open.len());
        assert!(open.iter().all(|one| one.state == State::Held));
        open.iter().for_each(|one| store.release(&one.ticket).unwrap());
        let left = i128::try_from(open.len()).unwrap();
        assert_eq!(sum("c-total", Start::Ever), total - left);
        assert_eq!(store.pending(later).unwrap(), []);
        gateway.left(u64::try_from(100_000 - (total - left)).unwrap(), NOW);
    }
}

#[test]
fn processes_killed_in_the_middle_lose_nothing_and_what_they_held_comes_back() {
    let Some(server) = Server::start() else { return };
    let store = server.create("budget");
    let policy = much();
    Gateway::new(&policy, &store, NOW);
    let mut promised = Promised::default();
    for round in 0..4 {
        let mut children: Vec<Child> = (0..3).map(|_| process("child_that_goes_on", &server)).collect();
        told_to_begin(&mut children);
        // The others go on spending while one is killed.
        for (number, mut child) in children.into_iter().enumerate() {
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            lines.by_ref().take(150 + 37 * round + number).for_each(|line| promised.hear(&line));
            child.kill().unwrap();
            lines.for_each(|line| promised.hear(&line));
            child.wait().unwrap();
        }
        promised.check(&store, 3 * THREADS * (round + 1));
    }
    assert!(promised.0.len() > 200, "{}", promised.0.len());
    promised.check(&server.open("budget"), 12 * THREADS);
}

#[test]
fn a_server_killed_in_the_middle_has_all_that_it_promised() {
    let Some(mut server) = Server::durable() else { return };
    let store = server.create("budget");
    let policy = much();
    Gateway::new(&policy, &store, NOW);
    let mut promised = Promised::default();
    for round in 0..3 {
        let mut children: Vec<Child> = (0..3).map(|_| process("child_that_goes_on", &server)).collect();
        told_to_begin(&mut children);
        let mut lines: Vec<_> = children
            .iter_mut()
            .map(|child| BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok))
            .collect();
        lines[0].by_ref().take(100 + 37 * round).for_each(|line| promised.hear(&line));
        server.kill();
        let mut stopped = 0;
        for line in lines.into_iter().flatten() {
            promised.hear(&line);
            if let Some(said) = line.strip_prefix("stopped ") {
                assert!(said.contains("redis at 127.0.0.1:"), "{said}");
                stopped += 1;
            }
        }
        children.iter_mut().for_each(|child| assert!(child.wait().unwrap().success()));
        assert_eq!(stopped, 3 * THREADS);
        server.start_again();
        promised.check(&store, 3 * THREADS * (round + 1));
    }
    assert!(promised.0.len() > 100, "{}", promised.0.len());
}
