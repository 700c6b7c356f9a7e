//! What can be wrong with the shape of a text: one function per message.

use crate::diag::{Diagnostic, Power};
use crate::source::{FileId, Span};

/// `# …` where a comment is meant.
pub(crate) fn hash_comment(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("hash-comment", file, place, "`#` does not begin a comment")
        .help("begin comments with `//`")
        .fix("write `//`", Power::Same, place, "//")
}

/// A string whose closing quote is missing on its line.
pub(crate) fn unterminated_string(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("unterminated-string", file, place, "this name has no closing quote, and a name ends with its line")
        .help("close it with `\"` on the same line")
}

/// A NUL, written out or as an escape.
pub(crate) fn nul(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("nul", file, place, "a NUL character cuts the text short for many programs, so what follows could go unseen")
        .help("remove it")
        .fix("remove it", Power::Same, place, "")
}

/// A character that changes the order in which text is shown.
pub(crate) fn bidi_control(file: FileId, place: Span, character: char) -> Diagnostic {
    let message = format!(
        "the invisible character U+{:04X} changes the order in which text is shown, so the policy would read differently from what it does",
        u32::from(character)
    );
    Diagnostic::error("bidi-control", file, place, message)
        .help("remove it")
        .fix("remove it", Power::Same, place, "")
}

/// An escape that stands for no character.
pub(crate) fn bad_escape(file: FileId, place: Span, text: &str) -> Diagnostic {
    let message = if text.starts_with("\\u") {
        "this escape stands for no character"
    } else {
        "this escape does not exist: there are `\\\"`, `\\\\` and `\\u{…}`"
    };
    Diagnostic::error("bad-escape", file, place, message).help("write `\\\\` for a backslash, or `\\u{…}` with the number of a character")
}

/// A text that offsets of four bytes cannot reach.
pub(crate) fn too_long(file: FileId) -> Diagnostic {
    Diagnostic::error("too-long", file, Span::default(), "the file is longer than 4 GiB, which is more than a policy may be")
        .help("split the file and `import` its parts")
}

/// Something that no message fits better.
pub(crate) fn unreadable(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("unreadable", file, place, "this cannot be read")
}
