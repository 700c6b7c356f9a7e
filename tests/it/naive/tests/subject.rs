//! Section 4 and 6.3: which operations a rule is about.

use super::*;

#[test]
fn allow_is_narrow_and_deny_is_wide() {
    let items = [key(&[payer(&[any_amount()])])];
    check(&items, &call("create payment-batch", json!({})), &[], "deny default");
    let closed = [key(&[allow("read", "event", &[on_any()]), deny("read", "transaction", &[])])];
    check(&closed, &call("read event", json!({})), &[], "deny rule k#2");
}

#[test]
fn ask_leaves_reads_out() {
    let items = [key(&[allow("read", "card-secret", &[on_any()]), payer(&[any_amount()]), ask("", "payment", &[])])];
    check(&items, &call("read card-secret", json!({})), &[], "allow rule k#1");
    check(&items, &pay("1"), &[], "ask rule k#3");
    let all = [key(&[allow("read", "device", &[]), payer(&[any_amount()]), ask("", "everything", &[])])];
    check(&all, &call("read device", json!({})), &[], "allow rule k#1");
    check(&all, &pay("1"), &[], "ask rule k#3");
}

#[test]
fn a_tier_is_exactly_its_operations() {
    let items =
        [key(&[allow("order", "card", &[on_any()]), payer(&[any_amount()]), deny("", "spend", &[over(500, None)])])];
    check(&items, &call("order card", json!({})), &[], "allow rule k#1");
    check(&items, &pay("6"), &[], "deny rule k#3");
}

#[test]
fn read_everything_on_an_account_leaves_out_what_has_none() {
    let items = [key(&[allow("read", "everything", &[on("Groceries")])])];
    let groceries = json!({"account": {"name": "Groceries"}});
    check(&items, &call("read transaction", groceries.clone()), &[], "allow rule k#1");
    check(&items, &call("read subscription", groceries.clone()), &[], "deny default");
    check(&items, &call("read customer-limit", groceries.clone()), &[], "deny default");
    check(&items, &call("read device", groceries), &[], "deny default");
}

#[test]
fn base_operations_need_no_rule_and_are_bound_by_only() {
    let open = call("open session", json!({"ip": "203.0.113.7"}));
    check(&[key(&[])], &open, &[], "allow base");
    check_fields(&[key(&[])], &open, "name,kind,status");
    let office = [key(&[Statement::Only(vec![from_ip("203.0.113.0/24")])])];
    check(&office, &open, &[], "allow base");
    check(&office, &call("open session", json!({})), &[], "deny rule k#1");
    check(&[key(&[deny("", "everything", &[])])], &open, &[], "deny rule k#1");
}

#[test]
fn only_with_two_clauses_is_two_rules_with_one_id() {
    let items = [key(&[
        payer(&[any_amount()]),
        allow("read", "device", &[]),
        Statement::Only(vec![up_to(500, None), from_ip("203.0.113.7")]),
    ])];
    check(&items, &with(pay("5"), "ip", json!("203.0.113.7")), &[], "allow rule k#1");
    check(&items, &with(pay("6"), "ip", json!("203.0.113.8")), &[], "deny rule k#3");
    check(&items, &with(pay("6"), "ip", json!("203.0.113.7")), &[], "deny rule k#3");
    check(&items, &call("read device", json!({"ip": "203.0.113.7"})), &[], "allow rule k#2");
    check(&items, &call("read device", json!({"ip": "203.0.113.8"})), &[], "deny rule k#3");
}

#[test]
fn an_unless_that_does_not_concern_an_operation_is_no_exception_for_it() {
    let unless: &[&[Clause]] = &[&[up_to(500, None)], &[from_ip("203.0.113.7")]];
    let items = [key(&[
        payer(&[any_amount()]),
        allow("read", "device", &[]),
        rule(Effect::Deny, "", "everything", &[], unless),
    ])];
    check(&items, &with(pay("5"), "ip", json!("203.0.113.8")), &[], "allow rule k#1");
    check(&items, &call("read device", json!({"ip": "203.0.113.8"})), &[], "deny rule k#3");
    check(&items, &call("read device", json!({"ip": "203.0.113.7"})), &[], "allow rule k#2");
}

#[test]
fn the_clauses_of_one_unless_hold_together_and_several_stand_for_themselves() {
    let unless: &[&[Clause]] = &[&[from_ip("203.0.113.7"), on("Groceries")], &[on("Rent")]];
    let items = [key(&[rule(Effect::Allow, "read", "account", &[on_any()], unless)])];
    let read = |name: &str, ip: &str| call("read account", json!({"account": {"name": name}, "ip": ip}));
    check(&items, &read("Groceries", "203.0.113.8"), &[], "allow rule k#1");
    check(&items, &read("Groceries", "203.0.113.7"), &[], "deny default");
    check(&items, &read("Rent", "203.0.113.8"), &[], "deny default");
    check(&items, &call("read account", json!({"account": {"name": "Groceries"}})), &[], "deny default");
}
