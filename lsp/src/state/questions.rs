//! What handlers ask for: a document, and what is known of the part of its policy that they are about.

use std::sync::Arc;

use bpolc::ide::Snapshot;
use bpolc::ide::completion::Elsewhere;
use bpolc::source::FileId;
use camino::Utf8PathBuf;
use lsp_types::{Position, TextDocumentPositionParams, Uri};

use super::{State, path_of};
use crate::asked::Asked;
use crate::fault::{Answer, Fault};
use crate::position::Lines;

impl State {
    /// The file of a position and the offset in it, for what is asked of all policies that it is a part of.
    pub(crate) fn place(&self, place: &TextDocumentPositionParams) -> Answer<(Utf8PathBuf, u32)> {
        let path = path_of(&place.text_document.uri);
        let text = self.workspace.text(&path).ok_or_else(|| unknown(&place.text_document.uri))?;
        let offset = Lines::new(text, self.client.encoding).offset(place.position);
        Ok((path, offset))
    }

    /// A document, with the names of its policy and what they mean; of its keys only the names.
    pub(crate) fn document(&self, uri: &Uri) -> Answer<Asked> {
        self.asked(uri, |_, _| Some(Vec::new()))
    }

    /// A document with all that its policy means.
    pub(crate) fn whole(&self, uri: &Uri) -> Answer<Asked> {
        self.asked(uri, |_, _| None)
    }

    /// A document with what one of its keys means.
    pub(crate) fn key(&self, uri: &Uri, name: &str) -> Answer<Asked> {
        self.asked(uri, |_, _| Some(vec![name.to_owned()]))
    }

    /// A document with what the item at a position means, and the offset of that position.
    pub(crate) fn at(&self, place: &TextDocumentPositionParams) -> Answer<(Asked, u32)> {
        self.around(&place.text_document.uri, place.position)
    }

    /// The same, of a position that does not come with its document.
    pub(crate) fn around(&self, uri: &Uri, position: Position) -> Answer<(Asked, u32)> {
        let path = path_of(uri);
        let text = self.workspace.text(&path).unwrap_or_default();
        let offset = Lines::new(text, self.client.encoding).offset(position);
        let asked = self.asked(uri, |snapshot, file| Some(snapshot.keys_at(file, offset)))?;
        Ok((asked, offset))
    }

    /// The files that a document may import.
    pub(crate) fn importable(&self, asked: &Asked) -> Vec<Utf8PathBuf> {
        let path = path_of(&asked.uri);
        if path.is_absolute() { self.workspace.importable(&path, &self.base(&path)) } else { Vec::new() }
    }

    /// The names that they declare and the document's policy does not know.
    pub(crate) fn elsewhere(&self, asked: &Asked) -> Vec<Elsewhere> {
        let path = path_of(&asked.uri);
        if !path.is_absolute() {
            return Vec::new();
        }
        self.workspace.elsewhere(&path, &self.base(&path), &asked.part.checked.sources)
    }

    fn asked(&self, uri: &Uri, keys: impl Fn(&Snapshot, FileId) -> Option<Vec<String>>) -> Answer<Asked> {
        let path = path_of(uri);
        let unknown = || unknown(uri);
        if !self.has(&path) {
            return Err(unknown());
        }
        // A file of several policies is shown as part of the first.
        let root = self.workspace.roots(&path).into_iter().find(|root| self.policies.contains_key(root));
        let root = root.ok_or_else(unknown)?;
        let snapshot = self.policies.get(&root).map(|policy| policy.known.snapshot()).ok_or_else(unknown)?;
        let file = snapshot.file(&path).ok_or_else(unknown)?;
        let keys = keys(snapshot, file);
        let known = self.parts.borrow().get(&(root.clone(), keys.clone())).cloned();
        let part = known.unwrap_or_else(|| {
            let part = Arc::new(keys.as_ref().map_or_else(|| snapshot.whole(), |keys| snapshot.part(keys)));
            self.parts.borrow_mut().insert((root, keys), Arc::clone(&part));
            part
        });
        Ok(Asked { uri: uri.clone(), part, file, encoding: self.client.encoding })
    }
}

fn unknown(uri: &Uri) -> Fault {
    Fault::invalid(format!("`{}` is not open and no policy of this workspace", uri.as_str()))
}
