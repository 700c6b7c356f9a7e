//! Keys whose power has no last day.

use bpol_engine::ir::Tier;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{given, key, name};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("no-expiry", Level::Hint, "a key that may move money or change who acts, and has no last day")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut said = None;
    for given in given(cx) {
        if said == Some(given.key) {
            continue;
        }
        let powerful = |operation: &bpol_engine::ir::Operation| matches!(operation.tier, Tier::Spend | Tier::Control);
        let open = given.open(cx, powerful, |possible| possible.at_the_end());
        let (Some((operation, _)), Some((owner, place))) = (open, key(cx, given.key)) else { continue };
        said = Some(given.key);
        out.push(
            lint.at(place, format!("`{owner}` may `{}` for ever: nothing gives it a last day", name(cx, operation)))
                .label(given.place(), "never ends")
                .help("write `only before …;` with the day on which you want to look at this key again"),
        );
    }
    out
}
