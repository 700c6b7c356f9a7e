//! What is gained and lost in words, each with a request that shows it.

use bpolc::analyze::diff::{Change, Diff};

use super::compare;

fn lines(diff: &Diff) -> String {
    let mut out = Vec::new();
    let line = |sign: char, change: &Change| {
        let example = change.example.as_ref().map_or("no example".to_owned(), |example| {
            let past: Vec<String> = example.witness.past.iter().map(ToString::to_string).collect();
            format!("{} {past:?}", example.witness.request)
        });
        format!("  {sign} {}\n      {example}", change.sentence)
    };
    for key in &diff.keys {
        let verdict =
            key.verdict.as_ref().map_or_else(|reason| format!("not decided: {reason}"), |it| it.word().to_owned());
        out.push(format!("{}: {verdict}", key.name));
        out.extend(key.gained.iter().map(|change| line('+', change)));
        out.extend(key.lost.iter().map(|change| line('-', change)));
    }
    out.join("\n")
}

/// Snapshots of the lines about two keys named `k`.
macro_rules! check {
    ($old:expr, $new:expr) => {
        let found = lines(&compare(&format!("key \"k\" < {} >", $old), &format!("key \"k\" < {} >", $new)));
        insta::assert_snapshot!(found);
    };
}

fn pay(to: &str, cap: &str) -> String {
    format!("allow create payment on account \"Shop\" to {to} up to {cap};")
}

#[test]
fn a_raised_cap_says_between_which_figures() {
    check!(
        pay("payees \"ab\"", "250 EUR each, 1000 EUR per month"),
        pay("payees \"ab\"", "500 EUR each, 1000 EUR per month")
    );
}

#[test]
fn a_raised_sum_has_a_past() {
    check!(pay("payees \"ab\"", "1000 EUR per month"), pay("payees \"ab\"", "2000 EUR per month"));
}

#[test]
fn a_payee_more_is_named() {
    check!(pay("payee \"a\"", "100 EUR per day"), pay("payee \"a\", \"c\"", "100 EUR per day"));
}

#[test]
fn questions_are_told_from_leave() {
    let allow = pay("payee \"a\"", "100 EUR per day");
    check!(
        format!("{allow} ask payment over 50 EUR;"),
        format!("{allow} ask payment over 20 EUR; deny payment over 70 EUR;")
    );
}

#[test]
fn an_ask_that_goes_is_leave() {
    let allow = pay("payee \"a\"", "100 EUR per day");
    check!(format!("{allow} ask payment over 50 EUR;"), allow);
}

#[test]
fn fields_are_named() {
    check!("allow read profile showing birth, address;", "allow read profile showing birth, email;");
}

#[test]
fn several_operations_are_said_together() {
    check!(
        "allow read transactions on account \"Shop\";",
        "allow read everything on account \"Shop\"; allow create request on account \"Shop\" to anyone;"
    );
}

#[test]
fn a_new_key_says_all_it_may_do() {
    let old = "key \"k\" < allow read profile; >";
    let new = format!(
        "{old} key \"new\" < {} deny everything unless from network \"office\"; >",
        pay("payee \"a\"", "5 EUR each, 50 EUR per day")
    );
    insta::assert_snapshot!(lines(&compare(old, &new)));
}

#[test]
fn budgets_taken_apart_are_said() {
    check!(
        pay("payees \"ab\"", "100 EUR per day"),
        format!("{} {}", pay("payee \"a\"", "100 EUR per day"), pay("payee \"b\"", "100 EUR per day"))
    );
}

#[test]
fn accounts_exchanged_are_lost_and_gained() {
    check!(
        "allow read transactions on account \"Shop\" since 30d;",
        "allow read transactions on account \"Rent\" since 60d;"
    );
}

#[test]
fn a_new_deny_says_what_is_gone() {
    let allow = pay("anyone", "100 EUR each, any amount in total");
    check!(
        allow,
        format!("{allow} only during weekdays 09:00-17:00; only from network \"office\"; deny payment to payee \"b\";")
    );
}

#[test]
fn an_account_of_which_nothing_is_told_is_said_once() {
    check!(
        "deny read transactions on account \"Shop\"; allow read transactions on account \"Shop\" before 2026-12-14;",
        "deny read transactions on account \"Shop\";"
    );
}
