//! A line whose last day is over.

use crate::check::{Clause, ClauseKind, Statement, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule =
    Rule { lint: Lint::new("past-rule", Level::Hint, "a line whose `before` is over"), check };

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let blocks = cx.policy.keys.iter().chain(&cx.policy.roles).map(|block| &block.statements);
    let statements =
        blocks.chain(cx.policy.guardrails.iter().map(|guardrail| &guardrail.statements)).flatten().flatten();
    statements.filter_map(|statement| finding(cx, lint, statement)).collect()
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
    let (now, zone) = (cx.now?, cx.policy.timezone.as_ref()?);
    clauses.iter().find_map(|clause| {
        let ClauseKind::Before(date) = &clause.kind else { return None };
        let end = date.to_zoned_datetime(zone.rules.clone()).ok()?.timestamp();
        (end <= now).then(|| (clause, date.to_string()))
    })
}
