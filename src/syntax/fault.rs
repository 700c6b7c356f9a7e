//! What can be wrong with the shape of a text: one function per message.

mod character;
mod idiom;
mod shape;
mod wording;

pub(super) use character::*;
pub(super) use idiom::*;
pub(super) use shape::*;
pub(super) use wording::*;

use crate::diag::{Diagnostic, Edit, Fix, Power};
use crate::source::{FileSpan, Span};

/// A fix of several edits.
fn fix(mut fault: Diagnostic, title: &str, edits: &[(Span, &str)]) -> Diagnostic {
    let edit =
        |&(span, text): &(Span, &str)| Edit { place: FileSpan { file: fault.place.file, span }, text: text.to_owned() };
    let edits = edits.iter().map(edit).collect();
    fault.fixes.push(Fix { title: title.to_owned(), power: Power::Same, edits });
    fault
}

/// The start of a text, short enough for a message.
fn short(text: &str) -> String {
    let line = text.split('\n').next().unwrap_or_default().trim_end();
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
