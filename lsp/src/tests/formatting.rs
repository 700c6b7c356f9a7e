//! `textDocument/formatting`, of a whole document, of a range, and while typing.

use serde_json::{Value, json};

use super::{A, Editor};

fn edit(line: u32, (start, end): (u32, u32), text: &str) -> Value {
    let at = |character: u32| json!({"line": line, "character": character});
    json!({"range": {"start": at(start), "end": at(end)}, "newText": text})
}

fn options(mut params: Value) -> Value {
    params["options"] = json!({"tabSize": 8, "insertSpaces": false});
    params
}

#[test]
fn a_document_is_laid_out_by_its_blanks() {
    let (editor, _) = Editor::with("bank  \"bunq\";\nkey \"a\" <\ndeny payment;\n>\n");
    let params = options(json!({"textDocument": {"uri": A}}));
    let edits = editor.ask("textDocument/formatting", params);
    assert_eq!(edits, json!([edit(0, (5, 6), ""), edit(2, (0, 0), "  ")]));
    editor.leave();
}

#[test]
fn a_range_is_laid_out_by_itself() {
    let (editor, _) = Editor::with("bank  \"bunq\";\nkey \"a\" <\ndeny payment;\n>\n");
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 9, "character": 0}});
    let params = options(json!({"textDocument": {"uri": A}, "range": range}));
    assert_eq!(editor.ask("textDocument/rangeFormatting", params), json!([edit(2, (0, 0), "  ")]));
    editor.leave();
}

#[test]
fn typing_lays_out_a_line_and_indents_the_next() {
    let (editor, mut place) = Editor::with("key \"a\" <\n  deny  payment;|caret|\n>\n");
    place["ch"] = json!(";");
    let edits = editor.ask("textDocument/onTypeFormatting", options(place));
    assert_eq!(edits, json!([edit(1, (7, 8), "")]));
    editor.leave();
    let (editor, mut place) = Editor::with("key \"a\" <\n|caret|");
    place["ch"] = json!("\n");
    let edits = editor.ask("textDocument/onTypeFormatting", options(place));
    assert_eq!(edits, json!([edit(1, (0, 0), "  ")]));
    editor.leave();
}
