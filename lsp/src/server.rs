//! The loop: what the editor says, one message after the other, and what is said back.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use camino::Utf8PathBuf;
use crossbeam_channel::select;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    Cancel, DidChangeConfiguration, DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument,
    DidOpenTextDocument, DidSaveTextDocument, Exit, Notification as Named, PublishDiagnostics,
};
use lsp_types::request::{
    CodeLensRefresh, DocumentDiagnosticRequest, InlayHintRefreshRequest, RegisterCapability, Request as _, Shutdown,
    WorkspaceConfiguration, WorkspaceDiagnosticRefresh, WorkspaceDiagnosticRequest,
};
use lsp_types::{
    ConfigurationItem, ConfigurationParams, Diagnostic, DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher,
    GlobPattern, InitializeParams, InitializeResult, NumberOrString, PublishDiagnosticsParams, Registration,
    RegistrationParams, ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions,
};
use serde_json::{Value, json};

use crate::client::{Client, folders};
use crate::findings;
use crate::handlers;
use crate::progress::Out;
use crate::settings::{SECTION, Settings};
use crate::state::{State, path_of};
use crate::worker::{Done, Workers};

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
pub(crate) fn run(connection: &Connection) -> Result<End, Broken> {
    let mut server = Server::begin(connection)?;
    server.greet()?;
    loop {
        while let Ok(message) = connection.receiver.try_recv() {
            server.queue(message);
        }
        let Some(message) = server.waiting.pop_front() else {
            // What was typed is looked at when nothing more is waiting, so that fast typing does not pile up work.
            server.look()?;
            select! {
                recv(connection.receiver) -> message => match message {
                    Ok(message) => server.queue(message),
                    Err(_) => return Ok(server.end()),
                },
                recv(server.workers.done) -> done => {
                    if let Ok(done) = done {
                        server.done(done)?;
                    }
                }
            }
            continue;
        };
        match message {
            Message::Request(request) => server.request(&request)?,
            Message::Notification(said) if said.method == Exit::METHOD => return Ok(server.end()),
            Message::Notification(said) => server.notification(said)?,
            Message::Response(response) => server.response(response)?,
        }
    }
}

struct Server<'c> {
    connection: &'c Connection,
    state: State,
    workers: Workers,
    /// What was said and is not yet answered.
    waiting: VecDeque<Message>,
    /// Requests that the editor does not want answered any more.
    cancelled: HashSet<RequestId>,
    /// What the editor was last told of each file.
    told: HashMap<Utf8PathBuf, (Option<i32>, Vec<Diagnostic>)>,
    /// What was asked of the editor: the number of the next request, and the one about its settings.
    asked: i32,
    settings: Option<RequestId>,
    leaving: bool,
}

impl<'c> Server<'c> {
    /// Agrees with the editor on what both can do.
    fn begin(connection: &'c Connection) -> Result<Self, Broken> {
        let (id, params) = connection.initialize_start()?;
        let params: InitializeParams = serde_json::from_value(params)?;
        let client = Client::of(&params);
        let result = InitializeResult {
            capabilities: capabilities(&client),
            server_info: Some(ServerInfo {
                name: "bpol-lsp".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        connection.initialize_finish(id, serde_json::to_value(result)?)?;
        let mut state = State::new(client, folders(&params));
        state.out = Out::to(connection.sender.clone());
        Ok(Self {
            connection,
            state,
            workers: Workers::start(),
            waiting: VecDeque::new(),
            cancelled: HashSet::new(),
            told: HashMap::new(),
            asked: 0,
            settings: None,
            leaving: false,
        })
    }

    /// What is asked of every editor at the start.
    fn greet(&mut self) -> Result<(), Broken> {
        if self.state.client.watches {
            let watchers = ["**/*.bpol", "**/bpol.toml"]
                .map(|pattern| FileSystemWatcher { glob_pattern: GlobPattern::String(pattern.to_owned()), kind: None });
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
            let registration = Registration {
                id: "files".to_owned(),
                method: DidChangeWatchedFiles::METHOD.to_owned(),
                register_options: Some(serde_json::to_value(options)?),
            };
            self.ask::<RegisterCapability>(RegistrationParams { registrations: vec![registration] })?;
        }
        self.ask_settings()
    }

    fn ask_settings(&mut self) -> Result<(), Broken> {
        if self.state.client.configuration {
            let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
            let id = self.ask::<WorkspaceConfiguration>(ConfigurationParams { items: vec![item] })?;
            self.settings = Some(id);
        }
        Ok(())
    }

    fn end(&self) -> End {
        if self.leaving { End::AfterShutdown } else { End::Abrupt }
    }

    /// Takes a message. What is no longer wanted is known before its turn comes.
    fn queue(&mut self, message: Message) {
        match message {
            Message::Notification(said) if said.method == Cancel::METHOD => {
                let Some(params) = read::<Cancel>(said) else { return };
                let id: RequestId = match params.id {
                    NumberOrString::Number(id) => id.into(),
                    NumberOrString::String(id) => id.into(),
                };
                let is_waiting = |message: &Message| matches!(message, Message::Request(request) if request.id == id);
                if self.waiting.iter().any(is_waiting) {
                    self.cancelled.insert(id);
                }
            }
            message => self.waiting.push_back(message),
        }
    }

    fn request(&mut self, request: &Request) -> Result<(), Broken> {
        let refuse =
            |code: ErrorCode, message: &str| Response::new_err(request.id.clone(), code as i32, message.into());
        let response = if self.cancelled.remove(&request.id) {
            refuse(ErrorCode::RequestCanceled, "cancelled")
        } else if self.leaving {
            refuse(ErrorCode::InvalidRequest, "the server is shutting down")
        } else if request.method == Shutdown::METHOD {
            self.leaving = true;
            Response::new_ok(request.id.clone(), Value::Null)
        } else {
            if [DocumentDiagnosticRequest::METHOD, WorkspaceDiagnosticRequest::METHOD]
                .contains(&request.method.as_str())
            {
                // What was typed just before is part of the question.
                self.look()?;
            }
            handlers::respond(&self.state, request)
        };
        self.send(response.into())
    }

    fn notification(&mut self, said: Notification) -> Result<(), Broken> {
        match said.method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Some(params) = read::<DidOpenTextDocument>(said) {
                    let opened = params.text_document;
                    self.told.remove(&path_of(&opened.uri));
                    self.state.opened(opened.uri.clone(), opened.version, opened.text);
                    self.tell(&path_of(&opened.uri))?;
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Some(params) = read::<DidChangeTextDocument>(said) {
                    let changed = params.text_document;
                    self.state.changed(&changed.uri, changed.version, params.content_changes);
                }
            }
            DidSaveTextDocument::METHOD => {}
            DidCloseTextDocument::METHOD => {
                if let Some(params) = read::<DidCloseTextDocument>(said) {
                    let uri = params.text_document.uri;
                    self.state.closed(&uri);
                    let path = path_of(&uri);
                    if !self.state.has(&path) {
                        self.told.remove(&path);
                        self.publish(PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None })?;
                    }
                }
            }
            DidChangeWatchedFiles::METHOD => {
                if let Some(params) = read::<DidChangeWatchedFiles>(said) {
                    params.changes.iter().for_each(|change| self.state.changed_on_disk(&change.uri));
                }
            }
            DidChangeConfiguration::METHOD => {
                // Some editors send the settings along, others only that they changed.
                let sent = read::<DidChangeConfiguration>(said).map(|params| params.settings[SECTION].clone());
                match sent {
                    Some(settings) if settings.is_object() => self.take_settings(&settings),
                    _ if self.state.client.configuration => self.ask_settings()?,
                    Some(settings) => self.take_settings(&settings),
                    None => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn response(&mut self, response: Response) -> Result<(), Broken> {
        if self.settings.as_ref() == Some(&response.id) {
            self.settings = None;
            if let Ok(result) = response.response_result {
                self.take_settings(&result[0]);
                self.refresh()?;
            }
        }
        Ok(())
    }

    fn take_settings(&mut self, value: &Value) {
        let (settings, faults) = Settings::read(value);
        faults.iter().for_each(|fault| eprintln!("bpol-lsp: {fault}"));
        if settings != *self.state.user() {
            self.state.set_user(settings);
        }
    }

    /// Looks at what was touched and tells what was found.
    fn look(&mut self) -> Result<(), Broken> {
        let (news, jobs) = self.state.look();
        for job in jobs {
            // The threads live as long as the server does.
            _ = self.workers.jobs.send(job);
        }
        self.tell_all(&news)
    }

    fn done(&mut self, done: Done) -> Result<(), Broken> {
        let root = done.root.clone();
        if self.state.done(done) {
            self.tell_all(&[root])?;
            if self.state.is_settled() {
                self.refresh()?;
            }
        }
        Ok(())
    }

    /// Asks the editor to ask again for what may have changed without a change of its text.
    fn refresh(&mut self) -> Result<(), Broken> {
        let refreshes = self.state.client.refreshes;
        if self.state.client.pulls && refreshes.diagnostics {
            self.ask::<WorkspaceDiagnosticRefresh>(())?;
        }
        if refreshes.lenses {
            self.ask::<CodeLensRefresh>(())?;
        }
        if refreshes.hints {
            self.ask::<InlayHintRefreshRequest>(())?;
        }
        Ok(())
    }

    fn tell_all(&mut self, roots: &[Utf8PathBuf]) -> Result<(), Broken> {
        let files: BTreeSet<Utf8PathBuf> = roots.iter().flat_map(|root| self.state.files_of(root)).collect();
        files.iter().try_for_each(|path| self.tell(path))
    }

    /// Tells the findings of a file, unless the editor knows them or asks for them itself.
    fn tell(&mut self, path: &camino::Utf8Path) -> Result<(), Broken> {
        if self.state.client.pulls || !self.state.has(path) {
            return Ok(());
        }
        let Some((uri, version)) = self.state.name(path) else { return Ok(()) };
        let diagnostics = findings::of(&self.state, path);
        let before = self.told.get(path);
        // Before anything was found there is nothing to tell; afterwards what is left of it is better than nothing.
        if before.is_none() && !self.state.known(path).iter().all(|(known, _)| known.is_settled()) {
            return Ok(());
        }
        let is_known = match before {
            Some(before) => *before == (version, diagnostics.clone()),
            None => diagnostics.is_empty() && version.is_none(),
        };
        if is_known {
            return Ok(());
        }
        self.told.insert(path.to_owned(), (version, diagnostics.clone()));
        self.publish(PublishDiagnosticsParams { uri, diagnostics, version })
    }

    fn publish(&self, params: PublishDiagnosticsParams) -> Result<(), Broken> {
        if self.state.client.pulls {
            return Ok(());
        }
        self.send(Notification::new(PublishDiagnostics::METHOD.to_owned(), params).into())
    }

    fn ask<R: lsp_types::request::Request>(&mut self, params: R::Params) -> Result<RequestId, Broken> {
        self.asked += 1;
        let id = RequestId::from(format!("bpol-lsp/{}", self.asked));
        let request = Request { id: id.clone(), method: R::METHOD.to_owned(), params: json!(params) };
        self.send(request.into())?;
        Ok(id)
    }

    fn send(&self, message: Message) -> Result<(), Broken> {
        self.connection.sender.send(message).map_err(|_| "the editor has gone away".into())
    }
}

fn capabilities(client: &Client) -> ServerCapabilities {
    let mut all = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        })),
        ..ServerCapabilities::default()
    };
    handlers::capabilities(&mut all);
    handlers::fitting(&mut all, client);
    all
}

/// The parameters of a notification; what cannot be read is logged and passed over.
fn read<N: Named>(said: Notification) -> Option<N::Params> {
    let method = said.method.clone();
    said.extract(N::METHOD).inspect_err(|error| eprintln!("bpol-lsp: `{method}` cannot be read: {error:?}")).ok()
}
