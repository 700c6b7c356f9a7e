//! `workspace/executeCommand`

use lsp_server::Message;
use serde_json::{Value, json};

use super::{A, Editor};

const TEXT: &str = "account \"A\" is iban NL20INGB0001234567;\n\
    key \"k\" < allow read transactions on account \"A\"; >\n\
    test \"good\" for key \"k\" < expect deny create payment of 1 EUR; >\n\
    test \"bad\" for key \"k\" <\n  expect allow create payment of 1 EUR;\n>\n\
    test \"other\" for key \"l\" < expect deny create payment of 1 EUR; >\n\
    key \"l\" < >";

fn run(editor: &Editor, command: &str, about: Value) -> Value {
    editor.ask("workspace/executeCommand", json!({"command": command, "arguments": [about]}))
}

#[test]
fn tests_are_run_of_a_policy_a_key_or_one_of_them() {
    let (editor, _) = Editor::with(TEXT);
    let counts = |about: Value| {
        let result = run(&editor, "bpol.runTests", about);
        (result["passed"].as_u64().unwrap(), result["failed"].as_u64().unwrap())
    };
    assert_eq!(counts(json!({"uri": A})), (2, 1));
    assert_eq!(counts(json!({"uri": A, "key": "k"})), (1, 1));
    assert_eq!(counts(json!({"uri": A, "key": "l"})), (1, 0));
    assert_eq!(counts(json!({"uri": A, "test": "good"})), (1, 0));
    assert_eq!(counts(json!({"uri": A, "key": "k", "test": "bad"})), (0, 1));
    editor.leave();
}

#[test]
fn a_test_that_fails_says_why() {
    let (editor, _) = Editor::with(TEXT);
    let report = run(&editor, "bpol.runTests", json!({"uri": A, "test": "bad"}));
    let report = report["report"].as_str().unwrap();
    let (before, after) = report.split_once("\"time\":\"").unwrap();
    let after = after.split_once('"').unwrap().1;
    let report = format!("{before}\"time\":\"[now]\"{after}");
    insta::assert_snapshot!(report, @r#"
    FAIL  bad (1 of 1 expectation failed)

    error: expected `allow`, but the decision is `deny`
     --> /p/a.bpol:5:3
      |
    5 |   expect allow create payment of 1 EUR;
      |
      request:  {"action":"create","amount":{"currency":"EUR","value":"1.00"},"key":"k","resource":"payment","time":"[now]"}
      decision: deny, because no rule allows it

    1 test, 1 expectation: 1 failed
    "#);
    editor.leave();
}

#[test]
fn a_key_is_explained_as_a_page() {
    let (editor, _) = Editor::with(TEXT);
    let page = run(&editor, "bpol.explainKey", json!({"uri": A, "key": "k"}));
    assert_eq!(page["title"], "What key \"k\" may do");
    let html = page["html"].as_str().unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("read transactions"), "{html}");
    assert!(!html.contains("<script"));
    editor.leave();
}

#[test]
fn what_gateways_get_can_be_seen() {
    let (editor, _) = Editor::with(TEXT);
    let shown = run(&editor, "bpol.showCompiled", json!({"uri": A}));
    let compiled: Value = serde_json::from_str(shown["json"].as_str().unwrap()).unwrap();
    assert_eq!(compiled["bpol"], 1);
    assert!(compiled["meaning"].is_string());
    editor.leave();
}

#[test]
fn what_cannot_be_run_says_why() {
    let (editor, _) = Editor::with("key \"k\" < allow nonsense; >\nkey \"l\" < >");
    let said = |command: &str, arguments: Value| {
        let params = json!({"command": command, "arguments": arguments});
        editor
            .response(1, "workspace/executeCommand", params)
            .response_result
            .expect_err("an error was expected")
            .message
    };
    let about = |key: &str| json!([{"uri": A, "key": key}]);
    let message = said("bpol.showCompiled", about("k"));
    assert!(message.starts_with("nothing was compiled, because the policy has errors: /p/a.bpol:1:"), "{message}");
    assert!(said("bpol.explainKey", about("k")).starts_with("what key `k` may do is not known"));
    assert_eq!(said("bpol.explainKey", about("nobody")), "the policy has no key `nobody`");
    assert_eq!(said("bpol.runTests", json!([{"uri": A, "test": "none"}])), "there is no test `none`");
    assert_eq!(said("bpol.nothing", about("k")), "there is no command `bpol.nothing`");
    assert_eq!(said("bpol.runTests", json!([])), "`bpol.runTests` takes one argument");
    assert!(said("bpol.runTests", json!([{"uri": "file:///nowhere.bpol"}])).contains("is not open"));
    editor.leave();
}

#[test]
fn an_editor_with_a_token_hears_of_the_work() {
    let (editor, _) = Editor::with(TEXT);
    let about = json!({"command": "bpol.showCompiled", "arguments": [{"uri": A}], "workDoneToken": "t"});
    editor.ask("workspace/executeCommand", about);
    let mut kinds = Vec::new();
    while kinds.last().is_none_or(|last| last != "end") {
        if let Message::Notification(said) = editor.hear()
            && said.method == "$/progress"
        {
            kinds.push(said.params["value"]["kind"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(kinds, ["begin", "report", "end"]);
    editor.leave();
}
