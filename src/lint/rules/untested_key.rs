//! A key that no test tries, where others are tested.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("untested-key", Level::Hint, "a key that no test tries, in a policy that tests others")
        .of_whole()
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let tested: BTreeSet<usize> = cx.policy.tests.iter().map(|test| test.key).collect();
    if tested.is_empty() {
        return Vec::new();
    }
    let untested = cx.policy.keys.iter().enumerate().filter(|(place, _)| !tested.contains(place));
    untested
        .map(|(_, key)| {
            lint.at(key.place, format!("no test tries the key `{}`, and other keys have tests", key.name)).help(
                format!(
                    "write what it may do and what not: `test \"…\" for key \"{}\" < expect allow …; expect deny …; >`",
                    key.name
                ),
            )
        })
        .collect()
}
