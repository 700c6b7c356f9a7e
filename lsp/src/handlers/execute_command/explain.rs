//! `bpol.explainKey`

use bpolc::explain::{overview, page};
use jiff::Timestamp;
use lsp_types::NumberOrString;
use serde_json::{Value, json};

use super::{About, broken};
use crate::fault::{Answer, Fault};
use crate::state::State;

/// What a key may do now, as a page.
pub(super) fn explain(state: &State, about: &About, token: Option<NumberOrString>) -> Answer<Value> {
    let key = about.key.as_ref().ok_or_else(|| Fault::invalid("`bpol.explainKey` needs the name of a `key`"))?;
    let _work = state.out.begin(token, "Explaining a key");
    let asked = state.key(&about.uri, key)?;
    let so = format!("what key `{key}` may do is not known, because the policy has errors");
    let ir = asked.part.ir.as_ref().ok_or_else(|| broken(&asked, &so))?;
    if !ir.keys.iter().any(|known| known.name == *key) {
        return Err(Fault::failed(format!("the policy has no key `{key}`")));
    }
    let html = page(&overview(ir, std::slice::from_ref(key), Timestamp::now()));
    Ok(json!({ "title": format!("What key \"{key}\" may do"), "html": html }))
}
