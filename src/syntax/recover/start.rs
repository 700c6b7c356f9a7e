//! Where something new begins inside a piece whose end is missing.

use crate::syntax::cut::Mark;
use crate::syntax::parse::Shape;
use crate::syntax::token::{Kind, Token, word};
use crate::syntax::words;

/// The indices of the tokens at which a piece is to be cut. `inside` is the block that is open and what its lines are.
pub(crate) fn cuts(text: &str, tokens: &[Token], inside: Option<Option<Shape>>, mark: Mark) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut inside = inside;
    // A header whose `<` is missing has its lines behind it.
    if inside.is_none() || begins_item(text, tokens, 0, mark) {
        inside = lines_of(word(text, tokens.first()));
    }
    for index in 1..tokens.len() {
        if begins_item(text, tokens, index, mark) {
            cuts.push(index);
            inside = lines_of(word(text, tokens.get(index)));
        } else if inside.is_some_and(|shape| begins_line(text, tokens, index, shape)) {
            cuts.push(index);
        }
    }
    cuts
}

/// What the lines of an item with this first word are; nothing for an item without a block.
fn lines_of(first: &str) -> Option<Option<Shape>> {
    match first {
        "key" | "role" | "every" => Some(Some(Shape::Statement)),
        "test" => Some(Some(Shape::Expectation)),
        _ => None,
    }
}

/// Whether a line of a block begins at a token that is not the first.
fn begins_line(text: &str, tokens: &[Token], index: usize, shape: Option<Shape>) -> bool {
    let here = word(text, tokens.get(index));
    let before = word(text, index.checked_sub(1).and_then(|before| tokens.get(before)));
    let line_start = tokens.get(index).is_some_and(|token| token.line_start);
    match shape {
        Some(Shape::Statement) | None => {
            words::STATEMENTS.contains(&here) && before != "must" && before != "expect" && !goes_on(text, tokens, index)
                || shape.is_none() && here == "expect"
        }
        Some(Shape::Expectation) => here == "expect",
        Some(Shape::Payee) => line_start && matches!(here, "payee" | "payees"),
        Some(Shape::Network | Shape::Cap) => {
            line_start && tokens.get(index).is_some_and(|token| token.kind == Kind::Number)
        }
        Some(Shape::Item | Shape::Header) => false,
    }
}

/// Whether an `only` is meant as a word of the line before it, with which it shares its line of text.
fn goes_on(text: &str, tokens: &[Token], index: usize) -> bool {
    let at = |index: usize| word(text, tokens.get(index));
    at(index) == "only"
        && tokens.get(index).is_some_and(|token| !token.line_start)
        && words::CLAUSES.contains(&at(index + 1))
}

/// Whether an item begins at a token, which is the first of its line or of its piece.
pub(crate) fn begins_item(text: &str, tokens: &[Token], index: usize, mark: Mark) -> bool {
    let Some(token) = tokens.get(index) else { return false };
    if index > 0 && !token.line_start {
        return false;
    }
    let at = |offset: usize| word(text, tokens.get(index + offset));
    let name = |offset: usize| {
        let kind = tokens.get(index + offset).map(|token| token.kind);
        matches!(kind, Some(Kind::Text | Kind::OpenText | Kind::OtherText | Kind::Word))
            && !words::ends_name(at(offset))
    };
    let before = word(text, index.checked_sub(1).and_then(|before| tokens.get(before)));
    let opens = |offset: usize| {
        let next = tokens.get(index + offset);
        (next.is_none() && mark == Mark::Open)
            || next.is_some_and(|next| next.line_start)
            || words::STATEMENTS.contains(&at(offset))
    };
    match word(text, Some(token)) {
        "key" => before != "for" && before != "ensure" && name(1) && opens(2),
        "role" => before != "use" && name(1) && opens(2),
        "every" => before != "ensure" && at(1) == "key" && (opens(2) || at(2) == "except"),
        "payees" | "network" | "limit" => {
            name(1)
                && tokens.get(index + 2).is_none()
                && mark == Mark::Open
                && !matches!(before, "to" | "from" | "within")
        }
        "import" | "timezone" | "bank" => name(1),
        "account" | "payee" => name(1) && at(2) == "is",
        "ensure" => matches!(at(1), "key" | "every" | "no"),
        "test" => name(1) && at(2) == "for",
        // A header with a slip in its first word.
        other if tokens.len() == index + 2 && mark == Mark::Open => {
            tokens.get(index + 1).is_some_and(|token| token.kind == Kind::Text)
                && words::nearest(other, &words::HEADERS).is_some()
        }
        _ => false,
    }
}

/// How many tokens the header of an item has whose `<` is missing, if something stands behind it.
pub(crate) fn header_length(text: &str, tokens: &[Token]) -> Option<usize> {
    let length = match word(text, tokens.first()) {
        "key" | "role" | "payees" | "network" | "limit" => 2,
        _ => return None,
    };
    (tokens.len() > length).then_some(length)
}
