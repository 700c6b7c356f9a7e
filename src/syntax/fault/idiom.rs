//! What people type instead.

use super::fix;
use crate::diag::{Diagnostic, Power};
use crate::source::{FileId, Span};

/// `€50`
pub(in crate::syntax) fn currency_symbol(
    file: FileId,
    place: Span,
    symbol: char,
    money: &str,
    sure: bool,
) -> Diagnostic {
    let fault = Diagnostic::error(
        "currency-symbol",
        file,
        place,
        format!("amounts are not written with `{symbol}`: they end with the code of their currency"),
    );
    if sure {
        fault.help(format!("write `{money}`")).fix(format!("write `{money}`"), Power::Same, place, money)
    } else {
        fault.help(format!("write the amount with the code of its currency, as in `{money}`"))
    }
}

/// `EUR 50`
pub(in crate::syntax) fn code_first(file: FileId, place: Span, money: &str) -> Diagnostic {
    Diagnostic::error("currency-first", file, place, "the currency stands behind the amount")
        .help(format!("write `{money}`"))
        .fix(format!("write `{money}`"), Power::Same, place, money)
}

/// `50 eur`
pub(in crate::syntax) fn small_currency(file: FileId, place: Span, word: &str, code: &str) -> Diagnostic {
    Diagnostic::error(
        "currency-small",
        file,
        place,
        format!("`{word}` is no currency: its code is written in capitals"),
    )
    .help(format!("write `{code}`"))
    .fix(format!("write `{code}`"), Power::Same, place, code)
}

/// `50EUR`
pub(in crate::syntax) fn glued_currency(file: FileId, place: Span, money: &str) -> Diagnostic {
    Diagnostic::error("currency-glued", file, place, "a blank is missing between the amount and its currency")
        .help(format!("write `{money}`"))
        .fix(format!("write `{money}`"), Power::Same, place, money)
}

/// `-50 EUR`
pub(in crate::syntax) fn sign(file: FileId, place: Span, sign: char) -> Diagnostic {
    Diagnostic::error(
        "signed-number",
        file,
        place,
        format!("numbers have no sign, so `{sign}` says nothing about the direction of money"),
    )
    .help("remove it")
    .fix("remove it", Power::Same, place, "")
}

/// `30 days`
pub(in crate::syntax) fn duration_words(file: FileId, place: Span, duration: &str) -> Diagnostic {
    Diagnostic::error("duration-words", file, place, "a duration is a number and one letter: `s`, `m`, `h`, `d` or `w`")
        .help(format!("write `{duration}`"))
        .fix(format!("write `{duration}`"), Power::Same, place, duration)
}

/// `1 month`
pub(in crate::syntax) fn months(file: FileId, place: Span, word: &str, instead: &str) -> Diagnostic {
    let message =
        format!("`{word}` is no duration: months and years differ in length, so it would not be clear where it ends");
    Diagnostic::error("duration-months", file, place, message).help(format!("write `{instead}`")).fix(
        format!("write `{instead}`"),
        Power::Same,
        place,
        instead,
    )
}

/// `NL91 ABNA 0417 1643 00`
pub(in crate::syntax) fn iban_blanks(file: FileId, place: Span, quoted: &str) -> Diagnostic {
    Diagnostic::error("iban-blanks", file, place, "an IBAN with blanks in it is written in quotes")
        .help(format!("write `{quoted}`"))
        .fix(format!("write `{quoted}`"), Power::Same, place, quoted)
}

/// `all accounts`
pub(in crate::syntax) fn all_accounts(file: FileId, place: Span, words: &str) -> Diagnostic {
    Diagnostic::error("all-accounts", file, place, format!("`{words}` is written `any account`"))
        .help("write `any account`, or name the accounts that are meant")
        .fix("write `any account`", Power::Same, place, "any account")
}

/// `from account "X"`
pub(in crate::syntax) fn from_account(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error(
        "from-account",
        file,
        place,
        "`from` says where a call comes from; which account it is about is said with `on`",
    )
    .help("write `on`")
    .fix("write `on`", Power::Same, place, "on")
}

/// `account Groceries`
pub(in crate::syntax) fn unquoted(file: FileId, place: Span, quoted: &str) -> Diagnostic {
    Diagnostic::error(
        "unquoted-name",
        file,
        place,
        "names that you chose stand in quotes, words without quotes belong to the language",
    )
    .help(format!("write `{quoted}`"))
    .fix(format!("write `{quoted}`"), Power::Same, place, quoted)
}

/// `“Groceries”`, `'Groceries'`
pub(in crate::syntax) fn other_quotes(file: FileId, place: Span, quoted: &str, curly: bool) -> Diagnostic {
    let (name, message) = if curly {
        ("curly-quotes", "names stand in straight quotes, not in curly ones")
    } else {
        ("single-quotes", "names stand in double quotes, not in single ones")
    };
    Diagnostic::error(name, file, place, message).help(format!("write `{quoted}`")).fix(
        format!("write `{quoted}`"),
        Power::Same,
        place,
        quoted,
    )
}

/// `…, on account "X"`
pub(in crate::syntax) fn comma_between_clauses(file: FileId, place: Span, next: &str) -> Diagnostic {
    let message =
        format!("no comma stands before `{next}`: commas part the members of a list, clauses follow one another");
    Diagnostic::error("comma-between-clauses", file, place, message).help("remove the comma").fix(
        "remove the comma",
        Power::Same,
        place,
        "",
    )
}

/// `and` between clauses before `unless`.
pub(in crate::syntax) fn and_between_clauses(file: FileId, place: Span, edit: Span) -> Diagnostic {
    Diagnostic::error(
        "and-between-clauses",
        file,
        place,
        "clauses follow one another and all hold; `and` joins clauses in an `unless` only",
    )
    .help("remove `and`")
    .fix("remove `and`", Power::Same, edit, "")
}

/// `or` between clauses.
pub(in crate::syntax) fn or_between_clauses(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error(
        "or-between-clauses",
        file,
        place,
        "all clauses of a statement hold together, `or` does not exist",
    )
    .help("write a statement for each case")
}

/// `and` or `or` in a list.
pub(in crate::syntax) fn word_in_list(file: FileId, place: Span, word: &str, edit: Span, instead: &str) -> Diagnostic {
    let title = if instead.is_empty() { format!("remove `{word}`") } else { "write a comma".to_owned() };
    Diagnostic::error(
        "word-in-list",
        file,
        place,
        format!("the members of a list are parted by commas, not by `{word}`"),
    )
    .help(title.clone())
    .fix(title, Power::Same, edit, instead)
}

/// `=`, `==`, `!=`
pub(in crate::syntax) fn comparison(file: FileId, place: Span, sign: &str, declares: bool) -> Diagnostic {
    let fault = Diagnostic::error(
        "comparison",
        file,
        place,
        format!("`{sign}` does not exist: nothing is compared or assigned with signs"),
    );
    if declares {
        return fault.help("write `is`").fix("write `is`", Power::Same, place, "is");
    }
    fault.help("say the condition with a clause, as in `on account \"Groceries\"`")
}

/// `ALLOW`
pub(in crate::syntax) fn capitals(file: FileId, place: Span, lower: &str) -> Diagnostic {
    Diagnostic::error("capital-letters", file, place, "words of the language are written in small letters")
        .help(format!("write `{lower}`"))
        .fix(format!("write `{lower}`"), Power::Same, place, lower)
}

/// `Draft_Payment`
pub(in crate::syntax) fn vocabulary_word(file: FileId, place: Span, word: &str, instead: &str) -> Diagnostic {
    let message = format!("`{word}` cannot be a word of the bank: these are small letters joined by `-`");
    Diagnostic::error("word-letters", file, place, message).help(format!("write `{instead}`")).fix(
        format!("write `{instead}`"),
        Power::Same,
        place,
        instead,
    )
}

/// `permit`, `forbid`
pub(in crate::syntax) fn effect_word(file: FileId, place: Span, word: &str, effect: &str) -> Diagnostic {
    Diagnostic::error("effect-word", file, place, format!("`{word}` is no effect: there are `allow`, `ask` and `deny`"))
        .help(format!("write `{effect}`"))
        .fix(format!("write `{effect}`"), Power::Same, place, effect)
}

/// A word of the grammar with a slip in it.
pub(in crate::syntax) fn misspelt(file: FileId, place: Span, word: &str, near: &str) -> Diagnostic {
    Diagnostic::error("misspelt-word", file, place, format!("`{word}` has no meaning here, perhaps `{near}` is meant"))
        .help(format!("write `{near}`"))
        .fix(format!("write `{near}`"), Power::Same, place, near)
}

/// `{ … }`
pub(in crate::syntax) fn braces(file: FileId, text: &str, open: Span, close: Span) -> Diagnostic {
    let place = if open.of(text) == "{" { open } else { close };
    let fault = Diagnostic::error("braces", file, place, "blocks stand between `<` and `>`, not between braces")
        .help("write `<` and `>`");
    let edits: Vec<(Span, &str)> = [(open, "{", "<"), (close, "}", ">")]
        .into_iter()
        .filter(|(place, brace, _)| place.of(text) == *brace)
        .map(|(place, _, instead)| (place, instead))
        .collect();
    fix(fault, "write `<` and `>`", &edits)
}
