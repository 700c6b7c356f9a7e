//! Whole calls by the routes of the built-in catalogue: each leads to its own operation, and answers are cut as the
//! definition says.

use std::path::Path;

use bpol_engine::Policy;
use bpol_engine::ir::{self, Ir};
use bpolc::Input;
use bpolc::catalogue::{Catalogue, OpId};
use camino::Utf8Path;

mod answer;
mod call;
mod cut;
mod endpoints;
mod grant;

fn compile(text: &str) -> Result<Ir, String> {
    let input = Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new(""), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).ok_or_else(|| format!("{text}\n{:#?}", checked.diagnostics))
}

/// A policy with the routes of all operations.
fn with_all_routes(text: &str) -> Policy {
    let mut ir = compile(text).expect("it compiles");
    let bunq = Catalogue::bunq();
    let place = |id: OpId| {
        let wanted = bunq.operation(id);
        let same = |one: &ir::Operation| one.action == wanted.action && one.resource == wanted.resource;
        ir.operations.iter().position(same).and_then(|place| u32::try_from(place).ok()).expect("an operation")
    };
    ir.routes = bunq.ir_routes(&|_| true, &place);
    Policy::load(&serde_json::to_vec(&ir).expect("JSON")).expect("it loads")
}

#[test]
fn the_compiled_policy_of_the_engines_examples_is_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/data");
    let text = std::fs::read_to_string(folder.join("gateway.bpol")).expect("the policy");
    let stored: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("gateway.json")).expect("what it becomes")).expect("JSON");
    let mut fresh = serde_json::to_value(compile(&text).expect("it compiles")).expect("JSON");
    // The compiler was given another path; where rules stand is not what the engine's tests are about.
    let mut stored = stored;
    for document in [&mut fresh, &mut stored] {
        document["meaning"].take();
        for key in document["keys"].as_array_mut().expect("keys") {
            key["rules"].as_array_mut().expect("rules").iter_mut().for_each(|rule| drop(rule["place"].take()));
        }
    }
    let command = "bpolc compile engine/tests/data/gateway.bpol -o engine/tests/data/gateway.json";
    assert!(fresh == stored, "engine/tests/data/gateway.json is stale: {command}");
}

#[test]
fn the_page_on_gateways_lists_every_refusal_with_its_reason() {
    let page = include_str!("../../docs/gateway.md");
    for why in bpol_engine::http::Why::ALL {
        let row = format!("| `{}` | {} |\n", why.name(), why.sentence());
        assert!(page.contains(&row), "docs/gateway.md lacks the row {row}");
    }
}
