//! Keys that say yes to what they prepared themselves.

use bpol_engine::ir::Effect;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{approving, by_key, given, name};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("self-approval", Level::Warning, "a key that may say yes to what it prepared itself"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        for made in mine.operations(cx, |_| true) {
            for said in approving(cx, made).into_iter().filter(|said| mine.has(&[*said])) {
                let Some(by) = both(cx, mine.key, said, made) else { continue };
                let (Some(saying), Some(making)) = (mine.giver(said, &by), mine.giver(made, &[])) else { continue };
                let (said, made) = (name(cx, said), name(cx, made));
                let message = format!("this key says yes to itself: it may `{made}` and `{said}` on the same account");
                let mut found = lint
                    .at(saying.place(), message)
                    .help(format!("give `{said}` to another key, or let an `ask` stand before it"));
                if making.place() != saying.place() {
                    found = found.label(making.place(), format!("lets it `{made}`"));
                }
                out.push(found);
            }
        }
    }
    out.sort_by_key(|found| found.place);
    out.dedup_by_key(|found| found.place);
    out
}

/// Whether the same facts let a key make something and say yes to it; the rules by which it says yes.
fn both(cx: &Context<'_>, key: usize, said: usize, made: usize) -> Option<Vec<String>> {
    cx.ask(key, &[said, made], |possible, engine| {
        let all = vec![possible.told(), possible.open(0), possible.open(1)];
        let there = possible.all(all);
        possible.confirmed(there, engine, true, &|_, report| report.decision == Effect::Allow)
    })
    .map(|(_, by)| by)
}
