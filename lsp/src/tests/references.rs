//! `textDocument/references`

use serde_json::json;

use super::Editor;

#[test]
fn uses_come_with_the_declaration_if_it_is_wanted() {
    let (editor, mut place) = Editor::with("role \"|caret|r\" < >\nkey \"r\" < use role \"r\"; >");
    let mut lines = |declaration: bool| {
        place["context"] = json!({"includeDeclaration": declaration});
        let found = editor.ask("textDocument/references", place.clone());
        let all = found.as_array().unwrap().iter().map(|one| one["range"]["start"]["line"].as_u64().unwrap());
        all.collect::<Vec<_>>()
    };
    assert_eq!(lines(true), [0, 1]);
    assert_eq!(lines(false), [1]);
    editor.leave();
}
