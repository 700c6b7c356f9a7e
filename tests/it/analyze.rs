//! Regions against the engine, and questions to regions against brute force.

mod agreement;

use bpol_engine::ir::Ir;
use camino::Utf8Path;

use crate::naive::model::Policy;
use crate::naive::print::print;

/// The compiled policy, or the errors of one that has some.
fn compile(policy: &Policy) -> Result<Ir, String> {
    compile_text(&print(policy))
}

fn compile_text(text: &str) -> Result<Ir, String> {
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    bpolc::compile(&checked).ok_or_else(|| {
        checked.diagnostics.iter().map(|found| format!("{}: {}", found.name, found.message)).collect::<Vec<_>>().join("\n")
    })
}
