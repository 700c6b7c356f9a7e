//! Names without quotes, in other quotes, and the wrong words before them.

use super::{Finding, Look};
use crate::source::Span;
use crate::syntax::token::Kind;
use crate::syntax::{fault, words};

pub(super) fn find(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    other_quotes(look, at)
        .or_else(|| all_accounts(look, at))
        .or_else(|| from_account(look, at))
        .or_else(|| unquoted(look, at))
}

/// `“Groceries”`, `'Groceries'`
fn other_quotes(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if look.kind(at)? != Kind::OtherText {
        return None;
    }
    let place = look.span(at);
    let text = place.of(look.text);
    let mut inner = text.chars();
    inner.next();
    inner.next_back();
    let quoted = quote(inner.as_str());
    let curly = !text.starts_with('\'');
    Some((Finding::new(fault::other_quotes(look.file, place, &quoted, curly), place, quoted, false), 1))
}

/// `all accounts`
fn all_accounts(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let (first, second) = (look.word(at), look.word(at + 1));
    let meant = match first {
        "all" | "every" | "each" => matches!(second, "account" | "accounts"),
        "any" => second == "accounts",
        _ => false,
    };
    if !meant || !(matches!(look.before(at), "on" | "from") || look.mark_before(at, ',')) {
        return None;
    }
    let place = look.span(at).to(look.span(at + 1));
    Some((
        Finding::new(fault::all_accounts(look.file, place, &format!("{first} {second}")), place, "any account", true),
        2,
    ))
}

/// `from account "X"`
fn from_account(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if look.word(at) != "from" {
        return None;
    }
    let (next, second) = (look.word(at + 1), look.word(at + 2));
    if !matches!(next, "account" | "accounts") && !matches!(second, "account" | "accounts") {
        return None;
    }
    let place = look.span(at);
    Some((Finding::new(fault::from_account(look.file, place), place, "on", true), 1))
}

/// `account Groceries`, and the names behind it.
fn unquoted(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if at == 0 || !expects_name(look, at) {
        return None;
    }
    let last = name_end(look, at)?;
    let place = look.span(at).to(look.span(last));
    let quoted = quote(place.of(look.text));
    look.named.set(last + 1);
    Some((Finding::new(fault::unquoted(look.file, place, &quoted), place, quoted, true), last + 1 - at))
}

/// Whether what stands at an index follows a word that a name has to follow.
fn expects_name(look: &Look<'_>, at: usize) -> bool {
    let (word, first) = (look.before(at), at == 1);
    let behind = if at < 2 { "" } else { look.before(at - 1) };
    let listed = at >= 2 && look.mark_before(at - 1, ',');
    match word {
        "account" | "accounts" | "payee" | "payees" => {
            first || listed || matches!(behind, "on" | "to" | "from" | "except")
        }
        "role" => first || behind == "use",
        "key" => first || matches!(behind, "ensure" | "for"),
        "limit" => first || behind == "within",
        "network" | "networks" => first || listed || behind == "from",
        "import" | "bank" | "timezone" | "test" => first,
        "except" => look.word(at + 1) != "accounts",
        "and" | "or" => after_name(look, at - 1) && look.word(at + 1) != "accounts",
        "" => look.mark_before(at, ',') && after_name(look, at - 1) && look.word(at + 1) != "accounts",
        _ => false,
    }
}

/// Whether a name, quoted or not, stands before the comma at an index.
fn after_name(look: &Look<'_>, comma: usize) -> bool {
    match comma.checked_sub(1).and_then(|before| look.kind(before)) {
        Some(Kind::Text | Kind::OtherText) => true,
        Some(Kind::Word) => look.named.get() == comma,
        _ => false,
    }
}

/// The last token of the name that begins at an index.
fn name_end(look: &Look<'_>, at: usize) -> Option<usize> {
    let is_part = |index: usize| match look.kind(index) {
        Some(Kind::Word) => !words::ends_name(look.word(index)),
        Some(Kind::Number) => true,
        _ => false,
    };
    if !is_part(at) || words::is_grammar(look.word(at)) {
        return None;
    }
    let mut last = at;
    loop {
        let touches = look.kind(last + 1).is_some_and(|kind| kind != Kind::Mark(','))
            && look.span(last).end == look.span(last + 1).start;
        if !touches && !is_part(last + 1) {
            return Some(last);
        }
        last += 1;
    }
}

fn quote(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    format!("\"{}\"", words.join(" ").replace('\\', "\\\\").replace('"', "\\\""))
}

/// The span of a word and the blank behind it.
pub(super) fn with_blank(look: &Look<'_>, at: usize) -> Span {
    let span = look.span(at);
    match look.tokens.get(at + 1) {
        Some(next) if look.text[span.end as usize..next.span.start as usize].trim().is_empty() => {
            Span::new(span.start, next.span.start)
        }
        _ => span,
    }
}
