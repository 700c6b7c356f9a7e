//! Roles, guardrails and the names of rules.

use super::*;

#[test]
fn a_role_gets_the_clauses_of_its_use_and_both_hold() {
    let items = [
        role("reader", &[allow("read", "account, transaction", &[on_any()]), allow("read", "device", &[])]),
        role("outer", &[deny("", "device", &[]), uses("reader", &[since(30)])]),
        key(&[uses("outer", &[on("Groceries")])]),
    ];
    let read = |name: &str, created: &str| {
        call("read transaction", json!({"account": {"name": name}, "record": {"created": created}}))
    };
    check(&items, &read("Groceries", "2026-11-01T00:00:00Z"), &[], "allow rule k#1/outer#2/reader#1");
    check(&items, &read("Groceries", "2026-10-01T00:00:00Z"), &[], "deny default");
    check(&items, &read("Rent", "2026-11-01T00:00:00Z"), &[], "deny default");
    // `since` does not apply to accounts and is left out for them.
    check(
        &items,
        &call("read account", json!({"account": {"name": "Groceries"}})),
        &[],
        "allow rule k#1/outer#2/reader#1",
    );
    check(&items, &call("read device", json!({})), &[], "deny rule k#1/outer#1");
}

#[test]
fn a_cap_added_by_use_is_one_budget_for_that_use() {
    let items = [
        zone(),
        role(
            "payer",
            &[
                allow("create", "payment", &[on_any(), to_iban(LANDLORD)]),
                allow("create", "payment", &[on_any(), to_iban(BAKER)]),
            ],
        ),
        key(&[uses("payer", &[up_to(1000, Some(Period::Day))]), uses("payer", &[up_to(5000, Some(Period::Day))])]),
    ];
    let baker = with(pay("6"), "payee", json!({"iban": BAKER}));
    let past = [at(pay("5"), "2026-11-24T09:00:00Z")];
    check(&items, &baker, &[], "allow rule k#1/payer#2 k#2/payer#2");
    check(&items, &baker, &past, "allow rule k#2/payer#2");
    let elsewhere = [at(with(pay("5"), "payee", json!({"iban": "BE68539007547034"})), "2026-11-24T09:00:00Z")];
    check(&items, &baker, &elsewhere, "allow rule k#1/payer#2 k#2/payer#2");
}

#[test]
fn an_entry_of_a_role_that_a_guardrail_excepts_keeps_its_number() {
    let items = [
        Item::Every { except: vec!["k".to_owned()], statements: vec![deny("", "device", &[]), deny("", "card", &[])] },
        key(&[allow("read", "device", &[]), allow("read", "card", &[on_any()])]),
        every(&[deny("read", "card", &[])]),
    ];
    check(&items, &call("read device", json!({})), &[], "allow rule k#1");
    check(&items, &call("read card", json!({})), &[], "deny rule every#3");
}

#[test]
fn rules_are_named_in_document_order() {
    let items = [
        every(&[deny("read", "card", &[])]),
        key(&[deny("", "everything", &[]), allow("read", "card", &[on_any()])]),
        every(&[Statement::Only(vec![from_ip("203.0.113.7")])]),
    ];
    check(&items, &call("read card", json!({})), &[], "deny rule every#1 k#1 every#2");
}
