//! Sessions with an editor, over memory.

mod call_hierarchy;
mod code_action;
mod code_lens;
mod completion;
mod definition;
mod diagnostic;
mod document_highlight;
mod document_link;
mod document_symbol;
mod execute_command;
mod folding_range;
mod formatting;
mod hover;
mod inlay_hint;
mod references;
mod rename;
mod selection_range;
mod semantic_tokens;
mod session;
mod signature_help;
mod workspace_symbol;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use crate::server::{self, End};

/// The document of most tests.
const A: &str = "file:///p/a.bpol";

/// An editor that talks to a server on another thread.
struct Editor {
    connection: Connection,
    server: JoinHandle<End>,
    /// What the server answered to `initialize`.
    result: Value,
    /// What was said between question and answer.
    said: RefCell<VecDeque<Message>>,
}

impl Editor {
    /// Starts a server for an editor that says this of itself.
    fn start(initialize: Value) -> Self {
        let (ours, connection) = Connection::memory();
        let server = thread::spawn(move || server::run(&ours).unwrap());
        let mut editor = Self { connection, server, result: Value::Null, said: RefCell::default() };
        editor.result = editor.ask("initialize", initialize);
        editor.say("initialized", json!({}));
        editor
    }

    /// Starts a server for an editor that can do all that the server asks about, with one document open. `|caret|` in its
    /// text marks a position, which is given too.
    fn with(text: &str) -> (Self, Value) {
        let at = text.find("|caret|").unwrap_or(text.len());
        let before = &text[..at];
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap_or_default().len();
        let editor = Self::start(able());
        editor.open(A, &text.replacen("|caret|", "", 1));
        (editor, json!({"textDocument": {"uri": A}, "position": {"line": line, "character": character}}))
    }

    fn say(&self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    fn send(&self, message: Message) {
        self.connection.sender.send(message).unwrap();
    }

    /// The result of a request.
    #[track_caller]
    fn ask(&self, method: &str, params: Value) -> Value {
        self.response(1, method, params).response_result.unwrap()
    }

    /// The code of the error that a request is answered with.
    #[track_caller]
    fn fault(&self, method: &str, params: Value) -> i32 {
        self.response(1, method, params).response_result.expect_err("an error was expected").code
    }

    fn response(&self, id: i32, method: &str, params: Value) -> Response {
        self.send(Request::new(RequestId::from(id), method.to_owned(), params).into());
        loop {
            match self.connection.receiver.recv_timeout(Duration::from_secs(20)).unwrap() {
                Message::Response(response) => return response,
                other => self.said.borrow_mut().push_back(other),
            }
        }
    }

    fn hear(&self) -> Message {
        let kept = self.said.borrow_mut().pop_front();
        kept.unwrap_or_else(|| self.connection.receiver.recv_timeout(Duration::from_secs(20)).unwrap())
    }

    /// The next findings that the server tells.
    fn findings(&self) -> Value {
        loop {
            if let Message::Notification(said) = self.hear()
                && said.method == "textDocument/publishDiagnostics"
            {
                return said.params;
            }
        }
    }

    /// The names of the next findings of the document of most tests.
    fn names(&self) -> Vec<String> {
        let findings = self.findings();
        let all = findings["diagnostics"].as_array().cloned().unwrap_or_default();
        all.iter().map(|found| found["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn open(&self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "bpol", "version": 1, "text": text});
        self.say("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&self, uri: &str, version: i32, changes: Value) {
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes});
        self.say("textDocument/didChange", params);
    }

    #[track_caller]
    fn leave(self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.say("exit", Value::Null);
        assert_eq!(self.server.join().unwrap(), End::AfterShutdown);
    }
}

/// An editor that can do nothing.
fn plain() -> Value {
    json!({"processId": null, "rootUri": null, "capabilities": {}})
}

/// An editor that counts bytes and can do what the server asks about; it takes findings as they come.
fn able() -> Value {
    json!({"processId": null, "rootUri": null, "initializationOptions": {"clientCommands": true}, "capabilities": {
        "general": {"positionEncodings": ["utf-8", "utf-16"]},
        "workspace": {"workspaceEdit": {"documentChanges": true}},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "tagSupport": {"valueSet": [1, 2]}, "codeDescriptionSupport": true},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "completion": {"completionItem": {"snippetSupport": true}},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
    }})
}
