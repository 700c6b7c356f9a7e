//! `textDocument/documentSymbol`

use serde_json::json;

use super::{A, Editor};

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
