//! The grammar of bpol for tree-sitter, and its queries.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_bpol::LANGUAGE.into())?;
//! let tree = parser.parse("key \"web\" < deny payment; >", None).ok_or("it was not told to stop")?;
//! assert!(!tree.root_node().has_error());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_bpol() -> *const ();
}

/// The grammar.
///
// SAFETY: the function that `src/parser.c` defines takes nothing and returns a language that lives for ever.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_bpol) };

/// What is coloured how.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// Where names are declared and used.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");

/// What a list of symbols shows.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");

/// What the nodes are called and have in them, as JSON.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");
