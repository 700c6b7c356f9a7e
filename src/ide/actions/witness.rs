//! The example that refutes a claim, as a test that holds once the claim does.

use super::layout::{free, line_end, newline};
use super::{Action, Kind, edit};
use crate::analyze::paste::quoted;
use crate::diag::{Diagnostic, Power};
use crate::ide::{View, cursor};
use crate::source::Span;
use crate::syntax::tree::{Effect, ItemKind, Verb};

/// The test for a claim that was refuted with an example that tests can say.
pub(super) fn test(view: View<'_>, found: &Diagnostic) -> Option<Action> {
    if found.name != "refuted-claim" || found.place.file != view.file {
        return None;
    }
    let text = view.text();
    let (_, rest) = found.help.as_deref()?.split_once("in a test for key `")?;
    let (key, line) = rest.split_once("`: ")?;
    let item = cursor::item(view, found.place.span.start)?;
    let ItemKind::Ensure(claim) = &item.kind else { return None };
    let wanted = match claim.verb {
        Verb::Cannot => Effect::Deny,
        Verb::MustAsk => Effect::Ask,
        Verb::Can if matches!(claim.who, crate::syntax::tree::Who::No) => Effect::Deny,
        Verb::Can => Effect::Allow,
    };
    let word = match wanted {
        Effect::Allow => "allow",
        Effect::Ask => "ask",
        Effect::Deny => "deny",
    };
    let (_, facts) = line.strip_prefix("expect ")?.split_once(' ')?;
    // What an answer shows is no matter of a decision, so there is no line that holds once the claim does.
    if facts.contains(" showing ") {
        return None;
    }
    let words: Vec<&str> = facts.split([' ', ';']).take(2).collect();
    let name = free(&format!("{key}: {}", words.join(" ")), &|name| is_test(view, name));
    let n = newline(text);
    let at = line_end(text, item.span.end);
    let block = format!("{n}{n}test {} for key {} <{n}  expect {word} {facts}{n}>", quoted(&name), quoted(key));
    Some(Action {
        title: format!("write a test that this must be {}", past(wanted)),
        kind: Kind::Fix,
        power: Some(Power::Same),
        preferred: false,
        edits: vec![edit(view, Span::new(at, at), block)],
    })
}

const fn past(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allowed",
        Effect::Ask => "asked for",
        Effect::Deny => "denied",
    }
}

fn is_test(view: View<'_>, name: &str) -> bool {
    let mut all = view.checked.sources.iter().zip(&view.checked.trees);
    all.any(|((_, source), tree)| {
        tree.items
            .iter()
            .any(|item| matches!(&item.kind, ItemKind::Test(test) if test.name.value(&source.text) == name))
    })
}
