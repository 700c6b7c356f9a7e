//! Deciding allocates nothing, and what is loaded stays small.

use std::alloc::System;
use std::fmt::Write;

use bpol_engine::ir::Effect;
use bpol_engine::{History, Policy};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[path = "../benches/household/mod.rs"]
mod household;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One test, because the counts are those of the whole process.
#[test]
fn deciding_allocates_nothing_and_policies_stay_small() {
    deciding_allocates_nothing();
    a_key_takes_at_most_four_kilobytes();
    a_further_iban_takes_at_most_64_bytes();
}

fn deciding_allocates_nothing() {
    let text = household::policy(100, 2000);
    let policy = Policy::load(text.as_bytes()).unwrap();
    let time = r#","time":"2026-11-20T10:00:00Z""#;
    let entry = household::payment("key-50", "25.00", &household::payee(), time);
    let mut past = History::new();
    past.extend(policy.read_entry(&entry).unwrap());
    for (json, effect) in household::requests("key-50") {
        let request = policy.read_request(&json).unwrap();
        let region = Region::new(ALLOCATOR);
        let decision = policy.decide(&request, &past, household::now());
        let shown = decision.by().count() + decision.fields().map_or(0, Iterator::count);
        let change = region.change();
        assert_eq!((change.allocations, change.reallocations), (0, 0), "{json} {shown}");
        assert_eq!(decision.effect(), effect, "{json}");
    }
    assert!(household::requests("key-50").iter().any(|(_, effect)| *effect == Effect::Allow));
}

/// Bytes that stay allocated when a policy is loaded.
fn loaded(text: &str) -> usize {
    let region = Region::new(ALLOCATOR);
    let policy = Policy::load(text.as_bytes()).unwrap();
    let change = region.change();
    drop(policy);
    change.bytes_allocated - change.bytes_deallocated
}

#[track_caller]
fn at_most(bytes: usize, most: usize, of: &str) {
    let mut said = String::new();
    write!(said, "{bytes} bytes per {of}").unwrap();
    println!("{said}");
    assert!(bytes <= most, "{said}, at most {most} were promised");
}

fn a_key_takes_at_most_four_kilobytes() {
    let (few, many) = (loaded(&household::policy(1, 10)), loaded(&household::policy(10_001, 10)));
    at_most((many - few) / 10_000, 4096, "key");
}

fn a_further_iban_takes_at_most_64_bytes() {
    let (few, many) = (loaded(&household::policy(1, 10)), loaded(&household::policy(1, 10_010)));
    at_most((many - few) / 10_000, 64, "IBAN");
}
