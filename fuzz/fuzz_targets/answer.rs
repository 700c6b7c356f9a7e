//! Any text gives a decision, never a panic; what is not a request is denied as malformed, and reading it as an entry agrees.
#![no_main]

use std::sync::OnceLock;

use bpol_engine::{History, Policy};
use libfuzzer_sys::fuzz_target;

const TEXT: &str = r#"
timezone "Europe/Amsterdam";
account "A" is iban NL20INGB0001234567, id 42, joint;
payee "P" is NL91ABNA0417164300;
key "k" <
  allow read transactions on account "A" since 30d hiding text;
  allow create payments, payment-batches on account "A" to payee "P" up to 50 EUR each, 100 EUR per day;
  ask payment over 20 EUR;
  only from ip 203.0.113.0/24, 2001:db8::/32;
>
"#;

fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let input = bpolc::Input { path: "k.bpol".into(), text: TEXT.to_owned() };
        let checked = bpolc::check(vec![input], ".".into(), &|path| Err(format!("{path} is not there")));
        let ir = bpolc::compile(&checked).expect("the policy has no error");
        Policy::from_ir(ir).expect("what is compiled can be loaded")
    })
}

fuzz_target!(|text: &str| {
    let policy = policy();
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    let mut history = History::new();
    if let Ok(entries) = policy.read_entry(text) {
        entries.into_iter().for_each(|entry| history.push(entry));
    }
    let report = policy.answer(text, &history, now);
    assert_eq!(report.message.is_some(), policy.read_request(text).is_err(), "{report:?}");
});
