//! Verdicts at equal sums.

use super::{check, check_key};

/// A capped payment.
fn pay(to: &str, cap: &str) -> String {
    format!("allow create payment on account \"Shop\" to {to} up to {cap};")
}

#[test]
fn a_raised_cap_is_wider() {
    check_key(&pay("payee \"a\"", "100 EUR per day"), &pay("payee \"a\"", "200 EUR per day"), "wider");
    check_key(
        &pay("payee \"a\"", "100 EUR per day"),
        &pay("payee \"a\"", "100 EUR per day, 500 EUR per month"),
        "narrower",
    );
}

#[test]
fn a_payee_more_under_a_cap_is_wider() {
    check_key(&pay("payee \"a\"", "100 EUR per day"), &pay("payees \"ab\"", "100 EUR per day"), "wider");
    let also = pay("payee \"c\"", "50 EUR per day");
    check_key(
        &format!("{} {also}", pay("payee \"a\"", "100 EUR per day")),
        &format!("{} {also}", pay("payees \"ab\"", "100 EUR per day")),
        "wider",
    );
}

#[test]
fn one_budget_made_several_is_wider() {
    let apart = format!("{} {}", pay("payee \"a\"", "100 EUR per day"), pay("payee \"b\"", "100 EUR per day"));
    check_key(&pay("payees \"ab\"", "100 EUR per day"), &apart, "wider");
    let less = format!("{} {}", pay("payee \"a\"", "50 EUR per day"), pay("payee \"b\"", "50 EUR per day"));
    check_key(&pay("payees \"ab\"", "100 EUR per day"), &less, "incomparable");
}

#[test]
fn a_budget_that_two_keys_shared_made_two_is_wider() {
    let policy = |first: &str, second: &str| {
        let key = |name: &str, limit: &str| {
            format!(
                "key \"{name}\" < allow create payment on account \"Shop\" to payee \"a\" up to 10 EUR each within limit \"{limit}\"; >"
            )
        };
        let limit = |name: &str| format!("limit \"{name}\" < 70 EUR per week; >");
        format!("{} {} {} {}", limit("x"), limit("y"), key("k", first), key("l", second))
    };
    check(&policy("x", "x"), &policy("x", "y"), "wider");
    check(&policy("x", "x"), &policy("y", "y"), "equal");
}

#[test]
fn an_added_cap_is_narrower_even_where_limits_count_more_for_it() {
    let key = |more: &str| {
        let pay = "allow create payment on account \"Shop\" to payee \"a\" up to 100 EUR each within limit \"week\", \"life\";";
        let other = "key \"l\" < allow create payment on account \"Rent\" to payee \"b\" up to 100 EUR each within limit \"week\"; >";
        format!("key \"k\" < {pay} {more} > {other}")
    };
    check(&key(""), &key("only before 2027-01-01 within limit \"week\", \"life\";"), "narrower");
    check(&key(""), &key("only within limit \"week\";"), "equal");
    check(&key(""), &key("only within limit \"life\";"), "equal");
    check(&key(""), &key("only up to 50 EUR per day;"), "narrower");
}

#[test]
fn limits_that_shared_their_counter_and_do_so_no_longer() {
    let limits = "limit \"one\" < 100 EUR per day; > limit \"two\" < 200 EUR per day; >";
    let key = |more: &str| {
        let pay =
            "allow create payment on account \"Shop\" to payee \"a\" up to 100 EUR each within limit \"one\", \"two\";";
        format!("{limits} key \"k\" < {pay} {more} >")
    };
    check(&key(""), &key("only before 2027-01-01 within limit \"one\";"), "narrower");
    check(&key(""), &key("only before 2027-01-01 within limit \"two\";"), "narrower");
    check(&key(""), &key("only before 2027-01-01 within limit \"one\", \"two\";"), "narrower");
}

#[test]
fn a_shorter_window_for_the_same_cap_is_wider() {
    check_key(&pay("payee \"a\"", "100 EUR per week"), &pay("payee \"a\"", "100 EUR per day"), "wider");
    check_key(&pay("payee \"a\"", "100 EUR per week"), &pay("payee \"a\"", "100 EUR in total"), "narrower");
    check_key(&pay("payee \"a\"", "100 EUR per week"), &pay("payee \"a\"", "20 EUR per day"), "incomparable");
    check_key(&pay("payee \"a\"", "100 EUR per day"), &pay("payee \"a\"", "100 EUR per 1w"), "narrower");
}

#[test]
fn a_cap_that_moves_from_allow_to_deny_keeps_its_counter() {
    let any = pay("payee \"a\"", "any amount in total");
    let deny = "deny payment over 100 EUR per day;";
    check_key(&format!("{any} {deny}"), &format!("{any} {deny} ask payment over 100 EUR per day;"), "equal");
    check_key(&format!("{any} {deny}"), &format!("{any} ask payment over 100 EUR per day;"), "wider");
}

#[test]
fn counts_are_compared_like_sums() {
    let read = |times: &str| format!("allow read transactions on account \"Shop\" at most {times};");
    check_key(&read("10 times per day"), &read("20 times per day"), "wider");
    check_key(&read("10 times per 24h"), &read("10 times per 48h"), "narrower");
}
