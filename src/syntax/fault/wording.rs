//! Words of other languages for what this one says otherwise.

use super::{fix, short};
use crate::diag::{Diagnostic, Power};
use crate::source::{FileId, Span};

/// A fault that one edit resolves.
fn instead(name: &'static str, file: FileId, place: Span, message: String, text: &str, power: Power) -> Diagnostic {
    let title = format!("write `{text}`");
    Diagnostic::error(name, file, place, message).help(title.clone()).fix(title, power, place, text)
}

/// `until 2027-01-01`
pub(in crate::syntax) fn until(file: FileId, place: Span, word: &str, date: &str) -> Diagnostic {
    let message = format!("`{word}` leaves open whether its day counts: a line ends with `before` and a day");
    let title = format!("write `before {date}`");
    Diagnostic::error("until-date", file, place, message)
        .help(format!("{title}, or the day after it if that day is to count"))
        .fix(title, Power::Widens, place, "before")
}

/// `after 2027-01-01`
pub(in crate::syntax) fn after(file: FileId, place: Span, word: &str, date: &str) -> Diagnostic {
    let message = format!("`{word}` does not say from when on a line holds: that is `starting` and a day");
    let title = format!("write `starting {date}`");
    Diagnostic::error("after-date", file, place, message)
        .help(format!("{title}, or the day after it if that day is not to count"))
        .fix(title, Power::Widens, place, "starting")
}

/// `max 50 EUR`, `at most 50 EUR`
pub(in crate::syntax) fn sum_at_most(file: FileId, place: Span, words: &str) -> Diagnostic {
    let message = format!("`{words}` does not bound a sum: how much a line gives is said with `up to`");
    instead("cap-word", file, place, message, "up to", Power::Widens)
}

/// `deny payment above 50 EUR`, `more than 50 EUR`
pub(in crate::syntax) fn sum_over(file: FileId, place: Span, words: &str) -> Diagnostic {
    let message = format!("`{words}` says nothing about a sum: from which one on a line takes is said with `over`");
    instead("cap-word", file, place, message, "over", Power::Widens)
}

/// `max 3 times per day`
pub(in crate::syntax) fn times_at_most(file: FileId, place: Span, words: &str) -> Diagnostic {
    let message = format!("`{words}` does not bound how often: that is said with `at most`");
    instead("cap-word", file, place, message, "at most", Power::Widens)
}

/// `50 EUR a day`, `daily`
pub(in crate::syntax) fn period_word(file: FileId, place: Span, words: &str, text: &str) -> Diagnostic {
    let message = format!("`{words}` is no period: over how long it is counted is said with `per`");
    let title = format!("write `{}`", text.trim_start());
    Diagnostic::error("period-word", file, place, message).help(title.clone()).fix(title, Power::Same, place, text)
}

/// `last 30d`
pub(in crate::syntax) fn age_word(file: FileId, place: Span, words: &str) -> Diagnostic {
    let message = format!("`{words}` does not say how old what is read may be: that is `since`");
    instead("age-word", file, place, message, "since", Power::Same)
}

/// `if during weekdays`
pub(in crate::syntax) fn condition_word(file: FileId, place: Span, word: &str, edit: Span) -> Diagnostic {
    let title = format!("remove `{word}`");
    let message = format!("no `{word}` stands before a clause: all clauses of a line hold together");
    Diagnostic::error("condition-word", file, place, message).help(title.clone()).fix(title, Power::Same, edit, "")
}

/// `… only during weekdays` inside a line.
pub(in crate::syntax) fn only_inside(file: FileId, place: Span, next: &str, edit: Span) -> Diagnostic {
    let message = "`only` inside a line says nothing more: a line holds where all of its clauses do, and an `only` of its own \
                   binds the whole key";
    Diagnostic::error("only-inside", file, place, message)
        .help(format!(
            "begin this clause with `{next}`, or write `;` before `only` if it is to bind every line of the key"
        ))
        .fix("remove `only`", Power::Widens, edit, "")
}

/// `between 09:00 and 17:00`
pub(in crate::syntax) fn between_hours(file: FileId, place: Span, hours: &str) -> Diagnostic {
    let message = "hours are said with `during` and one `-` between them".to_owned();
    instead("between-hours", file, place, message, &format!("during {hours}"), Power::Same)
}

/// `of account "Groceries"`
pub(in crate::syntax) fn of_account(file: FileId, place: Span, word: &str) -> Diagnostic {
    let message = format!("`{word}` does not say which account a line is about: that is `on`");
    instead("of-account", file, place, message, "on", Power::Same)
}

/// `allow create payment of 50 EUR`
pub(in crate::syntax) fn of_amount(file: FileId, place: Span) -> Diagnostic {
    let message =
        "`of` says the amount of one payment in a test; how much a line gives is said with `up to`".to_owned();
    instead("of-amount", file, place, message, "up to", Power::Widens)
}

/// `to anyone except payee "Landlord"`, `not to payee "Landlord"`. `moved` are the words of the exception, the place
/// that they leave and the end of the line; nothing where that has an `unless` already.
pub(in crate::syntax) fn except_clause(
    file: FileId,
    place: Span,
    word: &str,
    exception: &str,
    moved: Option<(Span, Span)>,
) -> Diagnostic {
    let message = match word {
        "except" => "`except` leaves out accounts alone: any other exception is an `unless` at the end of the line",
        _ => "no clause is turned round: an exception is an `unless` at the end of the line",
    };
    let last = format!("unless {exception}");
    let fault = Diagnostic::error("except-clause", file, place, message);
    match moved {
        Some((from, end)) => {
            let title = format!("end the line with `{}`", short(&last));
            fix(fault.help(title.clone()), &title, &[(from, ""), (end, &format!(" {last}"))])
        }
        None => fault.help(format!("write `{}` into the `unless` of this line", short(exception))),
    }
}

/// `any account except account "Savings"`
pub(in crate::syntax) fn except_account(file: FileId, place: Span, edit: Span) -> Diagnostic {
    Diagnostic::error("except-clause", file, place, "`except` is followed by names, since it leaves out accounts alone")
        .help("remove the word before the name")
        .fix("remove it", Power::Same, edit, "")
}

/// `everything except read transactions`
pub(in crate::syntax) fn everything_except(file: FileId, place: Span, first: &str) -> Diagnostic {
    let help = match first {
        "deny" => "remove the line: whatever no `allow` gives is denied anyway",
        "ask" => "write what is meant, as in `ask spend, control`",
        "allow" => "write what the key needs: whatever no `allow` gives is denied anyway",
        _ => "write what is meant, as in `cannot sensitive, write, spend, control`",
    };
    let message =
        "`everything` takes no `except`: what is left would change with every new operation of the bank, unseen";
    Diagnostic::error("everything-except", file, place, message).help(help)
}

/// `can only read transactions`
pub(in crate::syntax) fn can_only(file: FileId, place: Span, word: &str) -> Diagnostic {
    let message = format!("`{word} only` is two claims: what is allowed, and that nothing else is");
    Diagnostic::error("can-only", file, place, message)
        .help("claim what must not happen by itself, as in `cannot sensitive, write, spend, control`")
}

/// `… but ask over 20 EUR`
pub(in crate::syntax) fn joining_word(file: FileId, place: Span, word: &str, edit: Span) -> Diagnostic {
    let title = format!("remove `{word}`");
    let message = format!("no `{word}` joins two lines: each stands by itself, and the strictest wins");
    Diagnostic::error("joining-word", file, place, message).help(title.clone()).fix(title, Power::Same, edit, "")
}
