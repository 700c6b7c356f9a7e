//! What people say in words that this language does not have, or has for something else.

use super::{Finding, Look, name};
use crate::source::Span;
use crate::syntax::parse::Shape;
use crate::syntax::token::Kind;
use crate::syntax::{fault, words};

pub(super) fn find(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    match look.shape {
        Shape::Cap => period(look, at),
        Shape::Expectation => of_account(look, at),
        Shape::Statement => in_line(look, at),
        Shape::Item if look.word(0) == "ensure" => in_line(look, at),
        _ => None,
    }
}

fn in_line(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if at == 0 || look.word(at).is_empty() && look.kind(at) != Some(Kind::Mark('/')) {
        return None;
    }
    validity(look, at)
        .or_else(|| age(look, at))
        .or_else(|| cap(look, at))
        .or_else(|| period(look, at))
        .or_else(|| of_account(look, at))
        .or_else(|| of_amount(look, at))
        .or_else(|| everything(look, at))
        .or_else(|| exception(look, at))
        .or_else(|| condition(look, at))
        .or_else(|| hours(look, at))
}

/// `until 2027-01-01`, `after 2027-01-01`
fn validity(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let date = look.span(at + 1).of(look.text);
    let shape = |byte: (usize, u8)| if matches!(byte.0, 4 | 7) { byte.1 == b'-' } else { byte.1.is_ascii_digit() };
    if look.kind(at + 1) != Some(Kind::Number) || date.len() != 10 || !date.bytes().enumerate().all(shape) {
        return None;
    }
    let (word, place) = (look.word(at), look.span(at));
    match word {
        "until" | "till" | "til" | "expires" | "ends" | "ending" => {
            Some((Finding::new(fault::until(look.file, place, word, date), place, "before", false), 1))
        }
        "after" | "from" | "begins" | "starts" => {
            Some((Finding::new(fault::after(look.file, place, word, date), place, "starting", false), 1))
        }
        _ => None,
    }
}

/// `last 30d`, `in the last 30 days`, `newer than 30d`
fn age(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let mut last = at;
    if matches!(look.word(last), "in" | "within" | "from" | "of" | "for") {
        last += 1;
    }
    if look.word(last) == "the" {
        last += 1;
    }
    let newer = matches!(look.word(at), "newer" | "younger") && look.word(at + 1) == "than";
    if newer {
        last = at + 1;
    } else if !matches!(look.word(last), "last" | "past") {
        return None;
    }
    if look.kind(last + 1) != Some(Kind::Number) {
        return None;
    }
    let place = look.span(at).to(look.span(last));
    let fault = fault::age_word(look.file, place, place.of(look.text));
    Some((Finding::new(fault, place, "since", false), last + 1 - at))
}

/// `max 50 EUR`, `at most 50 EUR`, `max 3 times`, `deny payment above 50 EUR`
fn cap(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let (word, next) = (look.word(at), look.word(at + 1));
    let (less, used) = match (word, next) {
        ("max" | "maximum" | "maximal" | "under" | "below", _) => (true, 1),
        ("less", "than") | ("at", "most") => (true, 2),
        ("no" | "not", "more") if look.word(at + 2) == "than" => (true, 3),
        ("above" | "exceeding" | "beyond", _) => (false, 1),
        ("more" | "greater" | "higher", "than") => (false, 2),
        _ => return None,
    };
    let number = at + used;
    if look.kind(number) != Some(Kind::Number) {
        return None;
    }
    let place = look.span(at).to(look.span(number - 1));
    let said = place.of(look.text);
    if matches!(look.word(number + 1), "time" | "times") {
        let known = matches!((word, next), ("at", "most") | ("more", "than"));
        let fault = fault::times_at_most(look.file, place, said);
        return (less && !known).then(|| (Finding::new(fault, place, "at most", false), used));
    }
    let is_money = look.word(number + 1).len() == 3 && look.word(number + 1).bytes().all(|c| c.is_ascii_uppercase());
    if !is_money {
        return None;
    }
    // What gives and what takes read like their opposite in each other's place.
    let gives = matches!(look.word(0), "allow" | "only" | "use") != (0..at).any(|before| look.word(before) == "unless");
    let claim = look.shape == Shape::Item;
    match less {
        true if gives || claim => {
            Some((Finding::new(fault::sum_at_most(look.file, place, said), place, "up to", false), used))
        }
        false if !gives || claim => {
            Some((Finding::new(fault::sum_over(look.file, place, said), place, "over", false), used))
        }
        _ => None,
    }
}

/// `50 EUR a day`, `50 EUR daily`, `50 EUR/day`, `3 times a week`
fn period(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let before = look.before(at);
    let is_code = before.len() == 3 && before.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_code && !matches!(before, "time" | "times" | "amount") {
        return None;
    }
    let unit = |word: &str| match word {
        "day" | "week" | "month" | "year" => Some(format!("per {word}")),
        "hour" => Some("per 1h".to_owned()),
        _ => None,
    };
    let (period, used) = match (look.word(at), look.kind(at)) {
        ("daily", _) => ("per day".to_owned(), 1),
        ("weekly", _) => ("per week".to_owned(), 1),
        ("monthly", _) => ("per month".to_owned(), 1),
        ("yearly" | "annually", _) => ("per year".to_owned(), 1),
        ("hourly", _) => ("per 1h".to_owned(), 1),
        ("a" | "an" | "every" | "each" | "one" | "in", _) | (_, Some(Kind::Mark('/'))) => {
            let article = look.word(at) == "in" && look.word(at + 1) == "a";
            let used = if article { 3 } else { 2 };
            (unit(look.word(at + used - 1))?, used)
        }
        ("per", _) if look.word(at + 1) == "hour" => ("per 1h".to_owned(), 2),
        _ => return None,
    };
    let place = look.span(at).to(look.span(at + used - 1));
    let touches = look.span(at - 1).end == place.start;
    let text = if touches { format!(" {period}") } else { period.clone() };
    let fault = fault::period_word(look.file, place, place.of(look.text), &text);
    // What is read of the line afterwards stands in the text as it was typed, durations too.
    Some((Finding::new(fault, place, text, !period.ends_with("1h")), used))
}

/// `of account "Groceries"`
fn of_account(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let word = look.word(at);
    let next = look.word(at + 1);
    let account = matches!(next, "account" | "accounts") && look.kind(at + 2) == Some(Kind::Text);
    let kind = look.word(at + 2) == "accounts" || next == "any" && look.word(at + 2) == "account";
    if !matches!(word, "of" | "in" | "for" | "about") || !(account || kind) {
        return None;
    }
    let place = look.span(at);
    Some((Finding::new(fault::of_account(look.file, place, word), place, "on", true), 1))
}

/// `allow create payment of 50 EUR`
fn of_amount(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if look.word(at) != "of" || look.word(0) != "allow" || look.kind(at + 1) != Some(Kind::Number) {
        return None;
    }
    let place = look.span(at);
    Some((Finding::new(fault::of_amount(look.file, place), place, "up to", false), 1))
}

/// `everything except read transactions`, `can only read transactions`
fn everything(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let rest = look.tokens.len() - at;
    if look.word(at) == "everything" && look.word(at + 1) == "except" {
        let place = look.span(at).to(look.span(at + 1));
        let fault = fault::everything_except(look.file, place, look.word(0));
        return Some((explained(fault), rest));
    }
    let can = look.before(at);
    if look.shape == Shape::Item && look.word(at) == "only" && matches!(can, "can" | "may") {
        let place = look.span(at - 1).to(look.span(at));
        return Some((explained(fault::can_only(look.file, place, can)), rest));
    }
    None
}

/// `except to payee "Landlord"`, `not to payee "Landlord"`
fn exception(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let (word, next) = (look.word(at), look.word(at + 1));
    if !matches!(word, "except" | "not") {
        return None;
    }
    let clause = (0..at).rev().map(|before| look.word(before)).find(|word| words::CLAUSES.contains(word))?;
    if word == "except" && clause == "on" && matches!(next, "account" | "accounts") {
        let place = look.span(at).to(look.span(at + 1));
        let edit = name::with_blank(look, at + 1);
        return Some((Finding::new(fault::except_account(look.file, place, edit), edit, "", true), 2));
    }
    let whom = matches!(next, "payee" | "payees" | "iban" | "favorites" | "own" | "account" | "accounts");
    let begin = if word == "except" && clause == "to" && whom { "to " } else { "" };
    if begin.is_empty() && !look.begins_clause(at + 1) {
        return None;
    }
    let end = (at + 2..look.tokens.len())
        .find(|index| look.begins_clause(*index) || look.word(*index) == "unless")
        .unwrap_or(look.tokens.len());
    let listed = look.span(at + 1).to(look.span(end - 1));
    let exception = format!("{begin}{}", listed.of(look.text));
    let gone = Span::new(look.span(at - 1).end, listed.end);
    let last = look.span(look.tokens.len() - 1).end;
    let has_unless = look.tokens.iter().any(|token| token.span.of(look.text) == "unless");
    let moved = (!has_unless && !exception.contains("//")).then_some((gone, Span::new(last, last)));
    let fault = fault::except_clause(look.file, look.span(at), word, &exception, moved);
    let edits = match moved {
        Some((gone, last)) => vec![(gone, String::new()), (last, format!(" unless {exception}"))],
        None => Vec::new(),
    };
    Some((Finding { fault: Some(fault), edits, keeps: false }, end - at))
}

/// `if during weekdays`, `only during weekdays`, and `but` at the end of a line.
fn condition(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let (word, place) = (look.word(at), look.span(at));
    if at + 1 == look.tokens.len() && matches!(word, "but" | "then" | "also") {
        let edit = Span::new(look.span(at - 1).end, place.end);
        return Some((Finding::new(fault::joining_word(look.file, place, word, edit), edit, "", true), 1));
    }
    if !look.begins_clause(at + 1) {
        return None;
    }
    let edit = name::with_blank(look, at);
    match word {
        "if" | "when" | "whenever" | "while" | "where" | "provided" => {
            Some((Finding::new(fault::condition_word(look.file, place, word, edit), edit, "", true), 1))
        }
        "only" => {
            let next = look.word(at + 1);
            Some((Finding::new(fault::only_inside(look.file, place, next, edit), edit, "", false), 1))
        }
        _ => None,
    }
}

/// `between 09:00 and 17:00`
fn hours(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let time = |index: usize| {
        let text = look.span(index).of(look.text);
        (look.kind(index) == Some(Kind::Number) && text.contains(':')).then_some(text)
    };
    if look.word(at) != "between" || look.word(at + 2) != "and" {
        return None;
    }
    let hours = format!("{}-{}", time(at + 1)?, time(at + 3)?);
    let place = look.span(at).to(look.span(at + 3));
    let fault = fault::between_hours(look.file, place, &hours);
    Some((Finding::new(fault, place, format!("during {hours}"), false), 4))
}

/// A fault that cannot be put right, so that nothing more is said of the line.
fn explained(fault: crate::diag::Diagnostic) -> Finding {
    Finding { fault: Some(fault), edits: Vec::new(), keeps: false }
}
