//! How fast a change of a large policy is compared.

#[path = "support/iban.rs"]
mod iban;
#[path = "support/payments.rs"]
mod payments;

use bpol_engine::ir::Ir;
use bpolc::analyze::diff::{Verdict, diff};
use camino::Utf8Path;
use divan::Bencher;
use payments::{Change, payments};

/// Statements, and the keys that share them.
const SIZES: [(usize, usize); 4] = [(1_000, 10), (1_000, 1), (10_000, 100), (10_000, 10)];

fn main() {
    divan::main();
}

fn compiled(text: String) -> Ir {
    let input = bpolc::Input { path: "payments.bpol".into(), text };
    let checked = bpolc::check(vec![input], Utf8Path::new(""), &|_| Err("nothing is imported".to_owned()));
    bpolc::compile(&checked).expect("it has no errors")
}

fn compared(bencher: Bencher<'_, '_>, (statements, keys): (usize, usize), change: Change) {
    let old = compiled(payments(statements, keys, Change::Nothing));
    let new = compiled(payments(statements, keys, change));
    let equal = diff(&old, &new).verdict == Ok(Verdict::Equal);
    assert_eq!(equal, change == Change::Nothing);
    bencher.bench_local(|| diff(&old, &new));
}

/// Nothing has changed.
#[divan::bench(args = SIZES)]
fn nothing(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    compared(bencher, size, Change::Nothing);
}

/// One cap is raised.
#[divan::bench(args = SIZES)]
fn one_cap(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    compared(bencher, size, Change::OneCap);
}

/// One statement gets a payee more, and so another counter.
#[divan::bench(args = SIZES)]
fn one_payee(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    compared(bencher, size, Change::OnePayee);
}

/// Every cap is raised.
#[divan::bench(args = SIZES, sample_count = 3)]
fn every_cap(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    compared(bencher, size, Change::EveryCap);
}
