//! Sessions with an editor, over memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bpolc::diag::Diagnostic;
use bpolc::source::{FileSpan, Span};
use bpolc::{Checked, Input, Read};
use camino::Utf8Path;
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use serde_json::{Value, json};

use crate::server::{self, End};

/// An editor that talks to a server on another thread.
struct Editor {
    connection: Connection,
    server: JoinHandle<End>,
    result: Value,
}

impl Editor {
    fn start(initialize: Value, check: fn(Vec<Input>, &Utf8Path, Read<'_>) -> Checked) -> Self {
        let (ours, connection) = Connection::memory();
        let server = thread::spawn(move || server::run(&ours, &check).unwrap());
        let mut editor = Self { connection, server, result: Value::Null };
        editor.result = editor.ask(1, "initialize", initialize)["result"].clone();
        editor.say("initialized", json!({}));
        editor
    }

    fn say(&self, method: &str, params: Value) {
        self.connection.sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
    }

    fn ask(&self, id: i32, method: &str, params: Value) -> Value {
        let request = Request::new(RequestId::from(id), method.to_owned(), params);
        self.connection.sender.send(request.into()).unwrap();
        match self.hear() {
            Message::Response(response) => serde_json::to_value(response).unwrap(),
            other => panic!("a response was expected, not {other:?}"),
        }
    }

    fn hear(&self) -> Message {
        self.connection.receiver.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    fn findings(&self) -> Value {
        match self.hear() {
            Message::Notification(said) if said.method == "textDocument/publishDiagnostics" => said.params,
            other => panic!("findings were expected, not {other:?}"),
        }
    }

    fn open(&self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "bpol", "version": 1, "text": text});
        self.say("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&self, uri: &str, version: i32, text: &str) {
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]});
        self.say("textDocument/didChange", params);
    }

    fn leave(self) -> End {
        assert_eq!(self.ask(99, "shutdown", Value::Null)["result"], Value::Null);
        self.say("exit", Value::Null);
        self.server.join().unwrap()
    }
}

/// A check that finds every `!`, relates it to the first character of the first file, and breaks down at `panic`.
/// `import` reads `other.bpol` beside the file.
fn exclamations(inputs: Vec<Input>, _root: &Utf8Path, read: Read<'_>) -> Checked {
    let mut checked = Checked::default();
    for input in inputs {
        assert!(!input.text.contains("panic"), "asked for");
        let file = checked.sources.add(input.path.clone(), input.text.clone());
        for (at, _) in input.text.match_indices('!') {
            let at = u32::try_from(at).unwrap();
            let start = FileSpan { file, span: Span::new(0, 1) };
            let found = Diagnostic::error("exclamation", file, Span::new(at, at + 1), "no shouting");
            checked.diagnostics.push(found.help("calm down").label(start, "begins here"));
        }
        if input.text.contains("import") {
            let other = input.path.with_file_name("other.bpol");
            let message = read(&other).unwrap_or_else(|reason| format!("error: {reason}"));
            checked.diagnostics.push(Diagnostic::warning("imported", file, Span::new(0, 0), message));
        }
    }
    checked
}

fn plain() -> Value {
    json!({"processId": null, "rootUri": null, "capabilities": {}})
}

fn able() -> Value {
    json!({"processId": null, "rootUri": null, "capabilities": {
        "general": {"positionEncodings": ["utf-8", "utf-16"]},
        "textDocument": {"publishDiagnostics": {"relatedInformation": true}},
    }})
}

#[test]
fn the_server_says_who_it_is_and_counts_as_the_editor_does() {
    let editor = Editor::start(plain(), exclamations);
    assert_eq!(editor.result["serverInfo"]["name"], "bpol-lsp");
    assert_eq!(editor.result["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(editor.result["capabilities"]["textDocumentSync"]["change"], 1);
    assert_eq!(editor.leave(), End::AfterShutdown);
    let editor = Editor::start(able(), exclamations);
    assert_eq!(editor.result["capabilities"]["positionEncoding"], "utf-8");
    assert_eq!(editor.leave(), End::AfterShutdown);
}

#[test]
fn findings_come_and_go_with_the_text() {
    let editor = Editor::start(able(), exclamations);
    editor.open("file:///p/a.bpol", "é!");
    assert_eq!(
        editor.findings(),
        json!({"uri": "file:///p/a.bpol", "version": 1, "diagnostics": [{
            "range": {"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 3}},
            "severity": 1, "code": "exclamation", "source": "bpol", "message": "no shouting\nhelp: calm down",
            "relatedInformation": [{"message": "begins here", "location": {"uri": "file:///p/a.bpol",
                "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}}}],
        }]})
    );
    editor.change("file:///p/a.bpol", 2, "quiet");
    assert_eq!(editor.findings(), json!({"uri": "file:///p/a.bpol", "version": 2, "diagnostics": []}));
    editor.change("file:///p/a.bpol", 3, "\n!");
    assert_eq!(editor.findings()["diagnostics"][0]["range"]["start"], json!({"line": 1, "character": 0}));
    editor.say("textDocument/didClose", json!({"textDocument": {"uri": "file:///p/a.bpol"}}));
    assert_eq!(editor.findings(), json!({"uri": "file:///p/a.bpol", "diagnostics": []}));
    assert_eq!(editor.leave(), End::AfterShutdown);
}

#[test]
fn an_editor_that_knows_no_related_places_gets_none() {
    let editor = Editor::start(plain(), exclamations);
    editor.open("untitled:Untitled-1", "é!");
    let findings = editor.findings();
    assert_eq!(findings["diagnostics"][0]["range"]["start"], json!({"line": 0, "character": 1}));
    assert_eq!(findings["diagnostics"][0].get("relatedInformation"), None);
    assert_eq!(editor.leave(), End::AfterShutdown);
}

#[test]
fn imports_are_read_from_the_editor_first_then_from_the_disk_below_the_root() {
    let directory = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(directory.path()).unwrap().canonicalize_utf8().unwrap();
    std::fs::write(root.join("other.bpol"), "from the disk").unwrap();
    let uri = |name: &str| crate::path::to_uri(&root.join(name)).unwrap().as_str().to_owned();
    let editor = Editor::start(plain(), exclamations);
    editor.open(&uri("a.bpol"), "import");
    assert_eq!(editor.findings()["diagnostics"][0]["message"], "from the disk");
    editor.open(&uri("other.bpol"), "from the editor");
    assert_eq!(editor.findings()["diagnostics"][0]["message"], "from the editor");
    assert_eq!(editor.findings()["diagnostics"], json!([]));
    assert_eq!(editor.leave(), End::AfterShutdown);
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_root_is_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(directory.path()).unwrap().canonicalize_utf8().unwrap();
    std::fs::create_dir(root.join("inside")).unwrap();
    std::fs::write(root.join("secret"), "secret").unwrap();
    std::os::unix::fs::symlink(root.join("secret"), root.join("inside/other.bpol")).unwrap();
    let editor = Editor::start(plain(), exclamations);
    editor.open(crate::path::to_uri(&root.join("inside/a.bpol")).unwrap().as_str(), "import");
    let message = editor.findings()["diagnostics"][0]["message"].clone();
    assert_eq!(message, format!("error: it lies outside of `{root}/inside`"));
    assert_eq!(editor.leave(), End::AfterShutdown);
}

#[test]
fn the_server_outlives_a_check_that_breaks_down() {
    static BREAKING: AtomicBool = AtomicBool::new(false);
    let editor = Editor::start(plain(), |inputs, root, read| {
        BREAKING.store(inputs[0].text == "panic", Ordering::Release);
        exclamations(inputs, root, read)
    });
    editor.open("file:///p/a.bpol", "panic");
    while !BREAKING.load(Ordering::Acquire) {
        thread::yield_now();
    }
    editor.change("file:///p/a.bpol", 2, "!");
    assert_eq!(editor.findings()["version"], 2);
    assert_eq!(editor.leave(), End::AfterShutdown);
}

#[test]
fn what_is_not_understood_is_said_so() {
    static CHECKED: AtomicBool = AtomicBool::new(false);
    let editor = Editor::start(plain(), |inputs, root, read| {
        CHECKED.store(true, Ordering::Relaxed);
        exclamations(inputs, root, read)
    });
    assert_eq!(editor.ask(2, "textDocument/hover", json!({}))["error"]["code"], -32601);
    editor.say("textDocument/didOpen", json!({"nonsense": 1}));
    editor.say("$/whatever", json!(null));
    assert_eq!(editor.ask(3, "shutdown", Value::Null)["result"], Value::Null);
    assert_eq!(editor.ask(4, "textDocument/hover", json!({}))["error"]["code"], -32600);
    editor.say("exit", Value::Null);
    assert_eq!(editor.server.join().unwrap(), End::AfterShutdown);
    assert!(!CHECKED.load(Ordering::Relaxed), "nothing was opened");
}

#[test]
fn leaving_without_a_word_is_abrupt() {
    let editor = Editor::start(plain(), exclamations);
    editor.say("exit", Value::Null);
    assert_eq!(editor.server.join().unwrap(), End::Abrupt);
}

#[test]
fn the_sample_line_of_the_definition_has_its_warning() {
    let editor = Editor::start(able(), bpolc::check);
    let sample = r#"key "ynab" < allow read transactions on account "Groceries" since 30d; deny payment; >"#;
    editor.open("file:///p/a.bpol", sample);
    let findings = editor.findings();
    assert_eq!(findings["diagnostics"].as_array().unwrap().len(), 1, "{findings}");
    assert_eq!(findings["diagnostics"][0]["code"], "unpinned-account");
    assert_eq!(findings["diagnostics"][0]["severity"], 2);
    assert_eq!(editor.leave(), End::AfterShutdown);
}
