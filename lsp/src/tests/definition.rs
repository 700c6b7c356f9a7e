//! `textDocument/definition`

use serde_json::json;

use super::{A, Editor, able, plain};

const B: &str = "file:///p/b.bpol";

#[test]
fn a_use_leads_to_a_declaration_in_another_file() {
    let mut able = able();
    able["capabilities"]["textDocument"]["definition"] = json!({"linkSupport": true});
    let editor = Editor::start(able);
    editor.open(B, "// Roles.\nrole \"é\" <\n>");
    editor.open(A, "import \"b.bpol\";\nkey \"a\" < use role \"é\"; >");
    let ask = |line: u32, character: u32| {
        let params = json!({"textDocument": {"uri": A}, "position": {"line": line, "character": character}});
        editor.ask("textDocument/definition", params)
    };
    assert_eq!(
        ask(1, 21),
        json!([{
            "originSelectionRange": {"start": {"line": 1, "character": 19}, "end": {"line": 1, "character": 23}},
            "targetUri": B,
            "targetRange": {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 1}},
            "targetSelectionRange": {"start": {"line": 1, "character": 5}, "end": {"line": 1, "character": 9}},
        }])
    );
    assert_eq!(ask(0, 9)[0]["targetUri"], B);
    assert_eq!(ask(1, 1), json!(null));
    assert_eq!(ask(99, 99), json!(null));
    editor.leave();
}

#[test]
fn an_editor_that_knows_no_links_gets_places() {
    let editor = Editor::start(plain());
    editor.open(A, "key \"𝄞\" < >\ntest \"t\" for key \"𝄞\" < >");
    let params = json!({"textDocument": {"uri": A}, "position": {"line": 1, "character": 19}});
    assert_eq!(
        editor.ask("textDocument/definition", params),
        json!([{"uri": A, "range": {"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 8}}}])
    );
    editor.leave();
}

#[test]
fn a_file_that_nobody_knows_is_refused() {
    let editor = Editor::start(plain());
    let params = json!({"textDocument": {"uri": "file:///nowhere.bpol"}, "position": {"line": 0, "character": 0}});
    for method in [
        "textDocument/definition",
        "textDocument/references",
        "textDocument/documentHighlight",
        "textDocument/prepareRename",
        "textDocument/rename",
    ] {
        let mut params = params.clone();
        params["context"] = json!({"includeDeclaration": true});
        params["newName"] = json!("x");
        assert_eq!(editor.fault(method, params), -32602, "{method}");
    }
    editor.leave();
}
