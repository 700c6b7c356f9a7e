//! What a key may do in words: the region of each operation as sentences.

use bpol_engine::ir::Effect;
use bpolc::analyze::Regions;
use bpolc::analyze::phrase::{Facts, Sentences, operations, plural};
use bpolc::catalogue::Catalogue;

use super::{compile, compile_text};
use crate::laws::{Verdict, holds};
use crate::random::Case;

const NAMES: &str = r#"
timezone "Europe/Amsterdam";
account "Groceries" is iban NL57BUNQ0000000009, id 9, joint;
account "Private" is iban NL30BUNQ0000000010, bank;
payee "Ans" is NL58TEST0000000005;
payee "Bob" is NL31TEST0000000006;
payees "friends" < payees "Ans", "Bob"; >
network "office" < 203.0.113.0/24; >
"#;

/// What the only key may do, and what it must ask for, with untold facts or without.
fn said(statements: &str, facts: Facts) -> String {
    let ir = compile_text(&format!("{NAMES} key \"k\" < {statements} >")).expect("compiles");
    let mut regions = Regions::of(&ir, 0).expect("small");
    let mut lines = Vec::new();
    for number in 0..regions.regions.len() {
        let of_region = |place: &usize| regions.of_operation[*place] == Some(number);
        let listed: Vec<usize> = (0..ir.operations.len()).filter(of_region).collect();
        if listed.iter().all(|place| ir.operations[*place].tier == bpol_engine::ir::Tier::Base) {
            continue;
        }
        for effect in [Effect::Allow, Effect::Ask] {
            let found = regions.regions[number].sentences(&|outcome| outcome.effect == effect, facts, 12);
            let Sentences { list, more } = found.expect("small");
            let what = operations(&ir, &listed).join("; ");
            lines.extend(list.iter().map(|phrase| format!("{effect:?} {what} {phrase:#}")));
            lines.extend(more.then(|| "and more".to_owned()));
        }
    }
    lines.join("\n")
}

#[track_caller]
fn check(statements: &str, expected: &str) {
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(said(statements, Facts::Told), expected.join("\n"), "\n{statements}");
}

#[test]
fn one_grant_is_one_sentence() {
    check(
        r#"allow read transactions on account "Groceries" since 30d;"#,
        r#"Allow read transactions on account "Groceries", records of the last 30 days"#,
    );
    check(
        r#"allow create payment on account "Groceries" to payees "friends" up to 50 EUR each, 200 EUR per month;"#,
        r#"Allow create payments on account "Groceries", to payees "friends", of up to 50 EUR, up to 200 EUR a month"#,
    );
    check(
        r#"allow create payment on any account to anyone up to any amount in total;"#,
        "Allow create payments on any account, to anyone, of any amount",
    );
}

#[test]
fn what_two_payees_may_get_is_told_apart() {
    check(
        r#"allow create payment on account "Private" to payee "Ans" up to 100 EUR per day;
           allow create payment on account "Private" to payee "Bob" up to 2000 EUR per month;"#,
        r#"Allow create payments on account "Private", to payee "Ans", up to 100 EUR a day
           Allow create payments on account "Private", to payee "Bob", up to 2,000 EUR a month"#,
    );
    check(
        r#"allow create payment on account "Private" to payee "Ans" up to 10 EUR each at most 3 times per day;
           allow create payment on account "Private" to payee "Bob" up to 20 EUR each at most 3 times per day;"#,
        r#"Allow create payments on account "Private", to payee "Ans", of up to 10 EUR, at most 3 times a day on account "Private" to payee "Ans"
           Allow create payments on account "Private", to payee "Bob", of up to 20 EUR, at most 3 times a day on account "Private" to payee "Bob""#,
    );
}

#[test]
fn names_that_mean_the_same_payees_read_alike() {
    let one = r#"allow create payment on account "Private" to payees "Ans", "Bob" up to 100 EUR per day;"#;
    let other = r#"allow create payment on account "Private" to payees "friends" up to 100 EUR per day;"#;
    assert_eq!(said(one, Facts::Told), said(other, Facts::Told));
}

#[test]
fn kinds_own_accounts_and_exceptions_are_said() {
    check(
        r#"allow read transactions on joint accounts; allow read transactions on account "Private";"#,
        r#"Allow read transactions on account "Private" or joint accounts"#,
    );
    check(
        r#"allow read transactions on any account except "Private";"#,
        r#"Allow read transactions on any account except account "Private""#,
    );
    check(
        r#"allow create payment on account "Private" to own accounts, payee "Bob" up to 100 EUR per week;"#,
        r#"Allow create payments on account "Private", to payee "Bob" or own accounts, up to 100 EUR a week"#,
    );
    check(
        r#"allow create payment on account "Private" to anyone up to 100 EUR per week; deny payment to payee "Bob";"#,
        r#"Allow create payments on account "Private", to anyone but payee "Bob", up to 100 EUR a week"#,
    );
}

#[test]
fn what_is_asked_is_what_the_ask_takes() {
    check(
        r#"allow create payment on account "Private" to payee "Bob" up to 500 EUR per day; ask payment over 100 EUR;"#,
        r#"Allow create payments on account "Private", to payee "Bob", of up to 100 EUR, up to 500 EUR a day
           Ask create payments on account "Private", to payee "Bob", of over 100 EUR, up to 500 EUR a day"#,
    );
}

#[test]
fn places_and_times_are_said() {
    check(
        r#"allow read transactions on account "Groceries";
           only from network "office"; only during weekdays 08:00-18:00; only before 2027-07-01;"#,
        r#"Allow read transactions on account "Groceries", from network "office", during Mon–Fri 08:00–18:00, before 2027-07-01"#,
    );
    check(
        r#"allow read transactions on account "Groceries" since 2026-01-01;
           deny read transactions from ip 203.0.113.0/25, 10.0.0.1;"#,
        r#"Allow read transactions on account "Groceries", records since 2026-01-01, from anywhere but ip 10.0.0.1 and 203.0.113.0/25"#,
    );
}

#[test]
fn other_lines_that_mean_the_same_read_alike() {
    let one = r#"allow create payment on account "Private" to payees "friends" up to 100 EUR per day; allow read transactions on account "Groceries";"#;
    let other = r#"allow read transactions on account "Groceries" since 30d; allow read transactions on account "Groceries";
        deny payment over 900 EUR;
        allow create payment on account "Private" to payees "friends" up to 100 EUR per day;"#;
    assert_eq!(said(one, Facts::Told), said(other, Facts::Told));
}

#[test]
fn untold_facts_are_said_where_they_matter() {
    let text = said(
        r#"allow create payment on account "Private" to anyone up to 500 EUR per day; ask payment to payee "Bob";"#,
        Facts::Any,
    );
    assert_eq!(
        text,
        "Allow create payments on account \"Private\", to anyone but payee \"Bob\", up to 500 EUR a day\n\
         Ask create payments on account \"Private\", to payee \"Bob\" or when the payee is not told, up to 500 EUR a day"
    );
}

#[test]
fn plurals_are_those_of_the_bank() {
    let bank = Catalogue::bunq();
    let mut wrong = Vec::new();
    for operation in &bank.operations {
        wrong.extend((plural(&operation.resource) != operation.plural).then_some(&operation.plural));
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn all(policy: &crate::naive::model::Policy) -> Verdict {
    let ir = match compile(policy) {
        Ok(ir) => ir,
        Err(why) => return Verdict::Refused(why),
    };
    for place in 0..ir.keys.len() {
        for region in &mut Regions::of(&ir, place).expect("random policies are small").regions {
            for facts in [Facts::Any, Facts::Told] {
                let found = region.sentences(&|outcome| outcome.effect != Effect::Deny, facts, 20).expect("small");
                for phrase in &found.list {
                    for part in phrase.parts.iter().map(ToString::to_string) {
                        if part.is_empty() || part.ends_with(' ') || part.contains("  ") {
                            let why = format!("{phrase:#}: {phrase:?}");
                            return Verdict::Broken { sign: "a part says nothing".to_owned(), why };
                        }
                    }
                }
            }
        }
    }
    Verdict::Holds
}

#[test]
fn every_part_of_a_sentence_says_something() {
    holds(31, 1, &|case: &Case| all(&case.policy));
}
