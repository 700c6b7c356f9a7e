//! The outline of a file: its declarations, keys, roles, guardrails, claims and tests.

use crate::ide::View;
use crate::ide::names::Page;
use crate::source::Span;
use crate::syntax::tree::{Item, ItemKind, Str};

/// What an outline shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An account.
    Account,
    /// A payee.
    Payee,
    /// A group of payees.
    Payees,
    /// A network.
    Network,
    /// A named limit.
    Limit,
    /// A role.
    Role,
    /// A key.
    Key,
    /// An `every key` block.
    Guardrail,
    /// A claim.
    Claim,
    /// A test.
    Test,
}

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// What it is.
    pub kind: Kind,
    /// Its name; its first words where it has none.
    pub name: String,
    /// The file that holds it is the one that was asked about; this is all of it.
    pub span: Span,
    /// The part of it that names it.
    pub selection: Span,
    /// What more there is to say, in a few words.
    pub detail: Option<String>,
}

/// The outline of a file, in document order.
pub fn symbols(view: View<'_>) -> Vec<Symbol> {
    view.page().into_iter().flat_map(of_page).collect()
}

/// The same, of a file by itself.
pub(super) fn of_page(page: Page<'_>) -> impl Iterator<Item = Symbol> {
    page.tree.items.iter().filter_map(move |item| of_item(page.text, item))
}

/// An item in the outline.
pub(super) fn of_item(text: &str, item: &Item) -> Option<Symbol> {
    symbol(text, item.span, &item.kind)
}

fn symbol(text: &str, span: Span, kind: &ItemKind) -> Option<Symbol> {
    let named = |kind, name: &Str, detail| {
        Some(Symbol { kind, name: name.value(text).into_owned(), span, selection: name.span, detail })
    };
    let lines = |count: usize, one: &str, more: &str| Some(format!("{count} {}", if count == 1 { one } else { more }));
    match kind {
        ItemKind::Account { name, .. } => named(Kind::Account, name, None),
        ItemKind::Payee { name, iban } => named(Kind::Payee, name, Some(iban.of(text).to_owned())),
        ItemKind::Payees { name, entries } => named(Kind::Payees, name, lines(entries.len(), "line", "lines")),
        ItemKind::Network { name, blocks } => named(Kind::Network, name, lines(blocks.len(), "range", "ranges")),
        ItemKind::Limit { name, .. } => named(Kind::Limit, name, None),
        ItemKind::Role { name, body } => named(Kind::Role, name, lines(body.len(), "line", "lines")),
        ItemKind::Key { name, body } => named(Kind::Key, name, lines(body.len(), "line", "lines")),
        ItemKind::Guardrail { .. } => {
            let head = first_line(text, span, '<');
            Some(Symbol { kind: Kind::Guardrail, name: head.of(text).to_owned(), span, selection: head, detail: None })
        }
        ItemKind::Ensure(_) => {
            let head = first_line(text, span, ';');
            Some(Symbol { kind: Kind::Claim, name: head.of(text).to_owned(), span, selection: head, detail: None })
        }
        ItemKind::Test(test) => named(Kind::Test, &test.name, Some(format!("for key \"{}\"", test.key.value(text)))),
        ItemKind::Import(_) | ItemKind::Bank(_) | ItemKind::Timezone(_) | ItemKind::Bad => None,
    }
}

/// The beginning of an item, up to a mark or the end of its first line.
fn first_line(text: &str, span: Span, mark: char) -> Span {
    let head = span.of(text).split([mark, '\n', '\r']).next().unwrap_or_default().trim_end();
    Span::new(span.start, span.start + u32::try_from(head.len()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::symbols;
    use crate::ide::test::Fixture;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let shown: Vec<String> = symbols(fixture.view())
            .into_iter()
            .map(|one| {
                format!(
                    "{:?} {} {:?} {}",
                    one.kind,
                    one.name,
                    one.selection.of(fixture.text()),
                    one.detail.unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(shown.join("\n").trim_end(), expected);
    }

    #[test]
    fn an_outline_has_names_and_what_they_hold() {
        check(
            "payee \"Landlord\" is NL20INGB0001234567;\nkey \"a\" < allow read transactions; deny payment; >",
            "Payee Landlord \"\\\"Landlord\\\"\" NL20INGB0001234567\nKey a \"\\\"a\\\"\" 2 lines",
        );
    }

    #[test]
    fn what_has_no_name_shows_its_first_words() {
        check(
            "key \"a\" <\n>\nevery key < deny payment; >\nensure key \"a\"\n  cannot create payment;",
            "Key a \"\\\"a\\\"\" 0 lines\nGuardrail every key \"every key\" \nClaim ensure key \"a\" \"ensure key \\\"a\\\"\"",
        );
    }

    #[test]
    fn broken_items_are_left_out() {
        check(
            "key \"a\" < nonsense; >\nfoo bar;\nkey \"b\" < >",
            "Key a \"\\\"a\\\"\" 1 line\nKey b \"\\\"b\\\"\" 0 lines",
        );
    }
}
