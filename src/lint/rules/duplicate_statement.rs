//! The same line twice in one block.

use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::taking::taking_out;
use crate::lint::twins::needed;
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("duplicate-statement", Level::Hint, "a line that stands in the same block before, word for word"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for twins in needed(cx) {
        let Some((first, again)) = twins.split_first() else { continue };
        for (place, doc) in again {
            let word = cx.word(*place);
            let found = lint
                .at(*place, format!("this `{word}` stands here twice, and the second adds nothing"))
                .label(first.0, "the first")
                .help("take one of them out; what is allowed stays the same");
            out.push(match taking_out(&cx.checked.sources, *place) {
                Some(span) if !doc => found.fix("take the second out", Power::Same, span, ""),
                _ => found,
            });
        }
    }
    out
}
