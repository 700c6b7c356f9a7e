//! What an editor asks: offsets and strings in, plain data out. One file per question.
//!
//! Nothing here knows of a protocol, reads a file or a clock. What is asked about names (where they are declared, used,
//! which there are) is answered from the trees, which are whole even while a line is half typed; what is asked about
//! meaning from the policy of the block around the place, so that a fault elsewhere takes nothing away.

pub mod actions;
pub mod calls;
pub mod completion;
mod cursor;
mod declared;
pub mod definition;
#[cfg(test)]
mod every_place;
mod expected;
pub mod folding;
mod form;
pub mod highlight;
pub mod hints;
pub mod hover;
mod known;
pub mod layout;
pub mod lenses;
mod line;
pub mod links;
pub mod names;
pub mod page;
mod part;
pub mod references;
pub mod rename;
pub mod search;
pub mod selection;
pub mod signature;
pub mod summary;
pub mod symbols;
#[cfg(test)]
mod test;
pub mod tokens;
pub mod typing;
mod values;
mod workspace;

pub use crate::syntax::reparse::Edited;
pub use known::{Known, Replaced};
pub use part::{Part, Snapshot};
pub use workspace::Workspace;

use bpol_engine::ir::Ir;

use crate::Checked;
use crate::ide::names::Page;
use crate::source::FileId;
use crate::syntax::tree::Tree;

/// A file as a part of its policy.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    /// All files and trees of the policy. What it means may be known of the block around the place only, with the
    /// declarations, roles and guardrails: of other keys then only the names.
    pub checked: &'v Checked,
    /// The file that is asked about.
    pub file: FileId,
    /// What that meaning was compiled to; nothing while it has errors.
    pub ir: Option<&'v Ir>,
}

impl<'v> View<'v> {
    /// The text of the file.
    pub fn text(self) -> &'v str {
        &self.checked.sources.get(self.file).text
    }

    /// The file by itself; nothing for a file that is no policy.
    pub fn page(self) -> Option<Page<'v>> {
        let source = self.checked.sources.get(self.file);
        Some(Page { path: &source.path, text: &source.text, tree: self.tree()? })
    }

    /// The tree of the file; nothing for a file that is no policy.
    pub fn tree(self) -> Option<&'v Tree> {
        self.checked.trees.get(self.file.0 as usize).map(|tree| &**tree)
    }
}
