//! An `ask` of a key that meets nothing that the key may do, so that nobody is ever asked.

use std::collections::BTreeSet;

use bpol_engine::ir::Effect;

use crate::check::Owner;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::site::idle;
use crate::lint::{Lint, Profile, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    // Some guard against a line of tomorrow.
    lint: Lint::new("idle-ask", Level::Hint, "an `ask` that never asks, because no line allows what it asks about")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let said: BTreeSet<FileSpan> = idle(cx).iter().map(|idle| idle.place).collect();
    let mut out = Vec::new();
    for (place, instances) in cx.statements() {
        let asks = instances.iter().all(|instance| {
            instance.rule.effect == Effect::Ask && matches!(instance.rule.owner, Owner::Key(_)) && !instance.line.meets
        });
        if asks && !said.contains(&place) {
            out.push(
                lint.at(place, "this `ask` never asks: no line allows anything that meets its conditions")
                    .help("ask about what the other lines allow, or keep it if it guards against a line of tomorrow"),
            );
        }
    }
    out
}
