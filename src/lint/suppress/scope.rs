//! What a comment is about, by where it stands.

use crate::source::Span;
use crate::syntax::tree::{Item, ItemKind, Tree};

/// What a comment reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// The whole file: it stands at the top, and a blank line follows before the first item.
    File,
    /// Items and statements: what follows its line, or what begins or ends on its line.
    These(Vec<Span>),
    /// It stands inside of something.
    Nothing,
}

/// Items and statements of a file.
pub(super) struct Scopes<'t> {
    text: &'t str,
    /// Sorted by where they begin, an item before its statements.
    all: Vec<Span>,
}

impl<'t> Scopes<'t> {
    pub(super) fn of(text: &'t str, tree: &Tree) -> Self {
        let mut all: Vec<Span> = tree.items.iter().flat_map(spans).collect();
        all.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        Self { text, all }
    }

    pub(super) fn reach(&self, comment: Span) -> Reach {
        let before = Span::new(0, comment.start).of(self.text);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let is_alone = before[line..].trim_start_matches('\u{feff}').trim().is_empty();
        if !is_alone {
            let on_line = |at: u32| line <= at as usize && at <= comment.start;
            let these: Vec<Span> =
                self.all.iter().copied().filter(|span| on_line(span.start) || on_line(span.end)).collect();
            return if these.is_empty() { Reach::Nothing } else { Reach::These(these) };
        }
        let next = self.all.partition_point(|span| span.start < comment.end);
        if next == 0 && self.blank_line_follows(comment) {
            return Reach::File;
        }
        match self.all.get(next) {
            Some(&span) if is_only_comments(Span::new(comment.end, span.start).of(self.text)) => {
                Reach::These(vec![span])
            }
            _ => Reach::Nothing,
        }
    }

    /// Whether a blank line or the end of the file follows the lines of comments that a comment is one of.
    fn blank_line_follows(&self, comment: Span) -> bool {
        let rest = self.text.get(comment.end as usize..).unwrap_or_default();
        let after = rest.lines().skip(1).map(str::trim).find(|line| !line.starts_with("//") || line.starts_with("///"));
        after.is_none_or(str::is_empty)
    }
}

/// An item and its statements.
fn spans(item: &Item) -> Vec<Span> {
    let statements = match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => body.as_slice(),
        _ => &[],
    };
    std::iter::once(item.span).chain(statements.iter().map(|statement| statement.span)).collect()
}

fn is_only_comments(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::{Reach, Scopes};
    use crate::source::FileId;
    use crate::syntax::parse;

    /// What the comment with `bpol:` in it reaches, as text.
    #[track_caller]
    fn check(text: &str, expected: Option<&[&str]>) {
        let tree = parse(FileId(0), text).tree;
        let comment = *tree.comments.iter().find(|span| span.of(text).contains("bpol:")).unwrap();
        match (Scopes::of(text, &tree).reach(comment), expected) {
            (Reach::These(spans), Some(expected)) => {
                assert_eq!(spans.iter().map(|span| span.of(text)).collect::<Vec<_>>(), expected);
            }
            (reach, None) => assert_eq!(reach, Reach::File),
            (reach, _) => panic!("{reach:?}"),
        }
    }

    #[track_caller]
    fn reaches_nothing(text: &str) {
        let tree = parse(FileId(0), text).tree;
        let comment = *tree.comments.first().unwrap();
        assert_eq!(Scopes::of(text, &tree).reach(comment), Reach::Nothing);
    }

    #[test]
    fn at_the_top_with_a_blank_line_it_is_about_the_file() {
        check("// about\n// bpol: x\n// more\n\nkey \"a\" < deny payment; >\n", None);
        check("\u{feff}// bpol: x\r\n\r\nkey \"a\" < deny payment; >\r\n", None);
        check("// bpol: x", None);
        check("// bpol: x\nkey \"a\" < >\n", Some(&["key \"a\" < >"]));
        check("// bpol: x\n/// Of a.\nkey \"a\" < >\n", Some(&["key \"a\" < >"]));
    }

    #[test]
    fn above_something_it_is_about_that() {
        check(
            "key \"a\" <\n  // bpol: x\n  // more\n\n  /// Why.\n  deny payment;\n  deny card;\n>\n",
            Some(&["deny payment;"]),
        );
        check("key \"a\" <\n  deny payment;\n>\n\n// bpol: x\n\nkey \"b\" < >\n", Some(&["key \"b\" < >"]));
        reaches_nothing("key \"a\" <\n  deny payment;\n  // bpol: x\n>\n");
        reaches_nothing("key \"a\" <\n  deny payment\n    // bpol: x\n    via ideal;\n>\n");
    }

    #[test]
    fn behind_something_it_is_about_what_begins_or_ends_on_its_line() {
        check("key \"a\" <\n  deny payment; // bpol: x\n  deny card;\n>\n", Some(&["deny payment;"]));
        check("key \"a\" <\n  deny payment\n    via ideal; // bpol: x\n>\n", Some(&["deny payment\n    via ideal;"]));
        check("key \"a\" < // bpol: x\n  deny card;\n>\n", Some(&["key \"a\" < // bpol: x\n  deny card;\n>"]));
        check("key \"a\" < deny card; > // bpol: x\n", Some(&["key \"a\" < deny card; >", "deny card;"]));
        reaches_nothing("key \"a\" <\n  deny payment\n    via ideal // bpol: x\n    over 5 EUR;\n>\n");
    }
}
