//! An account, a payee, a network or a limit that nothing refers to.

use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::names::{Declared, Kind, Used, declared, imported, used};
use crate::lint::taking::taking_out;
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;
use crate::syntax::tree::{AccountFactKind, ItemKind};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "unused-declaration",
        Level::Hint,
        "an account, a payee, a network or a limit that is declared and that nothing uses",
    )
    .of_whole(),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    // Without keys it is a file for others to import.
    if cx.policy.keys.is_empty() {
        return Vec::new();
    }
    let (used, imported) = (used(cx), imported(cx));
    let idle = declared(cx).into_iter().filter(|one| {
        !matches!(one.kind, Kind::Role | Kind::Key) && !imported.contains(&one.place.file) && !is_used(cx, one, &used)
    });
    idle.map(|one| finding(cx, lint, &one)).collect()
}

/// Whether something refers to it: by its name, or an account by its kind.
fn is_used(cx: &Context<'_>, one: &Declared<'_>, used: &Used) -> bool {
    if used.names.contains(&(one.kind, one.name.clone())) {
        return true;
    }
    let ItemKind::Account { facts, .. } = &one.item.kind else { return false };
    facts.iter().any(|fact| {
        let AccountFactKind::Kind(word) = fact.kind else { return false };
        let word = cx.checked.sources.text(FileSpan { file: one.place.file, span: word });
        let own = cx.ir.kinds.iter().any(|kind| kind.word == word && kind.own);
        used.kinds.contains(word) || own && used.own
    })
}

fn finding(cx: &Context<'_>, lint: Lint, one: &Declared<'_>) -> Diagnostic {
    let word = if matches!(one.item.kind, ItemKind::Payees { .. }) { "group" } else { one.kind.word() };
    let message = format!("nothing uses the {word} `{}`", one.name);
    let found = lint.at(one.place, message).help("take it out, or see which line was meant to name it");
    // What is declared of an account binds every request about it, so without it more could pass.
    if one.kind == Kind::Account || !one.item.doc.is_empty() {
        return found;
    }
    match taking_out(&cx.checked.sources, FileSpan { file: one.place.file, span: one.item.span }) {
        Some(span) => found.fix("take the declaration out", Power::Same, span, ""),
        None => found,
    }
}
