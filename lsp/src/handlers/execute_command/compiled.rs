//! `bpol.showCompiled`

use bpolc::analyze::meaning::meaning;
use lsp_types::NumberOrString;
use serde_json::{Value, json};

use super::{About, broken};
use crate::fault::{Answer, Fault};
use crate::state::State;

/// The policy as gateways read it. Claims are not decided for it: what is shown is no release.
pub(super) fn show(state: &State, about: &About, token: Option<NumberOrString>) -> Answer<Value> {
    let work = state.out.begin(token, "Compiling");
    let asked = state.whole(&about.uri)?;
    let ir =
        asked.part.ir.as_ref().ok_or_else(|| broken(&asked, "nothing was compiled, because the policy has errors"))?;
    work.at(1, 2, "computing the digest of its meaning");
    let mut ir = ir.clone();
    ir.meaning = meaning(&ir).ok();
    let json = serde_json::to_string_pretty(&ir)
        .map_err(|error| Fault::failed(format!("the policy cannot be written as JSON: {error}")))?;
    Ok(json!({ "json": json }))
}
