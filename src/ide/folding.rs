//! Lines that can be put away: blocks, statements over several lines, comments, runs of imports and of declarations.

use crate::ide::View;
use crate::source::Span;
use crate::syntax::pieces::comments;
use crate::syntax::tree::{Item, ItemKind};

/// What is put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Lines of comment.
    Comment,
    /// Lines of `import`.
    Imports,
    /// A block, a statement or a run of declarations.
    Lines,
}

/// Lines of which the first stays, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fold {
    /// The line that stays.
    pub first: u32,
    /// The last line that is put away. A line that begins with the `>` of the block stays.
    pub last: u32,
    /// What they are.
    pub kind: Kind,
}

/// All that can be put away in a file, sorted by its first line.
pub fn folding(view: View<'_>) -> Vec<Fold> {
    let Some(tree) = view.tree() else { return Vec::new() };
    let text = view.text();
    let lines = Lines::of(text);
    let mut all = Vec::new();
    for item in &tree.items {
        let closed = item.span.of(text).ends_with(['>', '}']);
        let alone = closed && lines.is_first(text, item.span.end - 1);
        let last = lines.at(item.span.end) - u32::from(alone);
        all.push(Fold { first: lines.at(item.span.start), last, kind: Kind::Lines });
        let inner = spans(item);
        all.extend(inner.into_iter().map(|span| Fold {
            first: lines.at(span.start),
            last: lines.at(span.end),
            kind: Kind::Lines,
        }));
    }
    // A comment behind something on its line belongs to that.
    let alone = comments(tree).into_iter().filter(|span| lines.is_first(text, span.start));
    runs(alone.map(|span| (lines.at(span.start), lines.at(span.start), ())), Kind::Comment, &mut all);
    let line = |item: &Item| (lines.at(item.span.start), lines.at(item.span.end));
    let imports = tree.items.iter().filter(|item| matches!(item.kind, ItemKind::Import(_)));
    runs(imports.map(|item| (line(item).0, line(item).1, ())), Kind::Imports, &mut all);
    let declared = tree.items.iter().filter_map(|item| {
        let kind = match item.kind {
            ItemKind::Account { .. } => 0,
            ItemKind::Payee { .. } => 1,
            ItemKind::Ensure(_) => 2,
            _ => return None,
        };
        Some((line(item).0, line(item).1, kind))
    });
    runs(declared.filter(|(first, last, _)| first == last), Kind::Lines, &mut all);
    all.retain(|fold| fold.first < fold.last);
    all.sort_unstable();
    // Two that begin on one line cannot be told apart: the larger one counts.
    all.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    all.dedup_by_key(|fold| fold.first);
    all
}

/// The statements and expectations of an item.
fn spans(item: &Item) -> Vec<Span> {
    match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => {
            body.iter().map(|statement| statement.span).collect()
        }
        ItemKind::Test(test) => test.expectations.iter().map(|expectation| expectation.span).collect(),
        _ => Vec::new(),
    }
}

/// Folds neighbours of one sort, each given by its first and last line.
fn runs<T: PartialEq>(lines: impl Iterator<Item = (u32, u32, T)>, kind: Kind, all: &mut Vec<Fold>) {
    let mut run: Option<(Fold, T)> = None;
    for (first, last, sort) in lines {
        match &mut run {
            Some((fold, other)) if first <= fold.last + 1 && *other == sort => fold.last = last.max(fold.last),
            _ => all.extend(run.replace((Fold { first, last, kind }, sort)).map(|(fold, _)| fold)),
        }
    }
    all.extend(run.map(|(fold, _)| fold));
}

/// Where the lines of a text begin.
struct Lines(Vec<u32>);

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next);
        Self(std::iter::once(0).chain(breaks).collect())
    }

    /// The line of an offset, from 0.
    fn at(&self, offset: u32) -> u32 {
        let behind = self.0.partition_point(|start| *start <= offset);
        u32::try_from(behind).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// Whether only blanks stand before an offset on its line.
    fn is_first(&self, text: &str, offset: u32) -> bool {
        let start = self.0.get(self.at(offset) as usize).copied().unwrap_or_default();
        Span::new(start, offset).of(text).trim_start_matches('\u{feff}').trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::folding;
    use crate::ide::test::Fixture;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let fixture = Fixture::new(text);
        let found: Vec<String> = folding(fixture.view())
            .iter()
            .map(|fold| format!("{}-{} {:?}", fold.first, fold.last, fold.kind))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_block_folds_to_its_first_and_last_line() {
        check("key \"a\" <\n  allow read transactions;\n  deny payment;\n>\n", &["0-2 Lines"]);
        check("key \"a\" <\n  deny payment; >\n", &["0-1 Lines"]);
        check("key \"a\" <\n>\n", &[]);
        check("key \"a\" < deny payment; >\n", &[]);
    }

    #[test]
    fn a_long_statement_folds_in_its_block() {
        check(
            "key \"a\" <\n  allow create payment\n    on any account\n    to anyone;\n  deny draft-payment;\n>",
            &["0-4 Lines", "1-3 Lines"],
        );
        check("ensure key \"a\"\n  cannot create payment;", &["0-1 Lines"]);
        check(
            "test \"t\" for key \"a\" <\n  expect deny create payment\n    of 1 EUR;\n>",
            &["0-2 Lines", "1-2 Lines"],
        );
    }

    #[test]
    fn comments_fold_together_when_nothing_stands_between_them() {
        check(
            "// One.\n// Two.\n\n// Three.\n/// Four.\nkey \"a\" < >  // five\n// Six.",
            &["0-1 Comment", "3-4 Comment"],
        );
        check("key \"a\" <\n  /// One.\n  /// Two.\n  deny payment;\n>", &["0-3 Lines", "1-2 Comment"]);
    }

    #[test]
    fn imports_and_declarations_of_a_sort_fold_together() {
        check(
            "import \"a.bpol\";\nimport \"b.bpol\";\naccount \"a\" is id 1;\naccount \"b\" is id 2;\n\
             payee \"c\" is NL20INGB0001234567;\n\npayee \"d\" is NL91ABNA0417164300;\n",
            &["0-1 Imports", "2-3 Lines"],
        );
    }

    #[test]
    fn a_block_that_is_not_closed_folds_to_its_last_line() {
        check("key \"a\" <\n  deny payment;\n  allow read", &["0-2 Lines"]);
    }
}
