//! `textDocument/documentHighlight`

use serde_json::json;

use super::Editor;

#[test]
fn declarations_are_written_and_uses_read() {
    let (editor, place) = Editor::with("role \"r\" < >\nkey \"r\" < use role \"r|caret|\"; >");
    let range = |line: u32, start: u32, end: u32| json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}});
    assert_eq!(
        editor.ask("textDocument/documentHighlight", place),
        json!([{"range": range(0, 5, 8), "kind": 3}, {"range": range(1, 19, 22), "kind": 2}])
    );
    editor.leave();
}
