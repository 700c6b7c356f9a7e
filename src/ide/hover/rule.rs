//! A line in plain words: what it gives or takes by itself, and how much money that is at worst.

use std::collections::BTreeSet;

use bpol_engine::ir::{Effect, Ir};
use jiff::Timestamp;

use crate::Checked;
use crate::analyze::phrase;
use crate::check::{self, Block, Policy, Statement, StatementKind};
use crate::explain::sentence::{how, spending};
use crate::explain::{self, Key, Line};
use crate::ide::View;
use crate::ide::cursor::{self, Cursor};
use crate::ide::page::{Page, code};
use crate::lower;
use crate::source::FileSpan;

/// More lines than this are counted.
const MOST: usize = 8;
/// More groups of operations than this are not listed.
const WORDS: usize = 4;

/// The line that an effect word, `use` or `only` begins.
pub(super) fn page(view: View<'_>, cursor: &Cursor<'_>, now: Timestamp) -> Option<Page> {
    let span = cursor.token().span;
    let written = cursor::statement(cursor.item, span.start).filter(|it| it.span.start == span.start)?;
    let word = cursor.word(0);
    let place = FileSpan { file: view.file, span: written.span };
    let statement = find(&view.checked.policy, place)?;
    match &statement.kind {
        StatementKind::Rule(rule) => Some(said(view, statement, rule.effect, now)),
        StatementKind::Use { role, .. } => {
            let name = view.checked.policy.roles.get(*role).map_or("", |role| role.name.as_str());
            let page = Page::titled(format!("use role {}", code(name)));
            Some(gives(page, view, statement, now))
        }
        StatementKind::Only(clauses) => {
            let words: Vec<String> = clauses
                .iter()
                .map(|clause| code(clause.place.span.of(&view.checked.sources.get(clause.place.file).text)))
                .collect();
            let page = Page::titled(code(word)).text(format!(
                "Takes: whatever {} concerns and is not so is refused. It gives nothing.",
                words.join(", ")
            ));
            Some(page)
        }
    }
}

/// A statement that could be understood, by where it stands.
fn find(policy: &Policy, place: FileSpan) -> Option<&Statement> {
    let blocks = policy.keys.iter().chain(&policy.roles).map(|block| &block.statements);
    let guardrails = policy.guardrails.iter().map(|guardrail| &guardrail.statements);
    let mut all = blocks.chain(guardrails).flatten().flatten();
    all.find(|statement| statement.place == place)
}

fn said(view: View<'_>, statement: &Statement, effect: Effect, now: Timestamp) -> Page {
    let title = Page::titled(code(effect.word()));
    match effect {
        Effect::Allow => gives(title, view, statement, now),
        Effect::Ask | Effect::Deny => {
            let lead = match effect {
                Effect::Ask => "The account holder must approve, each time:",
                _ => "Refused, whatever else allows it:",
            };
            let Some(alone) = alone(view.checked, statement, now) else { return title };
            let key = &alone.key;
            let page = title.points(lead, lines(key)).text(undecided(key)).text(untold(&alone));
            let has_clauses = match &statement.kind {
                StatementKind::Rule(rule) => !rule.clauses.is_empty() || !rule.unless.is_empty(),
                _ => false,
            };
            let so = if effect == Effect::Ask { "needs approval" } else { "is refused" };
            if has_clauses { page.text(format!("A call that does not tell whether it fits {so} too.")) } else { page }
        }
    }
}

fn gives(page: Page, view: View<'_>, statement: &Statement, now: Timestamp) -> Page {
    let Some(Alone { key, .. }) = alone(view.checked, statement, now) else { return page };
    page.points("By itself this gives:", lines(&key))
        .text(undecided(&key))
        .points("At worst, in money:", worst(&key))
        .text("Other lines of the key and guardrails may take some of it away.")
}

/// A statement in one line.
pub(super) fn line(view: View<'_>, statement: &Statement, now: Timestamp) -> String {
    let written = code(statement.place.span.of(&view.checked.sources.get(statement.place.file).text));
    let StatementKind::Rule(rule) = &statement.kind else { return written };
    let Some(Alone { key, .. }) = alone(view.checked, statement, now) else { return written };
    let verb = match rule.effect {
        Effect::Allow => "may",
        Effect::Ask => "must ask to",
        Effect::Deny => "may not",
    };
    match lines(&key).as_slice() {
        [] => written,
        all => format!("{verb} {}", all.join("; ")),
    }
}

/// How much money can leave, at most, and to whom.
pub(in crate::ide) fn worst(key: &Key) -> Vec<String> {
    key.spending.iter().map(|one| spending(one, &key.spending).0).collect()
}

fn undecided(key: &Key) -> String {
    key.undecided.as_ref().map(|why| format!("What that is cannot be told: {why}.")).unwrap_or_default()
}

/// What a line takes in because a call does not tell whether it fits.
fn untold(alone: &Alone) -> String {
    if alone.key.undecided.is_some() {
        return String::new();
    }
    let listed = alone.ir.keys.iter().flat_map(|key| &key.rules).flat_map(|rule| &rule.operations);
    let left = listed.map(|operation| *operation as usize).filter(|operation| !alone.open.contains(operation));
    let left: BTreeSet<usize> = left.collect();
    let left: Vec<usize> = left.into_iter().collect();
    if left.is_empty() {
        return String::new();
    }
    let words = some(phrase::operations(&alone.ir, &left));
    format!("Also {words}: there a call never tells whether it fits.")
}

fn lines(key: &Key) -> Vec<String> {
    let mut out = Vec::new();
    for line in &key.can {
        let ways: Vec<String> = line.how.iter().map(|one| how(one, &str::to_owned, &str::to_owned)).collect();
        for way in &ways {
            out.push(format!("{} {way}", said_of(line)).trim_end().to_owned());
        }
        if line.more {
            out.push(format!("{} in more ways than can be listed", said_of(line)));
        }
    }
    cut(out, MOST)
}

fn said_of(line: &Line) -> String {
    some(line.what.clone())
}

/// The first of many groups of operations.
fn some(mut all: Vec<String>) -> String {
    if all.len() > WORDS + 1 {
        all.truncate(WORDS);
        return format!("{} and others", all.join(", "));
    }
    all.join(", ")
}

/// The first of many, and how many more there are.
fn cut(mut all: Vec<String>, most: usize) -> Vec<String> {
    if all.len() > most + 1 {
        let more = all.len() - most;
        all.truncate(most);
        all.push(format!("and {more} more"));
    }
    all
}

/// What one statement does if it is all there is. What takes is said as if it gave: then it is where the line acts.
struct Alone {
    ir: Ir,
    key: Key,
    /// The operations about which it says something.
    open: BTreeSet<usize>,
}

fn alone(checked: &Checked, statement: &Statement, now: Timestamp) -> Option<Alone> {
    let ir = only_rule(checked, statement)?;
    let (key, open) = explain::reached(&ir, 0, now);
    Some(Alone { ir, key, open })
}

/// A policy with one key that has one statement, which allows where it acts.
fn only_rule(checked: &Checked, statement: &Statement) -> Option<Ir> {
    let policy = &checked.policy;
    let key =
        Block { name: "key".to_owned(), doc: None, place: statement.place, statements: vec![Some(statement.clone())] };
    let roles = if matches!(statement.kind, StatementKind::Use { .. }) { policy.roles.clone() } else { Vec::new() };
    if check::has_cycle(&roles) {
        return None;
    }
    let policy = Policy {
        bank: policy.bank.clone(),
        timezone: policy.timezone.clone(),
        accounts: policy.accounts.clone(),
        payees: policy.payees.clone(),
        networks: policy.networks.clone(),
        limits: policy.limits.clone(),
        roles,
        keys: vec![key],
        ..Policy::default()
    };
    let alone = Checked { root: checked.root.clone(), sources: checked.sources.clone(), policy, ..Checked::default() };
    let mut ir = lower::lower(&alone);
    // Of a role what it takes stays: it is part of what the line comes to.
    if matches!(&statement.kind, StatementKind::Rule(rule) if rule.effect != Effect::Allow) {
        let rules = ir.keys.iter_mut().flat_map(|key| &mut key.rules);
        rules.for_each(|rule| rule.effect = Effect::Allow);
    }
    Some(ir)
}
