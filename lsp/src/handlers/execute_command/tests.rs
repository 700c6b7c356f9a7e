//! `bpol.runTests`

use bpol_engine::Policy;
use bpolc::diag::Diagnostic;
use bpolc::expect::report::{Looks, report};
use bpolc::expect::{self, run};
use bpolc::syntax::tree::ItemKind;
use jiff::Timestamp;
use lsp_types::NumberOrString;
use serde_json::{Value, json};

use super::{About, broken};
use crate::asked::Asked;
use crate::fault::{Answer, Fault};
use crate::plain;
use crate::state::State;

/// How many tests passed and failed, and what to read about that.
pub(super) fn run(state: &State, about: &About, token: Option<NumberOrString>) -> Answer<Value> {
    let _work = state.out.begin(token, "Running tests");
    let key = match (&about.key, &about.test) {
        (Some(key), _) => Some(key.clone()),
        (None, Some(test)) => Some(key_of(&state.document(&about.uri)?, test)?),
        (None, None) => None,
    };
    let asked = match &key {
        Some(key) => state.key(&about.uri, key)?,
        None => state.whole(&about.uri)?,
    };
    let ir = asked.part.ir.as_ref().ok_or_else(|| broken(&asked, "no test was run, because the policy has errors"))?;
    let policy = Policy::from_ir(ir.clone())
        .map_err(|error| Fault::failed(format!("the engine refuses the policy: {error}; this is a bug in bpol")))?;
    let checked = &asked.part.checked;
    let now = Timestamp::now();
    let cases = expect::cases(checked, now);
    // Tests of other keys are not read whole when one key is asked about.
    let of_key = |name: &str| key.as_ref().is_none_or(|key| has(&asked, name, key));
    let wanted = |name: &str| about.test.as_ref().is_none_or(|test| test == name) && of_key(name);
    let runs = run::run(checked, &policy, &cases, now, &wanted);
    if let (Some(test), true) = (&about.test, runs.is_empty()) {
        return Err(Fault::failed(format!("there is no test `{test}`")));
    }
    let passed = |passed| if passed { "ok  ".to_owned() } else { "FAIL".to_owned() };
    let mut finding = |found: &Diagnostic| plain::finding(&checked.sources, found);
    let text = report(ir, &runs, &mut Looks { passed: &passed, finding: &mut finding });
    let failed = runs.iter().filter(|run| !run.passed()).count();
    Ok(json!({ "passed": runs.len() - failed, "failed": failed, "report": text }))
}

/// The key that a test is about.
fn key_of(asked: &Asked, test: &str) -> Answer<String> {
    let found = pairs(asked).find(|(name, _)| name == test);
    found.map(|(_, key)| key).ok_or_else(|| Fault::failed(format!("there is no test `{test}`")))
}

fn has(asked: &Asked, test: &str, key: &str) -> bool {
    pairs(asked).any(|(name, of)| name == test && of == key)
}

/// The names of all tests with those of their keys.
fn pairs(asked: &Asked) -> impl Iterator<Item = (String, String)> {
    let checked = &asked.part.checked;
    checked.sources.iter().zip(&checked.trees).flat_map(|((_, source), tree)| {
        tree.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Test(test) => {
                Some((test.name.value(&source.text).into_owned(), test.key.value(&source.text).into_owned()))
            }
            _ => None,
        })
    })
}
