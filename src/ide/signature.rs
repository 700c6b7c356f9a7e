//! The clause or fact that is being written: its form, and which part of it comes next.

use crate::catalogue::Catalogue;
use crate::ide::View;
use crate::ide::expected::{Want, expected};
use crate::ide::form;
use crate::ide::line::{Here, line};
use crate::source::Span;

/// The form of a clause or fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// How it is written.
    pub label: String,
    /// What it says, with an example, in Markdown.
    pub doc: String,
    /// Its parts: where each stands in the label, and what it means.
    pub parts: Vec<(Span, &'static str)>,
    /// The part at the place.
    pub active: usize,
}

/// The clause or fact at an offset; nothing where none is unfinished.
pub fn signature(view: View<'_>, offset: u32) -> Option<Signature> {
    let Here::Line(line) = line(view, offset) else { return None };
    let bank: &Catalogue = &view.checked.policy.bank;
    let expected = expected(&line, bank);
    let spot = expected.spot?;
    let ends =
        |want: &Want| matches!(want, Want::Clause | Want::Fact | Want::Setting | Want::Word("unless" | "and" | "<"));
    // Where only something new can follow, the clause is behind the place. What the grammar knows nothing of is a value.
    if !expected.wants.is_empty() && expected.wants.iter().all(ends) {
        return None;
    }
    let form = form::find(spot.words, spot.fact)?;
    let parts: Vec<(Span, &'static str)> = form
        .parts
        .iter()
        .filter_map(|(part, means)| {
            let at = form.form.find(part)?;
            let span = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            Some((Span::new(span(at), span(at + part.len())), *means))
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    let active = spot.part.min(parts.len() - 1);
    Some(Signature { label: form.form.to_owned(), doc: form.page(), parts, active })
}

#[cfg(test)]
mod tests {
    use super::signature;
    use crate::ide::test::Fixture;

    /// The form with the active part in `[[ ]]`; nothing without one.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let shown = signature(fixture.view(), fixture.offset).map_or_else(String::new, |one| {
            let (span, _) = one.parts[one.active];
            let (start, end) = (span.start as usize, span.end as usize);
            format!("{}[[{}]]{}", &one.label[..start], &one.label[start..end], &one.label[end..])
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_cap_has_an_amount_and_a_period() {
        let amount = "up to [[MONEY]] [each | per PERIOD | in total], …";
        let period = "up to MONEY [[[each | per PERIOD | in total]]], …";
        check("key \"a\" < allow create payment up to |caret| >", amount);
        check("key \"a\" < allow create payment up to 50 |caret|EUR >", amount);
        check("key \"a\" < allow create payment up to 50 EUR |caret| >", period);
        check("key \"a\" < allow create payment up to 50 EUR per |caret| >", period);
        check("key \"a\" < allow create payment up to 50 EUR each, |caret| >", amount);
    }

    #[test]
    fn a_list_has_one_part_again_and_again() {
        check("key \"a\" < allow create payment to |caret| >", "to [[PAYEE]], …");
        check("key \"a\" < allow create payment to payee \"x\", |caret| >", "to [[PAYEE]], …");
        check("key \"a\" < only during weekdays |caret| >", "during [DAYS] [[[HOURS]]], …");
        check("key \"a\" < only during |caret| >", "during [[[DAYS]]] [HOURS], …");
        check("key \"a\" < deny payment on any account except |caret| >", "on ACCOUNT, … [[[except …]]]");
    }

    #[test]
    fn facts_have_parts_too() {
        check(
            "test \"t\" for key \"a\" < expect deny create payment after spending 5 EUR |caret| >",
            "after (spending MONEY | NUMBER earlier) [[WHEN]]",
        );
        check("test \"t\" for key \"a\" < expect deny create payment of |caret| >", "of [[MONEY]]");
        check("test \"t\" for key \"a\" at |caret|", "at [[INSTANT]]");
    }

    #[test]
    fn nothing_is_said_behind_a_clause() {
        check("key \"a\" < allow create payment to anyone |caret| >", "");
        check("key \"a\" < allow create |caret| >", "");
        check("key \"a\" < allow create payment to anyone; |caret| >", "");
        check("key \"a\" < allow create payment to // |caret|", "");
        check("|caret|", "");
    }
}
