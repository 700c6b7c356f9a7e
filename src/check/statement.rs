//! Statements of keys, roles and guardrails.

use bpol_engine::ir::{Effect, Tier};

use crate::check::clause::clauses;
use crate::check::context::{At, Context, ELSEWHERE, Space};
use crate::check::fits::concerns;
use crate::check::misfit::clauses_fit;
use crate::check::names::counts;
use crate::check::nearest::list;
use crate::check::placement::{self, Position};
use crate::check::reference::named;
use crate::check::subject::{Speaker, subject};
use crate::check::{Block, Clause, Guardrail, Rule, Statement, StatementKind};
use crate::syntax::tree::{self, ItemKind};

/// Fills the policy's tables of roles, keys and guardrails.
pub(crate) fn check(cx: &mut Context<'_>) {
    for (at, item) in cx.items() {
        let (space, name, body) = match &item.kind {
            ItemKind::Role { name, body } => (Space::Role, name, body),
            ItemKind::Key { name, body } => (Space::Key, name, body),
            ItemKind::Guardrail { except, body } => {
                let mut keys: Vec<usize> = except.iter().filter_map(|name| named(cx, at, Space::Key, name)).collect();
                keys.retain(|&key| key != ELSEWHERE);
                keys.sort_unstable();
                keys.dedup();
                let statements = body.iter().map(|written| statement(cx, at, written, true)).collect();
                let keys_before = cx.policy.keys.len();
                cx.policy.guardrails.push(Guardrail { keys_before, except: keys, doc: at.doc(&item.doc), statements });
                continue;
            }
            _ => continue,
        };
        if space == Space::Key && !cx.looks_at(&at.name(name)) {
            continue;
        }
        let statements = body.iter().map(|written| statement(cx, at, written, false)).collect();
        if !counts(cx, at, space, name) {
            continue;
        }
        let block =
            Block { name: at.name(name).into_owned(), doc: at.doc(&item.doc), place: at.place(name.span), statements };
        match space {
            Space::Role => cx.policy.roles.push(block),
            _ => cx.policy.keys.push(block),
        }
    }
}

fn statement(cx: &mut Context<'_>, at: At<'_>, written: &tree::Statement, guardrail: bool) -> Option<Statement> {
    let kind = match &written.kind {
        tree::StatementKind::Rule(rule) => StatementKind::Rule(self::rule(cx, at, rule, guardrail)?),
        tree::StatementKind::Only(body) => {
            let clauses = clauses(cx, at, body, Position::Only)?;
            let mut sound = placement::check(cx, at, &clauses, Position::Only);
            for clause in &clauses {
                sound &= only_concerns(cx, at, clause);
            }
            sound.then_some(StatementKind::Only(clauses))?
        }
        tree::StatementKind::Use { role, clauses: body } => {
            let role_index = named(cx, at, Space::Role, role);
            let clauses = clauses(cx, at, body, Position::Use);
            if guardrail {
                cx.report(
                    at.error("use-in-guardrail", written.span, "a guardrail only takes, and a role gives")
                        .help("write the role's `deny` and `only` lines here, or use the role in the keys"),
                );
                return None;
            }
            let clauses = clauses?;
            let sound = placement::check(cx, at, &clauses, Position::Use);
            StatementKind::Use { role: role_index?, clauses: sound.then_some(clauses)? }
        }
        tree::StatementKind::Bad => return None,
    };
    Some(Statement { place: at.place(written.span), doc: at.doc(&written.doc), kind })
}

fn rule(cx: &mut Context<'_>, at: At<'_>, written: &tree::Rule, guardrail: bool) -> Option<Rule> {
    let effect = match written.effect {
        tree::Effect::Allow => Effect::Allow,
        tree::Effect::Ask => Effect::Ask,
        tree::Effect::Deny => Effect::Deny,
    };
    if guardrail && effect == Effect::Allow {
        cx.report(
            at.error(
                "allow-in-guardrail",
                written.effect_span,
                "a guardrail binds every key and gives nothing: an `allow` here would open all keys at once",
            )
            .help("put the `allow` into the keys that need it"),
        );
        return None;
    }
    let subject = subject(cx, at, &written.subject, Speaker::Rule(effect));
    let (main, unless) = match effect {
        Effect::Allow => (Position::Allow, Position::AllowUnless),
        Effect::Ask | Effect::Deny => (Position::Take, Position::TakeUnless),
    };
    let body = conditions(cx, at, &written.clauses, &written.unless, (main, unless));
    let (subject, (clauses, unless)) = (subject?, body?);
    let rule = Rule { effect, subject, clauses, unless };
    let mut sound = effect_fits(cx, at, &rule);
    sound &= clauses_fit(cx, at, &rule.subject, &rule.clauses, &rule.unless, Speaker::Rule(effect));
    sound.then_some(rule)
}

/// Resolves the clauses and `unless` blocks of a rule or claim.
pub(crate) fn conditions(
    cx: &mut Context<'_>,
    at: At<'_>,
    written: &[tree::Clause],
    unless: &[tree::Unless],
    (main, exception): (Position, Position),
) -> Option<(Vec<Clause>, Vec<Vec<Clause>>)> {
    let clauses = clauses(cx, at, written, main);
    let blocks: Vec<Option<Vec<Clause>>> =
        unless.iter().map(|block| self::clauses(cx, at, &block.clauses, exception)).collect();
    let mut sound = clauses.as_ref().is_some_and(|clauses| placement::check(cx, at, clauses, main));
    let mut exceptions = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Some(block) => {
                sound &= placement::check(cx, at, &block, exception);
                exceptions.push(block);
            }
            None => sound = false,
        }
    }
    if sound { Some((clauses?, exceptions)) } else { None }
}

/// Reports effects that do not fit what the rule names.
fn effect_fits(cx: &mut Context<'_>, at: At<'_>, rule: &Rule) -> bool {
    let bank = &cx.policy.bank;
    let operation = |target: &crate::check::Target| bank.operation(target.operation);
    let word = match rule.effect {
        Effect::Allow => "allow",
        Effect::Ask => "ask",
        Effect::Deny => return true,
    };
    let span = rule.subject.place.span;
    let mut fault = None;
    if let Some(base) = rule.subject.targets.iter().map(operation).find(|operation| operation.tier == Tier::Base) {
        let name = format!("{} {}", base.action, base.resource);
        fault = Some(
            at.error(
                "base-needs-no-rule",
                span,
                format!("`{name}` is allowed to every declared key, so `{word}` says nothing about it"),
            )
            .help("leave the line out; `only` and `deny` can bind it"),
        );
    } else if rule.effect == Effect::Ask
        && let Some(read) = rule.subject.targets.iter().map(operation).find(|operation| operation.action == "read")
    {
        let mut reads = at
            .error(
                "ask-with-read",
                span,
                format!("`read {}` is a read, and nobody can be asked for each read", read.resource),
            )
            .help("name the actions that are to be asked for, and allow or deny the reads");
        let others: Vec<&str> = {
            let mut words: Vec<&str> = rule
                .subject
                .targets
                .iter()
                .map(operation)
                .map(|operation| operation.action.as_str())
                .filter(|&word| word != "read")
                .collect();
            words.dedup();
            words
        };
        if !others.is_empty() && !rule.subject.group {
            reads = reads.label(rule.subject.place, format!("without the read: {}", list(others, "and")));
        }
        fault = Some(reads);
    }
    match fault {
        Some(fault) => {
            cx.report(fault);
            false
        }
        None => true,
    }
}

/// `only C` is `deny everything unless C`, so a clause that no operation has would deny nothing.
fn only_concerns(cx: &mut Context<'_>, at: At<'_>, clause: &Clause) -> bool {
    let policy = &cx.policy;
    if policy.bank.operations.iter().any(|operation| concerns(&clause.kind, operation, &policy.limits)) {
        return true;
    }
    let words = clause.kind.words();
    cx.report(
        at.error(
            "clause-concerns-nothing",
            clause.place.span,
            format!("`only {words}` concerns no operation of this bank, so it would bind nothing"),
        )
        .help("leave the clause out"),
    );
    false
}
