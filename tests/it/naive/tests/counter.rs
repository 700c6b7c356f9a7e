//! Section 6.4: caps, windows and limits.

use super::*;

#[test]
fn calendar_days_begin_at_midnight_of_the_time_zone() {
    let items = [zone(), key(&[payer(&[up_to(1000, Some(Period::Day))])])];
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T22:59:59Z")], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T23:00:00Z")], "deny default");
    check(&items, &pay("5"), &[at(pay("5"), "2026-11-23T23:00:00Z")], "allow rule k#1");
}

#[test]
fn weeks_start_on_monday_and_months_and_years_on_their_first() {
    for (period, before, inside) in [
        (Period::Week, "2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z"),
        (Period::Month, "2026-10-31T22:59:59Z", "2026-10-31T23:00:00Z"),
        (Period::Year, "2025-12-31T22:59:59Z", "2025-12-31T23:00:00Z"),
    ] {
        let items = [zone(), key(&[payer(&[any_amount(), at_most(1, period)])])];
        check(&items, &pay("6"), &[at(pay("5"), before)], "allow rule k#1");
        check(&items, &pay("6"), &[at(pay("5"), inside)], "deny default");
    }
}

#[test]
fn a_rolling_window_leaves_its_edge_out_and_the_future_in() {
    let items = [key(&[payer(&[any_amount(), at_most(1, Period::Rolling(Duration { count: 24, unit: 'h' }))])])];
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T10:00:00Z")], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T10:00:00.000000001Z")], "deny default");
    check(&items, &pay("6"), &[at(pay("5"), "2027-11-24T10:00:00Z")], "deny default");
}

#[test]
fn a_day_of_the_clock_change_has_its_own_length() {
    // On 2026-10-25 Amsterdam goes back from summer time; the day starts at 22:00 of the day before.
    let items = [zone(), key(&[payer(&[any_amount(), at_most(1, Period::Day)])])];
    let late = with(pay("6"), "time", json!("2026-10-25T22:30:00Z"));
    check(&items, &late, &[at(pay("5"), "2026-10-24T22:00:00Z")], "deny default");
    check(&items, &late, &[at(pay("5"), "2026-10-24T21:59:59Z")], "allow rule k#1");
}

#[test]
fn an_allow_counts_what_amounts_to_it() {
    let items = [key(&[payer(&[up_to(1000, Some(Period::Total))])])];
    let batch = at(with(pay("5"), "resource", json!("payment-batch")), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[batch], "deny default");
    let other = at(with(pay("5"), "key", json!("other")), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[other], "allow rule k#1");
}

#[test]
fn an_unknown_amount_makes_the_sum_unknown_and_an_operation_without_amount_adds_nothing() {
    let items = [key(&[payer(&[up_to(1000, Some(Period::Total))])])];
    let unknown = at(call("create payment", json!({})), "2026-11-20T10:00:00Z");
    check(&items, &pay("1"), &[unknown], "deny default");
    let card = at(call("unfreeze card", json!({})), "2026-11-20T10:00:00Z");
    check(&items, &pay("1"), &[card], "allow rule k#1");
    let untold = at(
        call("approve card-challenge", json!({"amount": {"value": "1", "currency": "EUR"}})),
        "2026-11-20T10:00:00Z",
    );
    check(&items, &pay("1"), &[untold], "deny default");
}

#[test]
fn on_and_to_narrow_what_is_counted() {
    let capped = allow("create", "payment", &[on_any(), to_iban(LANDLORD), up_to(1000, Some(Period::Total))]);
    let items = [key(&[capped])];
    let elsewhere = at(with(pay("5"), "payee", json!({"iban": BAKER})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[elsewhere], "allow rule k#1");
    let nowhere = at(with(pay("5"), "payee", json!({})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[nowhere], "deny default");
}

#[test]
fn other_clauses_do_not_narrow_what_is_counted() {
    let capped = payer(&[up_to(1000, Some(Period::Total)), from_ip("203.0.113.7")]);
    let here = with(pay("6"), "ip", json!("203.0.113.7"));
    let there = at(with(pay("5"), "ip", json!("203.0.113.8")), "2026-11-20T10:00:00Z");
    check(&[key(&[capped])], &here, &[there], "deny default");
}

#[test]
fn an_unless_of_accounts_narrows_and_the_one_with_the_cap_does_not() {
    let items = [
        account("A", GROCERIES, None, ""),
        account("S", SAVINGS, None, ""),
        key(&[
            payer(&[any_amount()]),
            rule(Effect::Deny, "", "payment", &[], &[&[on("S")], &[up_to(1000, Some(Period::Total)), on("A")]]),
        ]),
    ];
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-20T10:00:00Z")], "deny rule k#2");
    let savings = at(with(pay("5"), "account", json!({"iban": SAVINGS})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[savings], "allow rule k#1");
}

#[test]
fn a_limit_is_shared_over_keys_and_counts_what_contradicts_nothing() {
    let statement = payer(&[Clause::Within(vec!["L".to_owned()])]);
    let limit = Item::Limit {
        name: "L".to_owned(),
        caps: vec![
            Cap::Money(cap(1000, Some(Period::Total))),
            Cap::Count(CountCap { times: 2, period: Period::Total }),
        ],
    };
    let items = [limit, key(std::slice::from_ref(&statement)), named_key("other", &[statement])];
    let other = at(with(pay("5"), "key", json!("other")), "2026-11-20T10:00:00Z");
    check(&items, &pay("5"), std::slice::from_ref(&other), "allow rule k#1");
    check(&items, &pay("6"), std::slice::from_ref(&other), "deny default");
    check(&items, &pay("1"), &[other.clone(), other], "deny default");
    let stranger = at(with(pay("9"), "key", json!("stranger")), "2026-11-20T10:00:00Z");
    check(&items, &pay("5"), &[stranger], "allow rule k#1");
}

#[test]
fn what_the_bank_repeats_fits_no_cap_by_period() {
    let scheduled =
        |caps: Clause| allow("create", "scheduled-payment", &[on_any(), to_anyone(), caps, repeating("once, monthly")]);
    let order = |repeat: &str| with(with(pay("5"), "resource", json!("scheduled-payment")), "repeat", json!(repeat));
    let capped = [key(&[scheduled(up_to(100_000, Some(Period::Total)))])];
    check(&capped, &order("once"), &[], "allow rule k#1");
    check(&capped, &order("monthly"), &[], "deny default");
    let loud =
        [key(&[scheduled(Clause::UpTo(vec![cap(500, None), MoneyCap { amount: None, period: Some(Period::Total) }]))])];
    check(&loud, &order("monthly"), &[], "allow rule k#1");
    let asked = [key(&[scheduled(any_amount()), ask("", "payment", &[over(100_000, Some(Period::Total))])])];
    check(&asked, &order("once"), &[], "allow rule k#1");
    check(&asked, &order("monthly"), &[], "ask rule k#2");
}

#[test]
fn an_only_cap_of_money_counts_what_spends() {
    let items = [key(&[
        payer(&[any_amount()]),
        allow("read", "transaction", &[on_any()]),
        Statement::Only(vec![up_to(1000, Some(Period::Total))]),
    ])];
    let amount = json!({"amount": {"value": "900", "currency": "EUR"}});
    let read = at(call("read transaction", amount), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[read], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-20T10:00:00Z")], "deny rule k#3");
    check(&items, &call("read transaction", json!({})), &[], "allow rule k#2");
}

#[test]
fn guardrails_count_each_key_by_itself() {
    let statement = payer(&[any_amount()]);
    let items = [
        key(std::slice::from_ref(&statement)),
        named_key("other", &[statement]),
        every(&[deny("", "payment", &[Clause::MoreThan(vec![CountCap { times: 1, period: Period::Total }])])]),
    ];
    let other = at(with(pay("5"), "key", json!("other")), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[other], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-20T10:00:00Z")], "deny rule every#1");
}

#[test]
fn a_fact_of_an_entry_that_contradicts_a_declaration_is_unknown() {
    let capped = allow("create", "payment", &[on("A"), to_anyone(), up_to(1000, Some(Period::Total))]);
    let items = [account("A", GROCERIES, Some(1), ""), account("B", SAVINGS, Some(2), ""), key(&[capped])];
    let mixed = at(with(pay("5"), "account", json!({"iban": SAVINGS, "id": 1})), "2026-11-20T10:00:00Z");
    let other = at(with(pay("5"), "account", json!({"iban": SAVINGS})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[mixed], "deny default");
    check(&items, &pay("6"), &[other], "allow rule k#1");
}
