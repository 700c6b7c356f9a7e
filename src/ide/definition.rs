//! Where what a word names is declared: a name's declaration, the file of an `import`, the catalogue of a `bank`.

use camino::{Utf8Path, Utf8PathBuf};

use crate::check::normal;
use crate::ide::Snapshot;
use crate::ide::names::{Page, Under, What, names, page, under};
use crate::source::Span;
use crate::syntax::string;

/// Where a definition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The file.
    pub path: Utf8PathBuf,
    /// All of the declaration, its doc comment left out; the beginning of the file where the file is meant.
    pub span: Span,
    /// The name in it.
    pub selection: Span,
}

/// The definitions of what is under an offset of a file, and the word that names them. A file of several policies may
/// use a name that each of them declares.
pub fn definition(policies: &[&Snapshot], path: &Utf8Path, offset: u32) -> Option<(Span, Vec<Definition>)> {
    let here = page(policies, path)?;
    let one = match under(here, offset) {
        Under::Name(one) => one,
        Under::Value(What::Path, span) => {
            let path = file(here, span)?;
            return Some((span, vec![Definition { path, span: Span::default(), selection: Span::default() }]));
        }
        _ => return None,
    };
    let name = one.name(here.text);
    let mut found: Vec<Definition> = Vec::new();
    let of = policies.iter().filter(|policy| policy.file(path).is_some());
    for page in of.flat_map(|policy| policy.pages()) {
        let declared = names(page).into_iter().filter(|other| other.declares && other.space == one.space);
        for other in declared.filter(|other| other.name(page.text) == name) {
            let items = &page.tree.items;
            let item = items.get(items.partition_point(|item| item.span.end < other.span.end));
            let span = item.map_or(other.span, |item| item.span);
            let new = Definition { path: page.path.to_owned(), span, selection: other.span };
            if !found.contains(&new) {
                found.push(new);
            }
        }
    }
    Some((one.span, found))
}

/// The file that a path in quotes names; nothing for a bank that is built in, and for what is no path below here.
pub(super) fn file(page: Page<'_>, quoted: Span) -> Option<Utf8PathBuf> {
    let name = string::value(quoted.of(page.text));
    let named = Utf8Path::new(name.as_ref());
    let is_file = matches!(named.extension(), Some("bpol" | "toml"));
    if !is_file || named.is_absolute() || name.contains('\\') {
        return None;
    }
    Some(normal(&page.path.parent().unwrap_or(Utf8Path::new("")).join(named)))
}

#[cfg(test)]
mod tests {
    use super::definition;
    use crate::ide::names::page;
    use crate::ide::test::Several;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let several = Several::new(files);
        let policies = several.policies();
        let found = definition(&policies, &several.path, several.offset).map(|(_, found)| found).unwrap_or_default();
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let text = page(&policies, &one.path).map_or("", |page| page.text);
                format!("{} {} in {}", one.path, one.selection.of(text), one.span.of(text))
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_use_leads_to_its_declaration() {
        check(
            &[("a.bpol", "network \"n\" < 192.0.2.1; >\nkey \"k\" < only from network \"|caret|n\"; >")],
            &["a.bpol \"n\" in network \"n\" < 192.0.2.1; >"],
        );
    }

    #[test]
    fn a_declaration_leads_to_itself() {
        check(&[("a.bpol", "/// Mine.\nkey \"k|caret|\" < >")], &["a.bpol \"k\" in key \"k\" < >"]);
    }

    #[test]
    fn kinds_of_names_do_not_mix() {
        check(
            &[("a.bpol", "role \"x\" < >\nkey \"x\" < use role \"|caret|x\"; >")],
            &["a.bpol \"x\" in role \"x\" < >"],
        );
    }

    #[test]
    fn a_name_that_nobody_declares_has_no_definition() {
        check(&[("a.bpol", "key \"k\" < use role \"|caret|r\"; >")], &[]);
        check(&[("a.bpol", "ke|caret|y \"k\" < >")], &[]);
    }

    #[test]
    fn two_declarations_are_both_shown() {
        check(
            &[("a.bpol", "role \"x\" < > role \"x\" < >\nkey \"k\" < use role \"|caret|x\"; >")],
            &["a.bpol \"x\" in role \"x\" < >", "a.bpol \"x\" in role \"x\" < >"],
        );
    }

    #[test]
    fn a_declaration_may_stand_in_another_file() {
        check(
            &[
                ("p/a.bpol", "import \"names.bpol\";\nkey \"k\" < use role \"r|caret|\"; >"),
                ("p/names.bpol", "role \"r\" < >"),
            ],
            &["p/names.bpol \"r\" in role \"r\" < >"],
        );
    }

    #[test]
    fn a_shared_file_may_use_what_each_policy_declares() {
        check(
            &[
                ("a.bpol", "import \"rules.bpol\";\nlimit \"l\" < 1 EUR per day; >"),
                ("b.bpol", "import \"rules.bpol\";\nlimit \"l\" < 2 EUR per day; >"),
                ("c.bpol", "limit \"l\" < 3 EUR per day; >"),
                ("rules.bpol", "key \"k\" < deny payment over 1 EUR unless within limit \"|caret|l\"; >"),
            ],
            &["a.bpol \"l\" in limit \"l\" < 1 EUR per day; >", "b.bpol \"l\" in limit \"l\" < 2 EUR per day; >"],
        );
    }

    #[test]
    fn imports_and_catalogues_lead_to_their_files() {
        check(&[("p/a.bpol", "import \"../q/|caret|b.bpol\";"), ("q/b.bpol", "")], &["q/b.bpol  in "]);
        check(&[("p/a.bpol", "bank \"my|caret|.toml\";")], &["p/my.toml  in "]);
        check(&[("p/a.bpol", "bank \"bu|caret|nq\";")], &[]);
        check(&[("p/a.bpol", "import \"/etc/|caret|b.bpol\";")], &[]);
    }

    #[test]
    fn a_broken_line_leads_somewhere_too() {
        check(
            &[("a.bpol", "role \"r\" < >\nkey \"k\" < use role \"r|caret|\" on acc")],
            &["a.bpol \"r\" in role \"r\" < >"],
        );
    }
}
