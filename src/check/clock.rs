//! Whether the outcome of an expectation depends on when the tests run.

use bpol_engine::ir::Effect;

use crate::check::context::{At, Context};
use crate::check::{ClauseKind, Expectation, PastWhen, Policy, Record, Statement, StatementKind, Target};
use crate::diag::Diagnostic;
use crate::source::Span;

/// Reports an expectation whose outcome would depend on when the tests run.
pub(crate) fn clock_needed(cx: &mut Context<'_>, at: At<'_>, key: usize, expectation: &Expectation, span: Span) {
    if expectation.at.is_some() {
        return;
    }
    let floating = expectation.past.iter().find(|past| !matches!(past.when, PastWhen::Today));
    let place = rules_of(&cx.policy, key).find_map(|statement| {
        clauses_about(statement, &cx.policy, expectation.target).find(|clause| {
            matches!(clause.kind, ClauseKind::During(_) | ClauseKind::Starting(_) | ClauseKind::Before(_))
                || (matches!(clause.kind, ClauseKind::SinceDate(_))
                    && matches!(expectation.dated, Some(Record::Ago(_))))
                || (matches!(clause.kind, ClauseKind::SinceAge(_)) && matches!(expectation.dated, Some(Record::On(_))))
                || (floating.is_some() && counts_by_calendar(&clause.kind, &cx.policy))
        })
    });
    let Some(clause) = place else { return };
    let fault: Diagnostic = at
        .error(
            "expect-needs-at",
            span,
            "the outcome depends on the clock, so this test would pass on some days and fail on others",
        )
        .label(clause.place, "what looks at the clock")
        .help("say when, such as `at 2027-01-31T09:00:00Z`, here or behind the name of the test");
    cx.report(fault);
}

fn counts_by_calendar(kind: &ClauseKind, policy: &Policy) -> bool {
    use crate::check::cap::Span;
    use crate::check::limit::calendar;
    let money =
        |caps: &[crate::check::Cap]| caps.iter().any(|cap| matches!(cap.span, Span::Over(period) if calendar(period)));
    let count = |caps: &[crate::check::CountCap]| caps.iter().any(|cap| calendar(cap.period));
    match kind {
        ClauseKind::UpTo(caps) | ClauseKind::Over(caps) => money(caps),
        ClauseKind::AtMost(caps) | ClauseKind::MoreThan(caps) => count(caps),
        ClauseKind::Within(limits) => limits
            .iter()
            .filter_map(|&index| policy.limits.get(index))
            .any(|limit| money(&limit.money) || count(&limit.count)),
        _ => false,
    }
}

/// All statements that bind a key, through roles and guardrails too.
fn rules_of(policy: &Policy, key: usize) -> impl Iterator<Item = &Statement> {
    let mut out = Vec::new();
    let mut seen = vec![false; policy.roles.len()];
    let mut waiting: Vec<&Statement> =
        policy.keys.get(key).into_iter().flat_map(|key| &key.statements).flatten().collect();
    let guardrails = policy.guardrails.iter().filter(|guardrail| !guardrail.except.contains(&key));
    waiting.extend(guardrails.flat_map(|guardrail| &guardrail.statements).flatten());
    while let Some(statement) = waiting.pop() {
        if let StatementKind::Use { role, .. } = &statement.kind
            && !std::mem::replace(&mut seen[*role], true)
        {
            waiting.extend(policy.roles[*role].statements.iter().flatten());
        }
        out.push(statement);
    }
    out.sort_by_key(|statement| statement.place);
    out.into_iter()
}

/// The clauses of a statement that could bear on an operation.
fn clauses_about<'p>(
    statement: &'p Statement,
    policy: &Policy,
    target: Target,
) -> impl Iterator<Item = &'p crate::check::Clause> {
    let (clauses, unless, about): (&[_], &[Vec<_>], bool) = match &statement.kind {
        StatementKind::Only(clauses) => (clauses, &[], true),
        StatementKind::Use { clauses, .. } => (clauses, &[], true),
        StatementKind::Rule(rule) => {
            let about = rule.subject.targets.iter().any(|named| {
                named.operation == target.operation
                    || (!rule.subject.group
                        && rule.effect != Effect::Allow
                        && policy.bank.counting_as(named.operation).contains(&target.operation))
            });
            (&rule.clauses, &rule.unless, about)
        }
    };
    clauses.iter().chain(unless.iter().flatten()).filter(move |_| about)
}
