//! Data about people in answers.

use crate::check::{Clause, ClauseKind};
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::given::{given, name, once};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("personal-data-shown", Level::Hint, "a `showing` with data about people").from(Profile::Psd2),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        for clause in given.clauses() {
            let ClauseKind::Showing(words) = &clause.kind else { continue };
            let shown: Vec<&String> = words
                .iter()
                .filter(|word| is_personal(cx, word))
                .filter(|word| given.open(cx, |_| true, |possible| possible.shows(0, word)).is_some())
                .collect();
            let operation = given.operations().first().map_or_else(String::new, |place| name(cx, *place));
            let said: Vec<String> = shown.iter().map(|word| format!("`{word}`")).collect();
            let Some((last, others)) = said.split_last() else { continue };
            let said = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
            let found = lint
                .at(clause.place, format!("`{operation}` shows {said}: data about people"))
                .help("show what the program needs for its service and no more");
            out.push(without(found, cx, clause, words));
        }
    }
    once(out)
}

fn is_personal(cx: &Context<'_>, word: &str) -> bool {
    cx.policy.bank.fields.iter().any(|field| field.personal && field.word == word)
}

/// Adds the fix that shows the other words alone, where there are some.
fn without(found: Diagnostic, cx: &Context<'_>, clause: &Clause, words: &[String]) -> Diagnostic {
    let left: Vec<&str> = words.iter().filter(|word| !is_personal(cx, word)).map(String::as_str).collect();
    if left.is_empty() {
        return found;
    }
    found.fix("show the other parts alone", Power::Narrows, clause.place.span, format!("showing {}", left.join(", ")))
}
