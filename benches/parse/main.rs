//! How fast a text becomes a tree, beside a yardstick: a lexer and a recursive descent that build the same tree, and
//! know nothing of faults.

mod policy;
mod yardstick;

use bpolc::source::FileId;
use divan::Bencher;
use divan::counter::BytesCount;

#[global_allocator]
static ALLOC: divan::AllocProfiler = divan::AllocProfiler::system();

const KEYS: [usize; 3] = [1, 100, 10_000];

fn main() {
    for keys in KEYS {
        let text = policy::text(keys);
        let parse = bpolc::syntax::parse(FileId(0), &text);
        assert_eq!(parse.faults, []);
        assert!(yardstick::parse(&text).is_some_and(|tree| tree == parse.tree), "both build the same tree");
    }
    divan::main();
}

#[divan::bench(args = KEYS)]
fn parse(bencher: Bencher<'_, '_>, keys: usize) {
    let text = policy::text(keys);
    bencher.counter(BytesCount::of_str(&text)).bench(|| bpolc::syntax::parse(FileId(0), &text));
}

#[divan::bench(args = KEYS)]
fn yardstick(bencher: Bencher<'_, '_>, keys: usize) {
    let text = policy::text(keys);
    bencher.counter(BytesCount::of_str(&text)).bench(|| yardstick::parse(&text));
}

#[divan::bench(args = KEYS)]
fn format(bencher: Bencher<'_, '_>, keys: usize) {
    let text = policy::text(keys);
    bencher.counter(BytesCount::of_str(&text)).bench(|| bpolc::fmt::format(&text));
}

/// As many faults as statements: the slow way round.
#[divan::bench(args = [100])]
fn parse_broken(bencher: Bencher<'_, '_>, keys: usize) {
    let text = policy::text(keys).replace(" on account", " onn account");
    bencher.counter(BytesCount::of_str(&text)).bench(|| bpolc::syntax::parse(FileId(0), &text));
}
