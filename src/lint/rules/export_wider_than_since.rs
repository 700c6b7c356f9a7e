//! Transactions that are bounded by `since`, and an export of the same key that is not.

use std::collections::BTreeSet;

use bpol_engine::ir::{Dimension, Effect, Tier};

use crate::analyze::claim::{Prover, Verdict};
use crate::catalogue::OpId;
use crate::check::{Claim, Clause, ClauseKind, Expanded, Owner, StatementKind, Subject, Target};
use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};
use crate::lower;
use crate::source::{FileSpan, Span};
use crate::syntax::tree::Verb;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "export-wider-than-since",
        Level::Warning,
        "a key that reads records from a day on, and exports the same without that bound",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    let mut prover: Option<Prover<'_>> = None;
    let mut said: BTreeSet<(FileSpan, FileSpan)> = BTreeSet::new();
    for (bounded, export, since) in pairs(cx) {
        let Owner::Key(key) = bounded.owner else { continue };
        let place = export.0.statement.place;
        if said.contains(&(place, since.place)) {
            continue;
        }
        let prover = prover.get_or_insert_with(|| Prover::new(cx.ir));
        let open = |operation: OpId| {
            let claim = older(bounded, key, operation, since);
            matches!(prover.prove(&lower::claim(cx.checked, &claim)), Verdict::Refuted(_))
        };
        // Where the records themselves are read without a bound, too, an export shows nothing more.
        let free =
            bounded.targets.iter().any(|target| counts(cx, export.1, target.operation) && open(target.operation));
        if !free && open(export.1) && said.insert((place, since.place)) {
            out.push(finding(cx, lint, key, &export, since));
        }
    }
    out.sort_by_key(|found| found.place);
    out.dedup_by_key(|found| found.place);
    out
}

/// A rule and the operation of it that exports.
type Export<'e, 'c> = (&'e Expanded<'c>, OpId);

/// Rules of one key with a `since`, and others without one that export what counts as the same.
fn pairs<'e, 'c>(cx: &'e Context<'c>) -> Vec<(&'e Expanded<'c>, Export<'e, 'c>, &'c Clause)> {
    let mut out = Vec::new();
    for rules in cx.expanded.chunk_by(|one, other| one.owner == other.owner) {
        let allows = || rules.iter().filter(|rule| rule.effect == Effect::Allow);
        let free = allows().filter(|rule| since(rule).is_none() && !is_own(rule));
        let exports: Vec<Export<'e, 'c>> = free
            .flat_map(|rule| rule.targets.iter().map(move |target| (rule, target.operation)))
            .filter(|(_, operation)| is_export(cx, *operation))
            .take(MOST)
            .collect();
        for bounded in allows().filter(|_| !exports.is_empty()) {
            let Some(since) = since(bounded) else { continue };
            let wider = exports
                .iter()
                .filter(|(_, operation)| bounded.targets.iter().any(|target| counts(cx, *operation, target.operation)));
            out.extend(wider.map(|export| (bounded, *export, since)));
        }
    }
    out.truncate(MOST);
    out
}

/// The most pairs of lines of a policy that are set against each other.
const MOST: usize = 60;

fn since<'c>(rule: &Expanded<'c>) -> Option<&'c Clause> {
    let is = |clause: &&Clause| matches!(clause.kind, ClauseKind::SinceAge(_) | ClauseKind::SinceDate(_));
    rule.clauses.iter().copied().chain(rule.added.iter().map(|added| added.clause)).find(is)
}

fn is_own(rule: &Expanded<'_>) -> bool {
    rule.clauses.iter().any(|clause| clause.kind == ClauseKind::CreatedByThisKey)
}

/// Whether an operation counts as another one.
fn counts(cx: &Context<'_>, operation: OpId, other: OpId) -> bool {
    operation != other && cx.policy.bank.counting_as(other).contains(&operation)
}

/// Whether an operation shows much at once, of the past too.
fn is_export(cx: &Context<'_>, operation: OpId) -> bool {
    let about = cx.policy.bank.operation(operation);
    about.tier == Tier::Sensitive && (about.action == "read" || about.dimensions.contains(Dimension::Record))
}

/// That a key cannot do something on the accounts of a rule for what is older than its `since`.
fn older(bounded: &Expanded<'_>, key: usize, operation: OpId, since: &Clause) -> Claim {
    let place = bounded.statement.place;
    let on = bounded.clauses.iter().copied().chain(bounded.added.iter().map(|added| added.clause));
    let on = on.filter(|clause| matches!(clause.kind, ClauseKind::On(_))).cloned().collect();
    let targets = [Target { operation, view: None }];
    Claim {
        place,
        keys: vec![key],
        verb: Verb::Cannot,
        exactly: true,
        subject: Subject { place, targets: targets.as_slice().into(), group: false },
        clauses: on,
        unless: vec![vec![since.clone()]],
    }
}

fn finding(
    cx: &Context<'_>,
    lint: Lint,
    key: usize,
    (export, operation): &Export<'_, '_>,
    since: &Clause,
) -> Diagnostic {
    let about = cx.policy.bank.operation(*operation);
    let text = cx.checked.sources.text(since.place);
    let name = cx.policy.keys.get(key).map_or("", |key| key.name.as_str());
    let message = format!(
        "`{} {}` may show what is older than `{text}` lets the key `{name}` read",
        about.action, about.resource
    );
    let found = lint
        .at(export.statement.place, message)
        .label(since.place, "bounds what the key reads")
        .help(format!("write `{text}` here, too, or take the line out if the key needs no exports"));
    match end_of_clauses(cx, export) {
        Some(at) => found.fix(format!("write `{text}`"), Power::Narrows, Span::new(at, at), format!(" {text}")),
        None => found,
    }
}

/// Where another clause of a rule may stand, if all its operations have a record.
fn end_of_clauses(cx: &Context<'_>, export: &Expanded<'_>) -> Option<u32> {
    let StatementKind::Rule(rule) = &export.statement.kind else { return None };
    let has_record = |target: &Target| {
        let about = cx.policy.bank.operation(target.operation);
        about.dimensions.contains(Dimension::Record) && !about.untold.contains(Dimension::Record)
    };
    let plain = export.path.is_empty() && !export.group && export.targets.iter().all(has_record);
    let last = rule.clauses.iter().map(|clause| clause.place.span.end).max().filter(|_| plain)?;
    Some(last.max(rule.subject.place.span.end))
}
