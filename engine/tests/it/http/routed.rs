//! What a routed call is decided as, with and without what the gateway finds out.

use bpol_engine::http::{Known, KnownAccount, KnownPayee, LookUp};
use bpol_engine::{History, Policy};

use super::{ACCOUNT, PAYMENTS, check, decided, now, outcome, policy, route};

const BAKER: &str = "NL91ABNA0417164300";

fn payment(value: &str, iban: &str) -> String {
    format!(
        r#"{{"amount":{{"value":"{value}","currency":"EUR"}},"counterparty_alias":{{"type":"IBAN","value":"{iban}","name":"B"}}}}"#
    )
}

#[track_caller]
fn pays(key: &str, target: &str, body: &str, expected: &str) {
    assert_eq!(decided(&route("POST", target, body).unwrap().for_key(key)), expected, "{key} {target} {body}");
}

#[test]
fn a_payment_is_decided_by_its_own_facts() {
    pays("shop", PAYMENTS, &payment("12.50", BAKER), "allow");
    pays("shop", PAYMENTS, &payment("50.01", BAKER), "ask");
    pays("shop", PAYMENTS, &payment("100.01", BAKER), "deny");
    pays("shop", PAYMENTS, &payment("12.50", "GB29NWBK60161331926819"), "deny");
    pays("shop", "/v1/user/1/monetary-account/43/payment", &payment("12.50", BAKER), "deny");
    pays("books", PAYMENTS, &payment("12.50", BAKER), "deny");
    pays("nobody", PAYMENTS, &payment("12.50", BAKER), "deny");
    let email =
        r#"{"amount":{"value":"1","currency":"EUR"},"counterparty_alias":{"type":"EMAIL","value":"a@b.example"}}"#;
    pays("shop", PAYMENTS, email, "deny");
    pays("shop", PAYMENTS, "{}", "deny");
}

#[test]
fn a_call_without_a_key_is_denied() {
    assert_eq!(decided(&route("POST", PAYMENTS, &payment("12.50", BAKER)).unwrap()), "deny");
}

#[test]
fn a_batch_is_decided_payment_by_payment() {
    let batch = |values: &[&str]| {
        let payments: Vec<_> = values.iter().map(|value| payment(value, BAKER)).collect();
        format!(r#"{{"payments":[{}]}}"#, payments.join(","))
    };
    let target = format!("{ACCOUNT}/payment-batch");
    pays("shop", &target, &batch(&["12.50", "7"]), "allow");
    pays("shop", &target, &batch(&["12.50", "100.01"]), "deny");
    // Six times 90 EUR are more than 500 EUR a month.
    pays("shop", &target, &batch(&["45"; 11]), "allow");
    pays("shop", &target, &batch(&["45"; 12]), "deny");
}

#[test]
fn what_was_paid_counts() {
    let body = payment("50", BAKER);
    let routed = route("POST", PAYMENTS, &body).unwrap().for_key("shop");
    let mut past = History::new();
    for _ in 0..10 {
        assert_eq!(policy().decide(routed.request(), &past, now()).effect(), bpol_engine::ir::Effect::Allow);
        past.extend(policy().entries(routed.request(), now()));
    }
    assert_eq!(policy().decide(routed.request(), &past, now()).effect(), bpol_engine::ir::Effect::Deny);
}

/// A gateway that knows its accounts, and one request that the key made.
struct Mine;

impl Known for Mine {
    fn account(&self, id: u64) -> Option<KnownAccount<'_>> {
        match id {
            42 => Some(KnownAccount { iban: Some("NL20INGB0001234567"), name: Some("Groceries"), kind: Some("joint") }),
            99 => Some(KnownAccount { iban: Some("NL20INGB0001234567"), name: None, kind: None }),
            _ => None,
        }
    }

    fn payee(&self, _: &str) -> Option<KnownPayee> {
        Some(KnownPayee { own: Some(false), favorite: None })
    }

    fn created(&self, collection: &str, id: u64) -> Option<bool> {
        Some(collection == "/v1/user/1/monetary-account/42/request-inquiry" && id == 7)
    }
}

#[test]
fn own_records_are_known_to_the_gateway_alone() {
    for (id, expected) in [(7, "allow"), (8, "deny")] {
        let target = format!("{ACCOUNT}/request-inquiry/{id}");
        let mut routed = route("PUT", &target, r#"{"status":"REVOKED"}"#).unwrap().for_key("shop");
        assert_eq!(decided(&routed), "deny");
        let collection = "/v1/user/1/monetary-account/42/request-inquiry";
        assert!(routed.look_ups().any(|look_up| look_up == LookUp::Record { collection, id }));
        routed.know(&Mine).unwrap();
        assert_eq!(decided(&routed), expected);
        assert!(!routed.look_ups().any(|look_up| matches!(look_up, LookUp::Record { .. } | LookUp::Account { .. })));
    }
}

#[test]
fn what_the_gateway_knows_must_not_contradict_the_policy() {
    let mut routed = route("GET", "/v1/user/1/monetary-account/99/payment", "").unwrap();
    assert_eq!(routed.know(&Mine).unwrap_err().name(), "contradiction");
    // The policy says that this IBAN is the account `Rent` of the holder.
    let body = payment("12.50", BAKER);
    let mut routed = route("POST", PAYMENTS, &body).unwrap();
    assert_eq!(routed.know(&Mine).unwrap_err().name(), "contradiction");
}

fn response(iban: &str, value: &str) -> String {
    format!(
        r#"{{"Response":[{{"RequestResponse":{{"id":7,"created":"2026-11-20 08:00:00.000000","type":"INTERNAL",
        "counterparty_alias":{{"iban":"{iban}"}},"amount_inquired":{{"value":"{value}","currency":"EUR"}}}}}}]}}"#
    )
}

#[track_caller]
fn accepts(body: &str, answer: &str, expected: &str) {
    let target = format!("{ACCOUNT}/request-response/7");
    let mut routed = route("PUT", &target, body).unwrap().for_key("shop");
    assert!(routed.look_ups().any(|look_up| look_up == LookUp::Object { path: target.clone().into() }));
    assert_eq!(decided(&routed), "deny", "nothing is known yet");
    routed.looked_up(answer.as_bytes()).unwrap();
    assert_eq!(decided(&routed), expected, "{body} {answer}");
    assert!(!routed.look_ups().any(|look_up| matches!(look_up, LookUp::Object { .. })));
}

#[test]
fn an_incoming_request_is_decided_by_what_is_looked_up() {
    let accepted = r#"{"status":"ACCEPTED"}"#;
    accepts(accepted, &response(BAKER, "12.50"), "allow");
    accepts(accepted, &response(BAKER, "-12.50"), "allow");
    accepts(accepted, &response(BAKER, "51"), "deny");
    accepts(accepted, &response("GB29NWBK60161331926819", "12.50"), "deny");
    accepts(accepted, r#"{"Response":[]}"#, "deny");
    accepts(accepted, r#"{"Error":[{"error_description":"gone"}]}"#, "deny");
    let twice = r#"{"Response":[{"RequestResponse":{"amount_inquired":{"value":"1","currency":"EUR"}}},{"RequestResponse":{}}]}"#;
    accepts(accepted, twice, "deny");
}

#[test]
fn what_the_call_says_wins_over_what_is_looked_up() {
    let more = r#"{"status":"ACCEPTED","amount_responded":{"value":"60","currency":"EUR"}}"#;
    accepts(more, &response(BAKER, "12.50"), "deny");
    let less = r#"{"status":"ACCEPTED","amount_responded":{"value":"10","currency":"EUR"}}"#;
    accepts(less, &response(BAKER, "60"), "allow");
}

#[test]
fn an_answer_to_a_look_up_that_cannot_be_read_refuses_the_call() {
    let target = format!("{ACCOUNT}/request-response/7");
    let mut routed = route("PUT", &target, r#"{"status":"ACCEPTED"}"#).unwrap().for_key("shop");
    for answer in ["", "<html>", "{", r#"{"Response":[],"Response":[]}"#] {
        let refusal = routed.looked_up(answer.as_bytes()).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "look-up at the answer to the look-up: the answer to the look-up cannot be read"
        );
    }
}

#[test]
fn a_request_of_another_policy_is_not_filtered() {
    let other = Policy::load(include_bytes!("../../data/gateway.json")).unwrap();
    let routed = route("GET", PAYMENTS, "").unwrap().for_key("shop");
    let decision = policy().decide(routed.request(), &History::new(), now());
    assert_eq!(other.filter(&routed, &decision).unwrap_err().name(), "other-request");
    let denied = policy().decide(route("GET", PAYMENTS, "").unwrap().request(), &History::new(), now()).effect();
    assert_eq!(denied, bpol_engine::ir::Effect::Deny);
}

#[test]
fn a_call_from_another_place_and_time_is_decided_there() {
    let routed = route("GET", PAYMENTS, "").unwrap().for_key("shop").at("2020-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(routed.request().time(), Some("2020-01-01T00:00:00Z".parse().unwrap()));
    let routed = routed.with_id("r-1").from_ip("203.0.113.7".parse().unwrap());
    assert_eq!(routed.request().id(), Some("r-1"));
    assert_eq!(routed.request().key(), "shop");
}

#[test]
fn two_routes_for_one_call_are_refused() {
    let mut ir = policy().ir().clone();
    let twin =
        ir.routes.iter().find(|route| route.method == "GET" && route.path.ends_with("/payment")).unwrap().clone();
    ir.routes.push(twin);
    let policy = Policy::from_ir(ir).unwrap();
    assert_eq!(outcome(policy.route("GET", PAYMENTS, &[], b"")), "ambiguous-route at the path");
    check("GET", PAYMENTS, "", "read transaction");
}

#[test]
fn a_route_that_cannot_be_read_is_refused_when_loading_and_matches_nothing() {
    let mut ir = policy().ir().clone();
    let route = ir.routes.iter_mut().find(|route| route.method == "POST" && route.path.ends_with("/payment")).unwrap();
    route.body.push("no pointer".to_owned());
    let json = serde_json::to_vec(&ir).unwrap();
    let error = Policy::load(&json).unwrap_err();
    assert!(error.reason.ends_with("`no pointer` is no pointer"), "{error}");
    let policy = Policy::from_ir(ir).unwrap();
    assert_eq!(outcome(policy.route("POST", PAYMENTS, super::JSON, b"{}")), "no-route at the path");
}
