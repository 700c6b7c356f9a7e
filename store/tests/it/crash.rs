//! What survives the end of a process, and what a store that is away says.
#![cfg(feature = "disk")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use bpol_engine::Policy;
use bpol_store::{Disk, State, Store};
use serde_json::json;

use crate::fixture::*;

fn budget() -> Policy {
    policy(&[
        ("c-day", json!("day"), "EUR", "1000.00"),
        ("c-24h", json!({"rolling": 86_400}), "EUR", "1000.00"),
        ("c-total", json!("total"), "EUR", "1000.00"),
        ("c-times", json!("year"), "times", "100000"),
    ])
}

#[test]
fn what_was_done_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counters.redb");
    let policy = budget();
    let tickets = {
        let store = Disk::create(&path).unwrap();
        let gateway = Gateway::new(&policy, &store, NOW);
        let tickets = ["1", "2", "3", "4"].map(|id| gateway.call_at(id, &pay("100"), at(NOW)).1.unwrap());
        store.commit(&tickets[0]).unwrap();
        store.release(&tickets[1]).unwrap();
        store.hold(&tickets[2]).unwrap();
        gateway.left(70_000, NOW);
        tickets
    };
    let store = Disk::open(&path).unwrap();
    let gateway = Gateway::new(&policy, &store, NOW);
    assert_eq!(gateway.adopted.gaps, []);
    gateway.left(70_000, NOW);
    assert_eq!(gateway.call("1", &pay("100"), NOW), "denied: the same call came before and is done");
    assert_eq!(gateway.call("2", &pay("100"), NOW), "denied: the same call came before and is refused by the bank");
    let states: Vec<_> = store.pending(at(NOW)).unwrap().into_iter().map(|one| (one.ticket, one.state)).collect();
    assert_eq!(states, [(tickets[2].clone(), State::Held), (tickets[3].clone(), State::Reserved)]);
    store.release(&tickets[3]).unwrap();
    gateway.left(80_000, NOW);
}

#[test]
fn what_is_forgotten_is_forgotten_alike_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counters.redb");
    let policy = budget();
    {
        let store = Disk::create(&path).unwrap();
        let gateway = Gateway::new(&policy, &store, NOW);
        let ticket = gateway.call_at("1", &pay("100"), at(NOW)).1.unwrap();
        store.commit(&ticket).unwrap();
        assert_eq!(store.prune(at("2028-12-30T10:00:00Z")).unwrap(), 1);
        gateway.left(0, NOW);
        gateway.left(90_000, "2028-12-30T10:00:00Z");
    }
    let store = Disk::open(&path).unwrap();
    let gateway = Gateway::new(&policy, &store, NOW);
    gateway.left(0, NOW);
    gateway.left(90_000, "2028-12-30T10:00:00Z");
    // Of a new counter that reaches back to it, too, nobody knows.
    let other = crate::fixture::policy(&[("c-year", json!("year"), "EUR", "1000.00")]);
    let gateway = Gateway::new(&other, &store, "2028-12-30T10:00:00Z");
    gateway.left(0, NOW);
    gateway.left(100_000, "2028-12-30T10:00:00Z");
}

#[test]
fn new_counters_are_recomputed_and_stay_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counters.redb");
    let (before, after) = (budget(), policy(&[("c-week", json!("week"), "EUR", "1000.00")]));
    {
        let store = Disk::create(&path).unwrap();
        let gateway = Gateway::new(&before, &store, NOW);
        let ticket = gateway.call_at("1", &pay("100"), at(NOW)).1.unwrap();
        gateway.call_at("2", &pay("30"), at(NOW)).1.unwrap();
        store.release(&ticket).unwrap();
        Gateway::new(&after, &store, NOW).left(97_000, NOW);
    }
    let store = Disk::open(&path).unwrap();
    Gateway::new(&after, &store, NOW).left(97_000, NOW);
    Gateway::new(&before, &store, NOW).left(97_000, NOW);
}

#[test]
fn a_file_is_neither_made_nor_shared_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counters.redb");
    assert!(Disk::open(&path).is_err());
    let store = Disk::create(&path).unwrap();
    assert!(Disk::create(&path).is_err());
    assert!(Disk::open(&path).is_err(), "two would each spend the whole");
    drop(store);
    assert!(Disk::open(&path).is_ok());
    std::fs::write(folder.path().join("other"), "no store").unwrap();
    assert!(Disk::open(folder.path().join("other")).is_err());
}

/// The process of the test below: says what comes of opening.
#[test]
fn child_that_opens() {
    let Ok(path) = std::env::var("BPOL_SECOND") else { return };
    println!("\nopened: {:?}", Disk::open(path).map(drop).map_err(|fault| fault.reason));
}

#[test]
fn a_second_process_is_told_that_the_file_is_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counters.redb");
    let second = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "crash::child_that_opens", "--nocapture"]).env("BPOL_SECOND", &path);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        said.lines().find_map(|line| line.strip_prefix("opened: ")).unwrap().to_owned()
    };
    let store = Disk::create(&path).unwrap();
    let policy = budget();
    let gateway = Gateway::new(&policy, &store, NOW);
    let refusal = "another process has it open; a store on disk is for one gateway, `Redis` is for many";
    assert_eq!(second(), format!("Err({:?})", format!("{}: {refusal}", path.display())));
    // The first goes on undisturbed.
    assert_eq!(gateway.call("1", &pay("60"), NOW), "forward");
    drop(store);
    assert_eq!(second(), "Ok(())");
}

/// The process of the test below: reserves and commits until it is killed, and says what was promised to it.
#[test]
fn child() {
    let Ok(path) = std::env::var("BPOL_CRASH") else { return };
    let policy = budget();
    let store = Disk::open(path).unwrap();
    let gateway = Gateway::new(&policy, &store, NOW);
    let round = std::process::id();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let gateway = &gateway;
            scope.spawn(move || {
                for number in 0.. {
                    let id = format!("{round} {thread} {number}");
                    let (said, ticket) = gateway.call_at(&id, &pay("0.01"), at(NOW));
                    let Some(ticket) = ticket else { panic!("{said}") };
                    println!("\nreserved {id}");
                    if number % 3 == 2 {
                        gateway.store.release(&ticket).unwrap();
                        println!("\nreleased {id}");
                    } else {
                        gateway.store.commit(&ticket).unwrap();
                        println!("\ncommitted {id}");
                    }
                }
            });
        }
    });
}

#[test]
fn kill_in_the_middle_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counters.redb");
    drop(Disk::create(&path).unwrap());
    let policy = budget();
    let mut promised: HashMap<String, String> = HashMap::new();
    for round in 0..5 {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "crash::child", "--nocapture"]).env("BPOL_CRASH", &path);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let hear = |promised: &mut HashMap<String, String>, line: String| {
            if let Some((word, id)) = line.split_once(' ')
                && ["reserved", "committed", "released"].contains(&word)
            {
                promised.insert(id.to_owned(), word.to_owned());
            }
        };
        lines.by_ref().take(100 + 37 * round).for_each(|line| hear(&mut promised, line));
        // SIGKILL on Unix.
        child.kill().unwrap();
        lines.for_each(|line| hear(&mut promised, line));
        child.wait().unwrap();

        let store = Disk::open(&path).unwrap();
        let gateway = Gateway::new(&policy, &store, NOW);
        let mut counted = 0;
        for (id, word) in &promised {
            let said = gateway.call(id, &pay("0.01"), NOW);
            let is = |end: &str| said == format!("denied: the same call came before and is {end}");
            let (done, refused, open) = (is("done"), is("refused by the bank"), is("still under way"));
            match word.as_str() {
                "committed" => assert!(done, "{id}: {said}"),
                "released" => assert!(refused, "{id}: {said}"),
                // It may have been settled without time to say so.
                _ => assert!(done || refused || open, "{id}: {said}"),
            }
            counted += i128::from(!refused);
        }
        let sum = store.sum("c-total", None, bpol_engine::Start::Ever).unwrap().unwrap();
        // One more of each thread may be reserved without having been told.
        let extra = sum - counted;
        assert!((0..=4 * (round as i128 + 1)).contains(&extra), "{sum} {counted}");
        for counter in ["c-day", "c-24h"] {
            assert_eq!(store.sum(counter, None, bpol_engine::Start::From(at(NOW))).unwrap(), Some(sum));
        }
    }
    assert!(promised.len() > 100, "{}", promised.len());
}
