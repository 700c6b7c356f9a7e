//! Reads that tell what the bounds of another keep back.

use std::cmp::Reverse;

use bpol_engine::ir::{Dimension, Effect, Tier};

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{by_key, counting_as, given, name};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("read-leak", Level::Hint, "a read that tells all that the bounds of another read keep back"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        // What is about no account at all cannot be bound to one.
        let wide = mine.operations(cx, |one| {
            one.tier == Tier::Sensitive && one.action == "read" && one.dimensions.contains(&Dimension::Account)
        });
        if wide.is_empty() {
            continue;
        }
        for plain in mine.operations(cx, |one| one.tier == Tier::Read && one.action == "read") {
            let ways = counting_as(cx, plain);
            for way in wide.iter().filter(|way| ways.contains(way)) {
                let Some(by) = wider(cx, mine.key, *way, plain) else { continue };
                let (Some(line), Some(bound)) = (mine.giver(*way, &by), mine.giver(plain, &[])) else { continue };
                let (way, plain) = (name(cx, *way), name(cx, plain));
                out.push((
                    Reverse(ways.len()),
                    lint.at(line.place(), format!("`{way}` shows what the bounds of `{plain}` keep back"))
                        .label(bound.place(), format!("bounds `{plain}`"))
                        .help(format!("bound both alike, or leave `{way}` to a key of its own")),
                ));
            }
        }
    }
    // Of what one line shows, the read to which most amounts is what its author thinks of.
    out.sort_by_key(|(ways, found): &(_, Diagnostic)| (found.place, *ways));
    out.dedup_by_key(|(_, found)| found.place);
    out.into_iter().map(|(_, found)| found).collect()
}

/// Whether the one read allows all that the other does, and more; the rules by which it does.
fn wider(cx: &Context<'_>, key: usize, way: usize, plain: usize) -> Option<Vec<String>> {
    cx.ask(key, &[way, plain], |possible, engine| {
        let (told, open, bound) = (possible.told(), possible.open(0), possible.open(1));
        let closed = possible.not(open);
        let tighter = possible.all(vec![told, bound, closed]);
        let within = possible.all(vec![told, bound]);
        if possible.is_empty(within) || !possible.is_empty(tighter) {
            return None;
        }
        let kept = possible.not(bound);
        let there = possible.all(vec![told, open, kept]);
        possible.confirmed(there, engine, true, &|side, report| (report.decision == Effect::Allow) == (side == 0))
    })
    .map(|(_, by)| by)
}
