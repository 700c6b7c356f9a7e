//! An account that is known by its name alone, declared. Nobody but the user knows its IBAN, so the place for it is left
//! empty: until it is written the policy does not compile, and nothing is pinned to a guess.

use super::layout::{head, newline};
use super::{Action, Kind, edit};
use crate::analyze::paste::quoted;
use crate::diag::{Diagnostic, Power};
use crate::ide::View;
use crate::source::Span;
use crate::syntax::tree::{ItemKind, Str};

/// The declaration for a finding about such an account.
pub(super) fn pin(view: View<'_>, found: &Diagnostic) -> Option<Action> {
    if found.name != "unpinned-account" || found.place.file != view.file {
        return None;
    }
    let text = view.text();
    let name = Str { span: found.place.span }.value(text).into_owned();
    let items = &view.tree()?.items;
    let line = newline(text);
    let declaration = format!("account {} is iban ;{line}", quoted(&name));
    // Behind the last account, or before the first item that is no declaration of the whole policy.
    let last = items.iter().rev().find(|item| matches!(item.kind, ItemKind::Account { .. }));
    let (at, new) = match last {
        Some(last) => {
            let end = super::layout::line_end(text, last.span.end);
            (end, format!("{line}{}", declaration.trim_end()))
        }
        None => {
            let first = items
                .iter()
                .find(|item| !matches!(item.kind, ItemKind::Import(_) | ItemKind::Bank(_) | ItemKind::Timezone(_)))?;
            (head(text, first), format!("{declaration}{line}"))
        }
    };
    Some(Action {
        title: format!("declare account {} (then write its IBAN)", quoted(&name)),
        kind: Kind::Fix,
        power: Some(Power::Narrows),
        preferred: false,
        edits: vec![edit(view, Span::new(at, at), new)],
    })
}
