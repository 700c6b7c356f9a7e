//! A role that no key and no other role uses.

use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::names::{Kind, declared, imported, used};
use crate::lint::taking::taking_out;
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("unused-role", Level::Hint, "a role that nothing uses, so what it says binds nobody").of_whole(),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    if cx.policy.keys.is_empty() {
        return Vec::new();
    }
    let (used, imported) = (used(cx), imported(cx));
    let idle = declared(cx).into_iter().filter(|one| {
        one.kind == Kind::Role
            && !imported.contains(&one.place.file)
            && !used.names.contains(&(Kind::Role, one.name.clone()))
    });
    let finding = |place: FileSpan, name: &str| {
        lint.at(
            place,
            format!(
                "nothing uses the role `{name}`: what it allows is allowed to no key, and what it denies binds none"
            ),
        )
        .help("write `use role` in the key that it is meant for, or take it out")
    };
    idle.map(|one| {
        let found = finding(one.place, &one.name);
        let item = FileSpan { file: one.place.file, span: one.item.span };
        match taking_out(&cx.checked.sources, item) {
            Some(span) if one.item.doc.is_empty() => found.fix("take the role out", Power::Same, span, ""),
            _ => found,
        }
    })
    .collect()
}
