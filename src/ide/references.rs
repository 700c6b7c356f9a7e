//! Where a name is used, in all policies in which it is one and the same.

use camino::Utf8Path;

use crate::ide::Snapshot;
use crate::ide::names::{Place, Under, page, places, together, under};

/// The places of the name under an offset of a file, with its declarations if they are wanted; the file that was asked
/// about comes first. Nothing where no name stands.
pub fn references<'s>(
    policies: &[&'s Snapshot],
    path: &Utf8Path,
    offset: u32,
    declarations: bool,
) -> Option<Vec<Place<'s>>> {
    let here = page(policies, path)?;
    let Under::Name(one) = under(here, offset) else { return None };
    let name = one.name(here.text);
    let mut pages = together(policies, path, one.space, &name);
    pages.sort_by_key(|page| page.path != path);
    let all = places(&pages, one.space, &name);
    Some(all.into_iter().filter(|(_, declares)| declarations || !declares).map(|(place, _)| place).collect())
}

#[cfg(test)]
mod tests {
    use super::references;
    use crate::ide::test::{Several, drawn};

    #[track_caller]
    fn check(files: &[(&str, &str)], declarations: bool, expected: &str) {
        let several = Several::new(files);
        let policies = several.policies();
        let found = references(&policies, &several.path, several.offset, declarations).unwrap_or_default();
        let mut out = String::new();
        let mut rest = found.as_slice();
        while let Some(first) = rest.first() {
            let (here, others) = rest.split_at(rest.iter().take_while(|one| one.page.path == first.page.path).count());
            let spans: Vec<_> = here.iter().map(|one| (one.span, "^")).collect();
            out.push_str(&format!("{}\n{}", first.page.path, drawn(first.page.text, &spans)));
            rest = others;
        }
        assert_eq!(out, expected);
    }

    #[test]
    fn a_name_is_found_wherever_it_stands() {
        let text = "payee \"L\" is NL20INGB0001234567;\nkey \"L\" < allow create payment to payee \"|caret|L\"; >\n// payee \"L\"\n";
        check(
            &[("a.bpol", text)],
            true,
            "a.bpol\npayee \"L\" is NL20INGB0001234567;\n      ^^^\nkey \"L\" < allow create payment to payee \"L\"; >\n                                        ^^^\n",
        );
        check(
            &[("a.bpol", text)],
            false,
            "a.bpol\nkey \"L\" < allow create payment to payee \"L\"; >\n                                        ^^^\n",
        );
    }

    #[test]
    fn a_shared_name_is_found_in_every_policy_that_shares_it() {
        check(
            &[
                ("a.bpol", "import \"r.bpol\"; key \"a\" < use role \"r\"; >"),
                ("b.bpol", "import \"r.bpol\"; key \"b\" < use role \"r\"; >"),
                ("c.bpol", "role \"r\" < > key \"c\" < use role \"r\"; >"),
                ("r.bpol", "role \"|caret|r\" < >"),
            ],
            false,
            "a.bpol\nimport \"r.bpol\"; key \"a\" < use role \"r\"; >\n                                    ^^^\n\
             b.bpol\nimport \"r.bpol\"; key \"b\" < use role \"r\"; >\n                                    ^^^\n",
        );
    }

    #[test]
    fn no_name_has_no_references() {
        check(&[("a.bpol", "k|caret|ey \"a\" < >")], true, "");
    }
}
