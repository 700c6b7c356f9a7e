//! `textDocument/diagnostic`, `workspace/diagnostic`

use lsp_server::Message;
use serde_json::{Value, json};

use super::{A, Editor, able};

/// An editor that asks for findings itself.
fn asking() -> Value {
    let mut able = able();
    able["capabilities"]["textDocument"]["diagnostic"] = json!({"relatedDocumentSupport": true});
    able["capabilities"]["workspace"]["diagnostic"] = json!({"refreshSupport": true});
    able
}

fn ask(editor: &Editor, previous: Option<&str>) -> Value {
    editor.ask("textDocument/diagnostic", json!({"textDocument": {"uri": A}, "previousResultId": previous}))
}

#[test]
fn findings_are_those_of_the_text_as_it_is() {
    let editor = Editor::start(asking());
    editor.open(A, "key \"a\" < allow nonsense; >");
    let report = ask(&editor, None);
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "unknown-resource", "{report}");
    let id = report["resultId"].as_str().unwrap().to_owned();
    assert_eq!(ask(&editor, Some(&id)), json!({"kind": "unchanged", "resultId": id, "relatedDocuments": {}}));
    // The change and the question come at once.
    editor.change(A, 2, json!([{"text": "key \"a\" < deny payment; >"}]));
    let report = ask(&editor, Some(&id));
    let codes: Vec<&Value> = report["items"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
    assert!(!codes.contains(&&json!("unknown-resource")), "{report}");
    editor.leave();
}

#[test]
fn an_unknown_document_has_no_findings() {
    let editor = Editor::start(asking());
    let nowhere = json!({"textDocument": {"uri": "file:///nowhere.bpol"}});
    assert_eq!(editor.fault("textDocument/diagnostic", nowhere), -32602);
    editor.leave();
}

#[test]
fn a_large_policy_is_told_of_again_when_it_was_looked_through() {
    let editor = Editor::start(asking());
    let mut text: String = (0..1000).map(|n| format!("key \"k{n}\" < deny payment; >\n")).collect();
    text.push_str("key \"last\" < allow nonsense; >\n");
    editor.open(A, &text);
    ask(&editor, None);
    loop {
        if let Message::Request(request) = editor.hear()
            && request.method == "workspace/diagnostic/refresh"
        {
            break;
        }
    }
    let report = ask(&editor, None);
    let codes: Vec<&Value> = report["items"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
    assert!(codes.contains(&&json!("unknown-resource")));
    editor.leave();
}

#[test]
fn every_file_of_the_workspace_is_told_of_once() {
    let editor = Editor::start(asking());
    editor.open(A, "key \"a\" < allow nonsense; >");
    editor.open("file:///p/b.bpol", "key \"b\" < >");
    let all = |previous: Value| editor.ask("workspace/diagnostic", json!({"previousResultIds": previous}));
    let first = all(json!([]));
    let items = first["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{first}");
    assert_eq!((&items[0]["uri"], &items[0]["kind"], &items[0]["version"]), (&json!(A), &json!("full"), &json!(1)));
    let known: Vec<Value> = items.iter().map(|item| json!({"uri": item["uri"], "value": item["resultId"]})).collect();
    let then = all(json!(known));
    assert!(then["items"].as_array().unwrap().iter().all(|item| item["kind"] == "unchanged"), "{then}");
    editor.leave();
}

#[test]
fn a_large_workspace_is_told_in_parts_where_that_is_wanted() {
    let editor = Editor::start(asking());
    for n in 0..60 {
        editor.open(&format!("file:///p/{n}.bpol"), "key \"a\" < >");
    }
    let last = editor.ask("workspace/diagnostic", json!({"previousResultIds": [], "partialResultToken": "p"}));
    let part = loop {
        if let Message::Notification(said) = editor.hear()
            && said.method == "$/progress"
        {
            break said.params;
        }
    };
    assert_eq!(part["value"]["items"].as_array().unwrap().len(), 50);
    assert_eq!(last["items"].as_array().unwrap().len(), 10);
    editor.leave();
}
