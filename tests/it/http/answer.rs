//! Random answers, cut by the engine and by the evaluator of the tests.

use bpol_engine::ir::Effect;
use bpol_engine::{Answer, History, Policy};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::cut::cut;
use super::{compile, grant};
use crate::naive::decide;
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::{Case, cases};

const IBANS: [&str; 8] = [
    "NL20INGB0001234567",
    "GB29NWBK60161331926819",
    "NL02ABNA0123456789",
    "NL91ABNA0417164300",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "BE68539007547034",
    "NL00 BAD",
];
const TYPES: [(&str, Option<&str>); 5] = [
    ("BUNQ", Some("transfer")),
    ("EBA_SDD", Some("direct-debit")),
    ("IDEAL", Some("ideal")),
    ("MAESTRO", Some("card")),
    ("OTHER", None),
];

/// A payment as the bank answers it, and the request that it is by itself.
fn record(rng: &mut Rng, account: u64, now: Timestamp) -> (Value, Value) {
    let mut record = json!({"id": rng.below(1000) + 1, "description": "x", "attachment": [{"id": 5, "secret": "s"}],
        "geolocation": {"latitude": 1}, "nobody": {"knows": [1, {"id": 2, "created": "x"}]},
        "balance_after_mutation": {"value": "9.00", "currency": "EUR"}, "sub_type": "PAYMENT"});
    let mut asks = json!({"action": "read", "resource": "transaction", "account": {"id": account}});
    if rng.percent(85) {
        let (word, method) = rng.pick(&TYPES);
        record["type"] = json!(word);
        if let Some(method) = method {
            asks["method"] = json!(method);
        }
    }
    if rng.percent(90) {
        let hours = i64::try_from(rng.below(24 * 120)).expect("few");
        let created = now - SignedDuration::from_hours(hours);
        record["created"] = json!(created.strftime("%Y-%m-%d %H:%M:%S.%6f").to_string());
        let whole = created.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string();
        asks["record"] = json!({"created": whole});
    }
    if rng.percent(85) {
        let (value, told) = rng.pick(&[
            ("12.50", Some("12.50")),
            ("-12.50", Some("12.50")),
            ("-250.00", Some("250.00")),
            ("0.00", None),
            ("1", Some("1")),
            ("-0.01", Some("0.01")),
            ("12.505", None),
            ("--5", None),
            ("5e1", None),
        ]);
        let currency = rng.pick(&["EUR", "EUR", "EUR", "USD", "XXX"]);
        record["amount"] = json!({"value": value, "currency": currency});
        if let Some(told) = told.filter(|_| currency != "XXX") {
            asks["amount"] = json!({"value": told, "currency": currency});
        }
    }
    if rng.percent(80) {
        let iban = rng.pick(&IBANS);
        record["counterparty_alias"] = json!({"iban": iban, "display_name": "B", "country": "NL", "label_user": {"display_name": "B", "uuid": "u"}});
        if iban != "NL00 BAD" {
            asks["payee"] = json!({"iban": iban});
        }
    }
    if rng.percent(40) {
        let iban = rng.pick(&IBANS);
        record["alias"] = json!({"iban": iban, "display_name": "A"});
        if iban != "NL00 BAD" {
            asks["account"]["iban"] = json!(iban);
        }
    }
    match rng.below(5) {
        0 => record["monetary_account_id"] = json!(account),
        // Another account than the path names: told twice and differently.
        1 if rng.percent(30) => {
            record["monetary_account_id"] = json!(account + 1);
            asks["account"].as_object_mut().expect("an object").remove("id");
        }
        _ => {}
    }
    (record, asks)
}

/// Gives whether some record was dropped and some kept.
fn check_answer(case: &Case, rng: &mut Rng) -> (bool, bool) {
    let situation = &case.situation;
    let ir = compile(&print(&case.policy)).expect("it compiles");
    let policy = Policy::from_ir(ir).expect("it loads");
    let account = rng.pick(&[42, 43, 44, 7]);
    let target = format!("/v1/user/1/monetary-account/{account}/payment");
    let Ok(routed) = policy.route("GET", &target, &[], b"") else { return (false, false) };
    let route = routed.route().expect("a route").clone();
    let asked: Value = serde_json::from_str(&situation.request).expect("JSON");
    let Some(key) = asked["key"].as_str().map(str::to_owned) else { return (false, false) };
    let ip = rng.pick(&[None, Some("203.0.113.7"), Some("198.51.100.2")]);
    let mut routed = routed.for_key(&key);
    if let Some(ip) = ip {
        routed = routed.from_ip(ip.parse().expect("an address"));
    }
    let mut past = History::new();
    for line in &situation.past {
        past.extend(policy.read_entry(line).expect("an entry"));
    }
    let ask = |mut request: Value| {
        request["key"] = json!(key);
        if let Some(ip) = ip {
            request["ip"] = json!(ip);
        }
        decide(&case.policy, Vocabulary::bunq(), &request.to_string(), &situation.past, situation.now)
    };
    let whole = ask(json!({"action": "read", "resource": "transaction", "answer": true, "account": {"id": account}}));
    let decision = policy.decide(routed.request(), &past, situation.now);
    let text = format!("{}\nkey {key} {target}\n{whole}", print(&case.policy));
    assert_eq!(decision.effect() == Effect::Allow, whole["decision"] == "allow", "{text}");
    assert_eq!(json!(decision.each()), whole["each"], "{text}");
    if decision.effect() != Effect::Allow {
        return (false, false);
    }
    let answer = route.answer.expect("an answer");
    let words = |fields: &Value| -> Vec<String> {
        fields.as_array().into_iter().flatten().map(|field| field.as_str().expect("a word").to_owned()).collect()
    };
    let (mut response, mut expected, mut dropped) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rng.below(6) {
        let (record, asks) = record(rng, account, situation.now);
        let decided = if decision.each() { ask(asks) } else { whole.clone() };
        if decided["decision"] == "allow" {
            let shown = words(&decided["fields"]);
            expected.push(json!({"Payment": cut(&answer, &record, &shown, &policy.ir().dropped)}));
        } else {
            dropped += 1;
        }
        response.push(json!({"Payment": record}));
    }
    let paging = json!({"future_url": null, "newer_url": "/x?newer_id=1", "older_url": null});
    let blank = json!({"future_url": null, "newer_url": null, "older_url": null});
    let body = json!({"Response": response, "Pagination": paging, "Else": 1}).to_string();
    let expected = json!({"Response": expected, "Pagination": if dropped > 0 { blank } else { paging }});
    let answer = Answer { status: 200, content_type: "application/json", body: body.as_bytes() };
    let filter = policy.filter(&routed, &decision).expect("a filter");
    let filtered = filter.cut(answer, &past, situation.now).expect("an answer");
    let found: Value = serde_json::from_slice(&filtered.body).expect("JSON");
    assert_eq!(found, expected, "{text}\n{body}");
    assert_eq!(filtered.dropped, dropped, "{text}\n{body}");
    (filtered.dropped > 0, filtered.kept > 0)
}

#[test]
fn answers_are_cut_as_the_definition_says() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (policies, first) = (setting("BPOL_CASES").unwrap_or(150), setting("BPOL_SEED").unwrap_or(0));
    let (mut dropped, mut kept) = (0, 0);
    for seed in first..first + policies {
        let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(41));
        for mut case in cases(&mut rng, 4) {
            if rng.percent(80) {
                grant::read(&mut case.policy, &mut rng);
            }
            let (some_dropped, some_kept) = check_answer(&case, &mut rng);
            dropped += u64::from(some_dropped);
            kept += u64::from(some_kept);
        }
    }
    // A test that never cuts anything would show nothing.
    assert!(policies < 100 || (dropped > policies / 50 && kept > policies / 50), "{dropped} dropped, {kept} kept");
}
