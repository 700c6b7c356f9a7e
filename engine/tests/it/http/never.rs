//! Whatever comes in, nothing panics.

use bpol_engine::{Answer, History};
use proptest::prelude::*;

use super::{JSON, PAYMENTS, now, policy};

fn cases() -> ProptestConfig {
    let cases = std::env::var("BPOL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// JSON that is nearly right: the words of payments in any order.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"amount\"",
        "\"value\"",
        "\"currency\"",
        "\"EUR\"",
        "\"12.50\"",
        "12.50",
        "null",
        "\"Response\"",
        "\"Payment\"",
        "\"id\"",
        "7",
        "\"payments\"",
        "\"\\u0061mount\"",
        "\"\\ud800\"",
        " ",
        "\"created\"",
        "\"2026-11-20 08:00:00.000000\"",
        "\"type\"",
        "\"IBAN\"",
        "true",
        "\u{feff}",
        "\"Pagination\"",
        "\"secret\"",
        "é",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_target_is_routed_or_refused(target in "\\PC*", tail in "[/.%a-z0-9?&=_;-]{0,40}") {
        let _ = policy().route("GET", &target, &[], b"");
        let _ = policy().route("GET", &format!("{PAYMENTS}{tail}"), &[], b"");
        let _ = policy().route("GET", &format!("/{tail}"), &[], b"");
    }

    #[test]
    fn any_body_is_routed_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), text in nearly()) {
        for body in [&*bytes, text.as_bytes()] {
            for target in [PAYMENTS, "/v1/user/1/monetary-account/42/payment-batch"] {
                if let Ok(mut routed) = policy().route("POST", target, JSON, body) {
                    policy().decide(routed.request(), &History::new(), now());
                    let _ = routed.looked_up(body);
                }
            }
        }
    }

    #[test]
    fn any_answer_is_cut_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), text in nearly()) {
        let routed = policy().route("GET", PAYMENTS, &[], b"").unwrap().for_key("shop");
        let decision = policy().decide(routed.request(), &History::new(), now());
        let filter = policy().filter(&routed, &decision).unwrap();
        for body in [&*bytes, text.as_bytes()] {
            for status in [200, 400] {
                let answer = Answer { status, content_type: "application/json", body };
                if let Ok(filtered) = filter.cut(answer, &History::new(), now()) && !filtered.body.is_empty() {
                    prop_assert!(serde_json::from_slice::<serde_json::Value>(&filtered.body).is_ok());
                }
            }
        }
    }

    #[test]
    fn what_is_read_as_json_is_json(text in nearly(), more in "\\PC{0,20}") {
        for text in [text.clone(), format!("{{\"description\":\"{more}\"}}"), format!("{{{text}}}")] {
            let read = policy().route("POST", PAYMENTS, JSON, text.as_bytes());
            let json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            // What is no JSON is never routed; what is JSON is never refused as none.
            if !text.is_empty() {
                prop_assert!(json || read.is_err(), "{text}");
                let names = ["body-not-json", "trailing-data"];
                prop_assert!(!json || read.as_ref().err().is_none_or(|refusal| !names.contains(&refusal.name())), "{text}");
            }
        }
    }
}
