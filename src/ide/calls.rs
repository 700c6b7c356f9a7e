//! Which keys and roles take in a role, and which roles a key or a role takes in: what editors show as calls.

use camino::Utf8Path;

use crate::ide::Snapshot;
use crate::ide::names::{Page, Space, Under, page, places, together, under};
use crate::ide::symbols::{Kind, Symbol, of_item};
use crate::source::Span;
use crate::syntax::tree::{Item, ItemKind, StatementKind, Str};

/// A key or a role, and where it and another one meet.
#[derive(Debug, Clone)]
pub struct Call<'s> {
    /// The file of the key or role.
    pub page: Page<'s>,
    /// The key or role.
    pub symbol: Symbol,
    /// Where roles are named by `use role`: in it for those that take in, in the one that was asked about otherwise.
    pub uses: Vec<Span>,
}

/// The keys or roles that a name under an offset of a file means: one, unless it is declared more than once.
pub fn prepare<'s>(policies: &[&'s Snapshot], path: &Utf8Path, offset: u32) -> Vec<(Page<'s>, Symbol)> {
    let Some(here) = page(policies, path) else { return Vec::new() };
    let Under::Name(one) = under(here, offset) else { return Vec::new() };
    if !matches!(one.space, Space::Key | Space::Role) {
        return Vec::new();
    }
    declared(policies, path, one.space, &one.name(here.text))
}

/// Who takes in the role that is declared at an offset of a file.
pub fn incoming<'s>(policies: &[&'s Snapshot], path: &Utf8Path, offset: u32) -> Vec<Call<'s>> {
    let Some(here) = page(policies, path) else { return Vec::new() };
    let Under::Name(one) = under(here, offset) else { return Vec::new() };
    if one.space != Space::Role {
        return Vec::new();
    }
    let name = one.name(here.text);
    let mut all = Vec::new();
    for page in together(policies, path, Space::Role, &name) {
        for item in &page.tree.items {
            let roles = roles(item).filter(|role| role.value(page.text) == name);
            let uses: Vec<Span> = roles.map(|role| role.span).collect();
            if let Some(symbol) = of_item(page.text, item).filter(|_| !uses.is_empty()) {
                all.push(Call { page, symbol, uses });
            }
        }
    }
    all
}

/// The roles that the key or role takes in that is declared at an offset of a file.
pub fn outgoing<'s>(policies: &[&'s Snapshot], path: &Utf8Path, offset: u32) -> Vec<Call<'s>> {
    let Some(here) = page(policies, path) else { return Vec::new() };
    let items = &here.tree.items;
    let Some(item) = items.get(items.partition_point(|item| item.span.end < offset)) else { return Vec::new() };
    let mut all: Vec<Call<'s>> = Vec::new();
    for role in roles(item).filter(|_| item.span.start <= offset) {
        for (page, symbol) in declared(policies, path, Space::Role, &role.value(here.text)) {
            match all.iter_mut().find(|call| call.page.path == page.path && call.symbol == symbol) {
                Some(call) => call.uses.push(role.span),
                None => all.push(Call { page, symbol, uses: vec![role.span] }),
            }
        }
    }
    all
}

fn declared<'s>(policies: &[&'s Snapshot], path: &Utf8Path, space: Space, name: &str) -> Vec<(Page<'s>, Symbol)> {
    let pages = together(policies, path, space, name);
    let declared = places(&pages, space, name).into_iter().filter(|(_, declares)| *declares);
    let symbol = |page: Page<'s>, at: Span| {
        let items = &page.tree.items;
        let item = items.get(items.partition_point(|item| item.span.end < at.end))?;
        of_item(page.text, item).filter(|symbol| matches!(symbol.kind, Kind::Key | Kind::Role))
    };
    declared.filter_map(|(place, _)| Some((place.page, symbol(place.page, place.span)?))).collect()
}

/// The roles that an item takes in.
fn roles(item: &Item) -> impl Iterator<Item = &Str> {
    let body: &[_] = match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } => body,
        _ => &[],
    };
    body.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Use { role, .. } => Some(role),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Call, incoming, outgoing, prepare};
    use crate::ide::test::Several;

    const FILES: [(&str, &str); 2] = [
        ("a.bpol", "import \"r.bpol\";\nkey \"k\" < use role \"outer\"; use role \"inner\"; use role \"inner\"; >"),
        ("r.bpol", "role \"inner\" < >\nrole \"outer\" < use role \"inner\"; >\nkey \"none\" < >"),
    ];

    /// The example with the caret at the first place of `at` in one of its files.
    fn several(file: usize, at: &str) -> Several {
        let mut files = FILES.map(|(path, text)| (path, text.to_owned()));
        let place = files[file].1.find(at).unwrap() + at.len();
        files[file].1.insert_str(place, "|caret|");
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        Several::new(&files)
    }

    #[track_caller]
    fn check(calls: &[Call<'_>], expected: &[&str]) {
        let shown: Vec<String> = calls
            .iter()
            .map(|call| format!("{} {:?} {} {}", call.page.path, call.symbol.kind, call.symbol.name, call.uses.len()))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_role_is_taken_in_by_keys_and_roles() {
        let several = several(1, "role \"inn");
        check(
            &incoming(&several.policies(), &several.path, several.offset),
            &["a.bpol Key k 2", "r.bpol Role outer 1"],
        );
    }

    #[test]
    fn a_key_takes_in_roles() {
        let several = several(0, "key \"k");
        check(
            &outgoing(&several.policies(), &several.path, several.offset),
            &["r.bpol Role outer 1", "r.bpol Role inner 2"],
        );
    }

    #[test]
    fn only_keys_and_roles_are_called() {
        let found = |file, at| {
            let several = several(file, at);
            let found = prepare(&several.policies(), &several.path, several.offset);
            found.iter().map(|(page, symbol)| format!("{} {}", page.path, symbol.name)).collect::<Vec<_>>()
        };
        assert_eq!(found(0, "use role \"out"), ["r.bpol outer"]);
        assert_eq!(found(1, "key \"non"), ["r.bpol none"]);
        assert!(found(0, "import \"").is_empty());
        assert!(found(0, "us").is_empty());
        check(&incoming(&several(1, "key \"n").policies(), "r.bpol".into(), 3), &[]);
    }
}
