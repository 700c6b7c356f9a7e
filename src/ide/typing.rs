//! What follows from a single character: a finished line is laid out, a new one is indented, a comment goes on.

use crate::fmt::format;
use crate::ide::View;
use crate::ide::completion::Change;
use crate::ide::layout::{changes, of_item};
use crate::ide::line::{Here, Holder, Line, line};
use crate::source::Span;
use crate::syntax::token::word;
use crate::syntax::tree::{Item, ItemKind};
use crate::syntax::words;

/// What changes after a character was typed before an offset.
pub fn typed(view: View<'_>, offset: u32, character: char) -> Vec<Change> {
    match character {
        ';' => finished(view, offset),
        '>' => closed(view, offset),
        '\n' => entered(view, offset),
        _ => Vec::new(),
    }
}

fn item_at(view: View<'_>, offset: u32) -> Option<&Item> {
    let items = &view.tree()?.items;
    let next = items.partition_point(|item| item.span.end < offset);
    items.get(next).filter(|item| item.span.start < offset)
}

/// A line that ends here. Its neighbours may be broken.
fn finished(view: View<'_>, offset: u32) -> Vec<Change> {
    let text = view.text();
    let Some(item) = item_at(view, offset) else { return Vec::new() };
    let (header, span) = match &item.kind {
        ItemKind::Key { body, .. } | ItemKind::Role { body, .. } | ItemKind::Guardrail { body, .. } => {
            ("key \"k\"", body.iter().map(|statement| statement.span).find(|span| span.end == offset))
        }
        ItemKind::Test(test) => {
            ("test \"t\" for key \"k\"", test.expectations.iter().map(|one| one.span).find(|span| span.end == offset))
        }
        _ if item.span.end == offset => return of_item(text, item),
        _ => return Vec::new(),
    };
    let Some(span) = span else { return Vec::new() };
    let old = span.of(text);
    let Ok(block) = format(&format!("{header} <\n{old}\n>\n")) else { return Vec::new() };
    let body = block.strip_prefix(header).and_then(|rest| rest.strip_prefix(" <\n  "));
    let Some(new) = body.and_then(|body| body.strip_suffix("\n>\n")) else { return Vec::new() };
    // Comments that would be moved behind the `;` stay where they are.
    if new.ends_with(';') { changes(old, new, span.start) } else { Vec::new() }
}

/// A block that ends here.
fn closed(view: View<'_>, offset: u32) -> Vec<Change> {
    let item = item_at(view, offset).filter(|item| item.span.end == offset);
    item.map_or_else(Vec::new, |item| of_item(view.text(), item))
}

/// A new line that begins here.
fn entered(view: View<'_>, offset: u32) -> Vec<Change> {
    let text = view.text();
    let offset = text.floor_char_boundary(offset as usize);
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let rest = &text[start..];
    let blanks = rest.find(|c: char| !matches!(c, ' ' | '\t')).unwrap_or(rest.len());
    let rest = rest[blanks..].split(['\n', '\r']).next().unwrap_or_default();
    let above = text[..start].trim_end_matches(['\n', '\r']).rsplit('\n').next().unwrap_or_default();
    // Several line ends are no line end inside of a comment.
    let above = if text[..start].ends_with("\n\n") || text[..start].ends_with("\n\r\n") { "" } else { above };
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let place = Span::new(number(start), number(start + blanks));
    let wanted = match line(view, number(start)) {
        Here::Line(line) => " ".repeat(indent(&line, rest)) + goes_on(above, rest),
        Here::Comment(_) | Here::Doc => return Vec::new(),
    };
    if place.of(text) == wanted { Vec::new() } else { vec![Change { span: place, text: wanted }] }
}

/// How far a line is indented that has this before it.
fn indent(line: &Line<'_>, rest: &str) -> usize {
    let block = if line.holder == Holder::File { 0 } else { 2 };
    if rest.starts_with('>') && line.tokens.is_empty() {
        return 0;
    }
    let header = words::HEADERS.contains(&word(line.text, line.tokens.first())) && line.holder == Holder::File;
    if line.tokens.is_empty() || header { block } else { block + 4 }
}

/// What the line below a doc comment begins with, unless that is empty. Other comments end with their line.
fn goes_on(above: &str, rest: &str) -> &'static str {
    let above = above.trim();
    if rest.starts_with("//") {
        ""
    } else if above.starts_with("///") && !above.starts_with("////") && above.len() > 3 {
        "/// "
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::typed;
    use crate::ide::test::Fixture;

    /// The text after the last character before the caret was typed.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let before = &fixture.text()[..fixture.offset as usize];
        let character = before.trim_end_matches([' ', '\t']).chars().next_back().unwrap();
        let mut new = fixture.text().to_owned();
        for one in typed(fixture.view(), fixture.offset, character).iter().rev() {
            new.replace_range(one.span.start as usize..one.span.end as usize, &one.text);
        }
        assert_eq!(new, expected);
    }

    #[test]
    fn a_finished_line_is_laid_out() {
        check("key \"a\" <\n  deny  payment   over 5 EUR;|caret|\n>", "key \"a\" <\n  deny payment over 5 EUR;\n>");
        check("key \"a\" <\n  nonsense;\n  deny  payment;|caret|\n", "key \"a\" <\n  nonsense;\n  deny payment;\n");
        check(
            "test \"t\" for key \"a\" < expect  deny create payment;|caret| >",
            "test \"t\" for key \"a\" < expect deny create payment; >",
        );
        check("bank   \"bunq\";|caret|\nkey  \"a\" < >", "bank \"bunq\";\nkey  \"a\" < >");
    }

    #[test]
    fn a_line_that_cannot_be_read_is_left_alone() {
        check("key \"a\" <\n  deny  payment  5;|caret|\n>", "key \"a\" <\n  deny  payment  5;\n>");
    }

    #[test]
    fn a_closed_block_is_laid_out() {
        check("key \"a\" <\ndeny payment;\n  >|caret|\nbank  \"x\";", "key \"a\" <\n  deny payment;\n>\nbank  \"x\";");
        check("key \"a\" <\ndeny payment\n  >|caret|", "key \"a\" <\ndeny payment\n  >");
    }

    #[test]
    fn a_new_line_is_indented() {
        check("key \"a\" <\n|caret|", "key \"a\" <\n  ");
        check("key \"a\" <\n|caret|>", "key \"a\" <\n>");
        check("key \"a\" <\n  deny payment;\n      |caret|\n>", "key \"a\" <\n  deny payment;\n  \n>");
        check("key \"a\" <\n  deny payment\n  |caret|\n>", "key \"a\" <\n  deny payment\n      \n>");
        check("key \"a\" < >\n  |caret|", "key \"a\" < >\n");
        check("ensure no key can create payment\n|caret|", "ensure no key can create payment\n    ");
        check("key \"a\"\n|caret|", "key \"a\"\n");
    }

    #[test]
    fn a_doc_comment_goes_on() {
        check("/// Reads.\n|caret|", "/// Reads.\n/// ");
        check("key \"a\" <\n  /// Reads.\n|caret|\n>", "key \"a\" <\n  /// Reads.\n  /// \n>");
        check("/// Reads\n|caret|everything.", "/// Reads\n/// everything.");
        check("///\n|caret|", "///\n");
        check("/// Reads.\n\n|caret|", "/// Reads.\n\n");
        check("// Reads.\n|caret|", "// Reads.\n");
    }
}
