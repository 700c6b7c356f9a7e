//! `textDocument/documentLink`

use serde_json::json;

use super::{A, Editor, able};

#[test]
fn imports_and_addresses_can_be_opened() {
    let mut able = able();
    able["capabilities"]["textDocument"]["documentLink"] = json!({"tooltipSupport": true});
    let editor = Editor::start(able);
    editor.open(A, "import \"../q/b.bpol\"; // https://example.com/x");
    let found = editor.ask("textDocument/documentLink", json!({"textDocument": {"uri": A}}));
    let range =
        |start: u32, end: u32| json!({"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}});
    assert_eq!(
        found,
        json!([
            {"range": range(8, 19), "target": "file:///q/b.bpol", "tooltip": "open the file that is imported"},
            {"range": range(25, 46), "target": "https://example.com/x", "tooltip": "open the address"},
        ])
    );
    editor.leave();
}
