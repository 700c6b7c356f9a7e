//! The loop: what the editor says, one message after the other.

use camino::Utf8PathBuf;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument, Exit, Notification as Named,
    PublishDiagnostics,
};
use lsp_types::request::{Request as _, Shutdown};
use lsp_types::{
    ClientCapabilities, InitializeParams, InitializeResult, PublishDiagnosticsParams, ServerCapabilities, ServerInfo,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use serde_json::Value;

use crate::documents::Documents;
use crate::findings::{self, Check};
use crate::path;
use crate::position::Encoding;
use crate::to_proto::{self, Client};

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The editor asked for it first.
    AfterShutdown,
    /// It did not.
    Abrupt,
}

/// Why a session broke off.
pub(crate) type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Serves one editor until it leaves.
pub(crate) fn run(connection: &Connection, check: Check<'_>) -> Result<End, Broken> {
    let mut server = Server::begin(connection, check)?;
    loop {
        // What was typed is checked when nothing more is waiting, so that fast typing does not pile up checks.
        if server.stale && connection.receiver.is_empty() {
            server.stale = false;
            server.publish()?;
        }
        let Ok(message) = connection.receiver.recv() else { return Ok(server.end()) };
        match message {
            Message::Request(request) => server.request(request)?,
            Message::Notification(said) if said.method == Exit::METHOD => return Ok(server.end()),
            Message::Notification(said) => server.notification(said)?,
            Message::Response(_) => {}
        }
    }
}

struct Server<'c> {
    connection: &'c Connection,
    check: Check<'c>,
    client: Client,
    folders: Vec<Utf8PathBuf>,
    documents: Documents,
    stale: bool,
    leaving: bool,
}

impl<'c> Server<'c> {
    /// Agrees with the editor on what both can do.
    fn begin(connection: &'c Connection, check: Check<'c>) -> Result<Self, Broken> {
        let (id, params) = connection.initialize_start()?;
        let params: InitializeParams = serde_json::from_value(params)?;
        let client = client(&params.capabilities);
        let result = InitializeResult {
            capabilities: capabilities(client.encoding),
            server_info: Some(ServerInfo {
                name: "bpol-lsp".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        connection.initialize_finish(id, serde_json::to_value(result)?)?;
        Ok(Self {
            connection,
            check,
            client,
            folders: folders(&params),
            documents: Documents::default(),
            stale: false,
            leaving: false,
        })
    }

    fn end(&self) -> End {
        if self.leaving { End::AfterShutdown } else { End::Abrupt }
    }

    fn request(&mut self, request: Request) -> Result<(), Broken> {
        let response = if self.leaving {
            let message = "the server is shutting down".to_owned();
            Response::new_err(request.id, ErrorCode::InvalidRequest as i32, message)
        } else if request.method == Shutdown::METHOD {
            self.leaving = true;
            Response::new_ok(request.id, Value::Null)
        } else {
            let message = format!("`{}` is not supported", request.method);
            Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
        };
        self.send(response.into())
    }

    fn notification(&mut self, said: Notification) -> Result<(), Broken> {
        match said.method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Some(params) = read::<DidOpenTextDocument>(said) {
                    let opened = params.text_document;
                    self.documents.set(opened.uri, opened.version, opened.text);
                    self.stale = true;
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Some(params) = read::<DidChangeTextDocument>(said) {
                    let changed = params.text_document;
                    // Whole texts were agreed on, so the last one counts.
                    let text = params.content_changes.into_iter().next_back().filter(|change| change.range.is_none());
                    if let Some(text) = text
                        && self.documents.has(&changed.uri)
                    {
                        self.documents.set(changed.uri, changed.version, text.text);
                        self.stale = true;
                    }
                }
            }
            // What others import may have changed on the disk.
            DidSaveTextDocument::METHOD => self.stale = true,
            DidCloseTextDocument::METHOD => {
                if let Some(params) = read::<DidCloseTextDocument>(said) {
                    let uri = params.text_document.uri;
                    self.documents.close(&uri);
                    self.stale = true;
                    self.forget(uri)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Checks every open document anew: any of them may import what has changed.
    fn publish(&self) -> Result<(), Broken> {
        for document in self.documents.iter() {
            match findings::of(document, &self.documents, &self.folders, self.check) {
                Some(checked) => {
                    self.tell(&to_proto::findings(&checked, document, &self.documents, self.client))?;
                }
                None => eprintln!("bpol-lsp: checking {} failed; this is a bug, please report it", document.path),
            }
        }
        Ok(())
    }

    /// A closed document has no findings.
    fn forget(&self, uri: Uri) -> Result<(), Broken> {
        self.tell(&PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None })
    }

    fn tell(&self, params: &PublishDiagnosticsParams) -> Result<(), Broken> {
        self.send(Notification::new(PublishDiagnostics::METHOD.to_owned(), params).into())
    }

    fn send(&self, message: Message) -> Result<(), Broken> {
        self.connection.sender.send(message).map_err(|_| "the editor has gone away".into())
    }
}

fn client(capabilities: &ClientCapabilities) -> Client {
    let general = capabilities.general.as_ref();
    let offered = general.and_then(|general| general.position_encodings.as_deref());
    let documents = capabilities.text_document.as_ref();
    let publishing = documents.and_then(|documents| documents.publish_diagnostics.as_ref());
    Client {
        encoding: Encoding::negotiate(offered),
        related: publishing.and_then(|publishing| publishing.related_information).unwrap_or(false),
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

/// The folders of the workspace, as old and new editors say them.
fn folders(params: &InitializeParams) -> Vec<Utf8PathBuf> {
    #[expect(deprecated, reason = "older editors say nothing else")]
    let old = params.root_uri.as_ref().and_then(path::of);
    match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| path::of(&folder.uri)).collect(),
        None => old.into_iter().collect(),
    }
}

/// The parameters of a notification; what cannot be read is logged and passed over.
fn read<N: Named>(said: Notification) -> Option<N::Params> {
    let method = said.method.clone();
    said.extract(N::METHOD).inspect_err(|error| eprintln!("bpol-lsp: `{method}` cannot be read: {error:?}")).ok()
}
