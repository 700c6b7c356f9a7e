//! `textDocument/codeLens` and `codeLens/resolve`

use bpolc::ide::lenses::{About, Lens, lenses, title};
use jiff::Timestamp;
use lsp_types::{CodeLens, CodeLensParams, Command, Uri};
use serde_json::{Value, json};

use super::execute_command::{EXPLAIN_KEY, RUN_TESTS};
use crate::fault::{Answer, Fault};
use crate::position::Lines;
use crate::state::State;

/// The lines above keys and tests, unless the user wants none. What keys may do is said when they are shown.
pub(crate) fn handle(state: &State, params: CodeLensParams) -> Answer<Option<Vec<CodeLens>>> {
    let uri = &params.text_document.uri;
    let asked = state.document(uri)?;
    if !state.user().code_lens {
        return Ok(Some(Vec::new()));
    }
    let lines = asked.lines();
    Ok(Some(lenses(asked.view()).into_iter().map(|lens| shown(state, uri, lens, &lines)).collect()))
}

/// Says what a key may do.
pub(crate) fn resolve(state: &State, mut lens: CodeLens) -> Answer<CodeLens> {
    let data = lens.data.clone().unwrap_or_default();
    let (Some(uri), Some(key)) = (data["uri"].as_str().and_then(|uri| uri.parse::<Uri>().ok()), data["key"].as_str())
    else {
        return Err(Fault::invalid("this line was not made by this server"));
    };
    let asked = state.key(&uri, key)?;
    let title =
        title(asked.view(), key, Timestamp::now()).ok_or_else(|| Fault::modified("this key is no longer there"))?;
    lens.command = Some(command(state, EXPLAIN_KEY, title, json!({ "uri": uri, "key": key })));
    Ok(lens)
}

fn shown(state: &State, uri: &Uri, lens: Lens, lines: &Lines<'_>) -> CodeLens {
    let range = lines.range(lens.span);
    let (command, data) = match lens.about {
        About::Key(key) => (None, Some(json!({ "uri": uri, "key": key }))),
        About::Tests(key, count) => {
            let title = if count == 1 { "run 1 test".to_owned() } else { format!("run {count} tests") };
            (Some(command(state, RUN_TESTS, title, json!({ "uri": uri, "key": key }))), None)
        }
        About::Test(test, key) => {
            let about = json!({ "uri": uri, "key": key, "test": test });
            (Some(command(state, RUN_TESTS, "run test".to_owned(), about)), None)
        }
    };
    CodeLens { range, command, data }
}

/// A command, as our extensions show its result, or as this server runs it.
fn command(state: &State, name: &str, title: String, about: Value) -> Command {
    let ours = state.client.commands.then(|| name.replacen("bpol.", "bpol.client.", 1));
    Command { title, command: ours.unwrap_or_else(|| name.to_owned()), arguments: Some(vec![about]) }
}
