//! `textDocument/documentSymbol`

use serde_json::json;

use super::{A, Editor, plain};

#[test]
fn an_outline_has_a_key_with_its_lines() {
    let (editor, _) = Editor::with("key \"a\" <\n  allow read transactions;\n>");
    let outline = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": A}}));
    assert_eq!(outline[0]["name"], "a");
    assert_eq!(outline[0]["detail"], "1 line");
    assert_eq!(outline[0]["range"]["end"], json!({"line": 2, "character": 1}));
    assert_eq!(outline[0]["selectionRange"]["start"], json!({"line": 0, "character": 4}));
    editor.leave();
}

#[test]
fn an_editor_that_knows_no_levels_gets_a_list() {
    let editor = Editor::start(plain());
    editor.open(A, "role \"r\" < >\nkey \"a\" < >");
    let outline = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": A}}));
    assert_eq!(outline[1]["name"], "a");
    assert_eq!(outline[1]["location"]["uri"], A);
    assert_eq!(outline[1]["location"]["range"]["end"], json!({"line": 1, "character": 11}));
    editor.leave();
}
