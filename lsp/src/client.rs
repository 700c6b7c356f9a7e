//! What the editor understands.

mod navigation;

use camino::Utf8PathBuf;
use lsp_types::{ClientCapabilities, InitializeParams};

use crate::path;
use crate::position::Encoding;
use navigation::Navigation;

/// What the editor understands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// In what it counts columns.
    pub(crate) encoding: Encoding,
    /// Whether it shows related places.
    pub(crate) related: bool,
    /// Whether it greys and strikes out.
    pub(crate) tags: bool,
    /// Whether it follows links from findings.
    pub(crate) links: bool,
    /// Whether it asks for findings itself, so that they are not sent unasked.
    pub(crate) pulls: bool,
    /// Whether it would ask, and cannot be told to ask again when there is news: findings are sent to it all the same.
    pub(crate) pulls_once: bool,
    /// Whether the findings of one document may come with those of others.
    pub(crate) related_documents: bool,
    /// Whether it takes what can be done as data, and not as commands alone.
    pub(crate) actions: bool,
    /// Whether it asks again when it is told to: findings, lenses, hints, colours.
    pub(crate) refreshes: Refreshes,
    /// Whether it can be asked for its settings.
    pub(crate) configuration: bool,
    /// Whether it watches files for us.
    pub(crate) watches: bool,
    /// Whether it shows Markdown in hovers and completions.
    pub(crate) markdown: bool,
    /// Whether completions may hold places to fill in.
    pub(crate) snippets: bool,
    /// Whether it changes files with their versions.
    pub(crate) versioned_edits: bool,
    /// What it understands of names and places.
    pub(crate) navigation: Navigation,
    /// Whether it runs the commands of our own extensions, `bpol.client.…`.
    pub(crate) commands: bool,
}

/// What an editor asks again for when it is told to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Refreshes {
    pub(crate) diagnostics: bool,
    pub(crate) lenses: bool,
    pub(crate) hints: bool,
}

impl Client {
    /// Reads what the editor says of itself.
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let ClientCapabilities { general, text_document, workspace, .. } = &params.capabilities;
        let general = general.as_ref();
        let documents = text_document.as_ref();
        let workspace = workspace.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let publishing = documents.and_then(|documents| documents.publish_diagnostics.as_ref());
        let hover = documents.and_then(|documents| documents.hover.as_ref());
        let item = documents
            .and_then(|documents| documents.completion.as_ref())
            .and_then(|completion| completion.completion_item.as_ref());
        let asks = documents.is_some_and(|documents| documents.diagnostic.is_some());
        let asks_again = workspace
            .and_then(|workspace| workspace.diagnostic.as_ref())
            .and_then(|pull| pull.refresh_support)
            .unwrap_or(false);
        let commands = params.initialization_options.as_ref().and_then(|options| options["clientCommands"].as_bool());
        Self {
            encoding: Encoding::negotiate(offered),
            related: publishing.and_then(|publishing| publishing.related_information).unwrap_or(false),
            tags: publishing.is_some_and(|publishing| publishing.tag_support.is_some()),
            links: publishing.and_then(|publishing| publishing.code_description_support).unwrap_or(false),
            pulls: asks && asks_again,
            pulls_once: asks && !asks_again,
            related_documents: documents
                .and_then(|documents| documents.diagnostic.as_ref())
                .and_then(|pull| pull.related_document_support)
                .unwrap_or(false),
            actions: documents
                .and_then(|documents| documents.code_action.as_ref())
                .is_some_and(|action| action.code_action_literal_support.is_some()),
            refreshes: Refreshes {
                diagnostics: asks_again,
                lenses: workspace
                    .and_then(|workspace| workspace.code_lens.as_ref())
                    .and_then(|lens| lens.refresh_support)
                    .unwrap_or(false),
                hints: workspace
                    .and_then(|workspace| workspace.inlay_hint.as_ref())
                    .and_then(|hints| hints.refresh_support)
                    .unwrap_or(false),
            },
            configuration: workspace.and_then(|workspace| workspace.configuration).unwrap_or(false),
            watches: workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref())
                .and_then(|watching| watching.dynamic_registration)
                .unwrap_or(false),
            markdown: hover
                .and_then(|hover| hover.content_format.as_ref())
                .is_some_and(|formats| formats.contains(&lsp_types::MarkupKind::Markdown)),
            snippets: item.and_then(|item| item.snippet_support).unwrap_or(false),
            versioned_edits: workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref())
                .and_then(|edit| edit.document_changes)
                .unwrap_or(false),
            navigation: Navigation::of(&params.capabilities),
            commands: commands.unwrap_or(false),
        }
    }
}

/// The folders of the workspace, as old and new editors say them.
pub(crate) fn folders(params: &InitializeParams) -> Vec<Utf8PathBuf> {
    #[expect(deprecated, reason = "older editors say nothing else")]
    let old = params.root_uri.as_ref().and_then(path::of);
    match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| path::of(&folder.uri)).collect(),
        None => old.into_iter().collect(),
    }
}
