//! Amounts, durations and IBANs as people write them.

use iso_currency::Currency;

use super::{Finding, Look};
use crate::syntax::fault;
use crate::syntax::token::Kind;

pub(super) fn find(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    symbol_first(look, at)
        .or_else(|| sign(look, at))
        .or_else(|| code_first(look, at))
        .or_else(|| iban(look, at))
        .or_else(|| after_number(look, at))
}

/// `€50`
fn symbol_first(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let Kind::Mark(symbol) = look.kind(at)? else { return None };
    let code = code_of(symbol)?;
    if look.kind(at + 1) != Some(Kind::Number) {
        return None;
    }
    let number = look.span(at + 1).of(look.text);
    let said_twice = is_code(look.word(at + 2));
    let used = if said_twice { 3 } else { 2 };
    let place = look.span(at).to(look.span(at + used - 1));
    let code = if said_twice { look.word(at + 2) } else { code };
    Some((symbol_finding(look, place, symbol, number, code), used))
}

fn symbol_finding(look: &Look<'_>, place: crate::source::Span, symbol: char, number: &str, code: &str) -> Finding {
    let money = format!("{number} {code}");
    // Many currencies share these two signs, so which is meant is for the user to say.
    let sure = !matches!(symbol, '$' | '¥');
    Finding::new(fault::currency_symbol(look.file, place, symbol, &money, sure), place, money, false)
}

/// `-50 EUR`
fn sign(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let Kind::Mark(sign @ ('-' | '+' | '−')) = look.kind(at)? else { return None };
    let number = look.span(at + 1);
    let after_value = at > 0 && matches!(look.kind(at - 1), Some(Kind::Number));
    if look.kind(at + 1) != Some(Kind::Number) || look.span(at).end != number.start || after_value {
        return None;
    }
    let place = look.span(at);
    Some((Finding::new(fault::sign(look.file, place, sign), place, "", false), 1))
}

/// `EUR 50`
fn code_first(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let code = look.word(at);
    if look.kind(at + 1)? != Kind::Number || !is_code(code) || (at > 0 && look.kind(at - 1) == Some(Kind::Number)) {
        return None;
    }
    let place = look.span(at).to(look.span(at + 1));
    let money = format!("{} {code}", look.span(at + 1).of(look.text));
    Some((Finding::new(fault::code_first(look.file, place, &money), place, money, false), 2))
}

/// `50 eur`, `50€`, `50EUR`, `30 days`, `1 month`
fn after_number(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if look.kind(at)? != Kind::Number {
        return None;
    }
    let number = look.span(at).of(look.text);
    let place = look.span(at);
    if let Some(Kind::Mark(symbol)) = look.kind(at + 1)
        && let Some(code) = code_of(symbol)
    {
        return Some((symbol_finding(look, place.to(look.span(at + 1)), symbol, number, code), 2));
    }
    let letters = number.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_'));
    if letters.len() == 3 && letters.bytes().all(|byte| byte.is_ascii_alphabetic()) && currency(letters).is_some() {
        let money = format!("{} {}", &number[..number.len() - 3], letters.to_ascii_uppercase());
        return Some((Finding::new(fault::glued_currency(look.file, place, &money), place, money, false), 1));
    }
    let word = look.word(at + 1);
    if word.is_empty() {
        return None;
    }
    let both = place.to(look.span(at + 1));
    if let Some(code) = currency(word).filter(|code| *code != word) {
        let place = look.span(at + 1);
        return Some((Finding::new(fault::small_currency(look.file, place, word, &code), place, code, false), 2));
    }
    let lower = word.to_ascii_lowercase();
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits {
        return None;
    }
    let period = look.before(at) == "per";
    if let Some((unit, calendar)) = unit(&lower) {
        let duration = if period && number == "1" && !calendar.is_empty() {
            calendar.to_owned()
        } else {
            format!("{number}{unit}")
        };
        return Some((Finding::new(fault::duration_words(look.file, both, &duration), both, duration, false), 2));
    }
    let (calendar, days) = match lower.as_str() {
        "month" | "months" | "mo" | "mos" => ("month", 30),
        "year" | "years" | "yr" | "yrs" | "y" => ("year", 365),
        "quarter" | "quarters" => ("", 90),
        _ => return None,
    };
    let instead = if period && number == "1" && !calendar.is_empty() {
        calendar.to_owned()
    } else {
        format!("{}d", number.parse::<u64>().ok()?.checked_mul(days)?)
    };
    Some((Finding::new(fault::months(look.file, both, &lower, &instead), both, instead, false), 2))
}

/// `NL91 ABNA 0417 1643 00` without quotes.
fn iban(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let first = look.word(at);
    let shape = |part: &str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let starts = first.len() == 4
        && first.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
        && first.bytes().skip(2).all(|byte| byte.is_ascii_digit());
    if !starts {
        return None;
    }
    let group = |index: &usize| {
        let part = look.span(*index).of(look.text);
        // Words of the language are small; the groups of an IBAN are not.
        let small = part.bytes().any(|byte| byte.is_ascii_lowercase());
        matches!(look.kind(*index), Some(Kind::Word | Kind::Number)) && shape(part) && !small
    };
    let count = groups(look, at, &group);
    if count < 2 {
        return None;
    }
    let place = look.span(at).to(look.span(at + count));
    let quoted = format!("\"{}\"", place.of(look.text));
    Some((Finding::new(fault::iban_blanks(look.file, place, &quoted), place, quoted, false), count + 1))
}

/// How many groups follow the first: full ones of four characters, then at most one shorter, the last.
fn groups(look: &Look<'_>, at: usize, group: &dyn Fn(&usize) -> bool) -> usize {
    let mut count = 0;
    for index in (at + 1..at + 9).take_while(group) {
        count += 1;
        if look.span(index).of(look.text).len() < 4 {
            break;
        }
    }
    count
}

/// The unit of a duration, and the word for one of it behind `per`.
fn unit(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => ("s", ""),
        "m" | "min" | "mins" | "minute" | "minutes" => ("m", ""),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("h", ""),
        "d" | "day" | "days" => ("d", "day"),
        "w" | "week" | "weeks" => ("w", "week"),
        _ => return None,
    })
}

fn code_of(symbol: char) -> Option<&'static str> {
    Some(match symbol {
        '€' => "EUR",
        '£' => "GBP",
        '$' => "USD",
        '¥' => "JPY",
        _ => return None,
    })
}

fn is_code(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The code of a currency that is not written as one.
fn currency(word: &str) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    if matches!(upper.as_str(), "EURO" | "EUROS") {
        return Some("EUR".to_owned());
    }
    // `all`, `top` and the like are currencies, too, but words first.
    let is_word = crate::syntax::words::is_grammar(word) || matches!(word, "all" | "top" | "try");
    (upper.len() == 3 && !is_word && Currency::from_code(&upper).is_some()).then_some(upper)
}
