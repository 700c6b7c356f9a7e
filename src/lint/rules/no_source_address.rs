//! Keys with power that work from every address.

use bpol_engine::ir::{NetworkRef, Operation, Tier};

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{given, key, name};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "no-source-address",
        Level::Hint,
        "a key that moves money, changes who acts or reads what is sensitive, and works from every address",
    )
    .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut said = None;
    for given in given(cx) {
        let aloud = |kind: &ClauseKind| matches!(kind, ClauseKind::From(refs) if refs.contains(&NetworkRef::Anywhere));
        if said == Some(given.key) || given.clause(aloud).is_some() {
            continue;
        }
        let powerful = |one: &Operation| matches!(one.tier, Tier::Spend | Tier::Control | Tier::Sensitive);
        let open = given.open(cx, powerful, |possible| possible.without_an_address());
        let (Some((operation, _)), Some((owner, place))) = (open, key(cx, given.key)) else { continue };
        said = Some(given.key);
        out.push(
            lint.at(
                place,
                format!("`{owner}` may `{}` from every address: a stolen key works anywhere", name(cx, operation)),
            )
            .label(given.place(), "no `from` binds it")
            .help("declare the network that it is used from and write `only from network …;`"),
        );
    }
    out
}
