//! `workspace/executeCommand`

mod compiled;
mod explain;
mod tests;

use bpolc::diag::Level;
use lsp_types::{ExecuteCommandParams, Uri};
use serde::Deserialize;
use serde_json::Value;

use crate::asked::Asked;
use crate::fault::{Answer, Fault};
use crate::plain;
use crate::state::State;

/// Runs tests: of a policy, a key, or one of them.
pub(crate) const RUN_TESTS: &str = "bpol.runTests";
/// Says what a key may do, as a page.
pub(crate) const EXPLAIN_KEY: &str = "bpol.explainKey";
/// Shows what gateways get.
pub(crate) const SHOW_COMPILED: &str = "bpol.showCompiled";

/// The commands that are run here.
pub(crate) const ALL: [&str; 3] = [RUN_TESTS, EXPLAIN_KEY, SHOW_COMPILED];

/// What a command is about.
#[derive(Debug, Deserialize)]
struct About {
    uri: Uri,
    key: Option<String>,
    test: Option<String>,
}

/// Runs a command.
pub(crate) fn handle(state: &State, params: ExecuteCommandParams) -> Answer<Option<Value>> {
    let [about] = params.arguments.as_slice() else {
        return Err(Fault::invalid(format!("`{}` takes one argument", params.command)));
    };
    let about: About = serde_json::from_value(about.clone())
        .map_err(|error| Fault::invalid(format!("the argument of `{}` cannot be read: {error}", params.command)))?;
    let token = params.work_done_progress_params.work_done_token;
    let result = match params.command.as_str() {
        RUN_TESTS => tests::run(state, &about, token),
        EXPLAIN_KEY => explain::explain(state, &about, token),
        SHOW_COMPILED => compiled::show(state, &about, token),
        other => Err(Fault::invalid(format!("there is no command `{other}`"))),
    }?;
    Ok(Some(result))
}

/// Why a policy, or a part of it, means nothing: its first error.
fn broken(asked: &Asked, so: &str) -> Fault {
    let checked = &asked.part.checked;
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.level == Level::Error).collect();
    match errors.as_slice() {
        [] => Fault::failed(so),
        [first, rest @ ..] => {
            let place = plain::place(&checked.sources, first.place);
            let more = match rest.len() {
                0 => String::new(),
                1 => " (and 1 more error)".to_owned(),
                more => format!(" (and {more} more errors)"),
            };
            Fault::failed(format!("{so}: {place}: {}{more}", first.message))
        }
    }
}
