//! Headers that change what a call means.

use super::{PAYMENTS, outcome, policy};

#[track_caller]
fn headers(headers: &[(&str, &[u8])], body: &str, expected: &str) {
    let method = if body.is_empty() { "GET" } else { "POST" };
    assert_eq!(outcome(policy().route(method, PAYMENTS, headers, body.as_bytes())), expected, "{headers:?}");
}

#[test]
fn usual_headers_say_nothing() {
    headers(
        &[("Host", b"api"), ("X-Bunq-Client-Authentication", b"t"), ("Cache-Control", b"no-cache"), ("Via", b"\xff")],
        "",
        "read transaction",
    );
    headers(&[("Content-Encoding", b"identity"), ("content-type", b"application/json")], "{}", "create payment");
}

#[test]
fn another_method_is_not_asked_for_in_a_header() {
    for name in [
        "X-HTTP-Method-Override",
        "x-http-method-override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X_HTTP_METHOD_OVERRIDE",
        "x-http_method-override",
        "X-Method",
    ] {
        headers(&[(name, b"PUT")], "", &format!("method-override at the header `{}`", name.to_lowercase()));
    }
}

#[test]
fn another_path_is_not_asked_for_in_a_header() {
    headers(&[("X-Original-URL", b"/v1/user/1/card")], "", "path-override at the header `x-original-url`");
    headers(&[("X-Rewrite-URL", b"/")], "", "path-override at the header `x-rewrite-url`");
}

#[test]
fn a_part_of_an_answer_is_not_asked_for() {
    headers(&[("Range", b"bytes=0-10")], "", "range at the header `range`");
}

#[test]
fn a_body_is_json_in_utf_8_and_says_so_once() {
    for fine in [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        "application/json ; charset=\"utf-8\"",
    ] {
        headers(&[("content-type", fine.as_bytes())], "{}", "create payment");
    }
    for wrong in [
        "",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/json; charset=utf-16",
        "application/json; charset=utf-7",
        "application/json; boundary=x",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json, text/plain",
        "application/json-patch+json",
        "application/json;",
    ] {
        headers(&[("content-type", wrong.as_bytes())], "{}", "content-type at the header `content-type`");
    }
    headers(&[], "{}", "create payment");
    headers(&[("content-type", b"application/json\xff")], "{}", "content-type at the header `content-type`");
    headers(
        &[("content-type", b"application/json"), ("Content-Type", b"application/json")],
        "{}",
        "duplicate-header at the header `content-type`",
    );
    headers(
        &[("content-type", b"application/json"), ("Content_Type", b"text/plain")],
        "{}",
        "duplicate-header at the header `content_type`",
    );
}

#[test]
fn a_packed_body_is_refused() {
    for coding in ["gzip", "br", "deflate", "identity, gzip"] {
        headers(
            &[("content-type", b"application/json"), ("Content-Encoding", coding.as_bytes())],
            "{}",
            "content-encoding at the header `content-encoding`",
        );
    }
}

#[test]
fn more_headers_than_stated_are_refused() {
    let many = vec![("Via", b"x".as_slice()); bpol_engine::http::MAX_HEADERS];
    headers(&many, "", "read transaction");
    let more = vec![("Via", b"x".as_slice()); bpol_engine::http::MAX_HEADERS + 1];
    headers(&more, "", "too-many-headers at the header ``");
}
