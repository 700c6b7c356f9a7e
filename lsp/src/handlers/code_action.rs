//! `textDocument/codeAction`

use std::collections::{BTreeMap, HashMap};

use bpolc::diag::Edit;
use bpolc::ide::actions::{Action, Kind, fix_all, of_finding, of_selection, organise};
use bpolc::source::Sources;
use camino::Utf8PathBuf;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Diagnostic, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use crate::asked::Asked;
use crate::fault::Answer;
use crate::findings::{Found, with_sources};
use crate::position::Lines;
use crate::state::{State, path_of};

const ORGANISE: CodeActionKind = CodeActionKind::new("source.organizeDeclarations");
const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.bpol");

/// The kinds of what can be done.
pub(crate) fn kinds() -> Vec<CodeActionKind> {
    let refactors = [Kind::Extract, Kind::Inline, Kind::Rewrite].map(kind);
    [vec![CodeActionKind::QUICKFIX], refactors.to_vec(), vec![ORGANISE, FIX_ALL]].concat()
}

/// What can be done with a part of a document, of the kinds that are asked for.
pub(crate) fn handle(state: &State, params: CodeActionParams) -> Answer<Option<Vec<CodeActionOrCommand>>> {
    let uri = &params.text_document.uri;
    let (asked, _) = state.around(uri, params.range.start)?;
    if !state.client.actions {
        return Ok(None);
    }
    let only = params.context.only.as_deref();
    let wants = |kind: &CodeActionKind| only.is_none_or(|only| only.iter().any(|wanted| has(wanted, kind)));
    // What concerns the whole file is named, or comes with what stands at the place.
    let is_named = |kind: &CodeActionKind| only.is_some_and(|only| only.iter().any(|wanted| has(wanted, kind)));
    let path = path_of(uri);
    let all = with_sources(state, &path);
    let here: Vec<&Found<'_>> = all.iter().filter(|one| touch(one.shown.range, params.range)).collect();
    let mut out = Vec::new();
    for one in &here {
        let sources = one.known.snapshot().sources();
        let actions = if asked.part.checked.sources == *sources {
            of_finding(asked.view(), one.found)
        } else {
            // Found in another policy that the file is a part of: what it says of the text still fits.
            let Some(file) = one.known.snapshot().file(&path) else { continue };
            of_finding(one.known.snapshot().part(&[]).view(file), one.found)
        };
        out.extend(actions.into_iter().map(|action| shown(state, sources, action, Some(&one.shown))));
    }
    let selected = asked.lines().span(params.range);
    let sources = &asked.part.checked.sources;
    out.extend(of_selection(asked.view(), selected).into_iter().map(|action| shown(state, sources, action, None)));
    if is_named(&ORGANISE) && !out.iter().any(|action| action.kind == Some(ORGANISE)) {
        out.extend(organise(asked.view()).map(|action| shown(state, sources, action, None)));
    }
    if is_named(&FIX_ALL) || !here.is_empty() && wants(&FIX_ALL) {
        out.extend(fix_whole(state, &asked, &all));
    }
    let mut wanted: Vec<CodeAction> = Vec::new();
    for action in out {
        // Two policies that share a file may offer the same.
        let is_known = |known: &CodeAction| known.title == action.title && known.edit == action.edit;
        if action.kind.as_ref().is_some_and(&wants) && !wanted.iter().any(is_known) {
            wanted.push(action);
        }
    }
    Ok(Some(wanted.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

/// All fixes of the file that allow no more, at once.
fn fix_whole(state: &State, asked: &Asked, all: &[Found<'_>]) -> Option<CodeAction> {
    let sources = &asked.part.checked.sources;
    let ours = all.iter().filter(|one| one.known.snapshot().sources() == sources);
    let found: Vec<bpolc::diag::Diagnostic> = ours.map(|one| one.found.clone()).collect();
    let edits = fix_all(&asked.part.checked, &found, asked.file);
    (!edits.is_empty()).then(|| CodeAction {
        title: "apply every fix that allows no more".to_owned(),
        kind: Some(FIX_ALL),
        edit: Some(changes(state, sources, edits)),
        ..CodeAction::default()
    })
}

fn shown(state: &State, sources: &Sources, action: Action, found: Option<&Diagnostic>) -> CodeAction {
    CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        diagnostics: found.map(|found| vec![found.clone()]),
        edit: Some(changes(state, sources, action.edits)),
        is_preferred: action.preferred.then_some(true),
        ..CodeAction::default()
    }
}

const fn kind(kind: Kind) -> CodeActionKind {
    match kind {
        Kind::Fix => CodeActionKind::QUICKFIX,
        Kind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        Kind::Inline => CodeActionKind::REFACTOR_INLINE,
        Kind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        Kind::Organise => ORGANISE,
    }
}

/// Changes as the editor takes them, with the versions of the texts that they are for.
#[expect(clippy::mutable_key_type, reason = "the protocol says so, and the text of a URI stays as it is")]
fn changes(state: &State, sources: &Sources, edits: Vec<Edit>) -> WorkspaceEdit {
    let mut by_file: BTreeMap<Utf8PathBuf, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let source = sources.get(edit.place.file);
        let range = Lines::new(&source.text, state.client.encoding).range(edit.place.span);
        by_file.entry(source.path.clone()).or_default().push(TextEdit { range, new_text: edit.text });
    }
    let files = by_file.into_iter().filter_map(|(path, edits)| Some((state.name(&path)?, edits)));
    if state.client.versioned_edits {
        let edits = files.map(|((uri, version), edits)| TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        });
        return WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(edits.collect())), ..Default::default() };
    }
    let changes: HashMap<Uri, Vec<TextEdit>> = files.map(|((uri, _), edits)| (uri, edits)).collect();
    WorkspaceEdit { changes: Some(changes), ..Default::default() }
}

/// Whether a kind is the wanted one or below it.
fn has(wanted: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    wanted.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn touch(one: Range, other: Range) -> bool {
    one.start <= other.end && other.start <= one.end
}
