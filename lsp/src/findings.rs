//! Checks an open document together with what it imports.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bpolc::{Checked, Input, Read};
use camino::{Utf8Path, Utf8PathBuf};

use crate::documents::{Document, Documents};

/// Checks files; `bpolc::check` outside of tests.
pub(crate) type Check<'c> = &'c dyn Fn(Vec<Input>, &Utf8Path, Read<'_>) -> Checked;

/// Checks a document; nothing when the check broke down, which must not take the editor's server with it.
pub(crate) fn of(
    document: &Document,
    documents: &Documents,
    folders: &[Utf8PathBuf],
    check: Check<'_>,
) -> Option<Checked> {
    let root = root(document, folders);
    let input = Input { path: document.path.clone(), text: document.text.clone() };
    let read = |path: &Utf8Path| read(path, document, documents, &root);
    let look = || {
        let mut checked = check(vec![input], &root, &read);
        bpolc::examine(&mut checked, None, None, &|lint| bpolc::lint::Profile::Recommended.has(lint));
        checked
    };
    catch_unwind(AssertUnwindSafe(look)).ok()
}

/// The deepest folder of the workspace that holds a document, else the directory that it lies in.
fn root(document: &Document, folders: &[Utf8PathBuf]) -> Utf8PathBuf {
    let parent = || document.path.parent().map(Utf8Path::to_owned).unwrap_or_default();
    let holding = folders.iter().filter(|folder| document.path.starts_with(folder));
    holding.max_by_key(|folder| folder.components().count()).cloned().unwrap_or_else(parent)
}

/// The text of an imported file: the editor's where it is open. Links that lead out of the root are not followed.
fn read(path: &Utf8Path, document: &Document, documents: &Documents, root: &Utf8Path) -> Result<String, String> {
    if !document.is_file {
        return Err("this document is not saved yet, and imports are found from where it lies".to_owned());
    }
    if let Some(open) = documents.at(path) {
        return Ok(open.text.clone());
    }
    let why = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    };
    let (real, real_root) = (path.canonicalize().map_err(why)?, root.canonicalize().map_err(why)?);
    if !real.starts_with(real_root) {
        return Err(format!("it lies outside of `{root}`"));
    }
    std::fs::read_to_string(path).map_err(why)
}
