//! What is missing, too much, or in the wrong place.

use super::{fix, short};
use crate::diag::{Diagnostic, Power};
use crate::source::{FileId, FileSpan, Span};
use crate::syntax::block::Block;
use crate::syntax::parse::Shape;

/// A statement without its `;`.
pub(in crate::syntax) fn missing_semicolon(file: FileId, text: &str, part: Span) -> Diagnostic {
    let place = Span::new(part.end, part.end);
    let first = part.of(text).split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let message = if first.is_empty() {
        "`;` is missing here".to_owned()
    } else {
        format!("`;` is missing here, where the text that begins with `{first}` ends")
    };
    Diagnostic::error("missing-semicolon", file, place, message).help("write `;`").fix(
        "write `;`",
        Power::Same,
        place,
        ";",
    )
}

/// A block without its `>`.
pub(in crate::syntax) fn unclosed(file: FileId, text: &str, block: &Block, next: Option<Span>) -> Diagnostic {
    let header = Span::new(block.header.start, block.open.start.max(block.header.start));
    let place = if block.open.start < block.open.end { block.open } else { header };
    let message =
        format!("the block of `{}` is not closed, so it is not clear what belongs to it", short(header.of(text)));
    let end = Span::new(block.last(), block.last());
    let fault = Diagnostic::error("missing-close", file, place, message).help("write `>` where the block ends");
    let fault = match next {
        Some(next) => {
            let first = next.of(text).split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let label = Span::new(next.start, next.start + u32::try_from(first.len()).unwrap_or_default());
            fault.label(FileSpan { file, span: label }, "the next item begins here")
        }
        None => fault,
    };
    fix(fault, "write `>`", &[(end, "\n>")])
}

/// A header without its `<`.
pub(in crate::syntax) fn missing_open(file: FileId, text: &str, header: Span, goes_on: bool) -> Diagnostic {
    let place = Span::new(header.end, header.end);
    let message = format!("`{}` needs a block between `<` and `>`", short(header.of(text)));
    let fault = Diagnostic::error("missing-open", file, place, message);
    if goes_on {
        return fault.help("write `<` here and `>` where the block ends").fix("write `<`", Power::Same, place, " <");
    }
    fault.help("write `< >` with what belongs to it inside")
}

/// `;` with nothing before it.
pub(in crate::syntax) fn stray_semicolon(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("stray-semicolon", file, place, "this `;` ends nothing").help("remove it").fix(
        "remove it",
        Power::Same,
        place,
        "",
    )
}

/// `<` where no block begins.
pub(in crate::syntax) fn stray_open(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("stray-open", file, place, "no block can begin here: blocks do not stand in one another")
        .help("close the block before it, or remove this one")
}

/// `>` where no block is open.
pub(in crate::syntax) fn stray_close(file: FileId, place: Span) -> Diagnostic {
    Diagnostic::error("stray-close", file, place, "this `>` closes nothing").help("remove it").fix(
        "remove it",
        Power::Same,
        place,
        "",
    )
}

/// A statement outside all blocks.
pub(in crate::syntax) fn outside(file: FileId, place: Span, word: &str) -> Diagnostic {
    let (message, help) = if word == "expect" {
        ("`expect` stands outside a test, so it tests no key".to_owned(), "put it into the block of a `test`")
    } else {
        (
            format!("`{word}` stands outside a key, so it binds nobody"),
            "put it into the block of a `key`, a `role` or `every key`",
        )
    };
    Diagnostic::error("outside-block", file, place, message).help(help)
}

/// A block behind an item that has none.
pub(in crate::syntax) fn no_block(file: FileId, place: Span, word: &str) -> Diagnostic {
    Diagnostic::error("no-block", file, place, format!("`{word}` has no block")).help("end it with `;`")
}

/// A word that begins no item.
pub(in crate::syntax) fn unknown_item(file: FileId, place: Span, found: &str) -> Diagnostic {
    Diagnostic::error("unknown-item", file, place, format!("`{}` begins nothing that can stand here", short(found))).help(
        "begin with `import`, `bank`, `timezone`, `account`, `payee`, `payees`, `network`, `limit`, `role`, `key`, `every key`, `ensure` or `test`",
    )
}

/// A word that begins no line of this block.
pub(in crate::syntax) fn begins_nothing(file: FileId, place: Span, found: &str, shape: Shape) -> Diagnostic {
    let fault = Diagnostic::error(
        "begins-nothing",
        file,
        place,
        format!("`{}` begins nothing that can stand here", short(found)),
    );
    match shape {
        Shape::Statement => fault.help("begin the statement with `allow`, `ask`, `deny`, `use` or `only`"),
        Shape::Expectation => fault.help("begin the line with `expect`"),
        _ => fault.help("begin with a word such as `key`, `account` or `payee`"),
    }
}

/// Half of `up to`, `at most` and the like.
pub(in crate::syntax) fn half_keyword(file: FileId, place: Span, word: &str, rest: &str, whole: &str) -> Diagnostic {
    let end = Span::new(place.end, place.end);
    Diagnostic::error(
        "half-clause",
        file,
        place,
        format!("`{word}` alone has no meaning: the clause begins with `{whole}`"),
    )
    .help(format!("write `{whole}`"))
    .fix(format!("write `{whole}`"), Power::Same, end, format!(" {rest}"))
}

/// A clause or a keyword with the wrong thing, or nothing, behind it. `need` is a noun and perhaps an example.
pub(in crate::syntax) fn missing_body(
    file: FileId,
    place: Span,
    word: &str,
    need: &str,
    found: Option<&str>,
) -> Diagnostic {
    let noun = need.split(", as in").next().unwrap_or(need);
    let message = match found {
        Some(found) => format!("`{word}` needs {noun}, and `{}` is not that", short(found)),
        None => format!("`{word}` needs {noun}"),
    };
    Diagnostic::error("missing-body", file, place, message).help(format!("write {need}"))
}

/// `expect … to favorites`
pub(in crate::syntax) fn expects_favorites(file: FileId, place: Span) -> Diagnostic {
    let message = "who is a favourite stands in the bank's files, so no test can say it";
    Diagnostic::error("missing-body", file, place, message)
        .help("name one payee, as in `to payee \"Landlord\"`, or try a favourite with `bpolc decide`")
}

/// A name without the word that says what it is the name of.
pub(in crate::syntax) fn bare_name(file: FileId, place: Span, words: &[&str]) -> Diagnostic {
    let message = "a name alone does not say what it is the name of";
    let fault = Diagnostic::error("bare-name", file, place, message);
    let start = Span::new(place.start, place.start);
    match words {
        [word] => {
            let title = format!("write `{word}` before it");
            fault.help(title.clone()).fix(title, Power::Same, start, format!("{word} "))
        }
        _ => fault.help(format!("write `{}` before it", words.join("` or `"))),
    }
}

/// An amount without its currency.
pub(in crate::syntax) fn missing_currency(file: FileId, place: Span, number: &str) -> Diagnostic {
    Diagnostic::error("missing-currency", file, place, format!("`{number}` does not say of which currency"))
        .help(format!("write the code of the currency behind it, as in `{number} EUR`"))
}

/// A count without `times`.
pub(in crate::syntax) fn missing_times(file: FileId, place: Span, number: &str) -> Diagnostic {
    let behind = Span::new(place.end, place.end);
    Diagnostic::error("missing-times", file, place, format!("`{number}` does not say that it counts times"))
        .help("write `times` behind it")
        .fix("write `times`", Power::Same, behind, " times")
}

/// A claim that does not say what is claimed.
pub(in crate::syntax) fn missing_verb(file: FileId, place: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        "missing-verb",
        file,
        place,
        format!("the claim does not say what holds before `{}`", short(found)),
    )
    .help("write `can`, `cannot` or `must ask to`")
}

/// The piece ends too early.
pub(in crate::syntax) fn breaks_off(file: FileId, place: Span, expected: &str) -> Diagnostic {
    let message = if expected.is_empty() {
        "the text breaks off here".to_owned()
    } else {
        format!("the text breaks off here, where {expected} could follow")
    };
    let help = if expected.is_empty() { "complete it".to_owned() } else { format!("write {expected}") };
    Diagnostic::error("breaks-off", file, place, message).help(help)
}

/// The text ends behind a comma.
pub(in crate::syntax) fn comma_at_end(file: FileId, place: Span, edit: Span) -> Diagnostic {
    Diagnostic::error("breaks-off", file, place, "the text breaks off behind this comma")
        .help("remove the comma, or write what the list goes on with")
        .fix("remove the comma", Power::Same, edit, "")
}

/// The text ends where half of it is still to come. `need` is what, and perhaps an example.
pub(in crate::syntax) fn half_said(file: FileId, place: Span, need: &str) -> Diagnostic {
    let noun = need.split(", as in").next().unwrap_or(need);
    Diagnostic::error("breaks-off", file, place, format!("the text breaks off here, where {noun} must follow"))
        .help(format!("write {need}"))
}

/// An `ask` or a `deny` that begins with a clause.
pub(in crate::syntax) fn without_subject(fault: Diagnostic, effect: &str, rest: &str) -> Diagnostic {
    fault.help(format!("write what it is about, as in `{effect} payment {}`: each line stands by itself", short(rest)))
}

/// Something that does not fit.
pub(in crate::syntax) fn unexpected(file: FileId, place: Span, found: &str, expected: &str) -> Diagnostic {
    let found = short(found);
    if expected.is_empty() {
        return Diagnostic::error("unexpected", file, place, format!("`{found}` cannot stand here")).help("remove it");
    }
    Diagnostic::error("unexpected", file, place, format!("`{found}` cannot stand here, where {expected} could follow"))
        .help(format!("write {expected} instead"))
}

/// `unless` behind what takes none.
pub(in crate::syntax) fn no_unless(file: FileId, place: Span, word: &str) -> Diagnostic {
    let help = match word {
        "only" => "write `deny everything unless …` with all that is to be let through",
        _ => "remove it, or write it into the statements that it is to change",
    };
    Diagnostic::error("no-unless", file, place, format!("`{word}` takes no `unless`")).help(help)
}

/// A clause behind `unless`.
pub(in crate::syntax) fn clause_after_unless(file: FileId, place: Span, word: &str, unless: Span) -> Diagnostic {
    let message = format!(
        "`unless` comes last, so it is not clear whether `{word}` belongs to the exception or to the statement"
    );
    Diagnostic::error("clause-after-unless", file, place, message)
        .label(FileSpan { file, span: unless }, "the exception begins here")
        .help(format!("write `and {word} …` if it belongs to the exception, else move it before `unless`"))
}

/// Three words without a comma in a subject.
pub(in crate::syntax) fn three_words(file: FileId, place: Span, third: &str) -> Diagnostic {
    let message = format!("a subject is an action and a resource, and `{third}` is one word too many");
    Diagnostic::error("three-words", file, place, message)
        .help("part actions, and part resources, by commas, as in `read, update accounts, cards`")
}

/// More than one action before more than one resource.
pub(in crate::syntax) fn two_actions(
    file: FileId,
    text: &str,
    statement: Span,
    subject: Span,
    first: Span,
    second: Span,
) -> Diagnostic {
    let message = "a statement has one list of actions, then one list of resources";
    let fault = Diagnostic::error("two-actions", file, second, message)
        .label(FileSpan { file, span: first }, "the resources begin in here")
        .help("write a statement for each pair of action and resource");
    let whole = statement.of(text).trim_end_matches(';');
    let rest = whole.get((subject.end - statement.start) as usize..).unwrap_or_default();
    let effect = whole.get(..(subject.start - statement.start) as usize).unwrap_or_default();
    // A cap written twice is two budgets, so such a statement is not split by itself.
    let capped = ["up to", "at most", "within", "over", "more than", "//"].iter().any(|word| rest.contains(word));
    let parts: Vec<&str> = subject.of(text).split(',').map(str::trim).collect();
    if capped
        || effect.contains("//")
        || parts.len() > 8
        || parts.iter().any(|part| !part.contains(' ') || part.contains("//"))
    {
        return fault;
    }
    let split: Vec<String> = parts.iter().map(|part| format!("{effect}{part}{rest}")).collect();
    fault.fix(
        "split the statement",
        Power::Same,
        Span::new(statement.start, statement.start + u32::try_from(whole.len()).unwrap_or_default()),
        split.join("; "),
    )
}

/// A clause that stands twice.
pub(in crate::syntax) fn twice(file: FileId, text: &str, second: Span, first: Span) -> Diagnostic {
    let mut words = second.of(text).split_whitespace();
    let (one, two) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let double = matches!(two, "to" | "most" | "than" | "limit" | "by" | "url");
    let word = if double { format!("{one} {two}") } else { one.to_owned() };
    let message = format!("`{word}` stands here a second time, so it is not clear which of the two holds");
    Diagnostic::error("clause-twice", file, second, message)
        .label(FileSpan { file, span: first }, "the first one")
        .help("write one clause with a list, or remove one of the two")
}

/// A list goes on behind an `except` list.
pub(in crate::syntax) fn after_except(file: FileId, next: Span, before: Span) -> Diagnostic {
    Diagnostic::error(
        "after-except",
        file,
        next,
        "nothing follows an `except` list, so it is not clear whether this is left out, too",
    )
    .label(FileSpan { file, span: before }, "this list leaves accounts out")
    .help("write what has an `except` last")
}

/// Hours behind hours, where days were listed before.
pub(in crate::syntax) fn ambiguous_hours(file: FileId, text: &str, hours: Span, days: Option<Span>) -> Diagnostic {
    let message = "these hours have no days of their own, so they could be meant for every day or for the days before";
    let fault = Diagnostic::error("ambiguous-hours", file, hours, message).help("repeat the days before these hours");
    match days {
        Some(days) => {
            let days = days.of(text);
            fault.fix(
                format!("write `{days}` before them"),
                Power::Same,
                Span::new(hours.start, hours.start),
                format!("{days} "),
            )
        }
        None => fault,
    }
}
