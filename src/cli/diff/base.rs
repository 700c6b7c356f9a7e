//! A policy as it is in a git revision, read into memory by asking `git`; nothing is checked out.
//!
//! Whatever cannot be read whole is an error: what is not known must not pass for no change.

mod git;

use std::collections::HashSet;

use bpol_engine::ir::Ir;
use bpolc::Input;
use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::exit::Stop;
use crate::cli::files;
use git::{Kind, Tree};

/// The policy of a revision.
pub(super) struct Base {
    pub(super) policy: Ir,
    /// What must be known about it, a sentence each.
    pub(super) notes: Vec<String>,
}

/// Reads and compiles what the command line names as it is in a revision.
pub(super) fn read(revision: &str, named: &[Utf8PathBuf]) -> Result<Base, String> {
    let tree = Tree::of(revision)?;
    let here = [Utf8PathBuf::new()];
    let named = if named.is_empty() { &here } else { named };
    let mut inputs: Vec<Input> = Vec::new();
    let mut notes = Vec::new();
    let mut seen = HashSet::new();
    for name in named {
        let name = files::forward_slashes(name);
        let place = tree.place(&name)?;
        let found: Vec<Utf8PathBuf> = match tree.kind(&place) {
            Some(Kind::File) => vec![name.clone()],
            Some(Kind::Link) => return Err(format!("`{name}` is a link in that revision")),
            None => tree
                .below(&place)
                .map(|rest| if rest.as_str().is_empty() { name.clone() } else { name.join(rest) })
                .collect(),
        };
        if found.is_empty() {
            let shown = if name.as_str().is_empty() { "the current directory" } else { name.as_str() };
            notes.push(format!("`{shown}` holds no policy in `{revision}`, so all in it counts as new"));
        }
        for path in found {
            let place = tree.place(&path)?;
            if seen.insert(place.clone()) {
                inputs.push(Input { text: tree.text(&place)?, path });
            }
        }
    }
    let root = files::root(named);
    let read = |path: &Utf8Path| tree.text(&tree.place(path)?);
    let checked = bpolc::check(inputs, &root, &read);
    let errors = checked.diagnostics.iter().filter(|found| found.level == bpolc::diag::Level::Error);
    if let Some(first) = errors.clone().next() {
        let path = &checked.sources.get(first.place.file).path;
        let count = errors.count();
        let more =
            if count > 1 { format!(" and {} more", crate::report::number(count - 1, "error")) } else { String::new() };
        return Err(format!("the policy of that revision does not compile: {path}: {}{more}", first.message));
    }
    let policy = crate::cli::lower(&checked).map_err(|stop| match stop {
        Stop::Failed(messages) => messages.join("; "),
        Stop::BrokenPipe => "it cannot be read".to_owned(),
    })?;
    Ok(Base { policy, notes })
}
