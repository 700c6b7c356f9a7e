//! From text to tree.

mod block;
mod cut;
mod explain;
mod fault;
mod file;
mod idiom;
mod parse;
pub mod pieces;
mod recover;
mod repair;
pub mod string;
mod token;
pub mod tree;
mod words;

use crate::diag::Diagnostic;
use crate::source::FileId;

/// A tree and the faults that were met on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parse {
    /// The tree; broken pieces are in it.
    pub tree: tree::Tree,
    /// What could not be read, in document order.
    pub faults: Vec<Diagnostic>,
}

/// Parses a file. Total: any text gives a tree.
pub fn parse(file: FileId, text: &str) -> Parse {
    file::parse(file, text)
}
