//! The names that the files of a policy declare, from their trees.

use std::sync::Arc;

use crate::ide::View;
use crate::ide::symbols::Kind;
use crate::source::FileId;
use crate::syntax::tree::{AccountFactKind, Item, ItemKind, Str, Tree};

/// A declared name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declared {
    /// The name.
    pub(super) name: String,
    /// What has it.
    pub(super) kind: Kind,
    /// What is said of it, in a few words.
    pub(super) detail: Option<String>,
    /// Its doc comment.
    pub(super) doc: Option<String>,
    /// The IBAN of a payee or an account.
    pub(super) iban: Option<String>,
    /// The file that declares it.
    pub(super) file: FileId,
}

/// All declared names of a policy.
pub(super) fn declared(view: View<'_>) -> Vec<Declared> {
    let checked = view.checked;
    let files = checked.sources.iter().zip(&checked.trees);
    files.flat_map(|((file, source), tree)| in_file(file, &source.text, tree)).collect()
}

/// The declared names of a file.
pub(super) fn in_file(file: FileId, text: &str, tree: &Arc<Tree>) -> Vec<Declared> {
    tree.items.iter().filter_map(|item| of_item(file, text, item)).collect()
}

fn of_item(file: FileId, text: &str, item: &Item) -> Option<Declared> {
    let (kind, name) = name(&item.kind)?;
    let detail = match kind {
        Kind::Key | Kind::Role | Kind::Test => None,
        _ => said(item.span.of(text)),
    };
    let iban = match &item.kind {
        ItemKind::Payee { iban, .. } => Some(*iban),
        ItemKind::Account { facts, .. } => facts.iter().find_map(|fact| match fact.kind {
            AccountFactKind::Iban(token) => Some(token),
            _ => None,
        }),
        _ => None,
    };
    let iban = iban.map(|token| token.of(text).chars().filter(char::is_ascii_alphanumeric).collect());
    let lines = item.doc.iter().map(|line| line.of(text).trim_start_matches('/').trim()).collect::<Vec<_>>();
    let doc = (!lines.is_empty()).then(|| lines.join("\n"));
    Some(Declared { name: name.value(text).into_owned(), kind, detail, doc, iban, file })
}

fn name(kind: &ItemKind) -> Option<(Kind, &Str)> {
    Some(match kind {
        ItemKind::Account { name, .. } => (Kind::Account, name),
        ItemKind::Payee { name, .. } => (Kind::Payee, name),
        ItemKind::Payees { name, .. } => (Kind::Payees, name),
        ItemKind::Network { name, .. } => (Kind::Network, name),
        ItemKind::Limit { name, .. } => (Kind::Limit, name),
        ItemKind::Role { name, .. } => (Kind::Role, name),
        ItemKind::Key { name, .. } => (Kind::Key, name),
        ItemKind::Test(test) => (Kind::Test, &test.name),
        _ => return None,
    })
}

/// What stands behind the name of a declaration, on one line and not too long.
fn said(item: &str) -> Option<String> {
    let behind = item.split_once('"')?.1.split_once('"')?.1;
    let body =
        behind.trim_start().trim_start_matches("is ").trim_matches(|c: char| c.is_whitespace() || "<>;".contains(c));
    let mut line = String::new();
    for word in body.split_whitespace() {
        if line.chars().count() + word.chars().count() > 60 {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    (!line.is_empty()).then_some(line)
}
