//! Any amount to anyone.

use bpol_engine::ir::Dimension;

use crate::analyze::space::amount::most;
use crate::check::{ClauseKind, Figure};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{given, moves, name, once, tells};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("any-amount", Level::Warning, "any amount that a key may send to anyone, without asking"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        let any = |kind: &ClauseKind| matches!(kind, ClauseKind::UpTo(caps) if caps.iter().any(|cap| cap.figure == Figure::Any));
        let Some(place) = given.clause(any) else { continue };
        // What never tells its amount can be bounded in no other way than by asking, and the line says so aloud.
        let open = given.open(
            cx,
            |operation| moves(cx, operation) && tells(operation, Dimension::Amount),
            |possible| {
                let whom = possible.paying_a_stranger();
                let much = possible.amounts(true, &|interval| interval.to == most(&interval.currency));
                possible.all(vec![whom, much])
            },
        );
        let Some((operation, _)) = open else { continue };
        let operation = name(cx, operation);
        let message = format!("one `{operation}` can empty the account: any amount may go to anyone");
        out.push(
            lint.at(place, message)
                .help("write how much each may be, name whom it pays, or let an `ask` stand before large amounts"),
        );
    }
    once(out)
}
