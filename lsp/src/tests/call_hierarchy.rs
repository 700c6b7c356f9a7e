//! `textDocument/prepareCallHierarchy`, `callHierarchy/…`

use serde_json::{Value, json};

use super::Editor;

#[test]
fn roles_are_followed_both_ways() {
    let (editor, place) = Editor::with("role \"|caret|r\" < >\nkey \"k\" < use role \"r\"; >");
    let role = editor.ask("textDocument/prepareCallHierarchy", place)[0].clone();
    assert_eq!(role["name"], "r");
    let incoming = editor.ask("callHierarchy/incomingCalls", json!({"item": role}));
    let key = incoming[0]["from"].clone();
    assert_eq!(key["name"], "k");
    assert_eq!(incoming[0]["fromRanges"][0]["start"], json!({"line": 1, "character": 19}));
    let outgoing = editor.ask("callHierarchy/outgoingCalls", json!({"item": key}));
    assert_eq!(outgoing[0]["to"], role);
    assert_eq!(outgoing[0]["fromRanges"], incoming[0]["fromRanges"]);
    editor.leave();
}

#[test]
fn other_names_are_not_called() {
    let (editor, place) = Editor::with("payee \"|caret|L\" is NL20INGB0001234567;");
    assert_eq!(editor.ask("textDocument/prepareCallHierarchy", place), Value::Null);
    editor.leave();
}
