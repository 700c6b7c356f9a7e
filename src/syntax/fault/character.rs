//! What is wrong with single characters, strings and comments.

use crate::diag::{Diagnostic, Power};
use crate::source::{FileId, Span};

/// `# …` where a comment is meant.
pub(in crate::syntax) fn hash_comment(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("hash-comment", file, place, "`#` does not begin a comment").help("begin comments with `//`").fix(
        "write `//`",
        Power::Same,
        place,
        "//",
    )
}

/// A string whose closing quote is missing on its line.
pub(in crate::syntax) fn unterminated_string(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error(
        "unterminated-string",
        file,
        place,
        "this name has no closing quote, and a name ends with its line",
    )
    .help("close it with `\"` on the same line")
}

/// A NUL, written out or as an escape.
pub(in crate::syntax) fn nul(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error(
        "nul",
        file,
        place,
        "a NUL character cuts the text short for many programs, so what follows could go unseen",
    )
    .help("remove it")
    .fix("remove it", Power::Same, place, "")
}

/// A character that changes the order in which text is shown.
pub(in crate::syntax) fn bidi_control(file: FileId, place: Span, character: char) -> Diagnostic {
    let message = format!(
        "the invisible character U+{:04X} changes the order in which text is shown, so the policy would read differently from what it does",
        u32::from(character)
    );
    Diagnostic::error("bidi-control", file, place, message).help("remove it").fix("remove it", Power::Same, place, "")
}

/// An escape that stands for no character.
pub(in crate::syntax) fn bad_escape(file: FileId, place: Span, text: &str) -> Diagnostic {
    let message = if text.starts_with("\\u") {
        "this escape stands for no character"
    } else {
        "this escape does not exist: there are `\\\"`, `\\\\` and `\\u{…}`"
    };
    Diagnostic::error("bad-escape", file, place, message)
        .help("write `\\\\` for a backslash, or `\\u{…}` with the number of a character")
}

/// A text that offsets of four bytes cannot reach.
pub(in crate::syntax) fn too_long(file: FileId) -> Diagnostic {
    Diagnostic::error(
        "too-long",
        file,
        Span::default(),
        "the file is longer than 4 GiB, which is more than a policy may be",
    )
    .help("split the file and `import` its parts")
}

/// More faults than are told.
pub(in crate::syntax) fn too_many(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("too-many-faults", file, place, "from here on faults are not told, there are too many of them")
        .help("put the ones above right first")
}

/// A blank that is none for the language, or a character that is not seen.
pub(in crate::syntax) fn odd_blank(file: FileId, place: Span, character: char, instead: &str) -> Diagnostic {
    let what = if instead.is_empty() { "invisible character" } else { "kind of blank" };
    let title = if instead.is_empty() { "remove it" } else { "write a space" };
    let message = format!("the {what} U+{:04X} has no meaning here", u32::from(character));
    Diagnostic::error("odd-blank", file, place, message).help(title).fix(title, Power::Same, place, instead)
}

/// A character at which some editors begin a line and the language does not.
pub(in crate::syntax) fn odd_line_end(file: FileId, place: Span, character: char) -> Diagnostic {
    let message = format!(
        "U+{:04X} begins a line in some editors and not here, so a line could look alive that is part of a comment",
        u32::from(character)
    );
    Diagnostic::error("odd-line-end", file, place, message).help("write a line feed where a line is to begin").fix(
        "write a line feed",
        Power::Widens,
        place,
        "\n",
    )
}
