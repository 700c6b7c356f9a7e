//! `textDocument/completion`

use serde_json::{Value, json};

use super::{A, Editor, able, plain};

fn labels(list: &Value) -> Vec<&str> {
    list.as_array().map_or_else(Vec::new, |all| all.iter().filter_map(|one| one["label"].as_str()).collect())
}

#[test]
fn a_list_has_edits_in_order() {
    let (editor, place) = Editor::with("key \"a\" < al|caret| >");
    let list = editor.ask("textDocument/completion", place);
    assert_eq!(labels(&list), ["allow", "deny", "ask", "only", "use role"]);
    assert_eq!(list[0]["sortText"], "0000");
    let range = json!({"start": {"line": 0, "character": 10}, "end": {"line": 0, "character": 12}});
    assert_eq!(list[0]["textEdit"], json!({"range": range, "newText": "allow"}));
    editor.leave();
}

#[test]
fn snippets_are_for_editors_that_fill_them_in() {
    let (editor, place) = Editor::with("|caret|");
    let list = editor.ask("textDocument/completion", place.clone());
    assert_eq!(list[0]["insertTextFormat"], 2);
    editor.leave();
    let editor = Editor::start(plain());
    editor.open(A, "");
    let list = editor.ask("textDocument/completion", place);
    assert_eq!(list[0]["insertTextFormat"], Value::Null);
    assert_eq!(list[0]["textEdit"]["newText"], "key ");
    editor.leave();
}

#[test]
fn a_blank_brings_a_list_only_where_a_line_cannot_end() {
    let (editor, mut place) = Editor::with("key \"a\" < deny payment |caret| >");
    place["context"] = json!({"triggerKind": 2, "triggerCharacter": " "});
    assert_eq!(editor.ask("textDocument/completion", place), Value::Null);
    editor.leave();
    let (editor, mut place) = Editor::with("key \"a\" < deny payment over 50 |caret| >");
    place["context"] = json!({"triggerKind": 2, "triggerCharacter": " "});
    assert_eq!(labels(&editor.ask("textDocument/completion", place))[0], "EUR");
    editor.leave();
}

#[test]
fn a_name_of_another_file_brings_its_import() {
    let editor = Editor::start(able());
    editor.open("file:///p/names.bpol", "payee \"Landlord\" is NL39RABO0300065264;");
    editor.open(A, "key \"a\" < allow create payment to payee \" >");
    let place = json!({"textDocument": {"uri": A}, "position": {"line": 0, "character": 41}});
    let list = editor.ask("textDocument/completion", place);
    assert_eq!(labels(&list), ["Landlord"]);
    assert_eq!(list[0]["textEdit"]["newText"], "Landlord\"");
    assert_eq!(list[0]["additionalTextEdits"][0]["newText"], "import \"names.bpol\";\n\n");
    editor.leave();
}

#[test]
fn what_cannot_be_known_is_answered() {
    let editor = Editor::start(able());
    let place = json!({"textDocument": {"uri": "file:///p/none.bpol"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.fault("textDocument/completion", place), -32602);
    editor.open(A, "key");
    let place = json!({"textDocument": {"uri": A}, "position": {"line": 70, "character": 70}});
    assert_eq!(labels(&editor.ask("textDocument/completion", place))[0], "key");
    editor.leave();
}
