//! Declarations in order at the top of their file, each with its comments. Keys, roles and all that is decided by stay in
//! the order in which they stand.

use super::fix::is_broken;
use super::layout::{head, line_end, newline};
use super::{Action, Kind, edit};
use crate::diag::Power;
use crate::ide::View;
use crate::source::Span;
use crate::syntax::tree::{Item, ItemKind};

/// The kind of a declaration and its name, without regard to capitals first.
type Order = (u8, (String, String));

/// Whether an item is one of the declarations that are put in order.
pub(super) fn is_declaration(item: &Item) -> bool {
    rank(&item.kind).is_some()
}

/// Sorts the declarations of a file; nothing where they are in order, or where something could not be read.
pub fn organise(view: View<'_>) -> Option<Action> {
    let (text, tree) = (view.text(), view.tree()?);
    if is_broken(tree) || tree.items.is_empty() {
        return None;
    }
    // An import brings keys in where it stands, and guardrails are counted in that order.
    let first = tree.items.iter().position(|item| rank(&item.kind).is_none());
    let imports_late =
        first.is_some_and(|first| tree.items.iter().skip(first).any(|item| matches!(item.kind, ItemKind::Import(_))));
    if imports_late {
        return None;
    }
    let n = newline(text);
    let start = tree.items.first().map(|item| head(text, item))?;
    let mut pieces: Vec<(Option<Order>, String)> = Vec::new();
    let mut at = start;
    for item in &tree.items {
        let end = piece_end(text, item);
        let piece = Span::new(at, end).of(text).trim_matches(['\n', '\r']).trim_end().to_owned();
        at = end;
        pieces.push((rank(&item.kind).map(|rank| (rank, name(text, item))), piece));
    }
    // Names of one kind on one line each; what stands between items belongs to the one that follows.
    let mut declared: Vec<_> = pieces.iter().filter(|(rank, _)| rank.is_some()).collect();
    declared.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut blocks: Vec<String> = Vec::new();
    let mut last: Option<u8> = None;
    for (rank, piece) in &declared {
        let rank = rank.as_ref().map(|(rank, _)| *rank);
        // Blocks and what has comments above it stand apart.
        let is_line = !piece.contains('\n');
        match blocks.last_mut() {
            Some(block) if rank == last && is_line && !block.ends_with('>') => {
                block.push_str(n);
                block.push_str(piece);
            }
            _ => blocks.push(piece.clone()),
        }
        last = rank;
    }
    blocks.extend(pieces.iter().filter(|(rank, _)| rank.is_none()).map(|(_, piece)| piece.clone()));
    let rest = Span::new(at, u32::try_from(text.len()).ok()?).of(text).trim_matches(['\n', '\r']);
    if !rest.trim().is_empty() {
        blocks.push(rest.trim_end().to_owned());
    }
    let mut new = blocks.join(&format!("{n}{n}"));
    new.push_str(n);
    let span = Span::new(start, u32::try_from(text.len()).ok()?);
    // Blank lines alone are the formatter's business.
    let words =
        |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    if words(&new) == words(span.of(text)) {
        return None;
    }
    Some(Action {
        title: "put the declarations in order".to_owned(),
        kind: Kind::Organise,
        power: Some(Power::Same),
        preferred: false,
        edits: vec![edit(view, span, new)],
    })
}

/// The end of an item with the comment behind it on its line.
fn piece_end(text: &str, item: &Item) -> u32 {
    let end = line_end(text, item.span.end);
    let rest = Span::new(item.span.end, end).of(text).trim_start();
    if rest.is_empty() || rest.starts_with("//") { end } else { item.span.end }
}

/// The order of declarations; nothing for what stays where it is.
const fn rank(kind: &ItemKind) -> Option<u8> {
    match kind {
        ItemKind::Bank(_) => Some(0),
        ItemKind::Import(_) => Some(1),
        ItemKind::Timezone(_) => Some(2),
        ItemKind::Account { .. } => Some(3),
        ItemKind::Payee { .. } => Some(4),
        ItemKind::Payees { .. } => Some(5),
        ItemKind::Network { .. } => Some(6),
        ItemKind::Limit { .. } => Some(7),
        _ => None,
    }
}

/// By what declarations of one kind are sorted. Imports keep their order.
fn name(text: &str, item: &Item) -> (String, String) {
    match &item.kind {
        ItemKind::Account { name, .. }
        | ItemKind::Payee { name, .. }
        | ItemKind::Payees { name, .. }
        | ItemKind::Network { name, .. }
        | ItemKind::Limit { name, .. } => {
            let name = name.value(text).into_owned();
            (name.to_lowercase(), name)
        }
        _ => Default::default(),
    }
}
