//! What to say of a piece that no idiom explains: where reading stopped, what stands there, what could have gone on.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::syntax::idiom::Look;
use crate::syntax::parse::{Shape, Stop};
use crate::syntax::token::{Kind, Token};
use crate::syntax::{fault, words};

/// The fault of a piece whose reading stopped at `at`. Nothing when what stands there was reported already.
pub(crate) fn explain(look: &Look<'_>, stop: &Stop, at: u32) -> Option<Diagnostic> {
    let index = look.tokens.partition_point(|token| token.span.end <= at);
    let found = look.tokens.get(index);
    if found.is_some_and(|token| token.kind == Kind::OpenText) {
        return None;
    }
    let last = look.tokens.last()?;
    if let Some(fault) = reserved(look) {
        return Some(fault);
    }
    let Some(found) = found else {
        let behind = Span::new(last.span.end, last.span.end);
        let end = look.tokens.len();
        let special = missing(look, end, last)
            .or_else(|| amount(look, end))
            .or_else(|| comma(look, last))
            .or_else(|| half(look, last));
        return Some(special.unwrap_or_else(|| {
            let expected = stop.expected(look.shape);
            fault::breaks_off(look.file, if behind.start == 0 { last.span } else { behind }, &expected)
        }));
    };
    let special = (index == 0)
        .then(|| beginning(look, found))
        .flatten()
        .or_else(|| joined(look, index, found))
        .or_else(|| verb(look, index, found))
        .or_else(|| named(look, index, found))
        .or_else(|| amount(look, index))
        .or_else(|| semicolon(look, index, stop))
        .or_else(|| index.checked_sub(1).and_then(|before| missing(look, index, look.tokens.get(before)?)))
        .or_else(|| clause(look, index, found))
        .or_else(|| subject(look, index, found));
    Some(special.unwrap_or_else(|| {
        fault::unexpected(look.file, found.span, found.span.of(look.text), &stop.expected(look.shape))
    }))
}

/// A clause stands where the subject has to.
fn reserved(look: &Look<'_>) -> Option<Diagnostic> {
    let start = match (look.shape, look.word(0)) {
        (Shape::Statement, "allow" | "ask" | "deny") => 1,
        (Shape::Expectation, _) if matches!(look.word(1), "allow" | "ask" | "deny") => 2,
        _ => return None,
    };
    let word = look.word(start);
    let joint = matches!(word, "unless" | "and" | "except");
    let begins = joint || words::CLAUSES.contains(&word) || words::FACTS.contains(&word);
    let fault = if begins { missing(look, start, look.tokens.get(start - 1)?) } else { None }?;
    let takes = look.shape == Shape::Statement && matches!(look.word(0), "ask" | "deny") && !joint;
    if !takes {
        return Some(fault);
    }
    // Often it is meant to go on from the line before it.
    let rest = look.tokens.get(start)?.span.to(look.tokens.last()?.span);
    Some(fault::without_subject(fault, look.word(0), rest.of(look.text)))
}

/// The piece begins with a word that begins nothing here.
fn beginning(look: &Look<'_>, found: &Token) -> Option<Diagnostic> {
    let known = match look.shape {
        Shape::Statement => words::STATEMENTS.contains(&look.word(0)),
        Shape::Expectation => look.word(0) == "expect",
        Shape::Item => words::ITEMS.contains(&look.word(0)),
        Shape::Header => words::HEADERS.contains(&look.word(0)),
        Shape::Payee | Shape::Network | Shape::Cap => return None,
    };
    (!known).then(|| fault::begins_nothing(look.file, found.span, found.span.of(look.text), look.shape))
}

/// The second word of `up to`, `at most` and the like is missing.
fn joined(look: &Look<'_>, index: usize, found: &Token) -> Option<Diagnostic> {
    let word = look.word(index);
    let (rest, whole) = match word {
        "up" => ("to", "up to"),
        "at" if look.shape == Shape::Statement || look.shape == Shape::Item => ("most", "at most"),
        "more" => ("than", "more than"),
        "within" => ("limit", "within limit"),
        "created" => ("by this key", "created by this key"),
        _ => return None,
    };
    let first = rest.split(' ').next().unwrap_or_default();
    if look.word(index + 1) == first {
        return None;
    }
    Some(fault::half_keyword(look.file, found.span, word, rest, whole))
}

/// A claim without `can`, `cannot` or `must ask to`.
fn verb(look: &Look<'_>, index: usize, found: &Token) -> Option<Diagnostic> {
    if look.shape != Shape::Item || look.word(0) != "ensure" || index < 3 {
        return None;
    }
    let said = (0..=index).any(|index| matches!(look.word(index), "can" | "cannot" | "must"));
    (!said).then(|| fault::missing_verb(look.file, found.span, found.span.of(look.text)))
}

/// A name whose word before it is missing or misspelt.
fn named(look: &Look<'_>, index: usize, found: &Token) -> Option<Diagnostic> {
    if found.kind != Kind::Text || index == 0 {
        return None;
    }
    let before = look.word(index - 1);
    let missing: &[&str] = match before {
        "on" => &["account"],
        "to" => &["payee", "account"],
        "from" => &["network"],
        "within" => &["limit"],
        "use" => &["role"],
        "for" | "ensure" | "can" | "cannot" => &["key"],
        "" => return None,
        _ => {
            let list = [
                "account", "accounts", "payee", "payees", "network", "networks", "limit", "iban", "role", "key", "url",
            ];
            let near = words::nearest(before, &list).filter(|near| *near != before)?;
            return Some(fault::misspelt(look.file, look.tokens[index - 1].span, before, near));
        }
    };
    Some(fault::bare_name(look.file, found.span, missing))
}

/// A number without its currency or its `times`.
fn amount(look: &Look<'_>, index: usize) -> Option<Diagnostic> {
    let number = look.tokens.get(index.checked_sub(1)?)?;
    if number.kind != Kind::Number || look.tokens.get(index).is_some_and(|next| next.kind == Kind::Number) {
        return None;
    }
    let text = number.span.of(look.text);
    let before = index.checked_sub(2).and_then(|before| look.tokens.get(before));
    // Behind a comma the clause says what is listed.
    let word = if before.is_some_and(|token| token.kind == Kind::Mark(',')) {
        let clause = (0..index).rev().map(|before| look.word(before)).find(|word| words::CLAUSES.contains(word));
        match clause {
            Some("up" | "over") => "over",
            Some("at" | "more") => "than",
            // `up to` was met by its second word.
            Some("to") if (1..index).any(|before| look.word(before) == "to" && look.before(before) == "up") => "over",
            _ => "",
        }
    } else {
        look.before(index - 1)
    };
    match word {
        "most" | "than" if !matches!(look.word(index), "time" | "times") => {
            Some(fault::missing_times(look.file, number.span, text))
        }
        "to" | "over" | "of" | "spending" => Some(fault::missing_currency(look.file, number.span, text)),
        _ if look.shape == Shape::Cap && index == 1 => Some(fault::missing_currency(look.file, number.span, text)),
        _ => None,
    }
}

/// The text ends behind a comma.
fn comma(look: &Look<'_>, last: &Token) -> Option<Diagnostic> {
    let before = look.tokens.len().checked_sub(2).and_then(|index| look.tokens.get(index))?;
    let edit = Span::new(before.span.end, last.span.end);
    (last.kind == Kind::Mark(',')).then(|| fault::comma_at_end(look.file, last.span, edit))
}

/// The text ends where half of it is still to come.
fn half(look: &Look<'_>, last: &Token) -> Option<Diagnostic> {
    let behind = Span::new(last.span.end, last.span.end);
    let named = look.tokens.len() == 2 && last.kind == Kind::Text;
    let need = match (look.shape, look.word(0)) {
        (Shape::Item, "payee") if named => "`is` and an IBAN, as in `is NL91ABNA0417164300`",
        (Shape::Item, "account") if named => "`is` and what it is, as in `is iban NL91ABNA0417164300, joint`",
        (Shape::Header, "test") if named => "`for key` and the name of a key in quotes",
        (Shape::Item, "ensure") if !has(look, &["can", "cannot", "must"]) => {
            "`can`, `cannot` or `must ask to`, as in `cannot create payment`"
        }
        (Shape::Expectation, _) if has(look, &["spending", "earlier"]) => {
            "`today`, `this week`, `this month`, `this year` or how long ago, as in `after spending 40 EUR today`"
        }
        _ => return None,
    };
    Some(fault::half_said(look.file, behind, need))
}

fn has(look: &Look<'_>, wanted: &[&str]) -> bool {
    (0..look.tokens.len()).any(|index| wanted.contains(&look.word(index)))
}

/// The line is whole, and another thing begins behind it.
fn semicolon(look: &Look<'_>, index: usize, stop: &Stop) -> Option<Diagnostic> {
    let word = look.word(index);
    let begins = match word {
        "account" | "payee" => look.word(index + 2) == "is",
        "ensure" => true,
        _ if words::STATEMENTS.contains(&word) => true,
        _ => {
            let named = look.tokens.get(index + 1).is_some_and(|next| next.kind == Kind::Text);
            named && (words::ITEMS.contains(&word) || words::HEADERS.contains(&word))
        }
    };
    if !begins || index == 0 || look.shape == Shape::Header || !stop.at_end() {
        return None;
    }
    let first = look.tokens.first()?.span;
    Some(fault::missing_semicolon(look.file, look.text, first.to(look.tokens.get(index - 1)?.span)))
}

/// Something has to follow the word before `index`, and does not.
fn missing(look: &Look<'_>, index: usize, before: &Token) -> Option<Diagnostic> {
    let last = look.word(index - 1);
    let earlier = if index >= 2 { look.word(index - 2) } else { "" };
    if last.is_empty() {
        return None;
    }
    let needed = match (last, look.shape) {
        ("to", Shape::Expectation) if look.word(index) == "favorites" => {
            let place = look.tokens.get(index)?.span;
            return Some(fault::expects_favorites(look.file, place));
        }
        ("to", Shape::Expectation) => Some((
            "to".to_owned(),
            "whom, as in `to payee \"Landlord\"`, `to iban NL91ABNA0417164300` or `to own accounts`",
        )),
        ("is", _) if look.word(0) == "payee" => Some(("is".to_owned(), "an IBAN, as in `is NL91ABNA0417164300`")),
        ("is", _) => Some(("is".to_owned(), "an IBAN, an id or a kind, as in `is iban NL91ABNA0417164300`")),
        ("for", _) => Some(("for".to_owned(), "`key` and its name")),
        ("key" | "account", _) if matches!(earlier, "any" | "this" | "no" | "every") => None,
        ("at", Shape::Header | Shape::Expectation) => {
            Some(("at".to_owned(), "an instant, as in `at 2026-11-24T10:00:00Z`"))
        }
        // These are words of the bank, too, where a subject is read.
        ("account" | "accounts", _) if !matches!(earlier, "" | "on" | "to" | "from") => None,
        _ => words::need(earlier, last),
    };
    let (word, need) = needed?;
    let place =
        if word.contains(' ') && index >= 2 { look.tokens[index - 2].span.to(before.span) } else { before.span };
    let found = look.tokens.get(index).map(|token| token.span.of(look.text));
    Some(fault::missing_body(look.file, place, &word, need, found))
}

/// A clause stands where none may, or is misspelt.
fn clause(look: &Look<'_>, index: usize, found: &Token) -> Option<Diagnostic> {
    let word = look.word(index);
    if word.is_empty() {
        return None;
    }
    let before = &look.tokens[..index];
    let unless = before.iter().find(|token| token.kind == Kind::Word && token.span.of(look.text) == "unless");
    if word == "unless" && matches!(look.word(0), "use" | "only" | "expect") {
        return Some(fault::no_unless(look.file, found.span, look.word(0)));
    }
    if let Some(unless) = unless
        && words::CLAUSES.contains(&word)
    {
        return Some(fault::clause_after_unless(look.file, found.span, word, unless.span));
    }
    let list: &[&str] = if look.shape == Shape::Expectation { &words::FACTS } else { &words::CLAUSES };
    if list.contains(&word) || words::is_grammar(word) {
        return None;
    }
    let near = words::nearest(word, list).or_else(|| words::nearest(word, &["unless"]))?;
    Some(fault::misspelt(look.file, found.span, word, near))
}

/// Three words without a comma in a subject, or a clause word that was read as one of its words.
fn subject(look: &Look<'_>, index: usize, found: &Token) -> Option<Diagnostic> {
    let start = match look.shape {
        Shape::Statement => 1,
        Shape::Expectation => 2,
        Shape::Item => {
            look.tokens.iter().position(|token| {
                token.kind == Kind::Word && matches!(token.span.of(look.text), "can" | "cannot" | "exactly")
            })? + 1
        }
        _ => return None,
    };
    let inside = look.tokens.get(start..index)?;
    let only_words = inside.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Mark(',')));
    if index < start + 1 || !only_words {
        return None;
    }
    let last = look.word(index - 1);
    let list: &[&str] = if look.shape == Shape::Expectation { &words::FACTS } else { &words::CLAUSES };
    if let Some(near) = words::nearest(last, list).filter(|_| index > start + 1) {
        return Some(fault::misspelt(look.file, look.tokens[index - 1].span, last, near));
    }
    let three =
        index >= start + 2 && !look.word(index).is_empty() && !last.is_empty() && !look.word(index - 2).is_empty();
    three.then(|| {
        let place = look.tokens[index - 2].span.to(found.span);
        fault::three_words(look.file, place, look.word(index))
    })
}
