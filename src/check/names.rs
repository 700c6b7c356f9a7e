//! Declaring every name of the policy, before anything refers to one.

use crate::check::context::{At, Context, ELSEWHERE, Space};
use crate::source::FileSpan;
use crate::syntax::tree::{ItemKind, Str};

/// Gives each declared name its place in the policy's tables. A second declaration is an error and is left out.
pub(crate) fn declare(cx: &mut Context<'_>) {
    let mut next = [0_usize; 7];
    for (at, item) in cx.items() {
        let (space, name) = match &item.kind {
            ItemKind::Account { name, .. } => (Space::Account, name),
            ItemKind::Payee { name, .. } | ItemKind::Payees { name, .. } => (Space::Payee, name),
            ItemKind::Network { name, .. } => (Space::Network, name),
            ItemKind::Limit { name, .. } => (Space::Limit, name),
            ItemKind::Role { name, .. } => (Space::Role, name),
            ItemKind::Key { name, .. } => (Space::Key, name),
            ItemKind::Test(test) => (Space::Test, &test.name),
            _ => continue,
        };
        let index = next[space as usize];
        let text = at.name(name).into_owned();
        if text.trim().is_empty() {
            cx.report(
                at.error(
                    "empty-name",
                    name.span,
                    format!("a {} without a name cannot be told from others", word(space)),
                )
                .help("give it a name"),
            );
        }
        let place = at.place(name.span);
        let is_elsewhere = space == Space::Key && !cx.looks_at(&text);
        match cx.declare(space, text, if is_elsewhere { ELSEWHERE } else { index }, place) {
            Ok(()) => next[space as usize] += usize::from(!is_elsewhere),
            Err(first) => second(cx, at, space, name, first.place),
        }
    }
}

/// Whether this declaration of a name is the one that counts.
pub(crate) fn counts(cx: &Context<'_>, at: At<'_>, space: Space, name: &Str) -> bool {
    cx.lookup(space, &at.name(name)).is_some_and(|declared| declared.place == at.place(name.span))
}

/// What the things of a name space are called.
pub(crate) fn word(space: Space) -> &'static str {
    match space {
        Space::Account => "account",
        Space::Payee => "payee",
        Space::Network => "network",
        Space::Limit => "limit",
        Space::Role => "role",
        Space::Key => "key",
        Space::Test => "test",
    }
}

fn second(cx: &mut Context<'_>, at: At<'_>, space: Space, name: &Str, first: FileSpan) {
    let message =
        format!("{} `{}` is declared twice, and it would not be clear which one counts", word(space), at.name(name));
    cx.report(
        at.error("declared-twice", name.span, message)
            .label(first, "the first declaration")
            .help("remove one of them, or give it another name"),
    );
}
