//! What is selected when a selection grows: word, value, clause, statement, block, item with its comment, file.

use crate::ide::View;
use crate::ide::values::values;
use crate::source::Span;
use crate::syntax::pieces::comments_of;
use crate::syntax::token::{Kind, tokens};
use crate::syntax::tree::{
    AccountRefKind, Clause, ClauseKind, Item, ItemKind, NetworkRefKind, PayeeRefKind, Rule, Statement, StatementKind,
    Unless,
};

/// The spans around an offset, each within the next one; the last one is the whole file.
pub fn selection(view: View<'_>, offset: u32) -> Vec<Span> {
    let text = view.text();
    let offset = u32::try_from(text.floor_char_boundary(offset as usize)).unwrap_or(u32::MAX);
    let whole = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    let mut spans = Around { offset, found: vec![whole] };
    spans.add(Span::new(offset, offset));
    words(text, offset, &mut spans);
    if let Some(tree) = view.tree() {
        let next = tree.items.partition_point(|item| item.span.end < offset);
        tree.items.iter().skip(next).take(2).for_each(|item| of_item(text, item, &mut spans));
        let before = tree.comments.partition_point(|comment| comment.end < offset);
        if let Some(comment) = tree.comments.get(before) {
            of_comment(text, *comment, &mut spans);
        }
    }
    nested(spans.found)
}

/// Spans that hold the offset.
struct Around {
    offset: u32,
    found: Vec<Span>,
}

impl Around {
    fn add(&mut self, span: Span) -> bool {
        let holds = span.start <= self.offset && self.offset <= span.end;
        if holds {
            self.found.push(span);
        }
        holds
    }

    fn all(&mut self, spans: impl IntoIterator<Item = Span>) {
        spans.into_iter().for_each(|span| _ = self.add(span));
    }
}

/// Spans from the smallest to the largest, without those that only overlap smaller ones.
fn nested(mut found: Vec<Span>) -> Vec<Span> {
    // Of two neighbours around an offset the one behind it is meant.
    found.sort_by_key(|span| (span.end - span.start, std::cmp::Reverse(span.start)));
    let mut kept: Vec<Span> = Vec::new();
    for span in found {
        let fits = kept.last().is_none_or(|last| span != *last && span.start <= last.start && last.end <= span.end);
        if fits {
            kept.push(span);
        }
    }
    // The empty one is only for the beginning.
    if kept.len() > 1 && kept.first().is_some_and(|first| first.start == first.end) {
        kept.remove(0);
    }
    kept
}

/// The word at the offset, also in strings and comments, and the token that it is in.
fn words(text: &str, offset: u32, spans: &mut Around) {
    let at = offset as usize;
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    let start = text[..at].rfind(|c| !is_word(c)).map_or(0, |before| next(text, before));
    let end = text[at..].find(|c| !is_word(c)).map_or(text.len(), |length| at + length);
    if start < end {
        spans.add(span(start, end));
    }
    let line = span(
        text[..at].rfind('\n').map_or(0, |before| before + 1),
        text[at..].find('\n').map_or(text.len(), |length| at + length),
    );
    for token in tokens(text, line) {
        if !matches!(token.kind, Kind::Mark(_)) && spans.add(token.span) && token.kind == Kind::Text {
            spans.add(Span::new(token.span.start + 1, token.span.end - 1));
        }
    }
}

fn of_item(text: &str, item: &Item, spans: &mut Around) {
    let with_doc = |doc: &[Span], span: Span| doc.first().map_or(span, |first| first.to(span));
    for line in comments_of(item) {
        of_comment(text, *line, spans);
    }
    spans.all([item.span, with_doc(&item.doc, item.span)]);
    spans.all(run(&item.doc));
    values(item, &mut |_, span| _ = spans.add(span));
    // All between `<` and `>`.
    if item.span.of(text).ends_with(['>', '}'])
        && let Some(open) = opening(text, item)
    {
        spans.add(trimmed(text, Span::new(open, item.span.end - 1)));
    }
    match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => {
            for statement in body {
                spans.all(run(&statement.doc));
                if spans.add(with_doc(&statement.doc, statement.span)) {
                    of_statement(statement, spans);
                }
            }
        }
        ItemKind::Ensure(claim) => {
            spans.add(claim.subject.span);
            clauses(&claim.clauses, &claim.unless, spans);
        }
        ItemKind::Test(test) => {
            spans.all(test.settings.iter().map(|fact| fact.span));
            for one in &test.expectations {
                spans.all(run(&one.doc));
                spans.all([one.span, with_doc(&one.doc, one.span)]);
                if let Some(expect) = &one.expect {
                    spans.add(expect.subject.span);
                    spans.all(expect.facts.iter().map(|fact| fact.span));
                }
            }
        }
        ItemKind::Account { facts, .. } => spans.all(facts.iter().map(|fact| fact.span)),
        ItemKind::Limit { caps, .. } => spans.all(caps.iter().map(|cap| cap.span)),
        _ => {}
    }
}

fn of_statement(statement: &Statement, spans: &mut Around) {
    spans.add(statement.span);
    match &statement.kind {
        StatementKind::Rule(Rule { subject, clauses: list, unless, .. }) => {
            spans.add(subject.span);
            clauses(list, unless, spans);
        }
        StatementKind::Use { clauses: list, .. } | StatementKind::Only(list) => clauses(list, &[], spans),
        StatementKind::Bad => {}
    }
}

fn clauses(list: &[Clause], unless: &[Unless], spans: &mut Around) {
    for clause in list.iter().chain(unless.iter().flat_map(|block| &block.clauses)) {
        if !spans.add(clause.span) {
            continue;
        }
        match &clause.kind {
            ClauseKind::On(refs) => {
                for one in refs {
                    spans.add(one.span);
                    if let AccountRefKind::Named(names) = &one.kind {
                        spans.all(names.iter().map(|name| name.span));
                    }
                }
                spans.all(list_of(refs, |one| one.span));
            }
            ClauseKind::To(refs) => {
                for one in refs {
                    spans.add(one.span);
                    if let PayeeRefKind::Payees(names) | PayeeRefKind::Accounts(names) = &one.kind {
                        spans.all(list_of(names, |name| name.span));
                    }
                }
                spans.all(list_of(refs, |one| one.span));
            }
            ClauseKind::UpTo(caps) | ClauseKind::Over(caps) | ClauseKind::AtMost(caps) | ClauseKind::MoreThan(caps) => {
                spans.all(caps.iter().map(|cap| cap.span));
                spans.all(list_of(caps, |cap| cap.span));
            }
            ClauseKind::From(refs) => {
                for one in refs {
                    spans.add(one.span);
                    if let NetworkRefKind::Named(names) = &one.kind {
                        spans.all(list_of(names, |name| name.span));
                    }
                }
                spans.all(list_of(refs, |one| one.span));
            }
            ClauseKind::During(parts) => spans.all(parts.iter().map(|part| part.span)),
            ClauseKind::ToUrl(names) | ClauseKind::Within(names) => spans.all(list_of(names, |name| name.span)),
            ClauseKind::Via(words)
            | ClauseKind::Repeating(words)
            | ClauseKind::Showing(words)
            | ClauseKind::Hiding(words) => spans.all(list_of(words, |word| *word)),
            _ => {}
        }
    }
    spans.all(unless.iter().map(|block| block.span));
}

/// From the first of a list to the last.
fn list_of<T>(list: &[T], span: impl Fn(&T) -> Span) -> Option<Span> {
    Some(span(list.first()?).to(span(list.last()?)))
}

/// What a comment says, all of it.
fn of_comment(text: &str, comment: Span, spans: &mut Around) {
    if spans.add(comment) {
        let said = comment.of(text).trim_start_matches(['/', '#']).trim();
        let end = comment.start + u32::try_from(comment.of(text).trim_end().len()).unwrap_or_default();
        spans.add(Span::new(end - u32::try_from(said.len()).unwrap_or_default(), end));
    }
}

/// Lines of a doc comment, together.
fn run(doc: &[Span]) -> Option<Span> {
    Some(doc.first()?.to(*doc.last()?))
}

/// Where the inside of a block begins: behind the first `<` that is in no string and no comment.
fn opening(text: &str, item: &Item) -> Option<u32> {
    let is_open = |token: &&crate::syntax::token::Token| matches!(token.kind, Kind::Mark('<' | '{'));
    let head = tokens(text, item.span);
    head.iter().find(is_open).map(|token| token.span.end)
}

fn trimmed(text: &str, part: Span) -> Span {
    let inner = part.of(text);
    let start = part.start + u32::try_from(inner.len() - inner.trim_start().len()).unwrap_or_default();
    let end = part.end - u32::try_from(inner.len() - inner.trim_end().len()).unwrap_or_default();
    Span::new(start.min(end), end)
}

/// Where the character at an offset ends.
fn next(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

fn span(start: usize, end: usize) -> Span {
    crate::syntax::cut::span(start, end)
}

#[cfg(test)]
mod tests {
    use super::selection;
    use crate::ide::test::Fixture;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let fixture = Fixture::new(text);
        let found: Vec<&str> =
            selection(fixture.view(), fixture.offset).into_iter().map(|span| span.of(fixture.text())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_selection_grows_from_a_word_to_the_file() {
        check(
            "/// Mine.\nkey \"a\" <\n  /// One.\n  deny payment to payees \"The |caret|one\", \"b\", anyone unless via card;\n  ask x;\n>\n",
            &[
                "one",
                "The one",
                "\"The one\"",
                "\"The one\", \"b\"",
                "payees \"The one\", \"b\"",
                "payees \"The one\", \"b\", anyone",
                "to payees \"The one\", \"b\", anyone",
                "deny payment to payees \"The one\", \"b\", anyone unless via card;",
                "/// One.\n  deny payment to payees \"The one\", \"b\", anyone unless via card;",
                "/// One.\n  deny payment to payees \"The one\", \"b\", anyone unless via card;\n  ask x;",
                "key \"a\" <\n  /// One.\n  deny payment to payees \"The one\", \"b\", anyone unless via card;\n  ask x;\n>",
                "/// Mine.\nkey \"a\" <\n  /// One.\n  deny payment to payees \"The one\", \"b\", anyone unless via card;\n  ask x;\n>",
                "/// Mine.\nkey \"a\" <\n  /// One.\n  deny payment to payees \"The one\", \"b\", anyone unless via card;\n  ask x;\n>\n",
            ],
        );
    }

    #[test]
    fn money_belongs_to_its_cap() {
        check(
            "limit \"l\" < 25|caret|0 EUR per month; 3 times per day; >",
            &[
                "250",
                "250 EUR per month",
                "250 EUR per month; 3 times per day;",
                "limit \"l\" < 250 EUR per month; 3 times per day; >",
            ],
        );
    }

    #[test]
    fn an_exception_grows_to_its_unless() {
        check(
            "every key < deny payment unless via ca|caret|rd and over 5 EUR; >",
            &[
                "card",
                "via card",
                "unless via card and over 5 EUR",
                "deny payment unless via card and over 5 EUR;",
                "every key < deny payment unless via card and over 5 EUR; >",
            ],
        );
    }

    #[test]
    fn comments_grow_to_all_of_them() {
        check(
            "/// Fi|caret|rst.\n/// Second.\nkey \"a\" < >",
            &["First", "First.", "/// First.", "/// First.\n/// Second.", "/// First.\n/// Second.\nkey \"a\" < >"],
        );
        check("// a b|caret|\n", &["b", "a b", "// a b", "// a b\n"]);
    }

    #[test]
    fn half_a_line_still_has_words_and_an_item() {
        check(
            "key \"a\" < allow read tr|caret| on; deny payment; >",
            &[
                "tr",
                "allow read tr on;",
                "allow read tr on; deny payment;",
                "key \"a\" < allow read tr on; deny payment; >",
            ],
        );
        check("", &[""]);
        check("é|caret|", &["é"]);
    }
}
