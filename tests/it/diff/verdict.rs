//! Verdicts without sums.

use super::{check, check_key};

#[test]
fn the_same_policy_is_equal() {
    let rule = "allow create payment on account \"Shop\" to payee \"a\" up to 10 EUR each, 100 EUR per day;";
    check_key(rule, rule, "equal");
    check_key(rule, &format!("{rule} {rule}"), "equal");
    check_key(&format!("{rule} deny webhook;"), &format!("deny webhook; {rule}"), "equal");
}

#[test]
fn names_and_words_for_the_same_things_are_equal() {
    let by = |to: &str| {
        format!("allow create payment on account \"Shop\" to {to} up to 10 EUR each, 100 EUR per day, 5 EUR in total;")
    };
    check_key(&by("payees \"ab\""), &by("payee \"a\", \"b\""), "equal");
    check_key(&by("payee \"a\""), &by("iban NL91ABNA0417164300"), "equal");
    let group = |name: &str| {
        format!("payees \"{name}\" < payee \"a\", \"c\"; > key \"k\" < {} >", by(&format!("payees \"{name}\"")))
    };
    check(&group("x"), &group("y"), "equal");
    check_key(
        "allow read transactions on any account;",
        "allow read transactions on any account; allow read transactions on account \"Shop\";",
        "equal",
    );
    check_key("deny webhook, device;", "deny webhook; deny device;", "equal");
}

#[test]
fn more_accounts_payees_or_money_are_wider() {
    check_key(
        "allow read transactions on account \"Shop\";",
        "allow read transactions on account \"Shop\", \"Rent\";",
        "wider",
    );
    check_key(
        "allow read transactions on account \"Shop\" since 30d;",
        "allow read transactions on account \"Shop\" since 60d;",
        "wider",
    );
    let up_to = |cap: &str| {
        format!("allow create payment on account \"Shop\" to payee \"a\" up to {cap} each, any amount in total;")
    };
    check_key(&up_to("250 EUR"), &up_to("500 EUR"), "wider");
    check_key(&up_to("250 EUR"), &up_to("250 USD"), "incomparable");
    check_key("allow read profile;", "allow read profile; allow read cards on any account;", "wider");
    check_key(
        "allow read transactions on account \"Shop\"; deny everything unless from network \"office\";",
        "allow read transactions on account \"Shop\";",
        "wider",
    );
}

#[test]
fn asking_is_between_denying_and_allowing() {
    let allow = "allow create payment on account \"Shop\" to payee \"a\" up to 10 EUR each, any amount in total;";
    check_key(allow, &format!("{allow} ask payment;"), "narrower");
    check_key(&format!("{allow} ask payment;"), &format!("{allow} deny payment;"), "narrower");
    check_key(&format!("{allow} ask payment over 5 EUR;"), &format!("{allow} ask payment over 7 EUR;"), "wider");
}

#[test]
fn fewer_fields_are_narrower_and_other_fields_incomparable() {
    check_key("allow read profile;", "allow read profile hiding name;", "narrower");
    check_key("allow read profile showing birth;", "allow read profile showing birth, address;", "wider");
    check_key("allow read profile showing birth;", "allow read profile showing address;", "incomparable");
    check_key("allow read balance on account \"Shop\";", "allow read account on account \"Shop\";", "wider");
}

#[test]
fn what_is_neither_is_incomparable() {
    check_key(
        "allow read transactions on account \"Shop\";",
        "allow read transactions on account \"Rent\";",
        "incomparable",
    );
    check_key("allow read profile;", "allow read cards on any account;", "incomparable");
}

#[test]
fn keys_come_and_go() {
    let one = "key \"k\" < allow read profile; >";
    check(one, &format!("{one} key \"more\" < allow read cards on any account; >"), "wider");
    check(one, &format!("{one} key \"more\" < deny everything; >"), "equal");
    check(one, "key \"other\" < allow read profile; >", "incomparable");
}

#[test]
fn guardrails_bind_all_keys_but_those_excepted() {
    let keys = "key \"k\" < allow read profile; > key \"l\" < allow read profile; >";
    check(keys, &format!("{keys} every key < deny profile; >"), "narrower");
    check(
        &format!("{keys} every key < deny profile; >"),
        &format!("{keys} every key except \"l\" < deny profile; >"),
        "wider",
    );
}

#[test]
fn what_one_policy_calls_malformed_is_denied_there() {
    let policy = |name: &str, facts: &str, kind: &str| {
        format!("account \"{name}\" is {facts}; key \"k\" < allow read transactions on {kind} accounts; >")
    };
    check(
        &policy("Extra", "iban DE89370400440532013000, savings", "savings"),
        &policy("Spare", "iban DE89370400440532013000, savings", "savings"),
        "equal",
    );
    check(
        &policy("Extra", "iban DE89370400440532013000, savings", "savings"),
        &policy("Extra", "iban DE89370400440532013000, savings, id 7", "savings"),
        "incomparable",
    );
}

#[test]
fn an_account_known_by_its_iban_may_be_that_known_by_its_id() {
    let policy = |facts: &str| {
        format!("account \"Extra\" is {facts}; key \"k\" < allow read transactions on account \"Extra\"; >")
    };
    check(&policy("iban DE89370400440532013000"), &policy("id 7"), "incomparable");
}

/// What contradicted a declaration was denied, and is not any more: no rule has to say the account.
#[test]
fn a_declaration_that_is_gone_or_says_less_is_wider() {
    let key = "key \"k\" < allow read transactions on any account; allow create payment on any account to anyone up to 5 EUR per day; >";
    let declared = |facts: &str| format!("account \"New\" is {facts}; {key}");
    check(&declared("iban NL41BUNQ0000000006, id 7"), &declared("iban NL41BUNQ0000000006"), "wider");
    check(&declared("iban NL41BUNQ0000000006, id 7"), &declared("iban NL41BUNQ0000000006, id 8"), "incomparable");
    let diff = super::compare(&declared("iban NL41BUNQ0000000006, bank"), key);
    assert_eq!(diff.verdict, Ok(bpolc::analyze::diff::Verdict::Wider), "{diff:#?}");
    // One fact by itself contradicts that of another account.
    let other = "account \"One\" is iban NL41BUNQ0000000006;";
    let diff = super::compare(&format!("{other} {}", declared("id 7")), &format!("{other} {key}"));
    assert_eq!(diff.verdict, Ok(bpolc::analyze::diff::Verdict::Wider), "{diff:#?}");
    let gained: Vec<&str> = diff.keys[0].gained.iter().map(|change| change.sentence.as_str()).collect();
    assert!(
        gained.iter().all(|sentence| sentence.ends_with("with facts that contradicted a declaration")),
        "{gained:?}"
    );
    assert!(diff.keys[0].gained.iter().all(|change| change.example.is_some()), "{diff:#?}");
    // Another name for the same account is nothing.
    let renamed = "account \"Other\" is iban NL41BUNQ0000000006, id 7;";
    check(&declared("iban NL41BUNQ0000000006, id 7"), &format!("{renamed} {key}"), "equal");
}
