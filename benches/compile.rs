//! How fast a text becomes a checked policy, and a checked policy the JSON of gateways.

#[path = "support/company.rs"]
mod company;
#[path = "support/iban.rs"]
mod iban;

use bpolc::{Checked, Input};
use camino::Utf8Path;
use company::{Company, company};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

/// One key, a company, and a bank's whole clientele.
const KEYS: [usize; 3] = [1, 100, 10_000];

fn main() {
    for keys in KEYS {
        let Company { text, statements } = company(keys);
        assert_eq!(text.lines().filter(|line| is_statement(line)).count(), statements);
        assert_eq!(whole_check(text).diagnostics, []);
    }
    divan::main();
}

fn is_statement(line: &str) -> bool {
    let words = ["  allow ", "  ask ", "  deny ", "  use ", "  only "];
    words.iter().any(|word| line.starts_with(word))
}

fn whole_check(text: String) -> Checked {
    let input = Input { path: "company.bpol".into(), text };
    bpolc::check(vec![input], Utf8Path::new(""), &|_| Err("nothing is imported".to_owned()))
}

fn json(checked: &Checked) -> Vec<u8> {
    serde_json::to_vec(&bpolc::compile(checked).expect("it has no errors")).expect("it is plain data")
}

/// Parsing and everything that can be wrong.
#[divan::bench(args = KEYS)]
fn check(bencher: Bencher<'_, '_>, keys: usize) {
    let Company { text, statements } = company(keys);
    bencher
        .counter(BytesCount::of_str(&text))
        .counter(ItemsCount::new(statements))
        .with_inputs(|| text.clone())
        .bench_local_values(whole_check);
}

/// From text to JSON; bytes of text.
#[divan::bench(args = KEYS)]
fn compile(bencher: Bencher<'_, '_>, keys: usize) {
    let Company { text, statements } = company(keys);
    bencher
        .counter(BytesCount::of_str(&text))
        .counter(ItemsCount::new(statements))
        .with_inputs(|| text.clone())
        .bench_local_values(|text| json(&whole_check(text)));
}

/// From a checked policy to JSON; bytes of JSON.
#[divan::bench(args = KEYS)]
fn lower(bencher: Bencher<'_, '_>, keys: usize) {
    let Company { text, statements } = company(keys);
    let checked = whole_check(text);
    bencher
        .counter(BytesCount::of_slice(&json(&checked)))
        .counter(ItemsCount::new(statements))
        .bench_local(|| json(&checked));
}

/// What a gateway does with it; bytes of JSON.
#[divan::bench(args = KEYS)]
fn load(bencher: Bencher<'_, '_>, keys: usize) {
    let Company { text, statements } = company(keys);
    let json = json(&whole_check(text));
    bencher
        .counter(BytesCount::of_slice(&json))
        .counter(ItemsCount::new(statements))
        .bench_local(|| bpol_engine::Policy::load(&json).expect("it is a policy"));
}
