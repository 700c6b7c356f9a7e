//! Facts of a body: taken as they stand, or the call is refused.

use super::{ACCOUNT, PAYMENTS, check};

#[track_caller]
fn amount(amount: &str, expected: &str) {
    check("POST", PAYMENTS, &format!(r#"{{"amount":{amount}}}"#), expected);
}

#[test]
fn an_amount_is_text_in_a_currency() {
    amount(r#"{"value":"12.50","currency":"EUR"}"#, "create payment");
    amount(r#"{"value":"12","currency":"JPY"}"#, "create payment");
}

#[test]
fn a_number_for_an_amount_is_refused() {
    for figure in ["12.50", "12", "1e2", "0.1", "-5"] {
        let text = format!(r#"{{"value":{figure},"currency":"EUR"}}"#);
        amount(&text, "amount-not-text at `/amount/value` of the body");
    }
}

#[test]
fn a_figure_that_can_be_read_in_two_ways_is_refused() {
    for figure in [
        "12.505", "05", "-5", "+5", "1,000.00", "1 000", "1e3", ".5", "5.", "", " 5", "5 ", "0x5", "Infinity", "0",
        "0.00",
    ] {
        let text = format!(r#"{{"value":"{figure}","currency":"EUR"}}"#);
        amount(&text, "amount at `/amount/value` of the body");
    }
}

#[test]
fn a_figure_in_digits_of_another_script_is_refused() {
    for figure in ["١٢", "１２", "1२", "①", "5\u{0660}"] {
        let text = format!(r#"{{"value":"{figure}","currency":"EUR"}}"#);
        amount(&text, "strange-digits at `/amount/value` of the body");
    }
}

#[test]
fn half_an_amount_is_refused() {
    amount(r#"{"value":"5"}"#, "amount-incomplete at `/amount/value` of the body");
    amount(r#"{"currency":"EUR"}"#, "amount-incomplete at `/amount/currency` of the body");
    amount(r#"{"value":null,"currency":"EUR"}"#, "amount-incomplete at `/amount/currency` of the body");
}

#[test]
fn a_currency_that_cannot_be_paid_is_refused() {
    for code in ["eur", "EURO", "XXX", "€", ""] {
        let text = format!(r#"{{"value":"5","currency":"{code}"}}"#);
        amount(&text, "currency at `/amount/currency` of the body");
    }
}

#[test]
fn a_value_of_another_kind_is_refused() {
    amount(r#"{"value":["5"],"currency":"EUR"}"#, "wrong-type at `/amount/value` of the body");
    amount(r#"{"value":{"x":"5"},"currency":"EUR"}"#, "wrong-type at `/amount/value` of the body");
    amount(r#"{"value":true,"currency":"EUR"}"#, "wrong-type at `/amount/value` of the body");
    amount(r#"{"value":"5","currency":978}"#, "wrong-type at `/amount/currency` of the body");
}

#[test]
fn an_iban_is_written_as_banks_write_it() {
    for iban in [
        "NL91 ABNA 0417 1643 00",
        "nl91abna0417164300",
        "NL92ABNA0417164300",
        "NL91ABNA041716430O",
        "ＮＬ91ABNA0417164300",
        "",
    ] {
        let body = format!(r#"{{"counterparty_alias":{{"type":"IBAN","value":"{iban}"}}}}"#);
        check("POST", PAYMENTS, &body, "iban at `/counterparty_alias/value` of the body");
    }
    let other = r#"{"counterparty_alias":{"type":"EMAIL","value":"a@b.example"}}"#;
    check("POST", PAYMENTS, other, "create payment");
}

#[test]
fn a_web_address_is_absolute() {
    let webhook = format!("{ACCOUNT}/notification-filter-url");
    let body = |url: &str| format!(r#"{{"notification_filters":[{{"notification_target":"{url}"}}]}}"#);
    check("POST", &webhook, &body("https://example.com/hook"), "create webhook");
    for url in ["", "/hook", "example.com", "https://", "https://exa mple.com"] {
        check("POST", &webhook, &body(url), "url at `/notification_filters/0/notification_target` of the body");
    }
}

#[test]
fn parts_are_there_and_not_too_many() {
    let batch = format!("{ACCOUNT}/payment-batch");
    let list = |count: usize| {
        let part = r#"{"amount":{"value":"1","currency":"EUR"},"description":"x"}"#;
        format!(r#"{{"payments":[{}]}}"#, vec![part; count].join(","))
    };
    check("POST", &batch, &list(2), "create payment-batch");
    check("POST", &batch, &list(bpol_engine::http::MAX_PARTS), "create payment-batch");
    check("POST", &batch, &list(bpol_engine::http::MAX_PARTS + 1), "too-many-parts at the body");
    check("POST", &batch, "{}", "no-parts at the body");
    check("POST", &batch, r#"{"payments":[]}"#, "no-parts at the body");
    check("POST", &batch, r#"{"payments":[null]}"#, "no-parts at the body");
    check(
        "POST",
        &batch,
        r#"{"payments":{"a":{"amount":{"value":"1","currency":"EUR"}}}}"#,
        "wrong-type at `/payments` of the body",
    );
}

#[test]
fn a_part_is_as_strict_as_a_whole() {
    let batch = format!("{ACCOUNT}/payment-batch");
    let body = r#"{"payments":[{"amount":{"value":"1","currency":"EUR"}},{"amount":{"value":1,"currency":"EUR"}}]}"#;
    check("POST", &batch, body, "amount-not-text at `/payments/1/amount/value` of the body");
}
