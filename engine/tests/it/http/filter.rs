//! Answers: records dropped, fields cut, paging blanked, and nothing passed on that cannot be read.

use bpol_engine::http::{Known, KnownAccount, Routed};
use bpol_engine::{Answer, Filtered, History, Policy, Unfiltered};

use super::{ACCOUNT, PAYMENTS, now, policy, route};

struct Mine;

impl Known for Mine {
    fn account(&self, id: u64) -> Option<KnownAccount<'_>> {
        (id == 42).then_some(KnownAccount { iban: Some("NL20INGB0001234567"), name: None, kind: Some("joint") })
    }
}

fn cut<'b>(key: &str, method: &str, target: &str, body: &str, answer: Answer<'b>) -> Result<Filtered<'b>, Unfiltered> {
    let routed = route(method, target, body).unwrap().for_key(key);
    let past = History::new();
    let decision = policy().decide(routed.request(), &past, now());
    policy().filter(&routed, &decision)?.knowing(&Mine).cut(answer, &past, now())
}

fn ok(body: &str) -> Answer<'_> {
    Answer { status: 200, content_type: "application/json", body: body.as_bytes() }
}

fn text(filtered: &Filtered<'_>) -> String {
    String::from_utf8(filtered.body.to_vec()).unwrap()
}

#[track_caller]
fn check_cut(key: &str, target: &str, answer: &str, expected: &str) -> (usize, usize) {
    let filtered = cut(key, "GET", target, "", ok(answer)).unwrap();
    assert_eq!(text(&filtered), expected);
    (filtered.kept, filtered.dropped)
}

#[track_caller]
fn fails(answer: Answer<'_>, expected: &str) {
    let unfiltered = cut("shop", "GET", PAYMENTS, "", answer).unwrap_err();
    assert_eq!(unfiltered.name(), expected, "{unfiltered}");
}

fn payment(id: u64, created: &str, more: &str) -> String {
    format!(r#"{{"Payment":{{"id":{id},"created":"{created} 08:00:00.000000"{more}}}}}"#)
}

#[test]
fn records_that_are_not_allowed_are_dropped() {
    let answer = format!(r#"{{"Response":[{},{}]}}"#, payment(1, "2026-11-20", ""), payment(2, "2026-08-01", ""));
    let expected = format!(r#"{{"Response":[{}]}}"#, payment(1, "2026-11-20", ""));
    assert_eq!(check_cut("shop", PAYMENTS, &answer, &expected), (1, 1));
}

#[test]
fn a_record_whose_facts_are_not_known_is_dropped() {
    for record in [
        r#"{"Payment":{"id":1}}"#,
        r#"{"Payment":{"id":1,"created":"2026-11-20"}}"#,
        r#"{"Payment":{"id":1,"created":20261120}}"#,
        r#"{"Payment":{"id":1,"created":"2026-11-20 08:00:00","monetary_account_id":43}}"#,
        r#"{"Payment":{"id":1,"created":"2026-11-20 08:00:00","alias":{"iban":"NL91ABNA0417164300"}}}"#,
        r#"{"Payment":null}"#,
        r#"{"Payment":[1]}"#,
        r#"{"Payment":7}"#,
    ] {
        let answer = format!(r#"{{"Response":[{record}]}}"#);
        assert_eq!(check_cut("shop", PAYMENTS, &answer, r#"{"Response":[]}"#), (0, 1), "{record}");
    }
}

#[test]
fn fields_that_are_not_shown_are_cut_at_any_depth() {
    let answer = format!(
        r#"{{"Response":[{}]}}"#,
        payment(
            1,
            "2026-11-20",
            r#","amount":{"value":"-1.00","currency":"EUR"},"description":"d","geolocation":{"latitude":1},
            "balance_after_mutation":{"value":"9","currency":"EUR"},"unheard_of":5,
            "counterparty_alias":{"iban":"NL91ABNA0417164300","display_name":"B","country":"NL",
              "label_user":{"uuid":"u","display_name":"B","avatar":{"x":[1]}}},"attachment":[{"id":5,"x":1}],
            "address_billing":{"city":"X"}"#
        )
    );
    let shown = payment(
        1,
        "2026-11-20",
        concat!(
            r#","amount":{"value":"-1.00","currency":"EUR"},"description":"d","#,
            r#""counterparty_alias":{"iban":"NL91ABNA0417164300","display_name":"B","label_user":{"display_name":"B"}},"#,
            r#""attachment":[{"id":5}]"#
        ),
    );
    check_cut("shop", PAYMENTS, &answer, &format!(r#"{{"Response":[{shown}]}}"#));
    // The other key sees no text.
    let body = answer.replace(r#""amount""#, r#""type":"BUNQ","amount""#);
    let (kept, _) = {
        let filtered = cut("books", "GET", PAYMENTS, "", ok(&body)).unwrap();
        assert!(!text(&filtered).contains("description"), "{}", text(&filtered));
        (filtered.kept, filtered.dropped)
    };
    assert_eq!(kept, 1);
}

#[test]
fn keys_that_nobody_may_see_go_from_every_answer() {
    let answer = r#"{"Response":[{"Id":{"id":7,"secret":"s"}},{"x":[{"token_value":{"a":1},"y":2}]}],"secret":1}"#;
    let filtered = cut("shop", "POST", &format!("{ACCOUNT}/request-inquiry"), "{}", ok(answer)).unwrap();
    assert_eq!(text(&filtered), r#"{"Response":[{"Id":{"id":7}},{"x":[{"y":2}]}]}"#);
    assert_eq!(filtered.created, [7]);
    let escaped = r#"{"Response":[],"s\u0065cret":1,"z":1}"#;
    let filtered = cut("shop", "POST", &format!("{ACCOUNT}/request-inquiry"), "{}", ok(escaped)).unwrap();
    assert_eq!(text(&filtered), r#"{"Response":[],"z":1}"#);
}

#[test]
fn paging_stays_when_nothing_is_dropped_and_is_blank_when_something_is() {
    let paging =
        r#""Pagination":{"future_url":null,"newer_url":"/x?newer_id=9","older_url":"/x?older_id=1","more":[1]}"#;
    let fresh = payment(1, "2026-11-20", "");
    let whole = format!(r#"{{"Response":[{fresh}],{paging}}}"#);
    check_cut("shop", PAYMENTS, &whole, &whole);
    let old = payment(2, "2020-01-01", "");
    let blank = r#""Pagination":{"future_url":null,"newer_url":null,"older_url":null,"more":null}"#;
    check_cut(
        "shop",
        PAYMENTS,
        &format!(r#"{{"Response":[{fresh},{old}],{paging}}}"#),
        &format!(r#"{{"Response":[{fresh}],{blank}}}"#),
    );
    // Whichever comes first in the text.
    check_cut(
        "shop",
        PAYMENTS,
        &format!(r#"{{{paging},"Response":[{old},{fresh}]}}"#),
        &format!(r#"{{{blank},"Response":[{fresh}]}}"#),
    );
}

#[test]
fn beside_records_and_paging_nothing_stays() {
    check_cut(
        "shop",
        PAYMENTS,
        r#"{"Response":[],"Debug":{"x":1},"Pagination":null}"#,
        r#"{"Response":[],"Pagination":null}"#,
    );
    check_cut("shop", PAYMENTS, r#"{"Response":"all of it"}"#, "{}");
    check_cut("shop", PAYMENTS, r#"{"Response":[5,"x",[],{}]}"#, r#"{"Response":[]}"#);
    check_cut("shop", PAYMENTS, "{}", "{}");
}

#[test]
fn an_error_of_the_bank_is_cut_to_its_words() {
    let body = r#"{"Error":[{"error_description":"No.","error_description_translated":"Nee.","trace":"NL91"}],"Response":[{"Payment":{}}]}"#;
    for status in [400, 403, 404, 429, 500, 503] {
        let filtered = cut("shop", "GET", PAYMENTS, "", Answer { status, ..ok(body) }).unwrap();
        assert_eq!(text(&filtered), r#"{"Error":[{"error_description":"No.","error_description_translated":"Nee."}]}"#);
    }
    let filtered = cut("shop", "GET", PAYMENTS, "", Answer { status: 404, ..ok(r#"{"x":1}"#) }).unwrap();
    assert_eq!(text(&filtered), "{}");
    // An error that says that all went well shows nothing.
    check_cut("shop", PAYMENTS, r#"{"Error":[{"error_description":"No."}]}"#, "{}");
}

#[test]
fn an_answer_that_cannot_be_read_in_one_way_is_not_passed_on() {
    for (body, name) in [
        ("{", "not-json"),
        ("", "not-json"),
        ("{\"Response\":[]}x", "trailing-data"),
        ("[]", "not-object"),
        ("\"x\"", "not-object"),
        (r#"{"Response":[],"Response":[]}"#, "duplicate-key"),
        (r#"{"Response":[{"Payment":{"id":1,"i\u0064":2}}]}"#, "duplicate-key"),
        ("\u{feff}{}", "byte-order-mark"),
        ("{\"a\":1e999999999999}{", "trailing-data"),
    ] {
        if !body.is_empty() {
            fails(ok(body), name);
        }
    }
    fails(Answer { body: b"{\"a\":\"\xff\"}", ..ok("") }, "not-utf8");
    let deep = format!("{}{}", "{\"a\":[".repeat(40), "]}".repeat(40));
    fails(ok(&deep), "too-deep");
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(bpol_engine::MAX_ANSWER));
    fails(ok(&large), "too-large");
}

#[test]
fn only_success_and_errors_are_passed_on() {
    for status in [0, 100, 101, 199, 301, 302, 304, 399, 600, 999] {
        fails(Answer { status, ..ok("{}") }, "status");
    }
}

#[test]
fn what_is_no_json_passes_only_where_a_file_is_read() {
    for content_type in ["", "text/html", "application/pdf", "application/json; charset=latin1", "text/json"] {
        fails(Answer { content_type, ..ok("%PDF") }, "content-type");
    }
    let content = format!("{ACCOUNT}/customer-statement/5/content");
    let pdf = Answer { status: 200, content_type: "application/pdf", body: b"%PDF\xff" };
    let filtered = cut("books", "GET", &content, "", pdf).unwrap();
    assert_eq!(&*filtered.body, b"%PDF\xff");
    let json = Answer { body: b" {\"secret\":1}", ..pdf };
    assert_eq!(cut("books", "GET", &content, "", json).unwrap_err().name(), "content-type");
    let failed = cut("books", "GET", &content, "", Answer { status: 500, ..pdf }).unwrap_err();
    assert_eq!(failed.name(), "content-type");
}

#[test]
fn a_decision_that_does_not_allow_shows_nothing() {
    let unfiltered = cut("nobody", "GET", PAYMENTS, "", ok("{}")).unwrap_err();
    assert_eq!(unfiltered.to_string(), "not-allowed: the decision is not to allow");
}

#[test]
fn one_record_is_cut_like_many() {
    let old = format!(r#"{{"Response":[{}]}}"#, payment(7, "2020-01-01", ""));
    assert_eq!(check_cut("shop", &format!("{PAYMENTS}/7"), &old, r#"{"Response":[]}"#), (0, 1));
    let fresh = format!(r#"{{"Response":[{}]}}"#, payment(7, "2026-11-20", ""));
    assert_eq!(check_cut("shop", &format!("{PAYMENTS}/7"), &fresh, &fresh), (1, 0));
}

#[test]
fn records_inside_a_batch_tell_the_facts_of_the_batch() {
    let target = format!("{ACCOUNT}/payment-batch");
    let batch = |types: &[&str]| {
        let payments: Vec<_> =
            types.iter().map(|kind| format!(r#"{{"id":1,"type":"{kind}","description":"d"}}"#)).collect();
        format!(r#"{{"Response":[{{"PaymentBatch":{{"id":9,"payments":{{"Payment":[{}]}}}}}}]}}"#, payments.join(","))
    };
    let (kept, dropped) = check_cut(
        "books",
        &target,
        &batch(&["BUNQ", "EBA_SCT"]),
        r#"{"Response":[{"PaymentBatch":{"id":9,"payments":{"Payment":[{"id":1,"type":"BUNQ"},{"id":1,"type":"EBA_SCT"}]}}}]}"#,
    );
    assert_eq!((kept, dropped), (1, 0));
    let (kept, dropped) = check_cut("books", &target, &batch(&["BUNQ", "MASTERCARD"]), r#"{"Response":[]}"#);
    assert_eq!((kept, dropped), (0, 1));
}

#[test]
fn an_account_shows_its_iban_and_no_other_alias() {
    let answer = r#"{"Response":[{"MonetaryAccountBank":{"id":42,"description":"Groceries","alias":[
        {"type":"EMAIL","value":"a@b.example","name":"A"},{"type":"IBAN","value":"NL20INGB0001234567","name":"A"}]}}]}"#;
    let filtered = cut("books", "GET", "/v1/user/1/monetary-account/42", "", ok(answer)).unwrap();
    assert!(text(&filtered).contains("NL20INGB0001234567"), "{}", text(&filtered));
    assert!(!text(&filtered).contains("a@b.example"), "{}", text(&filtered));
}

#[test]
fn a_decision_on_another_call_opens_no_answer() {
    let past = History::new();
    let other = Policy::load(include_bytes!("../../data/gateway.json")).unwrap();
    let read = |key| route("GET", PAYMENTS, "").unwrap().for_key(key);
    let decision = policy().decide(read("shop").request(), &past, now());
    assert!(policy().filter(&read("shop"), &decision).is_ok());

    let name = |routed: Routed<'_, '_>| policy().filter(&routed, &decision).unwrap_err().name();
    assert_eq!(name(read("books")), "other-request");
    assert_eq!(name(route("GET", ACCOUNT, "").unwrap().for_key("shop")), "other-request");
    assert_eq!(name(other.route("GET", PAYMENTS, &[], b"").unwrap().for_key("shop")), "other-request");
    let routed = read("shop");
    assert_eq!(other.filter(&routed, &decision).unwrap_err().name(), "other-request");
}
