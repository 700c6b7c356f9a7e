//! How long it takes to decide two claims about a large policy, beside checking it, and to see what one key may do.

#[path = "support/iban.rs"]
mod iban;
#[path = "support/shape.rs"]
mod shape;

use bpol_engine::ir::Ir;
use bpolc::Checked;
use bpolc::analyze::Regions;
use camino::Utf8Path;
use divan::{Bencher, black_box};
use shape::{CLAIMS, ORDINARY, Shape, shaped};

const fn shape(keys: usize, rules: usize, payees: usize, limits: usize) -> Shape {
    Shape { keys, rules, payees, limits }
}

/// 1,000 and 10,000 statements in one key and in several.
const SIZES: [Shape; 5] = [
    shape(1, 1_000, 10, 0),
    shape(10, 100, 10, 0),
    shape(1, 10_000, 10, 0),
    shape(10, 1_000, 10, 0),
    shape(100, 100, 10, 0),
];

/// More of one thing and the rest alike.
const RULES: [Shape; 4] = [shape(1, 30, 10, 0), shape(1, 100, 10, 0), shape(1, 300, 10, 0), shape(1, 1_000, 10, 0)];
const PAYEES: [Shape; 3] = [shape(1, 100, 1, 0), shape(1, 100, 10, 0), shape(1, 100, 100, 0)];
const LIMITS: [Shape; 4] = [shape(1, 100, 10, 1), shape(1, 100, 10, 3), shape(1, 100, 10, 10), shape(1, 100, 10, 30)];
const KEYS: [Shape; 3] = [shape(10, 10, 10, 0), shape(100, 10, 10, 0), shape(1_000, 10, 10, 0)];

fn main() {
    divan::main();
}

fn checked(text: String) -> Checked {
    let input = bpolc::Input { path: "payments.bpol".into(), text };
    bpolc::check(vec![input], Utf8Path::new(""), &|_| Err("nothing is imported".to_owned()))
}

fn compiled(checked: &Checked) -> Ir {
    bpolc::compile(checked).expect("it has no errors")
}

/// Reading and checking the text, which the claims stand beside.
#[divan::bench(args = SIZES, sample_count = 20)]
fn check(bencher: Bencher<'_, '_>, shape: Shape) {
    let text = shaped(shape);
    bencher.bench_local(|| checked(black_box(text.clone())));
}

fn proved(bencher: Bencher<'_, '_>, shape: Shape) {
    let checked = checked(format!("{}{CLAIMS}", shaped(shape)));
    let ir = compiled(&checked);
    let failing = bpolc::prove(&checked, &ir);
    assert!(failing.is_empty(), "{failing:?}");
    bencher.bench_local(|| bpolc::prove(&checked, &ir));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn two_claims(bencher: Bencher<'_, '_>, shape: Shape) {
    proved(bencher, shape);
}

#[divan::bench(args = RULES, sample_count = 30)]
fn more_rules(bencher: Bencher<'_, '_>, shape: Shape) {
    proved(bencher, shape);
}

#[divan::bench(args = PAYEES, sample_count = 30)]
fn more_payees(bencher: Bencher<'_, '_>, shape: Shape) {
    proved(bencher, shape);
}

#[divan::bench(args = LIMITS, sample_count = 30)]
fn more_limits(bencher: Bencher<'_, '_>, shape: Shape) {
    proved(bencher, shape);
}

#[divan::bench(args = KEYS, sample_count = 10)]
fn more_keys(bencher: Bencher<'_, '_>, shape: Shape) {
    proved(bencher, shape);
}

/// What an editor waits for when one key is edited: the regions of that key again.
#[divan::bench]
fn regions_of_an_ordinary_key(bencher: Bencher<'_, '_>) {
    let ir = compiled(&checked(ORDINARY.to_owned()));
    bencher.bench_local(|| Regions::of(black_box(&ir), 0).expect("it is small"));
}

/// One operation of that key, payments.
#[divan::bench(args = RULES, sample_count = 30)]
fn regions_of_a_key(bencher: Bencher<'_, '_>, shape: Shape) {
    let ir = compiled(&checked(shaped(shape)));
    bencher.bench_local(|| Regions::of(black_box(&ir), 0).expect("it is small enough"));
}
