//! Bounds: an `allow` says on which account, and a grant of money says to whom and how much in all.
//!
//! Checked after roles are expanded; what a role's rule lacks is reported at the `use`. A role that no key uses is not
//! looked at: whoever imports it may well narrow it.

use hashbrown::HashSet;
use std::collections::BTreeSet;

use bpol_engine::ir::{Dimension, Effect, Period, Tier};

use crate::catalogue::Operation;
use crate::check::cap::{Cap, Figure, Span};
use crate::check::expand::{Expanded, Owner, blocks};
use crate::check::fits::{concerns, dimension};
use crate::check::misfit::holds_untold;
use crate::check::value::Currency;
use crate::check::{Clause, ClauseKind, Policy, Rule, StatementKind, Target};
use crate::diag::{Diagnostic, Power};

/// Reports what is not bounded, and clauses of a `use` that apply to nothing.
pub(crate) fn check(policy: &Policy, found: &mut Vec<Diagnostic>) {
    let mut used = Used::default();
    for rule in blocks(policy).flatten().filter(|rule| rule.effect == Effect::Allow) {
        bounded(policy, &rule, found);
        used.add(policy, &rule);
    }
    used_roles(policy, &used, found);
}

/// The clauses that hold for one operation of an `allow`: its own, and those that a `use` adds and that apply to it.
pub(crate) fn clauses_for<'p>(policy: &Policy, rule: &Expanded<'p>, target: Target) -> Vec<&'p Clause> {
    let operation = named_as(policy, target);
    let added = rule.added.iter().map(|added| added.clause).filter(|clause| applies(policy, rule, clause, operation));
    rule.clauses.iter().copied().chain(added).collect()
}

/// Whether a clause that a `use` adds applies to an operation of the rule.
pub fn applies(policy: &Policy, rule: &Expanded<'_>, clause: &Clause, operation: &Operation) -> bool {
    if rule.group && !concerns(&clause.kind, operation, &policy.limits) {
        return false;
    }
    dimension(&clause.kind, &policy.limits).is_none_or(|needed| operation.dimensions.contains(needed))
}

fn named_as(policy: &Policy, target: Target) -> &Operation {
    policy.bank.operation(target.view.unwrap_or(target.operation))
}

fn bounded(policy: &Policy, rule: &Expanded<'_>, found: &mut Vec<Diagnostic>) {
    // Of the operations that lack the same thing one is named: the first.
    let mut told: BTreeSet<&'static str> = BTreeSet::new();
    for &target in rule.targets.iter() {
        let operation = named_as(policy, target);
        if rule.group && !rule.clauses.iter().all(|clause| concerns(&clause.kind, operation, &policy.limits)) {
            continue;
        }
        let clauses = clauses_for(policy, rule, target);
        for lack in lacks(policy, operation, &clauses) {
            if told.insert(lack.name) {
                found.push(report(policy, rule, operation, &lack));
            }
        }
        if !rule.group {
            for added in &rule.added {
                untold(policy, rule, operation, added.clause, found, &mut told);
            }
        }
    }
}

struct Lack {
    name: &'static str,
    message: String,
    help: String,
    insert: Option<&'static str>,
}

fn lacks(policy: &Policy, operation: &Operation, clauses: &[&Clause]) -> Vec<Lack> {
    let words = || format!("{} {}", operation.action, operation.resource);
    let says = |wanted: fn(&ClauseKind) -> bool| clauses.iter().any(|clause| wanted(&clause.kind));
    let has = |dimension| operation.dimensions.contains(dimension);
    let mut out = Vec::new();
    if has(Dimension::Account) && !says(|kind| matches!(kind, ClauseKind::On(_))) {
        out.push(Lack {
            name: "allow-without-account",
            message: format!(
                "`{}` is allowed without a word on which account, and leaving it out never means all",
                words()
            ),
            help: "add `on account \"…\"`, or `on any account` and mean it".to_owned(),
            insert: Some(" on any account"),
        });
    }
    if operation.tier != Tier::Spend {
        return out;
    }
    if has(Dimension::Payee) && !says(|kind| matches!(kind, ClauseKind::To(_))) {
        out.push(Lack {
            name: "spend-without-payee",
            message: format!("`{}` moves money, and nothing says to whom", words()),
            help: "add `to payee \"…\"`, or `to anyone` and mean it".to_owned(),
            insert: Some(" to anyone"),
        });
    }
    if has(Dimension::Repeat) && !says(|kind| matches!(kind, ClauseKind::Repeating(_))) {
        out.push(Lack {
            name: "spend-without-rhythm",
            message: format!("`{}` can make the bank pay again and again, and nothing says how often", words()),
            help: "add `repeating once`, or the rhythms that you mean".to_owned(),
            insert: Some(" repeating once"),
        });
    }
    if has(Dimension::Amount)
        && let Some(why) = unbounded_amount(policy, clauses)
    {
        let words = words();
        let (message, help) = match why {
            Unbounded::Nothing => (
                format!("`{words}` moves money, and nothing says how much in all"),
                "add a cap with a period, such as `up to 250 EUR per month`, or `up to any amount in total` and mean it"
                    .to_owned(),
            ),
            Unbounded::Currency(currency) => (
                format!("`{words}` may pay in {currency} as often as it likes: each payment is capped, but not how much leaves in all"),
                format!("add a cap in {currency} with a period, such as `per month`, or `at most 3 times per day`"),
            ),
            Unbounded::AnyAmount => (
                format!("`{words}` may pay any amount, and it is not said aloud that nothing bounds the total"),
                "write `any amount in total` and mean it, or a sum with a period".to_owned(),
            ),
        };
        out.push(Lack { name: "spend-without-bound", message, help, insert: None });
    }
    out
}

enum Unbounded {
    Nothing,
    Currency(Currency),
    AnyAmount,
}

/// Why the money that clauses let out is not bounded; nothing when it is, or when it is said aloud that it is not.
fn unbounded_amount(policy: &Policy, clauses: &[&Clause]) -> Option<Unbounded> {
    let mut money: Vec<&[Cap]> = Vec::new();
    let mut counted = false;
    for clause in clauses {
        match &clause.kind {
            ClauseKind::UpTo(caps) => money.push(caps),
            ClauseKind::AtMost(caps) => counted |= !caps.is_empty(),
            ClauseKind::Within(limits) => {
                for limit in limits.iter().filter_map(|&index| policy.limits.get(index)) {
                    if limit.count.is_empty() && limit.money.is_empty() {
                        // What is wrong with its lines was said of them.
                        return None;
                    }
                    counted |= !limit.count.is_empty();
                    if !limit.money.is_empty() {
                        money.push(&limit.money);
                    }
                }
            }
            _ => {}
        }
    }
    if money.iter().copied().flatten().any(|cap| cap.figure == Figure::Any && cap.span == Span::Over(Period::Total)) {
        return None;
    }
    let figures = |caps: &[Cap]| -> BTreeSet<Currency> {
        caps.iter()
            .filter_map(|cap| match cap.figure {
                Figure::Money(money) => Some(money.currency),
                Figure::Any => None,
            })
            .collect()
    };
    // An amount must be in a currency that every clause with figures names.
    let mut currencies: Option<BTreeSet<Currency>> = None;
    for named in money.iter().map(|caps| figures(caps)).filter(|named| !named.is_empty()) {
        currencies = Some(match currencies {
            None => named,
            Some(before) => before.intersection(&named).copied().collect(),
        });
    }
    let Some(currencies) = currencies else {
        return Some(if money.is_empty() { Unbounded::Nothing } else { Unbounded::AnyAmount });
    };
    currencies
        .into_iter()
        .find(|&currency| {
            !money.iter().copied().flatten().any(|cap| match (cap.figure, cap.span) {
                (Figure::Money(sum), Span::Over(_)) => sum.currency == currency,
                (Figure::Money(sum), Span::Each) => sum.currency == currency && counted,
                (Figure::Any, _) => false,
            })
        })
        .map(Unbounded::Currency)
}

fn report(policy: &Policy, rule: &Expanded<'_>, operation: &Operation, lack: &Lack) -> Diagnostic {
    let subject = match &rule.statement.kind {
        StatementKind::Rule(Rule { subject, .. }) => subject.place,
        _ => rule.statement.place,
    };
    let Some(&used) = rule.path.first() else {
        let fault =
            Diagnostic::error(lack.name, subject.file, subject.span, lack.message.clone()).help(lack.help.clone());
        return match lack.insert {
            Some(words) => {
                let end = rule.clauses.iter().map(|clause| clause.place.span.end).max().unwrap_or(subject.span.end);
                fault.fix(format!("add `{}`", words.trim()), Power::Widens, crate::source::Span::new(end, end), words)
            }
            None => fault,
        };
    };
    let role = rule.id.rsplit('/').next().and_then(|last| last.split_once('#')).map_or("", |(name, _)| name);
    let message = format!("through the role `{role}`: {}", lack.message);
    let mut fault = Diagnostic::error(lack.name, used.file, used.span, message)
        .label(rule.statement.place, format!("the rule for `{} {}`", operation.action, operation.resource))
        .help(format!("{} to this `use`, or to the rule", lack.help));
    if let Owner::Key(index) = rule.owner
        && let Some(key) = policy.keys.get(index)
    {
        fault = fault.label(key.place, "the key");
    }
    fault
}

/// A clause of a `use` that can never hold, because a call never tells the fact.
fn untold(
    policy: &Policy,
    rule: &Expanded<'_>,
    operation: &Operation,
    clause: &Clause,
    found: &mut Vec<Diagnostic>,
    told: &mut BTreeSet<&'static str>,
) {
    let Some(needed) = dimension(&clause.kind, &policy.limits) else { return };
    if !operation.untold.contains(needed) || holds_untold(&clause.kind) {
        return;
    }
    if told.insert("never-told") {
        found.push(
            Diagnostic::error(
                "never-told",
                clause.place.file,
                clause.place.span,
                format!(
                    "the role allows `{} {}`, and a call to it never tells what `{}` asks, so it could never hold",
                    operation.action,
                    operation.resource,
                    clause.kind.words()
                ),
            )
            .label(rule.statement.place, "the rule of the role")
            .help("use a role without that operation, or leave the clause out"),
        );
    }
}

/// Clauses of `use`s, by where they are kept.
#[derive(Default)]
struct Used {
    /// Added to some `allow`.
    seen: HashSet<*const Clause>,
    /// Applied to some operation of one.
    applied: HashSet<*const Clause>,
}

impl Used {
    fn add(&mut self, policy: &Policy, rule: &Expanded<'_>) {
        for added in &rule.added {
            let pointer = std::ptr::from_ref(added.clause);
            self.seen.insert(pointer);
            if rule.targets.iter().any(|&target| applies(policy, rule, added.clause, named_as(policy, target))) {
                self.applied.insert(pointer);
            }
        }
    }
}

/// Clauses of a `use` that apply to no `allow` of the role.
fn used_roles(policy: &Policy, used: &Used, found: &mut Vec<Diagnostic>) {
    let blocks = policy.keys.iter().chain(&policy.roles).flat_map(|block| &block.statements).flatten();
    for statement in blocks {
        let StatementKind::Use { role, clauses } = &statement.kind else { continue };
        for clause in clauses {
            let pointer = std::ptr::from_ref(clause);
            // A `use` inside a role that no key uses is looked at only where a key brings it in.
            let reached = used.seen.contains(&pointer) || !gives_anything(policy, *role);
            if reached && !used.applied.contains(&pointer) {
                let name = &policy.roles[*role].name;
                found.push(
                    Diagnostic::error(
                        "clause-does-not-apply",
                        clause.place.file,
                        clause.place.span,
                        format!(
                            "`{}` applies to no `allow` of the role `{name}`, so it would narrow nothing",
                            clause.kind.words()
                        ),
                    )
                    .label(policy.roles[*role].place, "the role")
                    .help("leave the clause out, or write the line without the role"),
                );
            }
        }
    }
}

fn gives_anything(policy: &Policy, role: usize) -> bool {
    let mut waiting = vec![role];
    let mut seen = vec![false; policy.roles.len()];
    while let Some(role) = waiting.pop() {
        if std::mem::replace(&mut seen[role], true) {
            continue;
        }
        for statement in policy.roles[role].statements.iter() {
            match statement.as_ref().map(|statement| &statement.kind) {
                None => return true,
                Some(StatementKind::Rule(rule)) if rule.effect == Effect::Allow => return true,
                Some(StatementKind::Use { role, .. }) => waiting.push(*role),
                Some(_) => {}
            }
        }
    }
    false
}
