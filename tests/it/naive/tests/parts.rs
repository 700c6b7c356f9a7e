//! Requests in parts.

use super::*;

#[test]
fn parts_are_decided_in_order_and_earlier_ones_count() {
    let batch = allow("create", "payment-batch", &[on_any(), to_anyone(), up_to(1000, Some(Period::Total))]);
    let items = [key(&[batch, ask("", "payment-batch", &[Clause::To(vec![PayeeRef::Iban(BAKER.to_owned())])])])];
    let part =
        |value: &str, iban: &str| json!({"amount": {"value": value, "currency": "EUR"}, "payee": {"iban": iban}});
    let of = |parts: Value| call("create payment-batch", json!({"parts": parts}));
    check(&items, &of(json!([part("4", LANDLORD), part("6", LANDLORD)])), &[], "allow rule k#1");
    check(&items, &of(json!([part("4", LANDLORD), part("6.01", LANDLORD)])), &[], "deny default");
    check(&items, &of(json!([part("4", LANDLORD), part("6", BAKER)])), &[], "ask rule k#2");
}

#[test]
fn a_part_inherits_only_what_the_catalogue_places_outside() {
    let batch = allow("create", "payment-batch", &[on("Groceries"), to_iban(LANDLORD), any_amount()]);
    let items = [key(&[batch])];
    let outside = json!({"account": {"name": "Groceries"}, "payee": {"iban": LANDLORD},
        "parts": [{"amount": {"value": "4", "currency": "EUR"}}]});
    check(&items, &call("create payment-batch", outside), &[], "deny default");
    let inside = json!({"account": {"name": "Groceries"}, "parts": [{"payee": {"iban": LANDLORD}}]});
    check(&items, &call("create payment-batch", inside), &[], "allow rule k#1");
    let whole = json!({"account": {"name": "Groceries"}, "payee": {"iban": LANDLORD}});
    check(&items, &call("create payment-batch", whole), &[], "allow rule k#1");
}

#[test]
fn a_part_denied_by_a_rule_outweighs_one_denied_by_default() {
    let batch = allow("create", "payment-batch", &[on_any(), to_iban(LANDLORD), any_amount()]);
    let items = [key(&[batch, deny("", "payment-batch", &[to_iban(BAKER)])])];
    let of = |first: &str, second: &str| {
        call("create payment-batch", json!({"parts": [{"payee": {"iban": first}}, {"payee": {"iban": second}}]}))
    };
    check(&items, &of("BE68539007547034", BAKER), &[], "deny rule k#2");
    check(&items, &of(BAKER, "BE68539007547034"), &[], "deny rule k#2");
    check(&items, &of(LANDLORD, "BE68539007547034"), &[], "deny default");
}
