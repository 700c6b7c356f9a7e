//! `textDocument/codeLens`, `codeLens/resolve`

use serde_json::{Value, json};

use super::{A, Editor, able, plain};

const TEXT: &str = "account \"A\" is iban NL20INGB0001234567;\n\
    key \"k\" < allow read transactions on account \"A\"; >\n\
    test \"t\" for key \"k\" < expect deny create payment of 1 EUR; >\n\
    key \"l\" < allow nonsense; >";

fn lenses(editor: &Editor) -> Vec<Value> {
    editor.ask("textDocument/codeLens", json!({"textDocument": {"uri": A}})).as_array().cloned().unwrap()
}

#[test]
fn a_key_says_what_it_may_do_when_its_line_is_shown() {
    let (editor, _) = Editor::with(TEXT);
    let all = lenses(&editor);
    assert_eq!(all.len(), 4, "{all:?}");
    assert_eq!(all[0].get("command"), None);
    let shown = editor.ask("codeLens/resolve", all[0].clone());
    assert_eq!(shown["command"]["title"], "read 1 account · 33 % of cases tested");
    assert_eq!(shown["command"]["command"], "bpol.client.explainKey");
    assert_eq!(shown["command"]["arguments"], json!([{"uri": A, "key": "k"}]));
    assert_eq!(all[1]["command"]["title"], "run 1 test");
    assert_eq!(all[2]["command"]["arguments"], json!([{"uri": A, "key": "k", "test": "t"}]));
    let broken = editor.ask("codeLens/resolve", all[3].clone());
    assert_eq!(broken["command"]["title"], "1 error: what it may do is unknown");
    editor.leave();
}

#[test]
fn an_editor_without_our_commands_runs_them_here() {
    let editor = Editor::start(plain());
    editor.open(A, TEXT);
    let all = lenses(&editor);
    assert_eq!(all[1]["command"]["command"], "bpol.runTests");
    let run = json!({"command": all[1]["command"]["command"], "arguments": all[1]["command"]["arguments"]});
    assert_eq!(editor.ask("workspace/executeCommand", run)["passed"], 1);
    editor.leave();
}

#[test]
fn a_line_about_a_key_that_is_gone_is_not_made_up() {
    let (editor, _) = Editor::with(TEXT);
    let lens = lenses(&editor).remove(0);
    editor.change(A, 2, json!([{"text": "key \"other\" < >"}]));
    assert_eq!(editor.fault("codeLens/resolve", lens), -32801);
    editor.leave();
}

#[test]
fn a_user_who_wants_none_gets_none() {
    let editor = Editor::start(able());
    editor.open(A, TEXT);
    editor.say("workspace/didChangeConfiguration", json!({"settings": {"bpol": {"codeLens": {"enable": false}}}}));
    assert_eq!(lenses(&editor), Vec::<Value>::new());
    editor.leave();
}
