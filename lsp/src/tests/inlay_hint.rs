//! `textDocument/inlayHint`

use serde_json::json;

use super::{A, Editor, able};

const TEXT: &str = "account \"A\" is iban NL20INGB0001234567;\nkey \"k\" < allow read transactions on account \"A\" since 30d; deny payment; >";

fn everywhere() -> serde_json::Value {
    json!({"textDocument": {"uri": A}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}})
}

#[test]
fn names_and_windows_have_hints() {
    let (editor, _) = Editor::with(TEXT);
    let hints = editor.ask("textDocument/inlayHint", everywhere());
    assert_eq!(hints[0]["label"], "NL20 INGB 0001 2345 67");
    assert_eq!(hints[0]["position"], json!({"line": 1, "character": 48}));
    assert!(hints[2]["label"].as_str().unwrap().starts_with("also payment-batches"), "{hints}");
    assert_eq!(hints[2]["tooltip"]["kind"], "markdown");
    let first = json!({"textDocument": {"uri": A}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}});
    assert_eq!(editor.ask("textDocument/inlayHint", first), json!([]));
    editor.leave();
}

#[test]
fn a_user_who_wants_none_gets_none() {
    let editor = Editor::start(able());
    editor.open(A, TEXT);
    editor.say("workspace/didChangeConfiguration", json!({"settings": {"bpol": {"inlayHints": {"enable": false}}}}));
    assert_eq!(editor.ask("textDocument/inlayHint", everywhere()), json!([]));
    editor.leave();
}
