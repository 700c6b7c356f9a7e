//! A key without a sentence that says what it is for.

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("missing-doc", Level::Hint, "a key without a doc comment that says who has it and what for")
        .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let bare = cx.policy.keys.iter().filter(|key| key.doc.as_deref().is_none_or(|doc| doc.trim().is_empty()));
    bare.map(|key| {
        lint.at(key.place, format!("nothing says what the key `{}` is for, or who has it", key.name))
            .help("write a line above it that begins with `///`; it goes into the overview and the JSON")
    })
    .collect()
}
