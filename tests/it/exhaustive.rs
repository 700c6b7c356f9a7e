//! Questions about all requests, answered by trying all of them.
//!
//! Random policies are kept small enough that every request can be tried that their words tell apart: of each fact that
//! rules of the operation, or the claim, speak of both ends of every interval, every name of a list, a stranger to each
//! list, and unknown; of values about which every clause says the same to the judge only one. What a claim, a comparison
//! or a lint says must be what these requests show. The judge is the naive evaluator, the values come from the text's own
//! model, and nothing here may look at how `src/analyze` cuts facts.
//!
//! Counters are tried at equal sums (section 9): whatever several counters may hold together, as far as a scope or
//! window inside another never holds more than it. Left out are requests with `parts`, each of which is a request by
//! itself, and policies whose requests are too many: they are counted.

mod claim;
mod clock;
mod diff;
mod dump;
mod entries;
mod facts;
mod judge;
mod lint;
mod said;
mod sums;
mod way;

use bpol_engine::ir::Ir;
use bpolc::Checked;
use camino::Utf8Path;

/// A setting of the run, so that it can be repeated or made longer.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The most requests that are tried for one question.
fn most() -> u64 {
    setting("BPOL_PRODUCT", 2_000)
}

/// The seeds of a run; `number` sets one law's apart from another's.
fn seeds(number: u64, policies: u64) -> impl Iterator<Item = (u64, u64)> {
    let first = setting("BPOL_SEED", 0);
    (first..first + setting("BPOL_CASES", policies)).map(move |seed| (seed, seed.wrapping_mul(64).wrapping_add(number)))
}

fn checked(text: &str) -> Checked {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")))
}

fn compiled(text: &str) -> Option<(Checked, Ir)> {
    let checked = checked(text);
    let ir = bpolc::compile(&checked)?;
    Some((checked, ir))
}
