//! The digest of what a policy decides: the same for policies that decide alike, another for those that do not.

mod law;
mod pool;

use bpolc::analyze::meaning::meaning;

use crate::diff::{NAMES, compile};

fn digest(text: &str) -> String {
    meaning(&compile(&format!("{NAMES}{text}"))).expect("a digest")
}

/// Whether the statements of a key mean the same.
#[track_caller]
fn check_key(one: &str, other: &str, alike: bool) {
    check(&format!("key \"k\" < {one} >"), &format!("key \"k\" < {other} >"), alike);
}

/// Whether two policies that share the names mean the same.
#[track_caller]
fn check(one: &str, other: &str, alike: bool) {
    let digests = [digest(one), digest(other)];
    assert_eq!(digests[0] == digests[1], alike, "{one}\n{other}");
}

#[track_caller]
fn alike(one: &str, other: &str) {
    check_key(one, other, true);
}

#[track_caller]
fn apart(one: &str, other: &str) {
    check_key(one, other, false);
}

/// A payment to the payee `a`.
fn pay(clauses: &str) -> String {
    format!("allow create payment on account \"Shop\" to payee \"a\" {clauses};")
}

const READ: &str = "allow read transactions on account \"Shop\"";

#[test]
fn a_digest_is_sha_256_in_hexadecimal() {
    let digest = digest("key \"k\" < allow read profile; >");
    assert_eq!(digest.len(), 64);
    assert!(digest.chars().all(|digit| digit.is_ascii_hexdigit() && !digit.is_ascii_uppercase()));
}

#[test]
fn order_duplicates_and_names_leave_no_trace() {
    let rule = pay("up to 10 EUR each, 100 EUR per day");
    alike(&rule, &format!("{rule} {rule}"));
    alike(&format!("{rule} deny webhook;"), &format!("deny webhook; {rule}"));
    alike("deny webhook, device;", "deny webhook; deny device;");
    let by = |to: &str| {
        format!(
            "allow create payment on account \"Shop\" to {to} up to 10 EUR each, 100 EUR per day, 500 EUR in total;"
        )
    };
    alike(&by("payees \"ab\""), &by("payee \"a\", \"b\""));
    alike(&by("payee \"a\""), &by("iban NL91ABNA0417164300"));
    apart(&by("payee \"a\""), &by("payee \"b\""));
    check("key \"a\" < > key \"b\" < allow read profile; >", "key \"b\" < allow read profile; > key \"a\" < >", true);
    check("key \"a\" < allow read profile; >", "key \"b\" < allow read profile; >", false);
    check(
        "role \"r\" < allow read profile; > key \"k\" < use role \"r\"; >",
        "key \"k\" < allow read profile; >",
        true,
    );
    check(
        "network \"same\" < 203.0.113.0/24; > key \"k\" < allow read profile from network \"same\"; >",
        "key \"k\" < allow read profile from ip 203.0.113.0/25, 203.0.113.128/25; >",
        true,
    );
}

#[test]
fn what_is_redundant_leaves_no_trace() {
    let read = format!("{READ};");
    alike(&read, &format!("{read} {READ} since 30d;"));
    alike(&read, &format!("{read} deny payment;"));
    alike("allow read transactions on any account;", &format!("allow read transactions on any account; {read}"));
    alike(&pay("up to 100 EUR per day"), &pay("up to 100 EUR each, 100 EUR per day"));
    apart(&pay("up to 100 EUR per day"), &pay("up to 99 EUR each, 100 EUR per day"));
    alike(&pay("up to 100 EUR per month"), &pay("up to 100 EUR per day, 100 EUR per month"));
    alike(&pay("up to 100 EUR per month"), &pay("up to 200 EUR each, 150 EUR per day, 100 EUR per month"));
    apart(&pay("up to 100 EUR per month"), &pay("up to 99 EUR per day, 100 EUR per month"));
    alike(&pay("up to 100 EUR per day"), &format!("{} deny payment over 200 EUR;", pay("up to 100 EUR per day")));
    apart(&pay("up to 100 EUR per day"), &format!("{} deny payment over 50 EUR;", pay("up to 100 EUR per day")));
    let ask = format!("{} ask payment over 20 EUR;", pay("up to 100 EUR per day"));
    alike(&ask, &format!("{ask} ask payment over 30 EUR;"));
    alike(&ask, &format!("{ask} ask payment over 30 EUR each unless on account \"Rent\";"));
}

#[test]
fn facts_that_no_request_may_tell_leave_no_trace() {
    // `Rent` is declared joint and `Shop` the holder's own, so no request says otherwise.
    let read = "allow read transactions on account \"Rent\";";
    alike(read, &format!("{read} deny read transactions on account \"Rent\" unless on joint accounts;"));
    apart(read, &format!("{read} deny read transactions on account \"Rent\" unless on bank accounts;"));
    let pay = "allow create payment on account \"Rent\" to account \"Shop\" up to 5 EUR each, any amount in total;";
    let unless =
        |who: &str| format!("{pay} deny create payment on account \"Rent\" to account \"Shop\" unless to {who};");
    alike(pay, &unless("own accounts"));
    apart(pay, &unless("favorites"));
}

#[test]
fn figures_periods_effects_and_fields_tell_policies_apart() {
    let base = pay("up to 100 EUR per day");
    apart(&base, &pay("up to 101 EUR per day"));
    apart(&base, &pay("up to 100 EUR per week"));
    apart(&base, &pay("up to 100 EUR per 24h"));
    apart(&base, &pay("up to 100 USD per day"));
    apart(&base, &pay("up to 100 EUR per day at most 3 times per day"));
    apart(&base, &pay("up to 100 EUR per day via transfer"));
    apart(&base, &format!("{base} ask payment;"));
    apart(&base, "");
    apart(&format!("{READ};"), &format!("{READ} hiding counterparty;"));
    apart(&format!("{READ};"), &format!("{READ} since 30d;"));
    apart(&format!("{READ} since 30d;"), &format!("{READ} since 31d;"));
    apart(&format!("{READ} since 2026-01-01;"), &format!("{READ} since 2026-01-02;"));
    apart("deny everything;", "");
    check("key \"k\" < >", "", false);
}

#[test]
fn what_a_cap_counts_belongs_to_it() {
    let to = |payees: &str| format!("allow create payment on account \"Shop\" to {payees} up to 100 EUR per day;");
    // One budget for two, and a budget for each.
    apart(&to("payee \"a\", \"b\""), &format!("{} {}", to("payee \"a\""), to("payee \"b\"")));
    let within = "allow create payment on account \"Shop\" to payee \"a\" within limit \"week\";";
    // A budget that is a key's alone, and one that is shared with another key.
    let alone = format!("key \"k\" < {within} > key \"l\" < >");
    let shared = format!("key \"k\" < {within} > key \"l\" < {} >", within.replace("\"a\"", "\"b\""));
    check(&alone, &shared, false);
    check(
        &format!("key \"k\" < {within} > key \"l\" < >"),
        &format!("key \"k\" < {} > key \"l\" < >", pay("up to 1000 EUR per week")),
        true,
    );
    // A guardrail's cap is counted for each key by itself.
    let free = pay("up to any amount in total");
    check(
        &format!("key \"k\" < {free} > every key < deny payment over 50 EUR per day; >"),
        &format!("key \"k\" < {free} deny payment over 50 EUR per day; >"),
        true,
    );
}

#[test]
fn times_that_no_moment_is_at_leave_no_trace() {
    let read = |clauses: &str| format!("{READ} {clauses};");
    // Three days that hold no weekend: from a Tuesday to a Friday.
    alike(
        &read("starting 2026-12-01 before 2026-12-04"),
        &read("during weekdays starting 2026-12-01 before 2026-12-04"),
    );
    apart(
        &read("starting 2026-12-01 before 2026-12-06"),
        &read("during weekdays starting 2026-12-01 before 2026-12-06"),
    );
    // Nothing is allowed on Saturday and Sunday anyway.
    alike(&read("during weekdays before 2026-12-05"), &read("during weekdays before 2026-12-07"));
    alike(&read("during weekdays starting 2026-12-05"), &read("during weekdays starting 2026-12-07"));
    apart(&read("during weekdays before 2026-12-05"), &read("during weekdays before 2026-12-08"));
    // Records of 30 days are younger than that date from December on.
    alike(
        &read("since 30d starting 2026-12-01"),
        &format!(
            "{READ} since 30d starting 2026-12-01; {READ} since 2026-12-20 starting 2026-12-30 before 2027-01-10;"
        ),
    );
    apart(
        &read("since 30d starting 2026-11-01"),
        &format!("{READ} since 30d starting 2026-11-01; {READ} since 2026-01-20 starting 2026-11-01;"),
    );
    alike(&read("during mon-sun"), &read(""));
    alike(&read("during mon-wed 00:00-24:00, thu-sun 00:00-12:00, thu-sun 12:00-24:00"), &read(""));
    alike(&read("during fri-mon"), &read("during mon, fri-sun"));
    alike(
        &read("before 2026-12-01"),
        &format!("{} {}", read("before 2026-11-01"), read("starting 2026-10-01 before 2026-12-01")),
    );
}

#[test]
fn declarations_count_where_requests_must_agree_with_them() {
    let read = "key \"k\" < allow read transactions on any account; >";
    let with = |account: &str| format!("{account} {read}");
    // A name alone is nobody's business, nor is an IBAN that nothing else is known of.
    check(read, &with("account \"New\" is iban NL91ABNA0417164300;"), true);
    check(read, &with("account \"New\" is iban NL91ABNA0417164300, id 7;"), false);
    check(read, &with("account \"New\" is iban NL91ABNA0417164300, savings;"), false);
    check(
        &with("account \"One\" is iban NL91ABNA0417164300, id 7;"),
        &with("account \"Other\" is id 7, iban NL91ABNA0417164300;"),
        true,
    );
    check("account \"New\" is iban NL91ABNA0417164300, id 7;", "", true);
}
