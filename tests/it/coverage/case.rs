//! Cases of policies that people would write.

use std::fmt::Write as _;

use bpolc::analyze::coverage::Key;
use bpolc::suggest::suggest;

use super::covered;

const NAMES: &str = r#"
timezone "Europe/Amsterdam";
account "Groceries" is iban NL20INGB0001234567, id 42, joint;
account "Rent" is iban GB29NWBK60161331926819, id 43, bank;
payee "shop" is NL91ABNA0417164300;
payee "landlord" is NL69INGB0123456789;
network "home" < 198.51.100.0/28; 2001:db8:2:300::/56; >
"#;

fn keys(policy: &str) -> Vec<Key> {
    covered(&format!("{NAMES}{policy}")).unwrap_or_else(|why| panic!("{why}"))
}

/// Each case, whether it was tried, and the lines that would.
fn said(keys: &[Key]) -> String {
    let mut text = String::new();
    for case in keys.iter().flat_map(|key| &key.cases) {
        let hit = if case.hits.is_empty() { "-" } else { "+" };
        let _ = writeln!(text, "{hit} {} {}", case.effect.word(), case.sentence);
        for line in &case.lines {
            let _ = writeln!(text, "    {}", line.text);
        }
    }
    text
}

/// The sentences of what a policy's tests do not try.
#[track_caller]
fn check_left(policy: &str, expected: &[&str]) {
    let keys = keys(policy);
    let all = keys.iter().flat_map(|key| &key.cases);
    let left: Vec<&str> = all.filter(|case| case.hits.is_empty()).map(|case| case.sentence.as_str()).collect();
    assert_eq!(left, expected);
}

#[test]
fn every_fact_that_a_line_names_has_another_side() {
    let policy = r#"key "k" <
  allow create payment on account "Groceries" to payee "shop" up to 40 EUR each, 100 EUR per month
      at most 3 times per day via transfer from network "home" during weekdays 09:00-17:00;
  ask payment over 25 EUR;
>"#;
    insta::assert_snapshot!(said(&keys(policy)));
}

#[test]
fn records_have_an_age_and_policies_a_first_and_a_last_day() {
    let policy = r#"key "k" <
  allow read transactions on account "Groceries" since 30d;
  allow read statements on account "Rent" since 2025-01-01;
  allow cancel requests on account "Rent" created by this key;
  only starting 2026-11-01 before 2027-05-01;
>"#;
    insta::assert_snapshot!(said(&keys(policy)));
}

const PAYS: &str = r#"key "k" < allow create payment on account "Groceries" to payee "shop" up to 40 EUR in total; >"#;

const OTHER_ACCOUNT: &str = "create payments to payee \"shop\", up to 40 EUR in all, but on another account";
const OTHER_PAYEE: &str = "create payments on account \"Groceries\", up to 40 EUR in all, but to anyone else";
const OTHER_CURRENCY: &str =
    "create payments on account \"Groceries\", to payee \"shop\", up to 40 EUR in all, but in another currency";
const MORE: &str = "create payments on account \"Groceries\", to payee \"shop\", but over 40 EUR in all";
const WAY: &str = "create payments on account \"Groceries\", to payee \"shop\", up to 40 EUR in all";

#[test]
fn an_expectation_tries_the_case_that_it_is_in() {
    let tests = r#"test "t" for key "k" <
  expect allow create payment of 40 EUR on account "Groceries" to payee "shop";
  expect deny create payment of 40.01 EUR on account "Groceries" to payee "shop";
  expect deny create payment of 1 EUR on account "Groceries" to payee "landlord";
  expect deny read profile;
>"#;
    check_left(&format!("{PAYS}{tests}"), &[OTHER_ACCOUNT, OTHER_CURRENCY]);
}

#[test]
fn what_is_denied_for_two_reasons_tries_neither() {
    let tests = r#"test "t" for key "k" <
  expect deny create payment of 1 EUR on account "Rent" to payee "landlord";
  expect deny create payment of 1 USD on account "Groceries" to payee "landlord";
>"#;
    let rest = "anything else, which no line allows";
    check_left(&format!("{PAYS}{tests}"), &[WAY, OTHER_ACCOUNT, OTHER_PAYEE, OTHER_CURRENCY, MORE, rest]);
}

#[test]
fn a_fact_that_is_not_told_is_another_side() {
    let tests = r#"test "t" for key "k" <
  expect deny create payment of 1 EUR to payee "shop";
  expect deny create payment of 1 EUR on account "Groceries";
  expect deny create payment on account "Groceries" to payee "shop";
  expect deny read profile;
>"#;
    check_left(&format!("{PAYS}{tests}"), &[WAY, MORE]);
}

#[test]
fn operations_of_one_line_that_read_alike_are_one_case() {
    let policy = r#"key "k" < allow read everything on account "Groceries"; >
test "t" for key "k" <
  expect allow read requests on account "Groceries";
  expect deny read transactions on account "Rent";
  expect deny create payment of 1 EUR;
>"#;
    check_left(policy, &[]);
}

#[test]
fn lists_of_names_and_hours_do_not_multiply() {
    let mut names = String::from("timezone \"Europe/Amsterdam\";\n");
    let list = |noun: &str| (1..30).map(|n| format!("\"{noun} {n}\"")).collect::<Vec<_>>().join(", ");
    for n in 1..30 {
        let check = |text: &str| 98 - text.bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
        let iban = |account: u32| format!("NL{:02}BUNQ{account:010}", check(&format!("11302326{account:010}232100")));
        let _ = writeln!(names, "account \"a {n}\" is iban {};\npayee \"p {n}\" is {};", iban(n), iban(n + 100));
    }
    let policy = format!(
        r#"{names} key "k" < allow create payment on accounts {} to payees {} up to 10 EUR each, 50 EUR per day
        during weekdays 08:00-12:00, weekdays 13:00-17:00, sat 08:00-12:00; >"#,
        list("a"),
        list("p")
    );
    let keys = covered(&policy).unwrap_or_else(|why| panic!("{why}"));
    let effects: Vec<&str> = keys[0].cases.iter().map(|case| case.effect.word()).collect();
    assert_eq!(effects, ["allow", "deny", "deny", "deny", "deny", "deny", "deny"]);
}

#[test]
fn too_many_budgets_are_not_told_apart() {
    let mut policy = String::from("key \"k\" <\n");
    for n in 1..80 {
        let _ = writeln!(policy, "allow create payment on account \"Rent\" to anyone up to {n} EUR per {n}d;");
    }
    let keys = keys(&(policy + ">"));
    assert_eq!(keys[0].undecided.as_deref(), Some("more than 64 budgets bear on one operation"));
    assert_eq!((keys[0].cases.len(), suggest(&keys, &[])), (0, String::new()));
}

#[test]
fn what_tests_have_in_common_is_said_once_and_names_are_new() {
    let policy = r#"key "k" < allow read accounts on account "Rent" from network "home" before 2027-01-01; >
test "k: anything else" for key "k" < expect deny read accounts at 2026-01-01T00:00:00Z; >"#;
    let taken = ["k: anything else".to_owned()];
    insta::assert_snapshot!(suggest(&keys(policy), &taken));
}
