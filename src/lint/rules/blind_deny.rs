//! A `deny` that closes an operation whole, only because a call never tells what the `deny` is about.

use crate::check::noun;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "blind-deny",
        Level::Warning,
        "a `deny` that closes what a line allows, because no call tells the fact that it is about",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    for (key, standings) in cx.keys.iter().enumerate() {
        let Some(standings) = standings else { continue };
        for blind in &standings.blind {
            let Some(rule) = cx.rule(key, blind.allow) else { continue };
            let Some(deny) = cx.place(key, blind.deny) else { continue };
            // A group names nothing in particular, and a role is written for more than one key.
            if rule.group || !rule.path.is_empty() {
                continue;
            }
            let Some(operation) = blind.operations.iter().find_map(|place| cx.ir.operations.get(*place)) else {
                continue;
            };
            let word = cx.word(deny);
            let name = format!("{} {}", operation.action, operation.resource);
            let message = format!(
                "`{name}` is allowed here and always denied: no call tells its {}, so {} `{word}` about it closes all",
                noun(blind.untold),
                if word == "only" { "an" } else { "a" }
            );
            if out.iter().any(|found| found.place == rule.statement.place && found.message == message) {
                continue;
            }
            out.push(
                lint.at(rule.statement.place, message)
                    .label(deny, format!("closes every `{name}`"))
                    .help("name in the other line the operations that it is meant for, or take this one out"),
            );
        }
    }
    out
}
