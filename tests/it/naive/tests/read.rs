//! Section 6.5: reads whose facts stand in the answer, and fields.

use super::*;

#[test]
fn a_view_shows_its_fields_and_its_deny_closes_the_operation() {
    let items = [key(&[allow("read", "balance", &[on_any()])])];
    for operation in ["read balance", "read account"] {
        check_fields(&items, &call(operation, json!({})), "name,kind,balance");
    }
    let closed = [key(&[allow("read", "account", &[on_any()]), deny("", "balance", &[])])];
    check(&closed, &call("read account", json!({})), &[], "deny rule k#2");
    check(&closed, &call("read balance", json!({})), &[], "deny rule k#2");
}

#[test]
fn one_rule_that_may_hide_a_field_hides_it() {
    let fields = |list: &str| words(list);
    let items = [
        account("A", GROCERIES, None, ""),
        key(&[
            allow("read", "account", &[on_any(), Clause::Showing(fields("name, balance, email"))]),
            allow("read", "account", &[on("A"), Clause::Hiding(fields("balance"))]),
        ]),
    ];
    let read = |account: Value| call("read account", json!({"account": account}));
    check_fields(&items, &read(json!({"iban": SAVINGS})), "name,balance,email");
    check_fields(&items, &read(json!({"iban": GROCERIES})), "name,iban,kind,status,email");
    check_fields(&items, &read(json!({})), "name,email");
}

#[test]
fn a_cap_that_is_used_up_uncovers_no_field() {
    let items = [key(&[
        allow("read", "account", &[on_any()]),
        allow("read", "account", &[on_any(), at_most(1, Period::Total), Clause::Hiding(words("balance"))]),
    ])];
    let read = call("read account", json!({}));
    let decision = answer(&items, &read, &[at(read.clone(), "2026-11-20T10:00:00Z")]);
    assert_eq!(decision["by"], json!(["k#1"]));
    assert_eq!(decision["fields"], json!(["name", "iban", "kind", "status"]));
}

#[test]
fn two_showings_show_what_both_show() {
    let items = [
        role("r", &[allow("read", "account", &[on_any(), Clause::Showing(words("name, iban"))])]),
        key(&[uses("r", &[Clause::Showing(words("iban, balance"))])]),
    ];
    check_fields(&items, &call("read account", json!({})), "iban");
}

#[test]
fn an_answer_is_allowed_whole_where_no_open_fact_matters() {
    let items =
        [key(&[allow("read", "transaction", &[on_any()]), deny("read", "transaction", &[over(100_000, None)])])];
    let list = call("read transaction", json!({"answer": true}));
    check(&items, &list, &[], "allow rule each k#1");
    assert_eq!(answer(&items, &list, &[])["fields"], json!(null));
    check(&[items_without_deny()], &list, &[], "allow rule k#1");
    // The address is no fact of the records: it stays unknown.
    let from = [key(&[allow("read", "transaction", &[on_any(), from_ip("203.0.113.7")])])];
    check(&from, &list, &[], "deny default");
}

fn items_without_deny() -> Item {
    key(&[allow("read", "transaction", &[on_any()])])
}

#[test]
fn a_part_missing_from_a_told_fact_is_unknown_and_not_open() {
    let items = [account("A", GROCERIES, None, ""), key(&[allow("read", "transaction", &[on("A")])])];
    check(&items, &call("read transaction", json!({"answer": true})), &[], "allow rule each k#1");
    let named = json!({"answer": true, "account": {"name": "A"}});
    check(&items, &call("read transaction", named), &[], "deny default");
}

#[test]
fn untold_facts_are_never_open() {
    let items = [
        key(&[allow("read", "insight", &[on_any()]), deny("read", "insight", &[on("A")])]),
        account("A", GROCERIES, None, ""),
    ];
    check(&items, &call("read insight", json!({"answer": true})), &[], "deny rule k#2");
}

#[test]
fn a_count_that_is_used_up_denies_an_answer() {
    let items = [key(&[allow("read", "transaction", &[on_any(), since(30), at_most(1, Period::Total)])])];
    let list = call("read transaction", json!({"answer": true}));
    check(&items, &list, &[], "allow rule each k#1");
    check(&items, &list, &[at(call("read transaction", json!({})), "2026-11-20T10:00:00Z")], "deny default");
}
