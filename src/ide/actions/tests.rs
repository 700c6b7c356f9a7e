use super::{Action, fix_all, of_finding, of_selection};
use crate::analyze::diff::{Verdict, diff};
use crate::diag::{Edit, Power};
use crate::ide::test::Fixture;
use crate::source::{FileId, Span};

const NAMES: &str = "\ntimezone \"Europe/Amsterdam\";\naccount \"A\" is iban NL20INGB0001234567;\n\
    payee \"P\" is NL91ABNA0417164300;\n";

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.place.span);
    let mut out = text.to_owned();
    for edit in edits.into_iter().rev() {
        out.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
    }
    out
}

/// All that is offered between `«` and `»`, or at a caret: for the selection and for the findings there.
fn offered(text: &str) -> (String, Vec<Action>) {
    let start = text.find('«').or_else(|| text.find("|caret|")).unwrap_or(text.len());
    let text = text.replacen('«', "", 1);
    let end = text.find('»').unwrap_or(start);
    let text = text.replacen('»', "", 1).replacen("|caret|", "", 1) + NAMES;
    let selected = Span::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
    let fixture = Fixture::new(&text);
    let snapshot = all(&text);
    let mut actions = Vec::new();
    for found in
        snapshot.iter().filter(|found| found.place.span.start <= selected.end && selected.start <= found.place.span.end)
    {
        actions.extend(of_finding(fixture.view(), found));
    }
    actions.extend(of_selection(fixture.view(), selected));
    (text, actions)
}

/// All findings of a text.
fn all(text: &str) -> Vec<crate::diag::Diagnostic> {
    let input = crate::Input { path: "a.bpol".into(), text: text.to_owned() };
    let mut checked = crate::check(vec![input], ".".into(), &|_| Err("no such file".to_owned()));
    crate::examine(&mut checked, Some("2026-11-24T12:00:00Z".parse().unwrap()), None, &|_| true);
    checked.diagnostics
}

/// Does what a title begins with, and says what the text is then, without the names. What it claims of power is looked at.
#[track_caller]
fn done(text: &str, title: &str) -> String {
    let (before, actions) = offered(text);
    let titles: Vec<&str> = actions.iter().map(|action| action.title.as_str()).collect();
    let action = actions.iter().find(|action| action.title.starts_with(title));
    let action = action.unwrap_or_else(|| panic!("`{title}` is not offered, but {titles:?}"));
    let after = applied(&before, &action.edits);
    let (old, new) = (Fixture::new(&before), Fixture::new(&after));
    if let (Some(old), Some(new)) = (old.view().ir, new.view().ir) {
        let verdict = diff(old, new).verdict.unwrap();
        let fits = match action.power {
            Some(Power::Same) => verdict == Verdict::Equal,
            Some(Power::Narrows) => verdict == Verdict::Narrower,
            _ => true,
        };
        assert!(fits, "`{}` says {:?}, and it is {verdict:?}", action.title, action.power);
    }
    after.replacen(NAMES, "", 1)
}

#[track_caller]
fn check(text: &str, title: &str, expected: &str) {
    assert_eq!(done(text, title), expected);
}

#[track_caller]
fn refuses(text: &str, title: &str) {
    let (_, actions) = offered(text);
    let titles: Vec<&str> = actions.iter().map(|action| action.title.as_str()).collect();
    assert!(!titles.iter().any(|known| known.starts_with(title)), "{titles:?}");
}

#[test]
fn a_word_that_is_nearly_right_is_offered() {
    check("key \"k\" < deny paym|caret|nt; >", "write `payment`", "key \"k\" < deny payment; >");
}

#[test]
fn lines_become_a_role() {
    check(
        "key \"k\" <\n  «allow read transactions on account \"A\";\n  // why\n  deny payment;»\n  deny write;\n>",
        "take 2 lines out as a role",
        "role \"k part\" <\n  allow read transactions on account \"A\";\n  // why\n  deny payment;\n>\n\nkey \"k\" <\n  use role \"k part\";\n  deny write;\n>",
    );
    check(
        "// mine\nkey \"k\" <\n  allow create payment «on» account \"A\" to payee \"P\" up to 5 EUR per day; deny write; >",
        "take 1 line out as a role",
        "role \"k part\" <\n  allow create payment on account \"A\" to payee \"P\" up to 5 EUR per day;\n>\n\n// mine\nkey \"k\" <\n  use role \"k part\"; deny write; >",
    );
}

#[test]
fn what_is_not_selected_or_broken_is_left_where_it_is() {
    refuses("key \"k\" < deny |caret|payment; >", "take");
    refuses("key \"k\" < «allow nonsense; deny payment;» >", "take");
    refuses("role \"r\" < «deny payment;» >", "take");
}

#[test]
fn a_role_becomes_lines() {
    check(
        "role \"r\" <\n  // why\n  allow read transactions on account \"A\";\n  deny payment;\n>\nkey \"k\" <\n  use |caret|role \"r\" since 30d;\n>",
        "put the lines of role \"r\" here",
        "role \"r\" <\n  // why\n  allow read transactions on account \"A\";\n  deny payment;\n>\nkey \"k\" <\n  // why\n  allow read transactions on account \"A\" since 30d;\n  deny payment;\n>",
    );
}

#[test]
fn a_role_that_means_something_else_as_lines_is_left() {
    // One budget for both, and as lines there would be two.
    refuses(
        "role \"r\" < allow create payment on account \"A\" to payee \"P\"; allow create draft-payment on account \"A\" to payee \"P\"; >\n\
         key \"k\" < use |caret|role \"r\" up to 5 EUR per day; >",
        "put the lines",
    );
    // Both windows hold, and one line says one.
    refuses(
        "role \"r\" < allow read transactions on account \"A\" since 30d; >\nkey \"k\" < use |caret|role \"r\" since 10d; >",
        "put the lines",
    );
    refuses("key \"k\" < use |caret|role \"nowhere\"; >", "put the lines");
}

#[test]
fn a_grant_is_bounded() {
    check(
        "key \"k\" < allow |caret|read transactions on account \"A\" from ip 203.0.113.7; >",
        "bound this grant",
        "key \"k\" < allow read transactions on account \"A\" since 90d from ip 203.0.113.7; >",
    );
    check(
        "key \"k\" < allow |caret|create payment on account \"A\" to anyone up to any amount in total; >",
        "bound this grant",
        "key \"k\" < allow create payment on account \"A\" to anyone up to 100 EUR per day; >",
    );
    check(
        "key \"k\" < allow |caret|create payment on account \"A\" to payee \"P\"; >",
        "bound this grant",
        "key \"k\" < allow create payment on account \"A\" to payee \"P\" up to 100 EUR per day; >",
    );
    check(
        "role \"r\" < allow |caret|read transactions on account \"A\"; >\nkey \"k\" < use role \"r\"; >",
        "bound this grant",
        "role \"r\" < allow read transactions on account \"A\" since 90d; >\nkey \"k\" < use role \"r\"; >",
    );
}

#[test]
fn what_is_bounded_or_takes_is_not_bounded_again() {
    refuses("key \"k\" < allow |caret|read transactions on account \"A\" since 5d; >", "bound");
    refuses("key \"k\" < allow |caret|create payment on account \"A\" to payee \"P\" up to 5 EUR per day; >", "bound");
    refuses("key \"k\" < |caret|deny payment; >", "bound");
    refuses("key \"k\" < allow |caret|read profile; >", "bound");
}

#[test]
fn an_account_that_goes_by_its_name_is_declared_and_its_iban_left_to_the_user() {
    let (before, actions) = offered("key \"k\" < allow read transactions on account \"Gro|caret|ceries\"; >");
    let action = actions.iter().find(|action| action.title.starts_with("declare account")).unwrap();
    let after = applied(&before, &action.edits);
    assert!(after.contains("NL20INGB0001234567;\naccount \"Groceries\" is iban ;\n"), "{after}");
    // It is an error until the IBAN is there.
    assert!(all(&after).iter().any(|found| found.level == crate::diag::Level::Error));
}

#[test]
fn an_example_that_refutes_a_claim_becomes_a_test() {
    let after = done(
        "key \"k\" < allow create payment on account \"A\" to payee \"P\" up to 5 EUR per day; >\nensure key \"k\" cannot |caret|create payment;",
        "write a test that this must be denied",
    );
    let (_, test) = after.split_once("create payment;\n\n").unwrap();
    assert!(test.starts_with("test \"k: create payment\" for key \"k\" <\n  expect deny create payment of "), "{test}");
    assert!(test.ends_with(";\n>"), "{test}");
    let faults = crate::syntax::parse(FileId::default(), &after).faults;
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_lint_is_hidden_once_the_reason_is_written() {
    let text = "key \"k\" <\n  allow read transactions on any ac|caret|count;\n  deny payment;\n  /// again\n  deny pay«m»ent;\n>";
    let after = done(&text.replace("|caret|", ""), "allow `duplicate-statement` here");
    let (_, rest) = after.split_once("  deny payment;\n").unwrap();
    assert!(rest.starts_with("  // bpol: allow(duplicate-statement) …\n  /// again\n  deny payment;"), "{after}");
    let names = |text: &str| all(text).into_iter().map(|found| found.name).collect::<Vec<_>>();
    assert!(names(&after).contains(&"bad-suppression"));
    let reasoned = after.replace('…', "both are mine");
    assert!(!names(&reasoned).contains(&"duplicate-statement"), "{:?}", names(&reasoned));
    assert!(!names(&reasoned).contains(&"bad-suppression"));
}

#[test]
fn declarations_are_put_in_order_with_their_comments() {
    let text = "// This file is mine.\n\n// Rent.\npayee \"Z\" is NL02ABNA0123456789; // old\n\nkey \"k\" < deny payment; >\n\n\
        account \"b\" is id 2;\naccount \"a\" is id 1;\nnetwork \"n\" < 203.0.113.7; >\n// at the end";
    let (before, actions) = offered(&text.replace("account \"b\"", "account |caret|\"b\""));
    let action = actions.iter().find(|action| action.title.starts_with("put the declarations")).unwrap();
    let after = applied(&before, &action.edits);
    assert_eq!(
        after,
        "// This file is mine.\n\n// at the end\ntimezone \"Europe/Amsterdam\";\n\naccount \"A\" is iban NL20INGB0001234567;\naccount \"a\" is id 1;\naccount \"b\" is id 2;\n\n\
         payee \"P\" is NL91ABNA0417164300;\n\n// Rent.\npayee \"Z\" is NL02ABNA0123456789; // old\n\nnetwork \"n\" < 203.0.113.7; >\n\nkey \"k\" < deny payment; >\n"
    );
    done(&text.replace("account \"b\"", "account |caret|\"b\""), "put the declarations");
    // Twice is once.
    let again = Fixture::new(&after);
    assert!(super::organise::organise(again.view()).is_none());
}

#[test]
fn what_cannot_be_read_is_not_put_in_order() {
    refuses("payee |caret|\"Z\" is NL02ABNA0123456789;\nnonsense;\naccount \"b\" is id 2;", "put the declarations");
}

#[test]
fn everything_that_can_be_fixed_unasked_is_fixed_at_once() {
    let text = format!(
        "// bpol: allow(two-hop) mine\nkey \"k\" < deny payment; >\n// bpol: allow(two-hop) mine\nkey \"l\" < >{NAMES}"
    );
    let fixture = Fixture::new(&text);
    let edits = fix_all(fixture.view().checked, &all(&text), FileId(0));
    let after = applied(&text, &edits);
    // The payee that nobody names goes too.
    let names = NAMES.split("payee").next().unwrap();
    assert_eq!(after, format!("key \"k\" < deny payment; >\nkey \"l\" < >{names}"));
    let broken = "// bpol: allow(two-hop) mine\nkey \"k\" < deny payment; deny deny deny; >";
    let fixture = Fixture::new(broken);
    assert_eq!(fix_all(fixture.view().checked, &all(broken), FileId(0)), []);
}
