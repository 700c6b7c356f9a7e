//! Declarations, keys, roles and tests of many files, by a few letters of their names.

use crate::ide::names::Page;
use crate::ide::symbols::{Kind, Symbol, of_page};

/// Whatever has a name that fits, the best first, `most` of them at most. Without letters everything that has a name.
pub fn search<'p>(pages: impl Iterator<Item = Page<'p>>, wanted: &str, most: usize) -> Vec<(Page<'p>, Symbol)> {
    let wanted: Vec<char> = wanted.trim().chars().flat_map(char::to_lowercase).collect();
    let mut found: Vec<(u32, Page<'p>, Symbol)> = Vec::new();
    for page in pages {
        let named = of_page(page).filter(|symbol| !matches!(symbol.kind, Kind::Guardrail | Kind::Claim));
        found.extend(named.filter_map(|symbol| Some((distance(&wanted, &symbol.name)?, page, symbol))));
    }
    let order = |one: &(u32, Page<'p>, Symbol)| (one.0, one.2.name.to_lowercase());
    found.sort_by_cached_key(|one| (order(one), one.1.path.to_owned(), one.2.span));
    found.truncate(most);
    found.into_iter().map(|(_, page, symbol)| (page, symbol)).collect()
}

/// How far a name is from the letters that were typed, which must all be in it in their order: the whole name, its
/// beginning, the beginning of a word, a part of it, letters here and there.
fn distance(wanted: &[char], name: &str) -> Option<u32> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let part = |at: usize| name.get(at..).is_some_and(|rest| rest.starts_with(wanted));
    if wanted.is_empty() || name == wanted {
        return Some(0);
    }
    if part(0) {
        return Some(1);
    }
    let begins_word = |at: usize| at == 0 || !name.get(at - 1).is_some_and(|letter| letter.is_alphanumeric());
    let mut inside = (1..name.len()).filter(|at| part(*at)).peekable();
    if inside.peek().is_some() {
        return Some(if inside.any(begins_word) { 2 } else { 3 });
    }
    let mut letters = name.iter().enumerate();
    let mut gaps = 0;
    let mut last = None;
    for letter in wanted {
        let (at, _) = letters.find(|(_, other)| *other == letter)?;
        gaps += last.map_or(0, |last: usize| at - last - 1);
        last = Some(at);
    }
    Some(4 + u32::try_from(gaps).unwrap_or(u32::MAX - 4))
}

#[cfg(test)]
mod tests {
    use super::search;
    use crate::ide::test::Several;

    #[track_caller]
    fn check(wanted: &str, most: usize, expected: &[&str]) {
        let several = Several::new(&[
            ("a.bpol", "account \"Groceries\" is id 1; key \"shop groceries\" < > every key < deny payment; >"),
            ("b.bpol", "role \"GR\" < > key \"merger\" < > test \"grants\" for key \"merger\" < >"),
        ]);
        let found = search(several.policies().into_iter().flat_map(|policy| policy.pages()), wanted, most);
        let shown: Vec<String> =
            found.iter().map(|(page, one)| format!("{} {:?} {}", page.path, one.kind, one.name)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_nearest_name_comes_first() {
        check(
            "gr",
            9,
            &[
                "b.bpol Role GR",
                "b.bpol Test grants",
                "a.bpol Account Groceries",
                "a.bpol Key shop groceries",
                "b.bpol Key merger",
            ],
        );
    }

    #[test]
    fn letters_may_stand_apart_but_in_order() {
        check("sgr", 9, &["a.bpol Key shop groceries"]);
        check("gcs", 9, &["a.bpol Account Groceries", "a.bpol Key shop groceries"]);
        check("rgx", 9, &[]);
    }

    #[test]
    fn without_letters_there_is_everything_as_far_as_it_may_go() {
        check("", 3, &["b.bpol Role GR", "b.bpol Test grants", "a.bpol Account Groceries"]);
    }
}
