//! A whole call: from HTTP to the decision, and the bank's answer cut, beside what it takes serde_json to parse it.
//! Allocations are not counted here: counting would slow the yardstick, which allocates most.

use std::fmt::Write;
use std::hint::black_box;

use bpol_engine::ir::Effect;
use bpol_engine::{Answer, History, Policy};
use divan::counter::BytesCount;
use jiff::Timestamp;

fn main() {
    divan::main();
}

const PAYMENTS: &str = "/v1/user/1234567/monetary-account/42/payment";
const PAYMENT: &[u8] = br#"{"amount":{"value":"12.50","currency":"EUR"},"counterparty_alias":{"type":"IBAN","value":"NL91ABNA0417164300","name":"The Corner Bakery"},"description":"Invoice 2026-0042, two boxes of rolls","merchant_reference":"2026-0042","allow_bunqto":false}"#;
const HEADERS: [(&str, &[u8]); 8] = [
    ("Host", b"api.bunq.com"),
    ("Content-Type", b"application/json"),
    ("Cache-Control", b"none"),
    ("User-Agent", b"bunq-sdk-python/1.29.1"),
    ("X-Bunq-Language", b"en_US"),
    ("X-Bunq-Region", b"nl_NL"),
    ("X-Bunq-Client-Request-Id", b"57061b04-b6b6-4ee4-8e2a-4f8f2c8ee6f0"),
    ("X-Bunq-Client-Authentication", b"622749ac8b00c81719ad0c7d822d3552e8ff153e3447eabed1a6713993749440"),
];

fn policy() -> Policy {
    Policy::load(include_bytes!("../tests/data/gateway.json")).unwrap()
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

/// From the call as it came to allow.
#[divan::bench]
fn route_and_decide_payment(bencher: divan::Bencher<'_, '_>) {
    let (policy, past, now) = (policy(), History::new(), now());
    let call = || {
        let routed = policy.route("POST", black_box(PAYMENTS), &HEADERS, black_box(PAYMENT)).unwrap().for_key("shop");
        policy.decide(routed.request(), &past, now).effect()
    };
    assert_eq!(call(), Effect::Allow);
    bencher.bench_local(call);
}

/// Routing alone.
#[divan::bench]
fn route_payment(bencher: divan::Bencher<'_, '_>) {
    let policy = policy();
    bencher.bench_local(|| {
        policy.route("POST", black_box(PAYMENTS), &HEADERS, black_box(PAYMENT)).unwrap().request().time()
    });
}

/// Yardstick for routing: the body alone, as serde_json reads it.
#[divan::bench]
fn parse_payment_serde_json(bencher: divan::Bencher<'_, '_>) {
    bencher.bench_local(|| serde_json::from_slice::<serde_json::Value>(black_box(PAYMENT)).unwrap());
}

/// A read from the call as it came to the decision.
#[divan::bench]
fn route_and_decide_read(bencher: divan::Bencher<'_, '_>) {
    let (policy, past, now) = (policy(), History::new(), now());
    let call = || {
        let target = "/v1/user/1234567/monetary-account/42/payment?count=200";
        let routed = policy.route("GET", black_box(target), &HEADERS, b"").unwrap().for_key("shop");
        policy.decide(routed.request(), &past, now).each()
    };
    assert!(call());
    bencher.bench_local(call);
}

/// An answer of so many payments as bunq writes them, one in four too old for the key.
fn answer(payments: usize) -> String {
    let mut text = String::from(r#"{"Response":["#);
    for number in 0..payments {
        let comma = if number == 0 { "" } else { "," };
        let month = if number % 4 == 3 { 5 } else { 11 };
        let (id, cents) = (7_000_000 + number, number % 90 + 10);
        write!(
            text,
            r#"{comma}{{"Payment":{{"id":{id},"created":"2026-{month:02}-{day:02} 08:15:42.123456","updated":"2026-{month:02}-{day:02} 08:15:42.123456","monetary_account_id":42,"amount":{{"currency":"EUR","value":"-{number}.{cents}"}},"description":"Card payment {number} caf\u00e9 \"De Hoek\"","type":"MASTERCARD","merchant_reference":null,"alias":{{"iban":"NL20INGB0001234567","is_light":false,"display_name":"A. Holder","avatar":{{"uuid":"5a442bed-3d43-4a85-b532-dbb251052f4a","image":[{{"attachment_public_uuid":"d93e07e3-d420-45e5-8684-fc0c09a63686","height":640,"width":640,"content_type":"image\/jpeg"}}],"anchor_uuid":null,"style":"NONE"}},"label_user":{{"uuid":"252e-fb1e-04b74214-b9e9467c3-c6d2fbf","avatar":null,"public_nick_name":"Holder","display_name":"A. Holder","country":"NL"}},"country":"NL"}},"counterparty_alias":{{"iban":"NL91ABNA0417164300","is_light":null,"display_name":"The Corner Bakery","avatar":{{"uuid":"0e9ed7a3-1e1b-4a6f-8d3a-3a3b8b6e6b1c","image":[{{"attachment_public_uuid":"8bdea0b9-4b2b-4b28-8b06-cf5bb37f2b26","height":1024,"width":1024,"content_type":"image\/png"}}],"anchor_uuid":null,"style":"NONE"}},"label_user":{{"uuid":null,"display_name":"The Corner Bakery","country":"NL","avatar":null,"public_nick_name":"The Corner Bakery","type":"COMPANY"}},"country":"NL","merchant_category_code":"5462"}},"attachment":[],"geolocation":null,"batch_id":null,"scheduled_id":null,"address_billing":null,"address_shipping":null,"sub_type":"PAYMENT","payment_auto_allocate_instance":null,"request_reference_split_the_bill":[],"balance_after_mutation":{{"currency":"EUR","value":"1{number}.{cents}"}},"payment_suspended_outgoing":null}}}}"#,
            day = number % 20 + 1,
        )
        .unwrap();
    }
    text.push_str(r#"],"Pagination":{"future_url":"\/v1\/user\/1\/monetary-account\/42\/payment?newer_id=7000000","newer_url":null,"older_url":"\/v1\/user\/1\/monetary-account\/42\/payment?older_id=7000199"}}"#);
    text
}

const TRANSACTIONS: usize = 200;

/// Each record decided by itself, dropped or cut to its fields.
#[divan::bench]
fn filter_200_transactions(bencher: divan::Bencher<'_, '_>) {
    let (policy, past, now, text) = (policy(), History::new(), now(), answer(TRANSACTIONS));
    let routed = policy.route("GET", PAYMENTS, &[], b"").unwrap().for_key("shop");
    let decision = policy.decide(routed.request(), &past, now);
    let filter = policy.filter(&routed, &decision).unwrap();
    let cut = || {
        let answer = Answer { status: 200, content_type: "application/json", body: black_box(text.as_bytes()) };
        filter.cut(answer, &past, now).unwrap()
    };
    let filtered = cut();
    assert_eq!((filtered.kept, filtered.dropped), (150, 50));
    bencher.counter(BytesCount::of_str(&text)).bench_local(cut);
}

/// Yardstick for filtering: the same text, parsed and nothing more.
#[divan::bench]
fn parse_200_transactions_serde_json(bencher: divan::Bencher<'_, '_>) {
    let text = answer(TRANSACTIONS);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| serde_json::from_str::<serde_json::Value>(black_box(&text)).unwrap());
}

/// What the first call of a policy takes beside its own: the tree of routes.
#[divan::bench(sample_count = 20)]
fn first_route(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(policy).bench_local_refs(|policy| policy.route("GET", PAYMENTS, &[], b"").is_ok());
}
