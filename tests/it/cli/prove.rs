//! `ensure` in `bpolc check` and `compile`, and `bpolc prove`.

use super::{CLEAN, Directory};

const PAYS: &str = r#"account "Shop" is iban NL41BUNQ0000000006, bank;
payee "A" is NL42TEST0000000002;
key "shop" <
  allow create payment on account "Shop" to payee "A" up to 250 EUR each, 1000 EUR per 30d;
  allow read profile;
  ask payment over 100 EUR;
>
"#;

#[track_caller]
fn check(claim: &str, code: i32, says: &[&str]) {
    let directory = Directory::with(&[("policy.bpol", PAYS)]);
    let ran = directory.run(&["prove", claim, "policy.bpol"]);
    let words = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(ran.code, code, "{}", ran.err);
    assert!(says.iter().all(|text| words.contains(text)), "{}", ran.err);
    // The same claim in the policy itself fails `check` and `compile`, and nothing is written.
    let directory = Directory::with(&[("policy.bpol", &format!("{PAYS}ensure {claim};\n"))]);
    let (checked, compiled) =
        (directory.run(&["check", "policy.bpol"]), directory.run(&["compile", "policy.bpol", "-o", "policy.json"]));
    assert_eq!((checked.code, compiled.code), (code, code), "{}{}", checked.err, compiled.err);
    assert_eq!(directory.path("policy.json").exists(), code == 0);
}

#[test]
fn what_holds_for_all_requests_is_proved() {
    check("no key can create payment over 250 EUR", 0, &["proved for all requests"]);
    check("key \"shop\" must ask to create payment over 100 EUR", 0, &[]);
    check("no key can read profile showing birth", 0, &[]);
    check("key \"shop\" can create payment on account \"Shop\" to payee \"A\" up to 100 EUR each", 0, &[]);
    check("every key cannot payment unless to payee \"A\"", 0, &[]);
}

#[test]
fn a_false_claim_shows_a_request_and_who_lets_it_through() {
    check(
        "no key can create payment over 100 EUR",
        4,
        &[
            "refuted-claim",
            "key `shop` can create payment after asking",
            "expect ask create payment of 250 EUR on account \"Shop\" to payee \"A\";",
            "this asks",
        ],
    );
    check(
        "key \"shop\" must ask to create payment over 99 EUR",
        4,
        &["without asking", "expect allow create payment of 100 EUR on account \"Shop\" to payee \"A\";"],
    );
    check(
        "key \"shop\" can create payment on account \"Shop\" to payee \"A\" up to 101 EUR each",
        4,
        &["must ask to create payment", "expect ask create payment of 101 EUR"],
    );
}

#[test]
fn a_claim_that_is_not_decided_fails() {
    check("no key can create payment over 5000 EUR per 365d", 4, &["undecided-claim", "neither proved nor refuted"]);
}

#[test]
fn what_is_no_claim_is_wrong_usage() {
    let directory = Directory::with(&[("policy.bpol", CLEAN), ("broken.bpol", "key \"k\" < allow >")]);
    for claim in [
        "",
        "no key can creat payment",
        "key \"nobody\" can read health",
        "hello \"x",
        "no key can read health; key \"k\" < >",
    ] {
        let ran = directory.run(&["prove", claim, "policy.bpol"]);
        assert_eq!(ran.code, 2, "{claim}: {}", ran.err);
        assert!(ran.err.contains("error"), "{claim}: {}", ran.err);
    }
    assert_eq!(directory.run(&["prove", "no key can control", "broken.bpol"]).code, 3);
    assert_eq!(directory.run(&["prove", "no key can control", "missing.bpol"]).code, 2);
}
