//! A line whose last day is over, in a key that goes on.

use std::collections::BTreeSet;

use crate::check::{Clause, Statement, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::ends::{end, ended};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule =
    Rule { lint: Lint::new("past-rule", Level::Hint, "a line or a claim whose `before` is over"), check };

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    // Of a key of which everything is over that is said once.
    let ended: BTreeSet<usize> = ended(cx).into_iter().map(|ended| ended.key).collect();
    let keys = cx.policy.keys.iter().enumerate().filter(|(key, _)| !ended.contains(key)).map(|(_, block)| block);
    let blocks = keys.chain(&cx.policy.roles).map(|block| &block.statements);
    let statements =
        blocks.chain(cx.policy.guardrails.iter().map(|guardrail| &guardrail.statements)).flatten().flatten();
    let claims = cx.policy.claims.iter().filter_map(|claim| {
        let (clause, date) = over(cx, &claim.clauses)?;
        let message = format!("`{date}` is past: this claim says nothing of what may happen from now on");
        Some(lint.at(clause.place, message).help("write a later date, or leave the day out"))
    });
    statements.filter_map(|statement| finding(cx, lint, statement)).chain(claims).collect()
}

fn finding(cx: &Context<'_>, lint: Lint, statement: &Statement) -> Option<Diagnostic> {
    let (clauses, meaning) = match &statement.kind {
        StatementKind::Rule(rule) => (&rule.clauses, "this line holds no more"),
        StatementKind::Use { clauses, .. } => (clauses, "this role gives nothing any more"),
        StatementKind::Only(clauses) => (clauses, "nothing is allowed any more"),
    };
    let (clause, date) = over(cx, clauses)?;
    Some(
        lint.at(clause.place, format!("`{date}` is past: {meaning}"))
            .help("take out what is no longer needed, or write a later date"),
    )
}

fn over<'p>(cx: &Context<'_>, clauses: &'p [Clause]) -> Option<(&'p Clause, String)> {
    let now = cx.now?;
    clauses.iter().find_map(|clause| {
        let (end, date) = end(cx, clause)?;
        (end <= now).then(|| (clause, date.to_string()))
    })
}
