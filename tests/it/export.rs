//! Policies in the words of others: what is written is read here by eye, and held to the engine by those others, who read
//! the cases that [`cases_for_others`] writes.

mod others;
mod table;

use bpolc::Input;
use bpolc::export::{Language, export};
use camino::Utf8Path;

const SHOP: &str = r#"
timezone "Europe/Amsterdam";
account "Shop" is iban NL20INGB0001234567, id 42, bank;
payee "supplier" is NL91ABNA0417164300;
network "office" < 203.0.113.0/24; >
key "shop" <
  allow read transactions on account "Shop" since 90d showing amount, text;
  allow create payment on account "Shop" to payee "supplier", own accounts up to 50 EUR each, any amount in total
    during weekdays 09:00-17:00;
  ask create payment over 20 EUR;
  deny payment before 2027-01-01 unless from network "office";
>
key "books" <
  allow read accounts on any account hiding balance;
>
every key except "books" <
  only from network "office";
>
"#;

/// A policy in another language, file by file, and what that cannot say.
fn written(text: &str, language: Language) -> String {
    let input = Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    let ir = bpolc::compile(&checked).expect("a policy");
    let export = export(&ir, language).expect("it is small enough");
    let mut out = String::new();
    for document in export.documents {
        out += &format!("----- {}\n{}\n", document.name, document.text);
    }
    for loss in export.losses {
        out += &format!("loss: {} `{}`: {}; {}\n", loss.rule, loss.words, loss.why, loss.narrowed);
    }
    out
}

#[test]
fn a_shop_in_cedar() {
    insta::assert_snapshot!(written(SHOP, Language::Cedar));
}

#[test]
fn a_shop_in_rego() {
    let text = written(SHOP, Language::Rego);
    // What every policy shares, and tables of the whole catalogue, say nothing about this one.
    let own = text.split_once("# Facts that contradict").map_or("", |(_, own)| own);
    insta::assert_snapshot!(own.split_once("----- data.json").map_or("", |(rules, _)| rules));
}

#[test]
fn sums_and_counts_are_losses() {
    let losses = |language| {
        let text = r#"
timezone "Europe/Amsterdam";
account "Shop" is iban NL20INGB0001234567, bank;
limit "week" < 1000 EUR per week; >
key "shop" <
  allow create payment on account "Shop" to anyone up to 50 EUR each, 100 EUR per day within limit "week";
  ask payment more than 3 times per day;
  deny payment unless at most 9 times per week;
>"#;
        let written = written(text, language);
        written.lines().filter(|line| line.starts_with("loss")).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(format!("{}\n\n{}", losses(Language::Cedar), losses(Language::Rego)));
}

#[test]
fn a_statement_that_never_decides_leaves_the_names_of_the_others() {
    let text = r#"
account "Shop" is id 42;
key "k" <
  allow read accounts on account "Shop";
  deny control unless from anywhere;
  deny payment;
>"#;
    let written = written(text, Language::Rego);
    let (_, data) = written.split_once("----- data.json\n").expect("the data");
    let data: serde_json::Value = serde_json::from_str(data).expect("they are JSON");
    let data = &data["bpol_policy"];
    let id = |line: &serde_json::Value| data["statements"][line["statement"].as_u64().unwrap_or(99) as usize].clone();
    let ids: Vec<serde_json::Value> = data["lines"].as_array().into_iter().flatten().map(id).collect();
    assert!(ids.contains(&"k#1".into()) && ids.contains(&"k#3".into()) && !ids.contains(&"".into()), "{ids:?}");
    assert!(!ids.contains(&"k#2".into()), "it never decides: {ids:?}");
}
