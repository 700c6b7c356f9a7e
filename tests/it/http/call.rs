//! Random payments as calls: the engine routes and decides them as the evaluator of the tests decides the same request.

use bpol_engine::{History, Policy};
use serde_json::{Value, json};

use super::{compile, grant};
use crate::naive::decide;
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::{Case, cases};

const IBANS: [&str; 6] = [
    "NL91ABNA0417164300",
    "DE89370400440532013000",
    "BE68539007547034",
    "AT611904300234573201",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
];
const JSON: &[(&str, &[u8])] = &[("content-type", b"application/json")];

/// One payment in a body, and what it tells.
fn payment(rng: &mut Rng) -> (Value, Value) {
    let (mut body, mut told) = (json!({"description": "x"}), json!({}));
    if rng.percent(90) {
        let amount = json!({"value": rng.pick(&["1", "12.50", "50.00", "50.01", "100", "250.00", "1000"]),
            "currency": rng.pick(&["EUR", "EUR", "EUR", "USD"])});
        body["amount"] = amount.clone();
        told["amount"] = amount;
    }
    match rng.below(10) {
        0 => {}
        1 => body["counterparty_alias"] = json!({"type": "EMAIL", "value": "a@b.example"}),
        _ => {
            let iban = rng.pick(&IBANS);
            body["counterparty_alias"] = json!({"type": "IBAN", "value": iban, "name": "B"});
            told["payee"] = json!({"iban": iban});
        }
    }
    (body, told)
}

/// Gives what was decided; nothing when no key may pay so.
fn check_call(case: &Case, rng: &mut Rng) -> Option<String> {
    let situation = &case.situation;
    let policy = Policy::from_ir(compile(&print(&case.policy)).expect("it compiles")).expect("it loads");
    let asked: Value = serde_json::from_str(&situation.request).ok()?;
    let key = asked["key"].as_str()?.to_owned();
    let account = rng.pick(&[42, 42, 43, 44, 7]);
    let resource = rng.pick(&["payment", "payment-batch"]);
    let mut request = json!({"key": key, "action": "create", "resource": resource, "account": {"id": account},
        "method": "transfer"});
    let body = if resource == "payment" {
        let (body, told) = payment(rng);
        told.as_object()?.iter().for_each(|(name, fact)| request[name] = fact.clone());
        body
    } else {
        let (bodies, told): (Vec<_>, Vec<_>) = (0..=rng.below(3)).map(|_| payment(rng)).unzip();
        request["parts"] = json!(told);
        json!({"payments": bodies})
    };
    let (body, target) = (body.to_string(), format!("/v1/user/1/monetary-account/{account}/{resource}"));
    let mut routed = policy.route("POST", &target, JSON, body.as_bytes()).ok()?.for_key(&key);
    if let Some(ip) = rng.pick(&[None, Some("203.0.113.7"), Some("198.51.100.2")]) {
        request["ip"] = json!(ip);
        routed = routed.from_ip(ip.parse().expect("an address"));
    }
    let mut past = History::new();
    for line in &situation.past {
        past.extend(policy.read_entry(line).expect("an entry"));
    }
    let report = serde_json::to_value(policy.report(routed.request(), &past, situation.now)).expect("JSON");
    let naive = decide(&case.policy, Vocabulary::bunq(), &request.to_string(), &situation.past, situation.now);
    let text = format!("{}\n{target} {body}\n{request}", print(&case.policy));
    for member in ["decision", "reason", "by"] {
        assert_eq!(report[member], naive[member], "{text}");
    }
    report["decision"].as_str().map(str::to_owned)
}

#[test]
fn a_payment_is_decided_as_the_request_that_it_is() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (policies, first) = (setting("BPOL_CASES").unwrap_or(150), setting("BPOL_SEED").unwrap_or(0));
    let mut decided = std::collections::BTreeMap::<String, u64>::new();
    for seed in first..first + policies {
        let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(42));
        for mut case in cases(&mut rng, 4) {
            if rng.percent(80) {
                grant::pay(&mut case.policy, &mut rng);
            }
            if let Some(decision) = check_call(&case, &mut rng) {
                *decided.entry(decision).or_default() += 1;
            }
        }
    }
    // A test that only ever denies would show nothing.
    assert!(policies < 100 || ["allow", "ask", "deny"].iter().all(|word| decided.contains_key(*word)), "{decided:?}");
}
