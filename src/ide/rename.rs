//! Another name for something, in all policies in which its name is one and the same. Strings only where they are that
//! name: comments are left alone, those that hide lints too.

use std::collections::HashSet;

use camino::Utf8Path;
use unicode_normalization::UnicodeNormalization as _;

use crate::analyze::paste::quoted;
use crate::ide::Snapshot;
use crate::ide::names::{Occurrence, Page, Place, Space, Under, What, page, places, together, under};
use crate::source::{Span, line_column};
use crate::syntax::cut::is_bidi;

/// What can be renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamable {
    /// The name without its quotes.
    pub span: Span,
    /// What it is now.
    pub name: String,
    /// The kind of name.
    pub space: Space,
}

/// What a new name changes.
#[derive(Debug, Clone)]
pub struct Renamed<'s> {
    /// For each file the places, in the order of its text.
    pub files: Vec<(Page<'s>, Vec<Span>)>,
    /// What stands there from then on, quotes included.
    pub text: String,
    /// What the new name means outside of the policy, where that has to be thought of.
    pub warning: Option<&'static str>,
}

/// What a key's name is beside a name in the policy.
const KNOWN_OUTSIDE: &str = "gateways and key files know the key by this name and have to change with it; \
                             what it spent is counted under the old name, so its caps start again from nothing";

/// What of the name under an offset can be renamed, or why nothing can.
///
/// # Errors
///
/// A sentence for the user.
pub fn prepare(policies: &[&Snapshot], path: &Utf8Path, offset: u32) -> Result<Renamable, String> {
    let here = page(policies, path).ok_or("this file is no policy")?;
    let one = at(policies, path, offset)?;
    let quoted = one.span.of(here.text);
    // A string that lacks its quotes is its own name.
    let quotes = u32::from(quoted.len() > 1 && quoted.starts_with('"') && quoted.ends_with('"'));
    let span = Span::new(one.span.start + quotes, one.span.end - quotes);
    Ok(Renamable { span, name: one.name(here.text).into_owned(), space: one.space })
}

/// Gives the name under an offset another form everywhere.
///
/// # Errors
///
/// Why not: a sentence for the user.
pub fn rename<'s>(policies: &[&'s Snapshot], path: &Utf8Path, offset: u32, new: &str) -> Result<Renamed<'s>, String> {
    let here = page(policies, path).ok_or("this file is no policy")?;
    let one = at(policies, path, offset)?;
    let (space, old) = (one.space, one.name(here.text));
    let new = wanted(new, &old)?;
    let pages = together(policies, path, space, &old);
    if new != old
        && let Some((place, declares)) = places(&pages, space, &new).into_iter().max_by_key(|(_, declares)| *declares)
    {
        return Err(taken(space, &new, place, declares, path));
    }
    let mut files: Vec<(Page<'s>, Vec<Span>)> = Vec::new();
    if new != old {
        for (place, _) in places(&pages, space, &old) {
            // Places come file by file.
            match files.last_mut() {
                Some((page, spans)) if page.path == place.page.path => spans.push(place.span),
                _ => files.push((place.page, vec![place.span])),
            }
        }
    }
    let warning = (space == Space::Key).then_some(KNOWN_OUTSIDE);
    Ok(Renamed { files, text: quoted(&new), warning })
}

/// The name under an offset, or why there is none.
fn at(policies: &[&Snapshot], path: &Utf8Path, offset: u32) -> Result<Occurrence, String> {
    let here = page(policies, path).ok_or("this file is no policy")?;
    let one = match under(here, offset) {
        Under::Name(one) => one,
        Under::Comment(_) => {
            return Err("this is a comment; place the cursor on a name in the policy itself".to_owned());
        }
        Under::Value(What::Path, _) => {
            return Err("this names a file, and renaming it here would not rename the file".to_owned());
        }
        Under::Value(_, span) | Under::Text(span) if span.of(here.text).starts_with('"') => {
            return Err(format!("{} is a value and not a name", span.of(here.text)));
        }
        Under::Value(_, span) | Under::Word(span) | Under::Text(span) => {
            return Err(format!("`{}` is not a name that this policy gives", span.of(here.text)));
        }
        Under::Nothing => return Err("there is no name here".to_owned()),
    };
    let name = one.name(here.text);
    if one.space == Space::Account
        && let Some(root) = undeclared(policies, path, &name)
    {
        let place = if root == path { String::new() } else { format!(" in the policy of `{}`", beside(root, path)) };
        return Err(format!(
            "account `{name}` is not declared{place}, so this is what the bank calls it: another name would mean another account"
        ));
    }
    Ok(one)
}

/// The first file of a policy that uses an account without declaring it: there the bank's name of it counts.
fn undeclared<'s>(policies: &[&'s Snapshot], path: &Utf8Path, name: &str) -> Option<&'s Utf8Path> {
    let found = places(&together(policies, path, Space::Account, name), Space::Account, name);
    let using: HashSet<&Utf8Path> = found.iter().map(|(place, _)| place.page.path).collect();
    let declaring: HashSet<&Utf8Path> =
        found.iter().filter(|(_, declares)| *declares).map(|(place, _)| place.page.path).collect();
    let has = |policy: &Snapshot, files: &HashSet<&Utf8Path>| policy.pages().any(|page| files.contains(page.path));
    let lacking = policies.iter().find(|policy| has(policy, &using) && !has(policy, &declaring))?;
    lacking.pages().next().map(|first| first.path)
}

/// A file as it is called beside another one.
fn beside<'p>(path: &'p Utf8Path, asked: &Utf8Path) -> &'p Utf8Path {
    asked.parent().and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path)
}

/// A name as the user wants it, in the form in which names are compared.
fn wanted(new: &str, old: &str) -> Result<String, String> {
    // Whoever types the quotes too does not mean them as a part of the name.
    let is_quoted = |name: &str| name.len() > 1 && name.starts_with('"') && name.ends_with('"');
    let new = if is_quoted(new) && !is_quoted(old) { &new[1..new.len() - 1] } else { new };
    if new.trim().is_empty() {
        return Err("a name cannot be empty".to_owned());
    }
    if new.contains('\0') {
        return Err("a name cannot hold NUL".to_owned());
    }
    if let Some(control) = new.chars().find(|&character| is_bidi(character)) {
        let code = u32::from(control);
        return Err(format!("U+{code:04X} changes the order in which text is shown, so no name can hold it"));
    }
    Ok(new.nfc().collect())
}

fn taken(space: Space, new: &str, place: Place<'_>, declares: bool, asked: &Utf8Path) -> String {
    let (line, _) = line_column(place.page.text, place.span.start);
    let path = place.page.path;
    let file = if path == asked { String::new() } else { format!(" of `{}`", beside(path, asked)) };
    let a = if space == Space::Account { "an" } else { "a" };
    let thing = format!("{a} {} `{new}`", space.word());
    if declares {
        format!("there is already {thing}, in line {line}{file}")
    } else {
        format!("line {line}{file} speaks of {thing} already, and it would mean this one")
    }
}

#[cfg(test)]
mod tests {
    use super::{prepare, rename};
    use crate::ide::names::page;
    use crate::ide::test::Several;

    /// The files after a renaming.
    #[track_caller]
    fn check(files: &[(&str, &str)], new: &str, expected: &[&str]) {
        let several = Several::new(files);
        let policies = several.policies();
        let renamed = rename(&policies, &several.path, several.offset, new).unwrap();
        let texts: Vec<String> = files
            .iter()
            .map(|(path, _)| {
                let mut text = page(&policies, (*path).into()).unwrap().text.to_owned();
                let edits =
                    renamed.files.iter().find(|(other, _)| other.path == *path).map_or(&[][..], |(_, spans)| spans);
                for span in edits.iter().rev() {
                    text.replace_range(span.start as usize..span.end as usize, &renamed.text);
                }
                text
            })
            .collect();
        assert_eq!(texts, expected);
    }

    #[track_caller]
    fn refuses(files: &[(&str, &str)], new: &str, why: &str) {
        let several = Several::new(files);
        assert_eq!(rename(&several.policies(), &several.path, several.offset, new).unwrap_err(), why);
    }

    #[track_caller]
    fn check_prepare(text: &str, expected: Result<&str, &str>) {
        let several = Several::new(&[("a.bpol", text)]);
        let policies = several.policies();
        let found = prepare(&policies, &several.path, several.offset);
        let text = several.page().text;
        let found = found.as_ref().map(|one| format!("{} {} {}", one.space.word(), one.name, one.span.of(text)));
        assert_eq!(found.as_deref().map_err(|why| why.as_str()), expected);
    }

    #[test]
    fn a_declaration_and_its_uses_change_together() {
        check(
            &[(
                "a.bpol",
                "payee \"|caret|L\" is NL20INGB0001234567;\nkey \"L\" < allow create payment to payee \"L\"; >",
            )],
            "Landlord",
            &["payee \"Landlord\" is NL20INGB0001234567;\nkey \"L\" < allow create payment to payee \"Landlord\"; >"],
        );
    }

    #[test]
    fn all_policies_that_share_a_name_change() {
        check(
            &[
                ("a.bpol", "import \"r.bpol\"; limit \"l\" < 1 EUR per day; >"),
                ("b.bpol", "import \"r.bpol\"; limit \"l\" < 2 EUR per day; >"),
                ("c.bpol", "limit \"l\" < 3 EUR per day; >"),
                ("r.bpol", "key \"k\" < only within limit \"l|caret|\"; >"),
            ],
            "m",
            &[
                "import \"r.bpol\"; limit \"m\" < 1 EUR per day; >",
                "import \"r.bpol\"; limit \"m\" < 2 EUR per day; >",
                "limit \"l\" < 3 EUR per day; >",
                "key \"k\" < only within limit \"m\"; >",
            ],
        );
    }

    #[test]
    fn a_name_is_found_in_each_of_its_spellings() {
        check(
            &[("a.bpol", "role \"|caret|Cafe\u{301}\" < > key \"k\" < use role \"Caf\\u{e9}\"; use role \"Café\"; >")],
            "te\u{301}",
            &["role \"té\" < > key \"k\" < use role \"té\"; use role \"té\"; >"],
        );
    }

    #[test]
    fn comments_and_other_strings_stay() {
        let text = "// bpol: allow(two-hop) for \"r\"\n/// The \"r\".\nrole \"|caret|r\" < >\nkey \"r\" < allow create webhook to url \"r\"; >";
        check(
            &[("a.bpol", text)],
            "s",
            &[
                "// bpol: allow(two-hop) for \"r\"\n/// The \"r\".\nrole \"s\" < >\nkey \"r\" < allow create webhook to url \"r\"; >",
            ],
        );
    }

    #[test]
    fn a_new_name_is_written_as_the_language_writes_it() {
        check(&[("a.bpol", "key \"|caret|a\" < >")], "say \"a\\b\"\t", &["key \"say \\\"a\\\\b\\\"\\u{9}\" < >"]);
    }

    #[test]
    fn quotes_that_are_typed_are_not_a_part_of_the_name() {
        check(&[("a.bpol", "key \"|caret|a\" < >")], "\"b\"", &["key \"b\" < >"]);
        check(&[("a.bpol", "key \"\\\"|caret|a\\\"\" < >")], "\"b\"", &["key \"\\\"b\\\"\" < >"]);
    }

    #[test]
    fn lines_that_cannot_be_read_change_too() {
        check(
            &[(
                "a.bpol",
                "role \"|caret|r\" < >\nkey \"k\" < use role \"r\" on on; use role \"r\" > key \"l\" < use role \"r\"",
            )],
            "s",
            &["role \"s\" < >\nkey \"k\" < use role \"s\" on on; use role \"s\" > key \"l\" < use role \"s\""],
        );
    }

    #[test]
    fn the_same_name_changes_nothing() {
        check(&[("a.bpol", "key \"|caret|Cafe\u{301}\" < >")], "Café", &["key \"Cafe\u{301}\" < >"]);
    }

    #[test]
    fn names_that_are_taken_are_refused() {
        refuses(
            &[
                ("a.bpol", "import \"b.bpol\";\npayee \"|caret|a\" is NL20INGB0001234567;"),
                ("b.bpol", "\npayees \"Café\" < payee \"a\"; >"),
            ],
            "Cafe\u{301}",
            "there is already a payee `Café`, in line 2 of `b.bpol`",
        );
        refuses(
            &[("a.bpol", "account \"|caret|a\" is id 1;\nkey \"k\" < allow read transactions on account \"b\"; >")],
            "b",
            "line 2 speaks of an account `b` already, and it would mean this one",
        );
    }

    #[test]
    fn what_can_be_no_name_is_refused() {
        let key = &[("a.bpol", "key \"|caret|a\" < >")];
        refuses(key, "", "a name cannot be empty");
        refuses(key, " \t", "a name cannot be empty");
        refuses(key, "\"\"", "a name cannot be empty");
        refuses(key, "a\0", "a name cannot hold NUL");
        refuses(key, "a\u{202e}", "U+202E changes the order in which text is shown, so no name can hold it");
    }

    #[test]
    fn a_key_is_known_outside_by_its_name() {
        let several = Several::new(&[("a.bpol", "key \"|caret|a\" < >")]);
        let renamed = rename(&several.policies(), &several.path, several.offset, "b").unwrap();
        assert!(renamed.warning.is_some_and(|warning| warning.contains("gateways")));
    }

    #[test]
    fn only_names_can_be_renamed() {
        check_prepare("key \"|caret|Cafe\u{301}\" < >", Ok("key Café Cafe\u{301}"));
        check_prepare("k|caret|ey \"a\" < >", Err("`key` is not a name that this policy gives"));
        check_prepare("key \"a\" < |caret| >", Err("there is no name here"));
        check_prepare(
            "// \"|caret|a\"\nkey \"a\" < >",
            Err("this is a comment; place the cursor on a name in the policy itself"),
        );
        check_prepare("timezone \"|caret|UTC\";", Err("\"UTC\" is a value and not a name"));
        check_prepare(
            "import \"|caret|b.bpol\";",
            Err("this names a file, and renaming it here would not rename the file"),
        );
        check_prepare(
            "payee \"a\" is |caret|NL20INGB0001234567;",
            Err("`NL20INGB0001234567` is not a name that this policy gives"),
        );
    }

    #[test]
    fn an_account_has_to_be_declared_in_every_policy_that_shares_it() {
        refuses(
            &[
                ("p/a.bpol", "import \"r.bpol\"; account \"G\" is id 1;"),
                ("p/b.bpol", "import \"r.bpol\";"),
                ("p/r.bpol", "key \"k\" < allow read transactions on account \"|caret|G\"; >"),
            ],
            "H",
            "account `G` is not declared in the policy of `b.bpol`, so this is what the bank calls it: another name would \
             mean another account",
        );
    }

    #[test]
    fn what_the_bank_calls_an_account_is_no_name_of_the_policy() {
        check_prepare(
            "key \"k\" < allow read transactions on account \"|caret|G\"; >",
            Err(
                "account `G` is not declared, so this is what the bank calls it: another name would mean another account",
            ),
        );
    }
}
