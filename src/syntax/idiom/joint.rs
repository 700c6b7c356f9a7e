//! What stands between clauses and between the members of a list.

use super::{Finding, Look, name};
use crate::source::Span;
use crate::syntax::fault;
use crate::syntax::parse::Shape;
use crate::syntax::token::Kind;

pub(super) fn find(look: &Look<'_>, at: usize, unless: bool) -> Option<(Finding, usize)> {
    comma(look, at).or_else(|| and(look, at, unless)).or_else(|| or(look, at)).or_else(|| equals(look, at))
}

/// `…, on account "X"`
fn comma(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if look.kind(at)? != Kind::Mark(',') {
        return None;
    }
    let next = look.word(at + 1);
    let place = look.span(at);
    if next == "and" {
        // The `and` is looked at next; the comma before it goes with it or stays.
        if look.begins_clause(at + 2) {
            return Some((Finding { fault: None, edits: vec![(place, String::new())], keeps: true }, 1));
        }
        return None;
    }
    if !look.begins_clause(at + 1) && next != "unless" {
        return None;
    }
    Some((Finding::new(fault::comma_between_clauses(look.file, place, next), place, "", true), 1))
}

/// `and` between clauses or in a list.
fn and(look: &Look<'_>, at: usize, unless: bool) -> Option<(Finding, usize)> {
    if look.word(at) != "and" || at == 0 || at + 1 >= look.tokens.len() {
        return None;
    }
    let place = look.span(at);
    if look.begins_clause(at + 1) {
        if unless {
            return None;
        }
        let edit = name::with_blank(look, at);
        return Some((Finding::new(fault::and_between_clauses(look.file, place, edit), edit, "", true), 1));
    }
    Some((list(look, at, "and"), 1))
}

/// `or` in a list.
fn or(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    if look.word(at) != "or" || at == 0 || at + 1 >= look.tokens.len() {
        return None;
    }
    if look.begins_clause(at + 1) {
        let fault = fault::or_between_clauses(look.file, look.span(at));
        return Some((Finding { fault: Some(fault), edits: Vec::new(), keeps: false }, 1));
    }
    Some((list(look, at, "or"), 1))
}

fn list(look: &Look<'_>, at: usize, word: &str) -> Finding {
    let place = look.span(at);
    let (edit, instead) = if look.mark_before(at, ',') {
        (name::with_blank(look, at), "")
    } else {
        (Span::new(look.span(at - 1).end, place.end), ",")
    };
    Finding::new(fault::word_in_list(look.file, place, word, edit, instead), edit, instead, true)
}

/// `=`, `==`, `!=`
fn equals(look: &Look<'_>, at: usize) -> Option<(Finding, usize)> {
    let second = look.kind(at + 1) == Some(Kind::Mark('='));
    let used = match look.kind(at)? {
        Kind::Mark('=') => 1 + usize::from(second),
        Kind::Mark('!') if second => 2,
        _ => return None,
    };
    let place = look.span(at).to(look.span(at + used - 1));
    let declares = look.shape == Shape::Item && at == 2 && matches!(look.word(0), "account" | "payee");
    let fault = fault::comparison(look.file, place, place.of(look.text), declares);
    let edits = if declares { vec![(place, "is".to_owned())] } else { Vec::new() };
    Some((Finding { fault: Some(fault), edits, keeps: declares }, used))
}
