//! Networks whose addresses a gateway on the internet never sees.

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::once;
use crate::lint::giving::{blocks, giving, is_private};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "private-network",
        Level::Hint,
        "a `from` with addresses that no call over the internet comes from",
    )
    .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for clause in giving(cx) {
        let blocks = blocks(cx, clause);
        let Some(first) = blocks.iter().find(|block| is_private(block)) else { continue };
        let text = cx.checked.sources.text(clause.place);
        let message = if blocks.iter().all(|block| is_private(block)) {
            format!("`{text}` lets nobody in where the gateway stands on the internet: `{first}` is a private network")
        } else {
            format!("`{text}` names `{first}`, a private network that a gateway on the internet never sees")
        };
        out.push(
            lint.at(clause.place, message)
                .help("write the address that the gateway sees, or keep this where both stand in one network"),
        );
    }
    once(out)
}
