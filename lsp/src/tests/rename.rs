//! `textDocument/prepareRename`, `textDocument/rename`

use serde_json::{Value, json};

use super::{A, Editor, able, plain};

const B: &str = "file:///p/b.bpol";

#[test]
fn a_name_is_renamed_in_every_file_with_its_version() {
    let (editor, mut place) = Editor::with("import \"b.bpol\";\nrole \"|caret|r\" < >");
    editor.open(B, "key \"r\" < use role \"r\"; >");
    place["newName"] = json!("say \"x\"");
    let edit = |line: u32, start: u32, end: u32| {
        json!({
            "range": {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}},
            "newText": "\"say \\\"x\\\"\"",
        })
    };
    let mut found = editor.ask("textDocument/rename", place)["documentChanges"].as_array().unwrap().clone();
    found.sort_by_key(|one| one["textDocument"]["uri"].as_str().map(str::to_owned));
    assert_eq!(
        found,
        [
            json!({"textDocument": {"uri": A, "version": 1}, "edits": [edit(1, 5, 8)]}),
            json!({"textDocument": {"uri": B, "version": 1}, "edits": [edit(0, 19, 22)]}),
        ]
    );
    editor.leave();
}

#[test]
fn an_old_editor_gets_plain_changes() {
    let editor = Editor::start(plain());
    assert_eq!(editor.result["capabilities"]["renameProvider"], json!(true));
    editor.open(A, "key \"a\" < >");
    let params = json!({"textDocument": {"uri": A}, "position": {"line": 0, "character": 5}, "newName": "b"});
    assert_eq!(editor.ask("textDocument/rename", params)["changes"][A][0]["newText"], "\"b\"");
    editor.leave();
}

#[test]
fn whoever_renames_a_key_is_told_that_it_is_known_outside() {
    let mut able = able();
    able["capabilities"]["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    able["capabilities"]["textDocument"]["rename"] = json!({"prepareSupport": true});
    let editor = Editor::start(able);
    assert_eq!(editor.result["capabilities"]["renameProvider"]["prepareProvider"], json!(true));
    editor.open(A, "role \"r\" < >\nkey \"k\" < use role \"r\"; >");
    let ask = |line: u32| {
        let params = json!({"textDocument": {"uri": A}, "position": {"line": line, "character": 5}, "newName": "b"});
        editor.ask("textDocument/rename", params)
    };
    let key = ask(1);
    assert_eq!(key["documentChanges"][0]["edits"][0]["annotationId"], "known-outside");
    let annotation = &key["changeAnnotations"]["known-outside"];
    assert_eq!(annotation["needsConfirmation"], json!(true));
    assert!(annotation["description"].as_str().unwrap().contains("gateways"), "{annotation}");
    assert_eq!(ask(0)["changeAnnotations"], Value::Null);
    editor.leave();
}

#[test]
fn what_can_be_renamed_comes_without_its_quotes() {
    let (editor, place) = Editor::with("key \"Caf\\u{e9}|caret|\" < >");
    let found = editor.ask("textDocument/prepareRename", place);
    assert_eq!(found["placeholder"], "Café");
    assert_eq!(found["range"]["start"]["character"], 5);
    assert_eq!(found["range"]["end"]["character"], 14);
    editor.leave();
}

#[test]
fn what_is_no_name_is_refused_with_a_reason() {
    for (text, why) in [
        ("ke|caret|y \"a\" < >", "`key` is not a name that this policy gives"),
        ("// |caret|a\nkey \"a\" < >", "this is a comment; place the cursor on a name in the policy itself"),
    ] {
        let (editor, mut place) = Editor::with(text);
        place["newName"] = json!("b");
        for method in ["textDocument/prepareRename", "textDocument/rename"] {
            let fault = editor.response(7, method, place.clone()).response_result.unwrap_err();
            assert_eq!((fault.code, fault.message.as_str()), (-32803, why));
        }
        editor.leave();
    }
}
