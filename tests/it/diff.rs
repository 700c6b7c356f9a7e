//! What a change of policy newly permits: verdicts on pairs of policies that people would write, and laws for random ones.

mod counter;
pub(crate) mod law;
mod sentence;
mod verdict;

use bpol_engine::ir::Ir;
use bpolc::analyze::diff::{Diff, diff};
use camino::Utf8Path;

/// Names that all policies here may use.
pub(crate) const NAMES: &str = r#"
timezone "Europe/Amsterdam";
account "Shop" is iban NL20INGB0001234567, id 42, bank;
account "Rent" is iban GB29NWBK60161331926819, id 43, joint;
payee "a" is NL91ABNA0417164300;
payee "b" is NL69INGB0123456789;
payee "c" is DE89370400440532013000;
payees "ab" < payee "a", "b"; >
limit "week" < 1000 EUR per week; >
limit "life" < 5000 EUR in total; 20 times per week; >
network "office" < 203.0.113.0/24; >
"#;

pub(crate) fn compile(text: &str) -> Ir {
    compiled(text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

pub(crate) fn compiled(text: &str) -> Result<Ir, String> {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).ok_or_else(|| {
        let found = checked.diagnostics.iter().map(|found| format!("{}: {}", found.name, found.message));
        found.collect::<Vec<_>>().join("\n")
    })
}

/// The comparison of two policies that share the names.
fn compare(old: &str, new: &str) -> Diff {
    diff(&compile(&format!("{NAMES}{old}")), &compile(&format!("{NAMES}{new}")))
}

/// The verdict about two policies, which the other way round is the other way round.
#[track_caller]
fn check(old: &str, new: &str, expected: &str) {
    let word = |diff: &Diff| match &diff.verdict {
        Ok(verdict) => verdict.word().to_owned(),
        Err(reason) => format!("not decided: {reason}"),
    };
    let there = compare(old, new);
    assert_eq!(word(&there), expected, "{there:#?}");
    let turned = match expected {
        "wider" => "narrower",
        "narrower" => "wider",
        other => other,
    };
    let back = compare(new, old);
    assert_eq!(word(&back), turned, "the other way round: {back:#?}");
}

/// The same for the statements of one key.
#[track_caller]
fn check_key(old: &str, new: &str, expected: &str) {
    check(&format!("key \"k\" < {old} >"), &format!("key \"k\" < {new} >"), expected);
}
