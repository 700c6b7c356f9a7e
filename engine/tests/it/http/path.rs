//! One spelling of each path: whatever a server might read as another path is refused.

use super::check;

#[track_caller]
fn refused(target: &str, name: &str) {
    check("GET", target, "", &format!("{name} at the path"));
}

#[test]
fn a_plain_path_is_routed() {
    check("GET", "/v1/user/1/monetary-account/42/payment", "", "read transaction");
    check("GET", "/v1/user/1/monetary-account/42/payment/7", "", "read transaction");
    check("GET", "/v1/user/9223372036854775807/monetary-account/42/payment", "", "read transaction");
}

#[test]
fn every_other_spelling_of_a_path_is_refused() {
    for (target, name) in [
        // Not a path.
        ("", "target-form"),
        ("*", "target-form"),
        ("v1/user/1/monetary-account/42/payment", "target-form"),
        ("https://api.bunq.com/v1/user/1/monetary-account/42/payment", "target-form"),
        ("api.bunq.com:443", "target-form"),
        (" /v1/user/1/monetary-account/42/payment", "target-form"),
        // Doubled and trailing slashes.
        ("//v1/user/1/monetary-account/42/payment", "empty-segment"),
        ("/v1//user/1/monetary-account/42/payment", "empty-segment"),
        ("/v1/user/1/monetary-account/42//payment", "empty-segment"),
        ("/v1/user//monetary-account/42/payment", "empty-segment"),
        ("//api.evil.example/v1/user/1/monetary-account/42/payment", "empty-segment"),
        ("/v1/user/1/monetary-account/42/payment/", "trailing-slash"),
        ("/v1/user/1/monetary-account/42/payment/7/", "trailing-slash"),
        ("/v1/user/1/monetary-account/42/payment//", "empty-segment"),
        ("/", "trailing-slash"),
        // Dots.
        ("/v1/./user/1/monetary-account/42/payment", "dot-segment"),
        ("/v1/user/1/monetary-account/43/../42/payment", "dot-segment"),
        ("/v1/user/1/monetary-account/42/payment/..", "dot-segment"),
        ("/v1/user/1/monetary-account/42/payment/.", "dot-segment"),
        ("/../v1/user/1/monetary-account/42/payment", "dot-segment"),
        ("/v1/user/1/monetary-account/42/.../payment", "dot-segment"),
        // Escapes, of anything.
        ("/v1/user/1/monetary-account/42/%70ayment", "percent-encoding"),
        ("/v1/user/1/monetary-account/%34%32/payment", "percent-encoding"),
        ("/v1/user/1/monetary-account/42%2Fpayment", "percent-encoding"),
        ("/v1/user/1/monetary-account/42%2fpayment", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/%2e%2e/payment", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/%252e%252e/payment", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/payment%00", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/payment%20", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/payment%3Fcount=1", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/%c0%ae%c0%ae/payment", "percent-encoding"),
        ("/v1/user/1/monetary-account/42/payment%", "percent-encoding"),
        // What some servers take for something else.
        ("/v1/user/1/monetary-account/42/payment;v=1", "strange-character"),
        ("/v1/user/1/monetary-account/42;/payment", "strange-character"),
        ("/v1\\user\\1\\monetary-account\\42\\payment", "strange-character"),
        ("/v1/user/1/monetary-account/42\\payment", "strange-character"),
        ("/v1/user/1/monetary-account/42/payment ", "strange-character"),
        ("/v1/user/1/monetary-account/42/pay\tment", "strange-character"),
        ("/v1/user/1/monetary-account/42/payment\0", "strange-character"),
        ("/v1/user/1/monetary-account/42/payment\r\nX-A: b", "strange-character"),
        ("/v1/user/1/monetary-account/42/pаyment", "strange-character"),
        ("/v1/user/1/monetary-account/４２/payment", "strange-character"),
        ("/v1/user/1/monetary-account/42/payment:7", "strange-character"),
        ("/v1/user/1/monetary-account/42/payment@example.com", "strange-character"),
        ("/v1/user/{userID}/monetary-account/42/payment", "strange-character"),
        ("/v1/user/*/monetary-account/42/payment", "strange-character"),
        ("/v1/user/1/monetary-account/42/payment#", "fragment"),
        ("/v1/user/1/monetary-account/42/payment#?count=1", "fragment"),
        ("/v1/user/1/monetary-account/42/payment?count=1#x", "fragment"),
        // Capitals.
        ("/V1/user/1/monetary-account/42/payment", "upper-case"),
        ("/v1/user/1/monetary-account/42/Payment", "upper-case"),
        ("/v1/user/1/MONETARY-ACCOUNT/42/payment", "upper-case"),
        // Numbers.
        ("/v1/user/1/monetary-account/042/payment", "id-leading-zero"),
        ("/v1/user/1/monetary-account/0/payment", "id-leading-zero"),
        ("/v1/user/01/monetary-account/42/payment", "id-leading-zero"),
        ("/v1/user/1/monetary-account/-42/payment", "id-not-digits"),
        ("/v1/user/1/monetary-account/42.0/payment", "id-not-digits"),
        ("/v1/user/1/monetary-account/4e1/payment", "id-not-digits"),
        ("/v1/user/1/monetary-account/0x2a/payment", "id-not-digits"),
        ("/v1/user/1/monetary-account/me/payment", "id-not-digits"),
        ("/v1/user/me/monetary-account/42/payment", "id-not-digits"),
        ("/v1/user/1/monetary-account/42/payment/x", "id-not-digits"),
        ("/v1/user/1/monetary-account/9223372036854775808/payment", "id-too-large"),
        ("/v1/user/1/monetary-account/18446744073709551658/payment", "id-too-large"),
        ("/v1/user/1/monetary-account/99999999999999999999999/payment", "id-too-large"),
        // Nowhere.
        ("/v2/user/1/monetary-account/42/payment", "no-route"),
        ("/v1/user/1/monetary-accounts/42", "no-route"),
        ("/v1/user/1/monetary-account/42/payments", "no-route"),
        ("/v1/user/1/monetary-account/42/payment.json", "no-route"),
        ("/v1/user/1/monetary-account/42/payment/7/8", "no-route"),
        ("/v1/v1/user/1/monetary-account/42/payment", "no-route"),
    ] {
        refused(target, name);
    }
}

#[test]
fn a_target_of_more_bytes_than_stated_is_refused() {
    let long = format!("/v1/user/1/monetary-account/42/payment?count={}", "1".repeat(bpol_engine::http::MAX_TARGET));
    refused(&long, "target-too-long");
}

#[test]
fn pictures_are_named_by_uuids_in_small_letters() {
    let uuid = "0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f";
    check("GET", &format!("/v1/attachment-public/{uuid}"), "", "read picture");
    check("GET", &format!("/v1/attachment-public/{uuid}/content"), "", "read picture");
    refused(&format!("/v1/attachment-public/{}", uuid.to_uppercase()), "id-not-uuid");
    refused("/v1/attachment-public/7", "id-not-uuid");
    refused(&format!("/v1/user/{uuid}/monetary-account/42/payment"), "id-not-digits");
}

#[test]
fn a_method_is_one_of_five_in_capitals() {
    let target = super::PAYMENTS;
    check("HEAD", target, "", "head-refused at the method");
    check("OPTIONS", target, "", "options-refused at the method");
    for method in ["get", "Get", "GET ", "", "TRACE", "CONNECT", "PROPFIND", "GETT"] {
        check(method, target, "", "unknown-method at the method");
    }
    check("DELETE", target, "", "no-route at the path");
    check("PATCH", target, "", "no-route at the path");
}

#[test]
fn what_no_key_may_do_has_no_route() {
    check("POST", "/v1/user/1/monetary-account/42/draft-payment", "{}", "no-route at the path");
    check("GET", "/v1/user/1/card", "", "no-route at the path");
    check("DELETE", "/v1/user/1/monetary-account/42/customer-statement/5", "", "no-route at the path");
}
