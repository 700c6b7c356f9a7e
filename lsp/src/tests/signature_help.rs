//! `textDocument/signatureHelp`

use serde_json::{Value, json};

use super::Editor;

#[test]
fn a_clause_has_an_active_part() {
    let (editor, place) = Editor::with("key \"a\" < allow create payment up to 50 EUR |caret| >");
    let help = editor.ask("textDocument/signatureHelp", place);
    let one = &help["signatures"][0];
    assert_eq!(one["label"], "up to MONEY [each | per PERIOD | in total], …");
    assert_eq!(one["parameters"][1]["label"], json!([13, 41]));
    assert_eq!(help["activeParameter"], 1);
    editor.leave();
}

#[test]
fn elsewhere_there_is_none() {
    let (editor, place) = Editor::with("key \"a\" < |caret| >");
    assert_eq!(editor.ask("textDocument/signatureHelp", place), Value::Null);
    editor.leave();
}
