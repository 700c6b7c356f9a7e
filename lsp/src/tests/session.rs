//! Beginning, texts and their findings, end.

use camino::Utf8Path;
use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

use super::{A, Editor, able, plain};
use crate::server::End;

const SOUND: &str = "account \"Groceries\" is iban NL20INGB0001234567;\n\
                     key \"a\" < allow read transactions on account \"Groceries\" since 30d; deny payment; >";

#[test]
fn the_server_says_who_it_is_and_counts_as_the_editor_does() {
    let editor = Editor::start(plain());
    assert_eq!(editor.result["serverInfo"]["name"], "bpol-lsp");
    assert_eq!(editor.result["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(editor.result["capabilities"]["textDocumentSync"]["change"], 2);
    editor.leave();
    let editor = Editor::start(able());
    assert_eq!(editor.result["capabilities"]["positionEncoding"], "utf-8");
    editor.leave();
}

#[test]
fn findings_come_and_go_with_the_text() {
    let editor = Editor::start(able());
    editor.open(A, "key \"é\" < allow all; >");
    let findings = editor.findings();
    assert_eq!((findings["uri"].clone(), findings["version"].clone()), (json!(A), json!(1)));
    let found = &findings["diagnostics"][0];
    assert_eq!(found["severity"], 1, "{found}");
    assert_eq!(found["source"], "bpol");
    assert_eq!(found["range"]["start"], json!({"line": 0, "character": 17}), "{found}");
    editor.change(A, 2, json!([{"text": SOUND}]));
    assert_eq!(editor.findings(), json!({"uri": A, "version": 2, "diagnostics": []}));
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    editor.change(A, 3, json!([{"range": range, "text": ""}]));
    assert_eq!(editor.names(), ["unpinned-account"]);
    editor.say("textDocument/didClose", json!({"textDocument": {"uri": A}}));
    assert_eq!(editor.findings(), json!({"uri": A, "diagnostics": []}));
    editor.leave();
}

#[test]
fn several_changes_at_once_are_made_one_after_the_other() {
    let editor = Editor::start(able());
    editor.open(A, "");
    assert_eq!(editor.findings()["diagnostics"], json!([]));
    let at = |line: u32, from: u32, to: u32| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
    editor.change(
        A,
        2,
        json!([
            {"text": "key \"a\" < allow read nothing; >"},
            {"range": at(0, 21, 28), "text": "transactions"},
            {"range": at(0, 5, 6), "text": "b"},
            // Past the end of the line, of the text, and backwards.
            {"range": at(0, 99, 99), "text": "\n"},
            {"range": at(7, 9, 9), "text": "ensure key \"b\" cannot"},
            {"range": {"start": {"line": 9, "character": 0}, "end": {"line": 0, "character": 0}}, "text": " create payment;"},
        ]),
    );
    let findings = editor.findings();
    let codes: Vec<&Value> = findings["diagnostics"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(!codes.contains(&&json!("syntax")), "{findings}");
    let outline = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": A}}));
    assert_eq!(outline[0]["name"], "b");
    assert_eq!(outline[1]["name"], "ensure key \"b\" cannot create payment");
    editor.leave();
}

#[test]
fn an_editor_that_knows_no_related_places_gets_none() {
    let twice = "\n payee \"é\" is NL20INGB0001234567; payee \"é\" is NL20INGB0001234567;";
    for (editor, expected) in [(Editor::start(plain()), false), (Editor::start(able()), true)] {
        editor.open("untitled:Untitled-1", twice);
        let findings = editor.findings();
        let found = findings["diagnostics"].as_array().unwrap();
        let found = found.iter().find(|one| one["code"] == "declared-twice").unwrap();
        assert_eq!(found.get("relatedInformation").is_some(), expected, "{found}");
        assert_eq!(found["range"]["start"]["character"], if expected { 41 } else { 40 });
        editor.leave();
    }
}

#[test]
fn an_editor_that_greys_out_is_told_what_to_grey_out() {
    let (editor, _) = Editor::with(
        "account \"A\" is iban NL20INGB0001234567;\nkey \"a\" < allow read transactions on account \"A\" since 30d; deny payment; deny payment; >",
    );
    let findings = editor.findings();
    let twice = findings["diagnostics"].as_array().unwrap().iter().find(|one| one["code"] == "duplicate-statement");
    assert_eq!(twice.unwrap()["tags"], json!([1]), "{findings}");
    editor.leave();
}

/// A directory of files.
fn directory(files: &[(&str, &str)]) -> (tempfile::TempDir, camino::Utf8PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(directory.path()).unwrap().canonicalize_utf8().unwrap();
    for (name, text) in files {
        std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        std::fs::write(root.join(name), text).unwrap();
    }
    (directory, root)
}

fn uri(path: &Utf8Path) -> String {
    crate::path::to_uri(path).unwrap().as_str().to_owned()
}

#[test]
fn imports_are_read_from_the_editor_first_then_from_the_disk() {
    let (_directory, root) = directory(&[("other.bpol", "account \"Groceries\" is iban NL20INGB0001234567;")]);
    let editor = Editor::start(plain());
    let text = "import \"other.bpol\"; key \"a\" < allow read transactions on account \"Groceries\" since 30d; >";
    editor.open(&uri(&root.join("a.bpol")), text);
    assert_eq!(editor.names(), Vec::<String>::new());
    editor.open(&uri(&root.join("other.bpol")), "account \"Groceries\" is id 1;\naccount \"Groceries\" is id 2;");
    let other = editor.findings();
    assert_eq!(other["uri"], json!(uri(&root.join("other.bpol"))));
    assert_eq!(other["diagnostics"][0]["code"], "declared-twice");
    editor.leave();
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_root_is_not_followed() {
    let (_directory, root) = directory(&[("inside/x", ""), ("secret", "secret")]);
    std::os::unix::fs::symlink(root.join("secret"), root.join("inside/other.bpol")).unwrap();
    let editor = Editor::start(plain());
    editor.open(&uri(&root.join("inside/a.bpol")), "import \"other.bpol\";");
    let message = editor.findings()["diagnostics"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains(&format!("it lies outside of `{root}/inside`")), "{message}");
    editor.leave();
}

#[test]
fn every_policy_of_the_workspace_is_looked_at() {
    let (_directory, root) = directory(&[
        ("a.bpol", "key \"a\" < allow nonsense; >"),
        ("deep/b.bpol", SOUND),
        ("ignored/c.bpol", "key \"c\" < allow nonsense; >"),
        (".gitignore", "ignored/\n"),
    ]);
    let editor = Editor::start(json!({"processId": null, "rootUri": uri(&root), "capabilities": {}}));
    let first = editor.findings();
    assert_eq!(first["uri"], json!(uri(&root.join("a.bpol"))));
    assert_eq!(first.get("version"), None);
    // The sound one has nothing to tell, the ignored one is none of ours.
    editor.say("workspace/didChangeWatchedFiles", json!({"changes": []}));
    std::fs::write(root.join("a.bpol"), SOUND).unwrap();
    editor.say("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(&root.join("a.bpol")), "type": 2}]}));
    let then = editor.findings();
    assert_eq!(then["uri"], json!(uri(&root.join("a.bpol"))));
    assert!(then["diagnostics"].as_array().unwrap().iter().all(|found| found["severity"] != 1), "{then}");
    editor.leave();
}

#[test]
fn settings_of_the_project_and_of_the_user_count() {
    let (_directory, root) = directory(&[("bpol.toml", "[lints]\nunpinned-account = \"deny\"\n")]);
    let mut able = able();
    able["capabilities"]["workspace"]["configuration"] = json!(true);
    let editor = Editor::start(able);
    let asked = loop {
        if let Message::Request(request) = editor.hear() {
            break request;
        }
    };
    assert_eq!(asked.method, "workspace/configuration");
    let text = "key \"a\" < allow read transactions on account \"Groceries\" since 30d; >";
    editor.open(&uri(&root.join("a.bpol")), text);
    assert_eq!(editor.findings()["diagnostics"][0]["severity"], 1);
    let off = json!([{"levels": {"unpinned-account": "off"}}]);
    editor.send(lsp_server::Response::new_ok(asked.id, off).into());
    assert_eq!(editor.names(), Vec::<String>::new());
    editor.leave();
}

#[test]
fn a_request_that_is_cancelled_before_its_turn_is_not_answered_otherwise() {
    let editor = Editor::start(able());
    editor.open(A, SOUND);
    let ask = |id: i32| {
        let params = json!({"textDocument": {"uri": A}});
        editor.send(Request::new(id.into(), "textDocument/documentSymbol".to_owned(), params).into());
    };
    // The second waits while the first is answered only if both come at once, which memory does not promise: either way
    // it gets exactly one answer.
    ask(7);
    ask(8);
    editor.send(Notification::new("$/cancelRequest".to_owned(), json!({"id": 8})).into());
    let mut answers = Vec::new();
    while answers.len() < 2 {
        if let Message::Response(response) = editor.hear() {
            answers.push((response.id, response.response_result.err().map(|error| error.code)));
        }
    }
    assert_eq!(answers[0], (7.into(), None));
    assert!(answers[1] == (8.into(), None) || answers[1] == (8.into(), Some(-32800)), "{answers:?}");
    editor.leave();
}

#[test]
fn what_is_not_understood_is_said_so() {
    let editor = Editor::start(plain());
    assert_eq!(editor.fault("textDocument/moniker", json!({})), -32601);
    assert_eq!(editor.fault("textDocument/documentSymbol", json!({})), -32602);
    let nowhere = json!({"textDocument": {"uri": "file:///nowhere.bpol"}});
    assert_eq!(editor.fault("textDocument/documentSymbol", nowhere), -32602);
    editor.say("textDocument/didOpen", json!({"nonsense": 1}));
    editor.say("textDocument/didChange", json!({"textDocument": {"uri": A, "version": 2}, "contentChanges": []}));
    editor.say("$/whatever", json!(null));
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(editor.fault("textDocument/documentSymbol", json!({})), -32600);
    editor.say("exit", Value::Null);
    assert_eq!(editor.server.join().unwrap(), End::AfterShutdown);
}

#[test]
fn leaving_without_a_word_is_abrupt() {
    let editor = Editor::start(plain());
    editor.say("exit", Value::Null);
    assert_eq!(editor.server.join().unwrap(), End::Abrupt);
}

#[test]
fn odd_questions_are_answered_and_break_nothing() {
    let mut by_utf16 = able();
    by_utf16["capabilities"]["general"]["positionEncodings"] = json!(["utf-16"]);
    let editor = Editor::start(by_utf16);
    // A name of two units of UTF-16 for each character.
    editor.open(A, "key \"𝄞𝄞\" < allow read transactions since 30d; >\nensure key \"𝄞𝄞\" cannot");
    let odd = [(0, 6), (0, 7), (0, 8), (0, 9_999), (1, 13), (9, 0), (u32::MAX, u32::MAX)];
    for method in crate::handlers::METHODS {
        for params in [Value::Null, json!({}), json!([1]), json!({"textDocument": {"uri": "file:///nowhere.bpol"}})] {
            let answer = editor.response(1, method, params).response_result;
            assert!(answer.as_ref().err().is_none_or(|fault| fault.code != -32603), "{method}: {answer:?}");
        }
        for (line, character) in odd {
            let at = json!({"line": line, "character": character});
            let range = json!({"start": at, "end": {"line": 0, "character": 7}});
            let params = json!({
                "textDocument": {"uri": A}, "position": at, "positions": [at], "range": range, "newName": "𝄞",
                "context": {"diagnostics": [], "includeDeclaration": true, "triggerKind": 1, "isRetrigger": false},
                "options": {"tabSize": 2, "insertSpaces": true}, "ch": ";", "query": "𝄞", "previousResultId": "9",
                "previousResultIds": [], "command": "bpol.nothing", "arguments": [at],
            });
            let answer = editor.response(1, method, params).response_result;
            assert!(answer.as_ref().err().is_none_or(|fault| fault.code != -32603), "{method} at {at}: {answer:?}");
        }
    }
    assert_eq!(editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": A}}))[0]["name"], "𝄞𝄞");
    editor.leave();
}

#[test]
fn a_large_policy_is_looked_through_whole_when_the_typing_pauses() {
    use std::fmt::Write as _;
    let mut text = String::from("account \"A\" is iban NL20INGB0001234567;\n");
    for number in 0..300 {
        writeln!(text, "key \"k{number}\" < allow read transactions on account \"A\" since 30d; >").unwrap();
    }
    let editor = Editor::start(able());
    editor.open(A, &text);
    assert_eq!(editor.names(), Vec::<String>::new());
    let start = json!({"line": 0, "character": 0});
    let role = "role \"r\" < allow read transactions since 30d; >\n";
    // Only a look at all keys tells that nobody uses the role; each change puts that off.
    for version in 2..6 {
        let text = if version == 5 { role } else { "\n" };
        editor.change(A, version, json!([{"range": {"start": start, "end": start}, "text": text}]));
        // Each is looked at by itself, so that the look at all keys that the first one asked for comes too late.
        assert_eq!(editor.findings()["version"], version);
    }
    while editor.names() != ["unused-role"] {}
    editor.leave();
}
