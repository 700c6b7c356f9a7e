//! Orders that the bank repeats by itself.

use bpol_engine::ir::Dimension;

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::given::{given, moves, name, once, tells};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "schedule-without-once",
        Level::Hint,
        "an order that the bank repeats by itself, beyond every cap and the key's last day",
    )
    .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        let repeats = |kind: &ClauseKind| matches!(kind, ClauseKind::Repeating(_));
        let Some(clause) = given.clauses().find(|clause| repeats(&clause.kind)) else { continue };
        let wanted = |operation: &_| moves(cx, operation) && tells(operation, Dimension::Repeat);
        let Some((operation, _)) = given.open(cx, wanted, |possible| possible.repeated()) else { continue };
        let operation = name(cx, operation);
        let message = format!(
            "`{operation}` may set up what the bank repeats by itself: it goes on when the key has ended, and no \
             budget counts it"
        );
        let mut found = lint.at(clause.place, message).help("write `repeating once`, or let an `ask` stand before it");
        if let ClauseKind::Repeating(words) = &clause.kind
            && words.iter().any(|word| word == "once")
        {
            found = found.fix("write `repeating once`", Power::Narrows, clause.place.span, "repeating once");
        }
        out.push(found);
    }
    once(out)
}
