//! A file laid out, as the smallest changes that lead there: between the same words only the blanks change, so cursors
//! and folds stay where they are. Items that cannot be read are left as they are.

use crate::fmt::format;
use crate::ide::View;
use crate::ide::completion::Change;
use crate::source::{FileId, Span};
use crate::syntax::parse;
use crate::syntax::tree::{Item, ItemKind, Tree};

/// What changes when a file is laid out, in its order. With a range only what lies in it or reaches into it.
pub fn layout(view: View<'_>, range: Option<Span>) -> Vec<Change> {
    let text = view.text();
    let all = match format(text) {
        Ok(new) => changes(text, &new, 0),
        Err(_) => view.tree().into_iter().flat_map(|tree| &tree.items).flat_map(|item| of_item(text, item)).collect(),
    };
    match range {
        Some(range) => all.into_iter().filter(|one| touches(one.span, range)).collect(),
        None => all,
    }
}

fn touches(span: Span, range: Span) -> bool {
    span.start <= range.end && range.start <= span.end
}

/// What changes when one item is laid out; nothing when it cannot be read.
pub(super) fn of_item(text: &str, item: &Item) -> Vec<Change> {
    let whole = item.doc.first().map_or(item.span, |doc| doc.to(item.span));
    let old = whole.of(text);
    match format(old) {
        Ok(new) => changes(old, new.trim_end_matches('\n'), whole.start),
        Err(_) => Vec::new(),
    }
}

/// The changes from one text to another that says the same; `base` is where the old one stands.
pub(super) fn changes(old: &str, new: &str, base: u32) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let (before, after) = (pieces(old), pieces(new));
    if before.len() != after.len() {
        return change(old, new, base).into_iter().collect();
    }
    let mut all = Vec::new();
    let (mut from, mut to) = (0, 0);
    for (end, new_end) in before.into_iter().zip(after) {
        let (piece, new_piece) = (&old[from..end], &new[to..new_end]);
        // A comment may have moved behind a `;`, into the next piece: then both are one.
        if end < old.len() && !same_words(piece, new_piece) {
            continue;
        }
        let place = base + offset(from);
        match blanks(piece, new_piece, place) {
            Some(blanks) => all.extend(blanks),
            None => all.extend(change(piece, new_piece, place)),
        }
        (from, to) = (end, new_end);
    }
    all
}

/// Where the pieces of a text end that stay in their order: lines of blocks, items, and what is between them.
fn pieces(text: &str) -> Vec<usize> {
    let tree: Tree = parse(FileId::default(), text).tree;
    let mut ends = Vec::new();
    let mut cut = |span: Span| ends.extend([span.start as usize, span.end as usize]);
    for item in &tree.items {
        match &item.kind {
            ItemKind::Key { body, .. } | ItemKind::Role { body, .. } | ItemKind::Guardrail { body, .. } => {
                body.iter().for_each(|statement| cut(statement.span));
            }
            ItemKind::Test(test) => test.expectations.iter().for_each(|one| cut(one.span)),
            _ => cut(item.span),
        }
    }
    ends.push(text.len());
    ends
}

/// Whether two texts have the same characters but for blanks, in whatever order.
fn same_words(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        let mut counts = [0_usize; 256];
        for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
            counts[usize::from(byte)] += 1;
        }
        counts
    };
    letters(one) == letters(other)
}

/// The runs of blanks that change; nothing when something else does.
fn blanks(old: &str, new: &str, base: u32) -> Option<Vec<Change>> {
    let (mut one, mut other) = (old, new);
    let mut all = Vec::new();
    loop {
        let (blank, new_blank) = (leading(one), leading(other));
        if blank != new_blank {
            let at = base + offset(old.len() - one.len());
            all.extend(change(blank, new_blank, at));
        }
        (one, other) = (&one[blank.len()..], &other[new_blank.len()..]);
        let word = one.find(|c: char| c.is_ascii_whitespace()).unwrap_or(one.len());
        // A blank may have come or gone between two characters, so words are compared as far as both go.
        let shared = one[..word].bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
        let shared = one.floor_char_boundary(shared);
        if shared == 0 {
            return (one.is_empty() && other.is_empty()).then_some(all);
        }
        (one, other) = (&one[shared..], &other[shared..]);
    }
}

fn leading(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(text.len())]
}

/// One change, without what both texts begin and end with.
fn change(old: &str, new: &str, base: u32) -> Option<Change> {
    if old == new {
        return None;
    }
    let start = old.bytes().zip(new.bytes()).take_while(|(one, other)| one == other).count();
    let start = old.floor_char_boundary(start);
    let (rest, new_rest) = (&old[start..], &new[start..]);
    let end = rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(one, other)| one == other).count();
    let boundary = rest.ceil_char_boundary(rest.len() - end);
    let end = rest.len() - boundary;
    let span = Span::new(base + offset(start), base + offset(start + boundary));
    Some(Change { span, text: new_rest[..new_rest.len() - end].to_owned() })
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::layout;
    use crate::ide::completion::Change;
    use crate::ide::test::Fixture;
    use crate::source::Span;

    fn applied(text: &str, all: &[Change]) -> String {
        let mut new = text.to_owned();
        for one in all.iter().rev() {
            new.replace_range(one.span.start as usize..one.span.end as usize, &one.text);
        }
        new
    }

    /// The text laid out, and the changes as `old→new`.
    #[track_caller]
    fn check(text: &str, range: Option<(u32, u32)>, expected: &str, changed: &[&str]) {
        let fixture = Fixture::new(text);
        let all = layout(fixture.view(), range.map(|(start, end)| Span::new(start, end)));
        let shown: Vec<String> = all.iter().map(|one| format!("{}→{}", one.span.of(text), one.text)).collect();
        assert_eq!(applied(text, &all), expected);
        assert_eq!(shown, changed);
    }

    #[test]
    fn only_blanks_change_between_the_same_words() {
        check("key \"a\"  <deny   payment;>\n", None, "key \"a\" < deny payment; >\n", &[" →", "→ ", "  →", "→ "]);
        check("key \"a\" <\ndeny payment;\n>", None, "key \"a\" <\n  deny payment;\n>\n", &["→  ", "→\n"]);
        check("key \"a\" < deny payment; >\n", None, "key \"a\" < deny payment; >\n", &[]);
    }

    #[test]
    fn clauses_that_change_places_are_one_change() {
        let old = "key \"a\" <\n  deny payment over 5 EUR on any account;\n  deny   webhooks;\n>\n";
        let new = "key \"a\" <\n  deny payment on any account over 5 EUR;\n  deny webhooks;\n>\n";
        check(old, None, new, &["ver 5 EUR on any account→n any account over 5 EUR", "  →"]);
    }

    #[test]
    fn a_range_leaves_the_rest_alone() {
        let old = "bank  \"bunq\";\nbank  \"bunq\";\n";
        check(old, Some((15, 16)), "bank  \"bunq\";\nbank  \"bunq\";\n", &[]);
        check(old, Some((18, 20)), "bank  \"bunq\";\nbank \"bunq\";\n", &[" →"]);
    }

    #[test]
    fn broken_items_are_left_alone() {
        check(
            "bank  \"bunq\";\nkey  \"a\" < nonsense; >\n",
            None,
            "bank \"bunq\";\nkey  \"a\" < nonsense; >\n",
            &[" →"],
        );
        check("key  \"a\" < deny payment;", None, "key  \"a\" < deny payment;", &[]);
    }

    #[test]
    fn comments_keep_their_place() {
        let old = "key \"a\" <\n  deny payment // é\n  ;\n  deny webhooks;\n>\n";
        let fixture = Fixture::new(old);
        let all = layout(fixture.view(), None);
        assert_eq!(applied(old, &all), crate::fmt::format(old).unwrap());
    }
}
