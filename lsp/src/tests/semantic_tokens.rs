//! `textDocument/semanticTokens/…`

use serde_json::{Value, json};

use super::{A, Editor};

/// The tokens of an answer as `line:start+length type modifiers`.
fn shown(editor: &Editor, answer: &Value) -> Vec<String> {
    let legend = &editor.result["capabilities"]["semanticTokensProvider"]["legend"];
    let data: Vec<u64> = answer["data"].as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
    let (mut line, mut start) = (0, 0);
    let mut out = Vec::new();
    for token in data.chunks(5) {
        line += token[0];
        start = token[1] + if token[0] == 0 { start } else { 0 };
        let kind = legend["tokenTypes"][usize::try_from(token[3]).unwrap()].as_str().unwrap();
        let modifier = match token[4] {
            0 => String::new(),
            bits => format!(" {}", legend["tokenModifiers"][bits.trailing_zeros() as usize].as_str().unwrap()),
        };
        out.push(format!("{line}:{start}+{} {kind}{modifier}", token[2]));
    }
    out
}

#[test]
fn a_document_and_a_part_of_it_have_colours() {
    let (editor, _) = Editor::with("/// É.\nkey \"a\" <\n  deny payment;\n>");
    let whole = editor.ask("textDocument/semanticTokens/full", json!({"textDocument": {"uri": A}}));
    let expected = [
        "0:0+7 comment documentation",
        "1:0+3 keyword",
        "1:4+3 class declaration",
        "2:2+4 keyword denies",
        "2:7+7 type",
    ];
    assert_eq!(shown(&editor, &whole), expected);
    let range = json!({"start": {"line": 1, "character": 5}, "end": {"line": 2, "character": 3}});
    let part = editor.ask("textDocument/semanticTokens/range", json!({"textDocument": {"uri": A}, "range": range}));
    assert_eq!(shown(&editor, &part), expected[2..4]);
    editor.leave();
}

#[test]
fn changes_of_colours_are_told_as_changes() {
    let (editor, _) = Editor::with("key \"a\" < deny payment; >");
    let whole = editor.ask("textDocument/semanticTokens/full", json!({"textDocument": {"uri": A}}));
    let delta = |before: &Value| {
        let params = json!({"textDocument": {"uri": A}, "previousResultId": before["resultId"]});
        editor.ask("textDocument/semanticTokens/full/delta", params)
    };
    let same = delta(&whole);
    assert_eq!(same["edits"], json!([]));
    let range = json!({"start": {"line": 0, "character": 23}, "end": {"line": 0, "character": 23}});
    editor.change(A, 2, json!([{"range": range, "text": " ask payment;"}]));
    let changed = delta(&same);
    assert_eq!(changed["edits"], json!([{"start": 20, "deleteCount": 0, "data": [0, 9, 3, 0, 8, 0, 4, 7, 3, 0]}]));
    // What the editor has is not known any more: it gets everything.
    assert_eq!(delta(&whole)["data"].as_array().unwrap().len(), 30);
    editor.leave();
}
