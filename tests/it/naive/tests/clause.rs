//! Section 6.2: clauses and their values.

use super::*;

#[test]
fn what_is_unknown_counts_against_the_caller() {
    let items = [
        account("A", GROCERIES, None, ""),
        key(&[allow("read", "account", &[on_any()]), deny("read", "account", &[on("A")])]),
    ];
    check(&items, &call("read account", json!({"account": {"iban": SAVINGS}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"id": 3}})), &[], "deny rule k#2");
    check(&items, &call("read account", json!({})), &[], "deny rule k#2");
}

#[test]
fn a_declared_account_is_known_by_iban_or_id_and_never_by_name() {
    let items = [account("A", GROCERIES, Some(1), ""), key(&[allow("read", "account", &[on("A")])])];
    check(&items, &call("read account", json!({"account": {"iban": GROCERIES}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"id": 1}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"id": 2}})), &[], "deny default");
    check(&items, &call("read account", json!({"account": {"name": "A"}})), &[], "deny default");
}

#[test]
fn a_kind_is_the_told_one_or_that_of_the_declared_account() {
    let savings = Clause::On(vec![AccountRef::Kind { kind: "savings".to_owned(), except: Vec::new() }]);
    let items = [account("S", SAVINGS, None, "savings"), key(&[allow("read", "account", &[savings])])];
    check(&items, &call("read account", json!({"account": {"iban": SAVINGS}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"kind": "savings"}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"iban": GROCERIES}})), &[], "deny default");
}

#[test]
fn except_takes_out_of_any_account() {
    let besides = Clause::On(vec![AccountRef::Any { except: vec![Excepted::Named("S".to_owned())] }]);
    let items = [account("S", SAVINGS, None, "savings"), key(&[allow("read", "account", &[besides])])];
    check(&items, &call("read account", json!({"account": {"iban": GROCERIES}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"iban": SAVINGS}})), &[], "deny default");
    check(&items, &call("read account", json!({})), &[], "deny default");
}

#[test]
fn own_accounts_are_told_or_declared() {
    let own = Clause::To(vec![PayeeRef::OwnAccounts]);
    let items =
        [account("S", SAVINGS, None, "savings"), key(&[allow("create", "payment", &[on_any(), own, any_amount()])])];
    let to = |payee: Value| with(pay("5"), "payee", payee);
    check(&items, &to(json!({"iban": SAVINGS})), &[], "allow rule k#1");
    check(&items, &to(json!({"own": true})), &[], "allow rule k#1");
    check(&items, &to(json!({"iban": BAKER, "own": false})), &[], "deny default");
    check(&items, &to(json!({"iban": BAKER})), &[], "deny default");
}

#[test]
fn only_caps_in_the_currency_of_the_amount_are_looked_at() {
    let items = [key(&[payer(&[up_to(1000, Some(Period::Total))])])];
    check(&items, &pay("10.00"), &[], "allow rule k#1");
    check(&items, &pay("10.01"), &[], "deny default");
    let dollars = with(pay("1"), "amount", json!({"value": "1", "currency": "USD"}));
    check(&items, &dollars, &[], "deny default");
    let both = [MoneyCap { amount: None, period: None }, cap(1000, Some(Period::Total))];
    check(&[key(&[payer(&[Clause::UpTo(both.to_vec())])])], &dollars, &[], "deny default");
    check(&[key(&[payer(&[any_amount()])])], &call("create payment", json!({})), &[], "allow rule k#1");
}

#[test]
fn an_amount_over_is_asked_and_an_unknown_one_too() {
    let items = [key(&[payer(&[any_amount()]), ask("", "payment", &[over(500, None)])])];
    check(&items, &pay("5.00"), &[], "allow rule k#1");
    check(&items, &pay("5.01"), &[], "ask rule k#2");
    check(&items, &call("create payment", json!({})), &[], "ask rule k#2");
}

#[test]
fn networks_end_at_their_edges_and_mapped_addresses_are_ipv4() {
    let items = [key(&[rule(Effect::Allow, "read", "device", &[from_ip("203.0.113.0/24")], &[])])];
    let from = |ip: &str| call("read device", json!({"ip": ip}));
    check(&items, &from("203.0.113.0"), &[], "allow rule k#1");
    check(&items, &from("::ffff:203.0.113.255"), &[], "allow rule k#1");
    check(&items, &from("203.0.114.0"), &[], "deny default");
    check(&items, &from("2001:db8::1"), &[], "deny default");
    check(&items, &call("read device", json!({})), &[], "deny default");
    let anywhere = [key(&[allow("read", "device", &[Clause::From(vec![NetworkRef::Anywhere])])])];
    check(&anywhere, &call("read device", json!({})), &[], "allow rule k#1");
}

#[test]
fn spans_start_inclusive_end_exclusive_and_run_into_the_next_day() {
    let during = |days: Vec<Days>, hours| Clause::During(vec![Span { days, hours }]);
    let day = [zone(), key(&[allow("read", "device", &[during(vec![Days::Weekdays], Some((9 * 60, 17 * 60)))])])];
    let when = |time: &str| call("read device", json!({"time": time}));
    // Amsterdam is one hour ahead in winter; 2026-11-24 is a Tuesday.
    check(&day, &when("2026-11-24T08:00:00Z"), &[], "allow rule k#1");
    check(&day, &when("2026-11-24T07:59:59Z"), &[], "deny default");
    check(&day, &when("2026-11-24T15:59:59.999Z"), &[], "allow rule k#1");
    check(&day, &when("2026-11-24T16:00:00Z"), &[], "deny default");
    check(&day, &when("2026-11-28T10:00:00Z"), &[], "deny default");
    let night = [zone(), key(&[allow("read", "device", &[during(vec![Days::Day(4)], Some((22 * 60, 6 * 60)))])])];
    check(&night, &when("2026-11-27T21:30:00Z"), &[], "allow rule k#1");
    check(&night, &when("2026-11-28T04:59:00Z"), &[], "allow rule k#1");
    check(&night, &when("2026-11-28T05:00:00Z"), &[], "deny default");
    check(&night, &when("2026-11-27T04:00:00Z"), &[], "deny default");
    let wraps = [zone(), key(&[allow("read", "device", &[during(vec![Days::Range(4, 0)], None)])])];
    check(&wraps, &when("2026-11-30T10:00:00Z"), &[], "allow rule k#1");
    check(&wraps, &when("2026-11-24T10:00:00Z"), &[], "deny default");
}

#[test]
fn dates_begin_with_the_first_instant_of_the_day() {
    let items = [
        zone(),
        key(&[allow("read", "device", &[Clause::Starting("2026-11-24".into()), Clause::Before("2026-11-25".into())])]),
    ];
    let when = |time: &str| call("read device", json!({"time": time}));
    check(&items, &when("2026-11-23T23:00:00Z"), &[], "allow rule k#1");
    check(&items, &when("2026-11-23T22:59:59Z"), &[], "deny default");
    check(&items, &when("2026-11-24T22:59:59Z"), &[], "allow rule k#1");
    check(&items, &when("2026-11-24T23:00:00Z"), &[], "deny default");
}

#[test]
fn what_counts_as_a_payment_is_asked_where_a_clause_is_about_a_dimension_it_lacks() {
    let items = [key(&[
        allow("order", "card", &[on_any()]),
        payer(&[any_amount()]),
        ask("", "payment", &[over(100_000, None)]),
    ])];
    check(&items, &call("order card", json!({})), &[], "ask rule k#3");
}
