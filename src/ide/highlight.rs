//! The places of a name in one file, for showing them while the cursor is on one.

use crate::ide::View;
use crate::ide::names::{Occurrence, Under, names, under};

/// All places in the file of the name under an offset; none where no name stands.
pub fn highlight(view: View<'_>, offset: u32) -> Vec<Occurrence> {
    let Some(page) = view.page() else { return Vec::new() };
    let Under::Name(one) = under(page, offset) else { return Vec::new() };
    let name = one.name(page.text);
    names(page).into_iter().filter(|other| other.space == one.space && other.name(page.text) == name).collect()
}

#[cfg(test)]
mod tests {
    use super::highlight;
    use crate::ide::test::{Fixture, drawn};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let found = highlight(fixture.view(), fixture.offset);
        let spans: Vec<_> = found.iter().map(|one| (one.span, if one.declares { "=" } else { "^" })).collect();
        assert_eq!(drawn(fixture.text(), &spans), expected);
    }

    #[test]
    fn declarations_and_uses_are_told_apart() {
        check(
            "account \"G\" is id 1;\nkey \"G\" < allow read transactions on account \"|caret|G\"; >\n",
            "account \"G\" is id 1;\n        ===\nkey \"G\" < allow read transactions on account \"G\"; >\n                                             ^^^\n",
        );
    }

    #[test]
    fn words_are_not_highlighted() {
        check("key \"a\" < al|caret|low read transactions; >", "");
    }
}
