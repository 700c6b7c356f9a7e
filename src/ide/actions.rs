//! What can be done at a place: fixes of findings, and rewrites that keep or narrow what is allowed.

mod bound;
mod comment;
mod fix;
mod layout;
mod organise;
mod pin;
mod role;
mod same;
#[cfg(test)]
mod tests;
mod witness;

use crate::diag::{Diagnostic, Edit, Power};
use crate::ide::{View, cursor};
use crate::source::{FileSpan, Span};

pub use fix::all as fix_all;
pub use organise::organise;

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an imperative sentence.
    pub title: String,
    /// Of what kind it is.
    pub kind: Kind,
    /// What it does to what is allowed; nothing is known where the text does not mean anything yet.
    pub power: Option<Power>,
    /// Whether it is what one would do without being asked.
    pub preferred: bool,
    /// The changes; they do not overlap.
    pub edits: Vec<Edit>,
}

/// A kind of what can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Resolves a finding.
    Fix,
    /// Takes a part of the text out under a name.
    Extract,
    /// Puts what a name stands for in its place.
    Inline,
    /// Writes the same or less otherwise.
    Rewrite,
    /// Puts declarations in order.
    Organise,
}

/// What can be done about a finding of the file.
pub fn of_finding(view: View<'_>, found: &Diagnostic) -> Vec<Action> {
    let mut out = fix::fixes(found);
    out.extend(pin::pin(view, found));
    out.extend(witness::test(view, found));
    out.extend(comment::allow(view, found));
    out
}

/// What can be done with a selected part of the text, whatever was found.
pub fn of_selection(view: View<'_>, selected: Span) -> Vec<Action> {
    let mut out = Vec::new();
    out.extend(bound::bound(view, selected));
    out.extend(role::extract(view, selected));
    out.extend(role::inline(view, selected));
    if cursor::item(view, selected.start).is_some_and(organise::is_declaration) {
        out.extend(organise(view));
    }
    out
}

/// A replacement in the file that is asked about.
fn edit(view: View<'_>, span: Span, text: impl Into<String>) -> Edit {
    Edit { place: FileSpan { file: view.file, span }, text: text.into() }
}
