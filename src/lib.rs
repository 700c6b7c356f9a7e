//! The bpol language: what an API key of a bank may do.
//!
//! One corridor leads from text to decision: [`syntax::parse`] → [`check()`] → [`compile`] → JSON → `bpol-engine`.
//! Everything else reads what stands along it.

// What pest generates without its feature `std` names this crate. With `std` every sequence of the grammar would ask for
// the stack that is left, and this grammar does not nest.
extern crate alloc;

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

pub mod analyze;
pub mod catalogue;
pub mod check;
pub mod config;
pub mod diag;
pub mod expect;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod ide;
pub mod lint;
mod lower;
mod parallel;
mod prove;
pub mod source;
pub mod suggest;
pub mod syntax;
pub mod target;
pub mod words;

pub use prove::is_claim;

use bpol_engine::ir::Ir;
use jiff::Timestamp;

/// A file named on the command line, or opened in an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Path as the user named it, with forward slashes.
    pub path: Utf8PathBuf,
    /// Its text.
    pub text: String,
}

/// A policy that was looked at: its files, its trees (by [`source::FileId`]), what it means as far as that could be
/// told, and all findings, sorted by file and place.
#[derive(Debug, Default)]
pub struct Checked {
    /// The directory below which all files stand; the paths of the compiled policy are relative to it.
    pub root: Utf8PathBuf,
    /// All files, imports included.
    pub sources: source::Sources,
    /// The tree of each file.
    pub trees: Vec<Arc<syntax::tree::Tree>>,
    /// Every item once, by file and index, imports standing where their `import` stands.
    pub order: Vec<(source::FileId, usize)>,
    /// Those of them that were looked at: all, or what some keys depend on and what is about them.
    pub items: Vec<(source::FileId, usize)>,
    /// What could be understood; whole only when no finding is an error.
    pub policy: check::Policy,
    /// Findings.
    pub diagnostics: Vec<diag::Diagnostic>,
    /// Findings of lints that comments of the policy keep from being reported.
    pub suppressed: Vec<Suppressed>,
}

/// A finding that a comment `// bpol: allow(LINT) reason` hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub found: diag::Diagnostic,
    /// Why it is right to be silent about it.
    pub reason: String,
}

impl Checked {
    /// Whether all of the policy was looked at.
    pub fn is_whole(&self) -> bool {
        self.items.len() == self.order.len()
    }

    /// Whether some finding is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.level == diag::Level::Error)
    }
}

/// Reads files that policies import and banks' catalogues: the path to the text, or why it cannot be had.
pub type Read<'r> = &'r dyn Fn(&Utf8Path) -> Result<String, String>;

/// Checks the files of one policy and what they import. `root` is the directory below which imports must stay.
pub fn check(inputs: Vec<Input>, root: &Utf8Path, read: Read<'_>) -> Checked {
    check::check(inputs, root, read)
}

/// Decides the claims of a policy that was compiled; a finding for each that is false or could not be decided.
pub fn prove(checked: &Checked, ir: &Ir) -> Vec<diag::Diagnostic> {
    prove::prove(checked, ir)
}

/// Adds what only the compiled policy tells to the findings: lints, and claims that fail. Nothing when it has errors.
/// Only lints that are wanted are looked for; those about dates are silent without a time. With a target also what it
/// cannot enforce.
pub fn examine(
    checked: &mut Checked,
    now: Option<Timestamp>,
    target: Option<&target::Target>,
    wanted: lint::Wanted<'_>,
) {
    let Some(ir) = compile(checked) else { return lint::suppress(checked, now, None) };
    let mut found = lint::lint(checked, &ir, now, wanted);
    found.extend(prove::prove(checked, &ir));
    if let Some(target) = target {
        found.extend(target::misfits(checked, &ir, target));
    }
    checked.diagnostics.extend(found);
    check::sort(&mut checked.diagnostics);
    lint::suppress(checked, now, Some(wanted));
}

/// Takes what comments of the policy hide out of the findings, and reports comments that cannot be read or are over.
/// Part of [`examine`].
pub fn suppress(checked: &mut Checked, now: Option<Timestamp>) {
    lint::suppress(checked, now, None);
}

/// Lowers a policy without errors; nothing when it has some.
pub fn compile(checked: &Checked) -> Option<Ir> {
    (!checked.has_errors()).then(|| lower::lower(checked))
}
