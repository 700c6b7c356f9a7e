//! `textDocument/hover`

use serde_json::{Value, json};

use super::{A, Editor, plain};

#[test]
fn a_word_is_explained_in_markdown_and_with_its_range() {
    let (editor, at) = Editor::with("key \"a\" < deny pay|caret|ment; >");
    let hover = editor.ask("textDocument/hover", at);
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().starts_with("**`create payment`**"), "{hover}");
    assert_eq!(hover["range"], json!({"start": {"line": 0, "character": 15}, "end": {"line": 0, "character": 22}}));
    editor.leave();
}

#[test]
fn an_editor_without_markdown_gets_plain_text() {
    let editor = Editor::start(plain());
    editor.open(A, "key \"a\" < deny payment; >");
    let position = json!({"line": 0, "character": 16});
    let hover = editor.ask("textDocument/hover", json!({"textDocument": {"uri": A}, "position": position}));
    assert_eq!(hover["contents"]["kind"], "plaintext");
    assert!(hover["contents"]["value"].as_str().unwrap().starts_with("`create payment`\n\n"), "{hover}");
    editor.leave();
}

#[test]
fn odd_places_are_answered() {
    let (editor, _) = Editor::with("key \"😀é\" < allow read transactions on account \"😀\" since 30d; >");
    for (line, character) in [(0, 6), (0, 7), (0, 99), (7, 0), (0, 50), (0, 51)] {
        let position = json!({"line": line, "character": character});
        editor.ask("textDocument/hover", json!({"textDocument": {"uri": A}, "position": position}));
    }
    let position = json!({"line": 9, "character": 9});
    let hover = editor.ask("textDocument/hover", json!({"textDocument": {"uri": A}, "position": position}));
    assert_eq!(hover, Value::Null);
    let nowhere = json!({"textDocument": {"uri": "file:///nowhere.bpol"}, "position": position});
    assert_eq!(editor.fault("textDocument/hover", nowhere), -32602);
    editor.leave();
}
