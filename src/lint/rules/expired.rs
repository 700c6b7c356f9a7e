//! A key whose last day is over.

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::ends::{Ended, ended};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule =
    Rule { lint: Lint::new("expired", Level::Hint, "a key to which everything that its lines allow is over"), check };

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for Ended { key, lines } in ended(cx) {
        let (Some(block), Some((_, last))) = (cx.policy.keys.get(key), lines.iter().max_by_key(|(_, date)| *date))
        else {
            continue;
        };
        let found = lint.at(
            block.place,
            format!("the key `{}` has ended: since {last} nothing that its lines allow holds", block.name),
        );
        out.push(
            lines
                .iter()
                .take(MOST)
                .fold(found, |found, (place, _)| found.label(*place, "is past"))
                .help("take the key out here and at the bank, or write later dates"),
        );
    }
    out
}

/// The most lines that are pointed at.
const MOST: usize = 5;
