use jiff::Timestamp;

use super::hover;
use crate::ide::test::Fixture;

/// Names that most texts use.
const NAMES: &str = "timezone \"Europe/Amsterdam\";\n\
    /// For food.\naccount \"Groceries\" is iban NL20INGB0001234567, joint;\n\
    payee \"Landlord\" is NL91ABNA0417164300;\n\
    payees \"home\" < payee \"Landlord\"; DE89370400440532013000; >\n\
    network \"office\" < 203.0.113.0/24; 2001:db8::/48; >\n\
    limit \"household\" < 1000 EUR per month; >\n\
    role \"reader\" < allow read balances, transactions on account \"Groceries\"; deny payment over 5 EUR; >\n";

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// What is said under the caret, as plain text.
fn said(text: &str) -> String {
    let at = text.find("|caret|").expect("a caret");
    // Names stand behind, so that the caret's file has them whatever the text is.
    let fixture = Fixture::new(&format!("{text}\n{NAMES}"));
    assert_eq!(fixture.offset as usize, at);
    match hover(fixture.view(), fixture.offset, now()) {
        Some(found) => format!("[{}]\n{}", found.span.of(fixture.text()), found.page.plain()),
        None => "nothing".to_owned(),
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let said = said(text);
    for words in expected {
        assert!(said.contains(words), "`{words}` is not said:\n{said}");
    }
}

/// All of it, to be read.
#[test]
fn what_is_said_reads_well() {
    let texts = [
        "key \"a\" < allow cre|caret|ate payment on account \"Groceries\" to payee \"Landlord\" up to 5 EUR per day; >",
        "key \"a\" < allow read bal|caret|ances on account \"Groceries\"; >",
        "key \"a\" < deny pay|caret|ment; >",
        "key \"a\" < deny every|caret|thing; >",
        "key \"a\" < deny con|caret|trol; >",
        "key \"a\" < al|caret|low create payment on account \"Groceries\" to payees \"home\" up to 5 EUR per day; >",
        "key \"a\" < al|caret|low read transactions on account \"Groceries\" since 30d; >",
        "key \"a\" < al|caret|low create payment on any account to anyone up to any amount in total; >",
        "key \"a\" < de|caret|ny payment over 5 EUR unless to own accounts; >",
        "key \"a\" < deny ev|caret|erything unless from network \"office\"; >",
        "key \"a\" < de|caret|ny everything unless from network \"office\"; >",
        "key \"a\" < on|caret|ly from network \"office\"; >",
        "key \"a\" < us|caret|e role \"reader\"; >",
        "key \"a\" < use role \"rea|caret|der\"; >",
        "key \"a\" < allow read transactions on account \"Gro|caret|ceries\" since 30d; >",
        "key \"a\" < allow read transactions on account \"Groceries\" since 3|caret|0d; >",
        "key \"a\" < allow create payment on account \"Groceries\" to payees \"ho|caret|me\" within limit \"household\"; >",
        "key \"a\" < allow create payment on account \"Groceries\" to payees \"home\" within limit \"house|caret|hold\"; >",
        "key \"a\" < allow create payment on account \"Groceries\" to payees \"home\" with|caret|in limit \"household\"; >",
        "key \"a\" < deny payment unless during week|caret|days 09:00-17:00, sat 10:00-02:00; >",
        "key \"a\" < deny payment unless from ip 203.0.113.0/2|caret|4; >",
        "key \"a\" < deny payment before 2027-0|caret|1-31; >",
        "key \"a\" < deny payment over 12|caret|50 EUR; >",
        "key \"a\" < deny payment over 1250 EU|caret|R; >",
        "payee \"x\" is NL91ABNA04171643|caret|01;",
        "payee \"x\" is \"DE89 3704 0044 05|caret|32 0130 00\";",
        "// bpol: allow(two-|caret|hop) mine\nkey \"a\" < >",
        "/// Mine.\nkey \"|caret|a\" < use role \"reader\"; allow create payment on account \"Groceries\" to payees \"home\" up to 5 EUR per day; >",
    ];
    let all: Vec<String> = texts.iter().map(|text| format!("### {text}\n{}", said(text))).collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_time_zone_says_what_its_clocks_say() {
    let fixture = Fixture::new("timezone \"America/New|caret|_York\";");
    let found = hover(fixture.view(), fixture.offset, now()).unwrap();
    assert!(found.page.plain().contains("Now 2026-11-24 07:00 there, UTC-05:00"), "{}", found.page.plain());
}

#[test]
fn half_typed_lines_still_say_what_their_words_are() {
    check("key \"a\" < allow read transactions on account \"Groceries\" si|caret|nce", &["How old a record may be"]);
    check("key \"a\" < allow create payment to payee \"Land|caret|lord\"", &["payee `Landlord`", "Netherlands"]);
    check("key \"a\" < nonsense here; deny pay|caret|ment; >", &["create payment"]);
}

#[test]
fn a_rule_is_said_though_another_is_wrong() {
    check("key \"a\" < allow nonsense; den|caret|y payment; >", &["Refused, whatever else allows it:"]);
}

#[test]
fn nothing_is_said_where_nothing_is() {
    for text in ["|caret|", "key \"a\" <   |caret|   >", "// a comment |caret|\n", "key \"a\" < > |caret|"] {
        assert_eq!(said(text), "nothing", "{text}");
    }
}

#[test]
fn a_name_that_is_declared_nowhere_is_not_made_up() {
    assert_eq!(said("key \"a\" < allow read transactions on account \"No|caret|where\" since 1d; >"), "nothing");
}
