//! A line that ends within thirty days.

use jiff::SignedDuration;

use crate::check::{Clause, Statement, StatementKind};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::ends::end;
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    // What it says changes from one day to the next without a change of the policy, so nobody gets it unasked.
    lint: Lint::new("expires-soon", Level::Hint, "a line whose `before` comes within 30 days").from(Profile::Named),
    check,
};

const DAYS: i64 = 30;

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let blocks = cx.policy.keys.iter().chain(&cx.policy.roles).map(|block| &block.statements);
    let statements =
        blocks.chain(cx.policy.guardrails.iter().map(|guardrail| &guardrail.statements)).flatten().flatten();
    statements.filter_map(|statement| finding(cx, lint, statement)).collect()
}

fn finding(cx: &Context<'_>, lint: Lint, statement: &Statement) -> Option<Diagnostic> {
    let (clauses, meaning) = match &statement.kind {
        StatementKind::Rule(rule) => (
            &rule.clauses,
            match rule.effect {
                bpol_engine::ir::Effect::Allow => "what this line allows ends",
                bpol_engine::ir::Effect::Ask => "this line asks no more",
                bpol_engine::ir::Effect::Deny => "what this line denies opens",
            },
        ),
        StatementKind::Use { clauses, .. } => (clauses, "what this role allows ends"),
        StatementKind::Only(clauses) => (clauses, "everything ends"),
    };
    let now = cx.now?;
    let soon = |clause: &Clause| {
        let (end, date) = end(cx, clause)?;
        let left = end.duration_since(now);
        let days = left.as_hours().div_euclid(24);
        (left > SignedDuration::ZERO && left <= SignedDuration::from_hours(DAYS * 24)).then_some((
            clause.place,
            date,
            days,
        ))
    };
    let (place, date, days) = clauses.iter().find_map(soon)?;
    let when = match days {
        0 => "within a day".to_owned(),
        1 => "in a day".to_owned(),
        days => format!("in {days} days"),
    };
    Some(lint.at(place, format!("{meaning} {when}, on {date}")).help("write a later date in time, or let it end"))
}
