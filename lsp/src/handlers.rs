//! Requests: each has a file that turns parameters into a question to `bpolc::ide` and the answer back.

mod call_hierarchy;
mod code_action;
mod code_lens;
mod completion;
mod definition;
mod document_diagnostic;
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
mod signature_help;
mod workspace_diagnostic;
mod workspace_symbol;

use lsp_server::{Request, Response};
use lsp_types::{
    CallHierarchyServerCapability, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, DiagnosticOptions,
    DiagnosticServerCapabilities, DocumentLinkOptions, ExecuteCommandOptions, FoldingRangeProviderCapability,
    HoverProviderCapability, OneOf, SelectionRangeProviderCapability, ServerCapabilities, WorkDoneProgressOptions,
    request as lsp,
};

use crate::client::Client;
use crate::fault::{Answer, Fault};
use crate::state::State;

/// Each request that is answered, with what answers it.
macro_rules! requests {
    ($($request:ty => $handler:path,)*) => {
        /// Answers a request; nothing for one that is not known.
        fn route(state: &State, request: &Request) -> Option<Answer<serde_json::Value>> {
            match request.method.as_str() {
                $(<$request as lsp::Request>::METHOD => Some(answer::<$request>(state, request, $handler)),)*
                _ => None,
            }
        }

        /// The methods that are answered.
        #[cfg(test)]
        pub(crate) const METHODS: &[&str] = &[$(<$request as lsp::Request>::METHOD),*];
    };
}

requests! {
    lsp::CodeActionRequest => code_action::handle,
    lsp::CodeLensRequest => code_lens::handle,
    lsp::CodeLensResolve => code_lens::resolve,
    lsp::DocumentDiagnosticRequest => document_diagnostic::handle,
    lsp::DocumentSymbolRequest => document_symbol::handle,
    lsp::WorkspaceSymbolRequest => workspace_symbol::handle,
    lsp::GotoDefinition => definition::handle,
    lsp::References => references::handle,
    lsp::CallHierarchyPrepare => call_hierarchy::prepare,
    lsp::CallHierarchyIncomingCalls => call_hierarchy::incoming,
    lsp::CallHierarchyOutgoingCalls => call_hierarchy::outgoing,
    lsp::DocumentHighlightRequest => document_highlight::handle,
    lsp::PrepareRenameRequest => rename::prepare,
    lsp::Rename => rename::handle,
    lsp::FoldingRangeRequest => folding_range::handle,
    lsp::SelectionRangeRequest => selection_range::handle,
    lsp::DocumentLinkRequest => document_link::handle,
    lsp::SemanticTokensFullRequest => semantic_tokens::full,
    lsp::SemanticTokensFullDeltaRequest => semantic_tokens::delta,
    lsp::SemanticTokensRangeRequest => semantic_tokens::range,
    lsp::ExecuteCommand => execute_command::handle,
    lsp::HoverRequest => hover::handle,
    lsp::InlayHintRequest => inlay_hint::handle,
    lsp::WorkspaceDiagnosticRequest => workspace_diagnostic::handle,
    lsp::Completion => completion::handle,
    lsp::Formatting => formatting::handle,
    lsp::OnTypeFormatting => formatting::handle_typed,
    lsp::RangeFormatting => formatting::handle_range,
    lsp::SignatureHelpRequest => signature_help::handle,
}

/// What the server offers, beside the synchronising of texts.
pub(crate) fn capabilities(all: &mut ServerCapabilities) {
    all.completion_provider = Some(completion::options());
    all.document_formatting_provider = Some(OneOf::Left(true));
    all.document_on_type_formatting_provider = Some(formatting::on_type_options());
    all.document_range_formatting_provider = Some(OneOf::Left(true));
    all.signature_help_provider = Some(signature_help::options());
    all.code_action_provider = Some(CodeActionProviderCapability::Options(CodeActionOptions {
        code_action_kinds: Some(code_action::kinds()),
        work_done_progress_options: WorkDoneProgressOptions::default(),
        resolve_provider: None,
    }));
    all.code_lens_provider = Some(CodeLensOptions { resolve_provider: Some(true) });
    let progress = WorkDoneProgressOptions { work_done_progress: Some(true) };
    all.diagnostic_provider = Some(DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some("bpol".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        work_done_progress_options: progress,
    }));
    all.document_symbol_provider = Some(OneOf::Left(true));
    all.inlay_hint_provider = Some(OneOf::Left(true));
    all.hover_provider = Some(HoverProviderCapability::Simple(true));
    all.execute_command_provider = Some(ExecuteCommandOptions {
        commands: execute_command::ALL.map(str::to_owned).to_vec(),
        work_done_progress_options: progress,
    });
    all.workspace_symbol_provider = Some(OneOf::Left(true));
    all.definition_provider = Some(OneOf::Left(true));
    all.references_provider = Some(OneOf::Left(true));
    all.call_hierarchy_provider = Some(CallHierarchyServerCapability::Simple(true));
    all.document_highlight_provider = Some(OneOf::Left(true));
    all.folding_range_provider = Some(FoldingRangeProviderCapability::Simple(true));
    all.selection_range_provider = Some(SelectionRangeProviderCapability::Simple(true));
    all.document_link_provider = Some(DocumentLinkOptions {
        resolve_provider: None,
        work_done_progress_options: WorkDoneProgressOptions::default(),
    });
    all.semantic_tokens_provider = Some(semantic_tokens::offered());
}

/// What the server offers only in the form that the editor understands.
pub(crate) fn fitting(all: &mut ServerCapabilities, client: &Client) {
    all.rename_provider = Some(rename::offered(client));
    if client.pulls_once {
        all.diagnostic_provider = None;
    }
}

/// Answers a request.
pub(crate) fn respond(state: &State, request: &Request) -> Response {
    let id = request.id.clone();
    match route(state, request) {
        Some(Ok(value)) => Response::new_ok(id, value),
        Some(Err(fault)) => Response::new_err(id, fault.code, fault.message),
        None => {
            let message = format!("`{}` is not supported", request.method);
            Response::new_err(id, lsp_server::ErrorCode::MethodNotFound as i32, message)
        }
    }
}

fn answer<R: lsp::Request>(
    state: &State,
    request: &Request,
    handle: fn(&State, R::Params) -> Answer<R::Result>,
) -> Answer<serde_json::Value> {
    let params = serde_json::from_value(request.params.clone())
        .map_err(|error| Fault::invalid(format!("`{}` cannot be read: {error}", request.method)))?;
    let run = std::panic::AssertUnwindSafe(|| handle(state, params));
    let result = std::panic::catch_unwind(run).map_err(|_| Fault::bug(&request.method))??;
    serde_json::to_value(result).map_err(|_| Fault::bug(&request.method))
}
