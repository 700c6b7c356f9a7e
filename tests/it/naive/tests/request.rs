//! Section 6.1: requests, and when they are malformed.

use super::*;

#[test]
fn malformed_requests_are_denied_with_the_reason() {
    let items = [account("A", GROCERIES, Some(1), "bank"), account("B", SAVINGS, Some(2), "savings"), key(&[])];
    let wrong = [
        json!({"key": "k", "action": "read"}),
        json!({"key": 1, "action": "read", "resource": "account"}),
        call("read payment", json!({})),
        call("read accounts", json!({})),
        call("read account", json!({"colour": "red"})),
        call("read account", json!({"ip": null})),
        call("read account", json!({"ip": "203.0.113.300"})),
        call("read account", json!({"time": "2026-11-24 10:00:00Z"})),
        call("read account", json!({"time": "2026-02-30T10:00:00Z"})),
        call("read account", json!({"account": {"id": "1"}})),
        call("read account", json!({"account": {"kind": "gold"}})),
        call("read account", json!({"account": {"iban": "NL91ABNA0417164301"}})),
        call("read account", json!({"account": {"iban": "nl91abna0417164300"}})),
        call("read account", json!({"account": {"iban": "NL91 ABNA 0417 1643 00"}})),
        call("read account", json!({"account": {"iban": GROCERIES, "id": 7}})),
        call("read account", json!({"account": {"iban": LANDLORD, "id": 1}})),
        call("read account", json!({"account": {"iban": GROCERIES, "id": 2}})),
        call("read account", json!({"account": {"iban": GROCERIES, "kind": "joint"}})),
        call("read device", json!({"payee": {"iban": GROCERIES, "own": false}})),
        call("create payment", json!({"answer": true})),
        call("create payment", json!({"parts": [{}]})),
        call("create payment-batch", json!({"parts": []})),
        call("create payment-batch", json!({"parts": [{"method": "transfer"}]})),
        call("create payment-batch", json!({"payee": {"iban": BAKER}, "parts": [{"payee": {"iban": BAKER}}]})),
        call("create webhook", json!({"url": "/hook"})),
        call("create payment", json!({"method": "sepa"})),
        call("create payment", json!({"repeat": "sometimes"})),
    ];
    for request in wrong {
        check(&items, &request, &[], "deny malformed");
    }
}

#[test]
fn amounts_are_exact_or_malformed() {
    for (value, currency, fine) in [
        ("12.50", "EUR", true),
        ("12.5", "EUR", true),
        ("0.01", "EUR", true),
        ("12.505", "EUR", false),
        ("12.505", "KWD", true),
        ("12.5", "JPY", false),
        ("99999999999999.99", "EUR", true),
        ("100000000000000", "EUR", false),
        ("0", "EUR", false),
        ("0.00", "EUR", false),
        ("05", "EUR", false),
        (".5", "EUR", false),
        ("5.", "EUR", false),
        ("-5", "EUR", false),
        ("+5", "EUR", false),
        ("1e3", "EUR", false),
        ("5", "XXX", false),
        ("5", "eur", false),
    ] {
        let request = call("create payment", json!({"amount": {"value": value, "currency": currency}}));
        let expected = if fine { "deny default" } else { "deny malformed" };
        check(&[key(&[])], &request, &[], expected);
    }
}

#[test]
fn a_field_that_stands_twice_is_malformed() {
    let policy = Policy { items: vec![key(&[])] };
    let now = NOW.parse().expect("an instant");
    for text in [
        r#"{"key":"k","key":"k","action":"read","resource":"account"}"#,
        r#"{"key":"k","action":"read","resource":"account","account":{"id":1,"id":1}}"#,
        r#"{"key":"k","action":"read","resource":"account"} x"#,
        r#"["k"]"#,
    ] {
        let decision = decide(&policy, Vocabulary::bunq(), text, &[], now);
        assert_eq!(decision["reason"], json!("malformed"), "{text}");
    }
}

#[test]
fn malformed_comes_before_an_unknown_key() {
    let request = json!({"key": "x", "action": "read", "resource": "health"});
    check(&[key(&[])], &request, &[], "deny unknown-key");
    check(&[key(&[])], &with(request, "ip", json!("x")), &[], "deny malformed");
}

#[test]
fn facts_of_a_dimension_that_the_operation_lacks_are_ignored() {
    let items =
        [key(&[allow("read", "device", &[]), deny("", "everything", &[on("A")])]), account("A", GROCERIES, None, "")];
    check(&items, &call("read device", json!({"account": {"iban": GROCERIES}})), &[], "allow rule k#1");
}
