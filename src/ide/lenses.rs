//! Lines above keys and tests: what a key may do, and tests to run.

use std::collections::BTreeMap;

use bpol_engine::Policy;
use bpol_engine::ir::Ir;
use jiff::Timestamp;

use crate::analyze::coverage::{Tried, coverage_of};
use crate::diag::Level;
use crate::expect::{self, run};
use crate::ide::{View, summary};
use crate::source::Span;
use crate::syntax::tree::ItemKind;
use crate::words::number;

/// A line above a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The name above which it stands.
    pub span: Span,
    /// What it says.
    pub about: About,
}

/// What a line above a part of the text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// What a key of this name may do; [`title`] says it.
    Key(String),
    /// That so many tests of a key can be run.
    Tests(String, usize),
    /// That a test can be run: its name and that of its key.
    Test(String, String),
}

/// The lines of a file, in document order. What keys may do is left for when it is shown.
pub fn lenses(view: View<'_>) -> Vec<Lens> {
    let checked = view.checked;
    let mut tests: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, source), tree) in checked.sources.iter().zip(&checked.trees) {
        for item in &tree.items {
            if let ItemKind::Test(test) = &item.kind {
                *tests.entry(test.key.value(&source.text).into_owned()).or_default() += 1;
            }
        }
    }
    let text = view.text();
    let mut out = Vec::new();
    for item in view.tree().into_iter().flat_map(|tree| &tree.items) {
        match &item.kind {
            ItemKind::Key { name, .. } => {
                let key = name.value(text).into_owned();
                out.push(Lens { span: name.span, about: About::Key(key.clone()) });
                if let Some(count) = tests.get(&key) {
                    out.push(Lens { span: name.span, about: About::Tests(key, *count) });
                }
            }
            ItemKind::Test(test) => {
                let about = About::Test(test.name.value(text).into_owned(), test.key.value(text).into_owned());
                out.push(Lens { span: test.name.span, about });
            }
            _ => {}
        }
    }
    out
}

/// What a key may do at a moment, and how much of that its tests try; nothing for a key that is not there.
pub fn title(view: View<'_>, key: &str, now: Timestamp) -> Option<String> {
    let Some(ir) = view.ir else {
        let errors = view.checked.diagnostics.iter().filter(|found| found.level == Level::Error).count();
        return Some(format!("{}: what it may do is unknown", number(errors, "error")));
    };
    let summary = summary::of_key(ir, key, now)?.title();
    Some(match tested(view, ir, key, now) {
        Some(tested) => format!("{summary} · {tested}"),
        None => summary,
    })
}

/// How much of what a key may and may not do its tests try.
fn tested(view: View<'_>, ir: &Ir, key: &str, now: Timestamp) -> Option<String> {
    let all = expect::cases(view.checked, now);
    let cases: Vec<_> = all.iter().filter(|case| case.key == key).collect();
    if cases.is_empty() {
        return Some("no tests".to_owned());
    }
    let engine = Policy::from_ir(ir.clone()).ok()?;
    let passed: Vec<_> = cases.iter().filter(|case| run::passes(&engine, case, now)).collect();
    let failed = cases.len() - passed.len();
    let tried: Vec<Tried<'_>> = passed.iter().map(|case| Tried { request: &case.request, past: &case.past }).collect();
    let covered = coverage_of(ir, &engine, key, &tried)?;
    let share = match &covered.undecided {
        Some(_) => "how much is tested is not known".to_owned(),
        None if covered.cases.is_empty() => "nothing to test".to_owned(),
        // Whole only where nothing is missing.
        None => format!("{} % of cases tested", covered.hit() * 100 / covered.cases.len()),
    };
    Some(match failed {
        0 => share,
        _ => format!("{share}, {} failed", number(failed, "expectation")),
    })
}

#[cfg(test)]
mod tests {
    use super::{About, lenses, title};
    use crate::ide::test::Fixture;

    const NAMES: &str = "timezone \"Europe/Amsterdam\";\naccount \"A\" is iban NL20INGB0001234567;\naccount \"B\" is id 7;\n\
        payee \"P\" is NL91ABNA0417164300;\npayees \"Q\" < payee \"P\"; DE89370400440532013000; >\n";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(&format!("{text}\n{NAMES}"));
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        assert_eq!(title(fixture.view(), "k", now).as_deref(), Some(expected));
    }

    #[test]
    fn a_key_and_its_tests_have_lines() {
        let fixture = Fixture::new(
            "key \"k\" < >\ntest \"t\" for key \"k\" < expect deny create payment of 1 EUR; >\nkey \"l\" < >",
        );
        let all: Vec<About> = lenses(fixture.view()).into_iter().map(|lens| lens.about).collect();
        let expected = [
            About::Key("k".into()),
            About::Tests("k".into(), 1),
            About::Test("t".into(), "k".into()),
            About::Key("l".into()),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_key_says_what_it_reads_and_spends() {
        check(
            "key \"k\" < allow read transactions on account \"A\", \"B\" since 30d; deny payment; >",
            "read 2 accounts · no tests",
        );
        check(
            "key \"k\" < allow create payment on account \"A\" to payees \"Q\", iban NL02ABNA0123456789 up to 2500 EUR per day; >",
            "spend up to 2,500 EUR a day to 3 payees · no tests",
        );
        check(
            "key \"k\" < allow create payment on any account to anyone up to any amount in total; >",
            "spend with no bound to anyone · no tests",
        );
        check("key \"k\" < allow read transactions on any account; >", "read any account · no tests");
        check("key \"k\" < >", "may do nothing now · no tests");
    }

    #[test]
    fn what_needs_approval_says_so() {
        check(
            "key \"k\" < allow create payment on account \"A\" to payee \"P\" up to 50 EUR per day; ask create payment; >",
            "spend up to 50 EUR a day to payee \"P\" after asking · no tests",
        );
    }

    #[test]
    fn how_much_is_tested_is_said() {
        check(
            "key \"k\" < allow read transactions on account \"A\"; >\ntest \"t\" for key \"k\" < expect allow read transactions on account \"A\"; >",
            "read 1 account · 33 % of cases tested",
        );
    }

    #[test]
    fn a_key_with_errors_claims_nothing() {
        check("key \"k\" < allow nonsense; >", "1 error: what it may do is unknown");
    }
}
