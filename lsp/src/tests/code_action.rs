//! `textDocument/codeAction`

use serde_json::{Value, json};

use super::{A, Editor, plain};

fn at(from: (u32, u32), to: (u32, u32), only: Value) -> Value {
    let place = |(line, character): (u32, u32)| json!({"line": line, "character": character});
    let mut params = json!({
        "textDocument": {"uri": A},
        "range": {"start": place(from), "end": place(to)},
        "context": {"diagnostics": []},
    });
    if !only.is_null() {
        params["context"]["only"] = only;
    }
    params
}

fn titles(actions: &Value) -> Vec<&str> {
    actions.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect()
}

#[test]
fn fixes_come_with_their_findings_and_versions() {
    let (editor, _) = Editor::with("key \"é\" < deny paymnt; >");
    editor.findings();
    let actions = editor.ask("textDocument/codeAction", at((0, 17), (0, 17), Value::Null));
    assert_eq!(titles(&actions), ["write `payment` (allows more)"]);
    assert_eq!(actions[0]["kind"], "quickfix");
    assert_eq!(actions[0]["diagnostics"][0]["code"], "unknown-resource");
    assert_eq!(actions[0].get("isPreferred"), None);
    let edit = &actions[0]["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({"uri": A, "version": 1}));
    assert_eq!(edit["edits"][0]["newText"], "payment");
    assert_eq!(edit["edits"][0]["range"]["start"], json!({"line": 0, "character": 16}));
    editor.leave();
}

#[test]
fn what_allows_no_more_is_preferred_and_can_be_had_at_once() {
    let (editor, _) = Editor::with("// bpol: allow(two-hop) mine\nkey \"k\" < deny payment; >");
    editor.findings();
    let actions = editor.ask("textDocument/codeAction", at((0, 3), (0, 3), json!(["quickfix"])));
    assert_eq!(titles(&actions), ["take the comment out"]);
    assert_eq!(actions[0]["isPreferred"], true);
    let all = editor.ask("textDocument/codeAction", at((1, 0), (1, 0), json!(["source.fixAll"])));
    assert_eq!(titles(&all), ["apply every fix that allows no more"]);
    assert_eq!(all[0]["kind"], "source.fixAll.bpol");
    editor.leave();
}

#[test]
fn selected_lines_can_be_taken_out() {
    let (editor, _) = Editor::with("key \"k\" <\n  deny payment;\n  deny write;\n>");
    let actions = editor.ask("textDocument/codeAction", at((1, 2), (1, 9), json!(["refactor"])));
    assert_eq!(titles(&actions), ["take 1 line out as a role"]);
    assert_eq!(actions[0]["edit"]["documentChanges"][0]["edits"].as_array().unwrap().len(), 2);
    editor.leave();
}

#[test]
fn declarations_can_be_put_in_order_from_anywhere_in_the_file() {
    let (editor, _) = Editor::with("key \"k\" < deny payment; >\naccount \"A\" is id 1;");
    let actions = editor.ask("textDocument/codeAction", at((0, 0), (0, 0), json!(["source.organizeDeclarations"])));
    assert_eq!(titles(&actions), ["put the declarations in order"]);
    editor.leave();
}

#[test]
fn an_editor_that_takes_only_commands_gets_nothing() {
    let editor = Editor::start(plain());
    editor.open(A, "key \"k\" < deny paymnt; >");
    editor.findings();
    assert_eq!(editor.ask("textDocument/codeAction", at((0, 17), (0, 17), Value::Null)), Value::Null);
    editor.leave();
}

#[test]
fn odd_ranges_are_answered() {
    let (editor, _) = Editor::with("key \"k\" < deny paymnt; >");
    for (from, to) in [((9, 9), (0, 0)), ((0, 99), (99, 0)), ((0, 0), (0, 0))] {
        editor.ask("textDocument/codeAction", at(from, to, Value::Null));
    }
    editor.leave();
}
