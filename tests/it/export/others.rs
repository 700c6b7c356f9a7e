//! Random policies in the words of others, random requests as the facts that they are asked about, and what the engine
//! decides: cases for whoever can run those others.
//!
//! `BPOL_EXPORTED` names the file that the cases are written to, a policy a line; `BPOL_CASES` says how many policies.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use bpol_engine::ir::{Clause, Effect, Ir, Rule};
use bpol_engine::{History, Policy};
use bpolc::Input;
use bpolc::export::{Export, Language, export, inputs};
use camino::Utf8Path;
use serde_json::{Value, json};

use crate::naive::print::print;
use crate::random::rng::Rng;
use crate::random::{Case, Situation, cases};

/// Requests for each policy.
const SEVERAL: usize = 60;

#[test]
fn cases_for_others() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (policies, first) = (setting("BPOL_CASES").unwrap_or(30), setting("BPOL_SEED").unwrap_or(0));
    let mut file = std::env::var("BPOL_EXPORTED")
        .ok()
        .map(|path| BufWriter::new(File::create(&path).unwrap_or_else(|error| panic!("{path}: {error}"))));
    let mut asked = 0;
    for seed in first..first + policies {
        let cases = cases(&mut Rng::new(seed.wrapping_mul(64).wrapping_add(41)), SEVERAL);
        let Some(Case { policy, .. }) = cases.first() else { continue };
        let ir = compiled(&print(policy));
        // Once as it is, which narrows, and once with only what can be said, which must be the same.
        for (language, name) in [(Language::Cedar, "cedar"), (Language::Rego, "rego")] {
            for exact in [false, true] {
                let mut ir = ir.clone();
                if exact {
                    only_what_can_be_said(&mut ir, language);
                }
                let export = export(&ir, language).expect("it is small enough");
                assert!(!exact || export.losses.is_empty(), "{:?}", export.losses);
                let policy = Policy::from_ir(ir).expect("it loads");
                let cases: Vec<Value> = cases.iter().filter_map(|case| asked_of(&policy, &case.situation)).collect();
                asked += cases.len();
                if let Some(file) = &mut file {
                    let line = line(name, exact, seed, export, cases);
                    writeln!(file, "{line}").expect("the case is written");
                }
            }
        }
    }
    if let Some(mut file) = file {
        file.flush().expect("the cases are written");
    }
    assert!(asked > policies as usize * SEVERAL, "most requests can be asked about: {asked}");
}

fn line(language: &str, exact: bool, seed: u64, export: Export, cases: Vec<Value>) -> Value {
    let documents: Value =
        export.documents.into_iter().map(|document| (document.name, Value::String(document.text))).collect();
    json!({ "language": language, "exact": exact, "seed": seed, "documents": documents, "cases": cases })
}

/// What others are asked, and what the engine says; nothing for a request that is malformed.
fn asked_of(policy: &Policy, situation: &Situation) -> Option<Value> {
    let Situation { request, past, now } = situation;
    let mut history = History::default();
    for line in past {
        for entry in policy.read_entry(line).unwrap_or_else(|error| panic!("entry {line}: {error}")) {
            history.push(entry);
        }
    }
    let decision = serde_json::to_value(policy.answer(request, &history, *now)).expect("a report is JSON");
    let inputs = match inputs(policy, request, *now) {
        Ok(inputs) => inputs,
        Err(_) => {
            assert_eq!(decision["reason"], "malformed", "{request}");
            return None;
        }
    };
    Some(json!({ "request": request, "inputs": inputs, "decision": decision }))
}

fn only_what_can_be_said(ir: &mut Ir, language: Language) {
    let said = |rule: &Rule| {
        let counted = |clause: &Clause| match clause {
            Clause::UpTo(caps) | Clause::Over(caps) => caps.iter().any(|cap| cap.counter.is_some()),
            Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => true,
            _ => false,
        };
        let clauses = rule.when.iter().chain(rule.unless.iter().flatten());
        !clauses.into_iter().any(counted) && (language == Language::Rego || rule.effect != Effect::Ask)
    };
    for key in &mut ir.keys {
        key.rules.retain(said);
    }
    for guardrail in &mut ir.guardrails {
        guardrail.rules.retain(said);
    }
}

pub(super) fn compiled(text: &str) -> Ir {
    let input = Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new(""), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).unwrap_or_else(|| panic!("a policy without an error is refused:\n{text}"))
}
