//! `textDocument/foldingRange`

use serde_json::json;

use super::{A, Editor, able};

#[test]
fn blocks_comments_and_imports_fold() {
    let text = "import \"b.bpol\";\nimport \"c.bpol\";\n// One.\n// Two.\nkey \"a\" <\n  deny payment;\n>";
    let (editor, _) = Editor::with(text);
    assert_eq!(
        editor.ask("textDocument/foldingRange", json!({"textDocument": {"uri": A}})),
        json!([
            {"startLine": 0, "endLine": 1, "kind": "imports"},
            {"startLine": 2, "endLine": 3, "kind": "comment"},
            {"startLine": 4, "endLine": 5},
        ])
    );
    editor.leave();
    let mut able = able();
    able["capabilities"]["textDocument"]["foldingRange"] = json!({"rangeLimit": 1});
    let editor = Editor::start(able);
    editor.open(A, text);
    let found = editor.ask("textDocument/foldingRange", json!({"textDocument": {"uri": A}}));
    assert_eq!(found.as_array().unwrap().len(), 1);
    editor.leave();
}
