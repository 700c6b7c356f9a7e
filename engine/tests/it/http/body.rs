//! Bodies: one JSON object with the keys of the route, each once.

use super::{ACCOUNT, JSON, PAYMENTS, check, outcome, policy};

#[track_caller]
fn body(body: &str, expected: &str) {
    check("POST", PAYMENTS, body, expected);
}

#[track_caller]
fn bytes(body: &[u8], expected: &str) {
    assert_eq!(outcome(policy().route("POST", PAYMENTS, JSON, body)), expected, "{body:?}");
}

#[test]
fn an_object_with_the_keys_of_the_route_is_routed() {
    body(r#"{"amount":{"value":"1","currency":"EUR"},"description":"x"}"#, "create payment");
    body(" {\n\t\"description\": \"\\u00e9 \\ud83d\\ude00 \\\"\" }\r\n ", "create payment");
    body("{}", "create payment");
    body("", "create payment");
}

#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_stands() {
    body(r#"{"description":"a","description":"b"}"#, "duplicate-key at `/description` of the body");
    body(r#"{"amount":{"value":"1","value":"9"}}"#, "duplicate-key at `/amount/value` of the body");
    body(r#"{"attachment":[{"id":1},{"id":1,"id":2}]}"#, "duplicate-key at `/attachment/1/id` of the body");
    body(r#"{"description":"a","de\u0073cription":"b"}"#, "duplicate-key at `/description` of the body");
    let many: String = (0..100).map(|number| format!(r#""k{number}":1,"#)).collect();
    body(&format!(r#"{{"amount":{{{many}"k7":2}}}}"#), "duplicate-key at `/amount` of the body");
}

#[test]
fn a_key_with_escapes_is_refused() {
    body(r#"{"descripti\u006fn":"a"}"#, "escaped-key at `/description` of the body");
    body(r#"{"amount":{"v\u0061lue":"1"}}"#, "escaped-key at `/amount/value` of the body");
}

#[test]
fn a_key_that_the_call_does_not_have_is_refused() {
    body(r#"{"amuont":{"value":"1"}}"#, "unknown-key at `/amuont` of the body");
    body(r#"{"Amount":{"value":"1"}}"#, "unknown-key at `/Amount` of the body");
    body(r#"{"description":"x","schedule":{}}"#, "unknown-key at `/schedule` of the body");
    body(r#"{"":1}"#, "unknown-key at `/` of the body");
    let requests = format!("{ACCOUNT}/request-inquiry/7");
    check("PUT", &requests, r#"{"status":"REVOKED"}"#, "cancel request");
    check(
        "PUT",
        &requests,
        r#"{"status":"REVOKED","amount_inquired":1}"#,
        "unknown-key at `/amount_inquired` of the body",
    );
}

#[test]
fn a_body_that_is_no_kind_of_body_of_the_call_has_no_route() {
    let requests = format!("{ACCOUNT}/request-inquiry/7");
    for body in [
        "",
        "{}",
        r#"{"status":"ACCEPTED"}"#,
        r#"{"status":null}"#,
        r#"{"status":["REVOKED"]}"#,
        r#"{"status":"revoked"}"#,
    ] {
        check("PUT", &requests, body, "no-route at the body");
    }
}

#[test]
fn a_body_where_there_is_none_is_refused() {
    check("GET", PAYMENTS, "{}", "body-not-allowed at the body");
    check("GET", PAYMENTS, " ", "body-not-allowed at the body");
    check("DELETE", PAYMENTS, "{}", "body-not-allowed at the body");
    // Uploads of files are no JSON and have no route that takes one.
    check("POST", "/v1/user/1/monetary-account/42/payment", "\u{89}PNG", "body-not-json at the body");
}

#[test]
fn a_body_is_one_object() {
    for text in ["[]", "[{}]", "\"x\"", "5", "null", "true"] {
        body(text, "body-not-object at the body");
    }
    for text in [
        "{",
        "{]",
        "}",
        " ",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "// x\n{}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"x}",
        "\u{feff} {}x",
    ] {
        let result = outcome(policy().route("POST", PAYMENTS, JSON, text.as_bytes()));
        assert!(result.starts_with("body-not-json") || result.starts_with("byte-order-mark"), "{text} {result}");
    }
}

#[test]
fn nothing_stands_behind_the_object() {
    body("{} {}", "trailing-data at the body");
    body("{}x", "trailing-data at the body");
    body("{},", "trailing-data at the body");
    body("{}\0", "trailing-data at the body");
}

#[test]
fn a_byte_order_mark_and_other_encodings_are_refused() {
    bytes(b"\xef\xbb\xbf{}", "byte-order-mark at the body");
    bytes(b"\xff\xfe{\0}\0", "byte-order-mark at the body");
    bytes(b"\xfe\xff\0{\0}", "byte-order-mark at the body");
    bytes(b"{\"description\":\"\xe9\"}", "body-not-utf8 at the body");
    bytes(b"{\"description\":\"\xed\xa0\x80\"}", "body-not-utf8 at the body");
    bytes(b"{\"description\":\"\xc0\xaf\"}", "body-not-utf8 at the body");
}

#[test]
fn a_body_of_more_bytes_than_stated_is_refused() {
    let fill = |bytes: usize| format!(r#"{{"description":"{}"}}"#, "x".repeat(bytes - 18));
    let most = fill(bpol_engine::http::MAX_BODY);
    assert_eq!(most.len(), bpol_engine::http::MAX_BODY);
    body(&most, "create payment");
    body(&format!("{most} "), "body-too-large at the body");
}

#[test]
fn a_body_deeper_than_stated_is_refused() {
    let nest = |depth: usize| format!(r#"{{"attachment":{}{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
    body(&nest(bpol_engine::http::MAX_BODY_DEPTH), "create payment");
    let place = "/attachment".to_owned() + &"/0".repeat(bpol_engine::http::MAX_BODY_DEPTH - 1);
    body(&nest(bpol_engine::http::MAX_BODY_DEPTH + 1), &format!("body-too-deep at `{place}` of the body"));
    body(&"[".repeat(100_000), "body-too-deep at `/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0` of the body");
}

#[test]
fn another_method_is_not_asked_for_in_the_body() {
    body(r#"{"_method":"DELETE"}"#, "method-override at `/_method` of the body");
}

#[test]
fn lists_and_objects_on_the_way_hold_something_of_the_right_kind() {
    let webhook = "/v1/user/1/monetary-account/42/notification-filter-url";
    let right = r#"{"notification_filters":[{"category":"PAYMENT","notification_target":"https://example.com/hook"}]}"#;
    check("POST", webhook, right, "create webhook");
    for (body, expected) in [
        (
            r#"{"notification_filters":{"0":{"category":"PAYMENT","notification_target":"https://a.b"}}}"#,
            "wrong-type at `/notification_filters` of the body",
        ),
        (r#"{"notification_filters":"x"}"#, "no-route at the body"),
        (r#"{"notification_filters":[]}"#, "no-route at the body"),
        (r#"{"notification_filters":[{"notification_target":"https://a.b"},{}]}"#, "no-route at the body"),
        (
            r#"{"notification_filters":[{"notification_target":"https://a.b","x":1}]}"#,
            "unknown-key at `/notification_filters/0/x` of the body",
        ),
    ] {
        check("POST", webhook, body, expected);
    }
}
