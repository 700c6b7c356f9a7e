//! A line that decides nothing, because no request meets it or others decide all that it covers.

use bpol_engine::ir::Effect;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::site::{Why, idle, labelled};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "rule-never-decides",
        Level::Warning,
        "a line that never decides, because no request meets it or others decide all that it covers",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for idle in idle(cx) {
        let word = cx.word(idle.place);
        let found = match (idle.why, idle.effect) {
            (Why::Empty, _) => lint
                .at(idle.place, format!("this `{word}` never decides: no request can meet all its conditions at once"))
                .help("loosen the condition that the others rule out, or take the line out"),
            (Why::Closed, Effect::Ask) => {
                let by = if idle.by.len() == 1 { "a `deny` closes" } else { "other lines together close" };
                labelled(
                    lint.at(idle.place, format!("this `{word}` never asks: {by} all that it covers")),
                    &idle.by,
                    "denies all of it",
                    "denies a part of it",
                )
                .help("take the line out, or leave it room in what closes it")
            }
            (Why::Shadowed, _) => labelled(
                lint.at(
                    idle.place,
                    format!("this `{word}` never decides: other lines together decide all that it covers"),
                ),
                &idle.by,
                "decides all of it",
                "decides a part of it",
            )
            .help("take the line out, or leave it room in the others"),
            _ => continue,
        };
        out.push(found);
    }
    out
}
