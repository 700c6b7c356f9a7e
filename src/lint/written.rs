//! Clauses and caps as they are written, wherever they stand.

use crate::lint::context::Context;
use crate::source::FileId;
use crate::syntax::tree::{Cap, Clause, ClauseKind, Item, ItemKind, Statement, StatementKind, Unless};

/// The items of a policy, or of the part of it that is looked at, in document order.
pub(crate) fn items<'c>(cx: &'c Context<'_>) -> impl Iterator<Item = (FileId, &'c Item)> {
    let trees = &cx.checked.trees;
    cx.checked.items.iter().filter_map(|&(file, at)| Some((file, trees.get(file.0 as usize)?.items.get(at)?)))
}

/// The statements of a role, a key or a guardrail.
pub(crate) fn body(item: &Item) -> &[Statement] {
    match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => body,
        _ => &[],
    }
}

/// All clauses of an item, those of claims too.
pub(crate) fn clauses(item: &Item) -> Vec<&Clause> {
    match &item.kind {
        ItemKind::Ensure(claim) => conditions(&claim.clauses, &claim.unless).collect(),
        _ => body(item).iter().flat_map(of_statement).collect(),
    }
}

/// All caps of an item.
pub(crate) fn caps(item: &Item) -> Vec<&Cap> {
    match &item.kind {
        ItemKind::Limit { caps, .. } => caps.iter().collect(),
        _ => clauses(item).into_iter().flat_map(of_clause).collect(),
    }
}

fn of_statement(statement: &Statement) -> Vec<&Clause> {
    match &statement.kind {
        StatementKind::Rule(rule) => conditions(&rule.clauses, &rule.unless).collect(),
        StatementKind::Use { clauses, .. } | StatementKind::Only(clauses) => clauses.iter().collect(),
        StatementKind::Bad => Vec::new(),
    }
}

fn of_clause(clause: &Clause) -> &[Cap] {
    match &clause.kind {
        ClauseKind::UpTo(caps) | ClauseKind::Over(caps) | ClauseKind::AtMost(caps) | ClauseKind::MoreThan(caps) => caps,
        _ => &[],
    }
}

fn conditions<'t>(clauses: &'t [Clause], unless: &'t [Unless]) -> impl Iterator<Item = &'t Clause> {
    clauses.iter().chain(unless.iter().flat_map(|block| &block.clauses))
}
