//! Names: what they are declared as, and what that comes to.

use jiff::Timestamp;

use super::rule;
use super::value;
use crate::ide::View;
use crate::ide::cursor::Cursor;
use crate::ide::page::{Page, code};
use crate::ide::summary;
use crate::source::{FileId, Span};
use crate::syntax::tree::{AccountFactKind, Item, ItemKind, PayeeEntry, Str};

/// More lines of a block than this are counted.
const MOST: usize = 10;

/// What a string names.
pub(super) fn page(view: View<'_>, cursor: &Cursor<'_>, now: Timestamp) -> Option<Page> {
    let name = Str { span: cursor.token().span }.value(cursor.text).into_owned();
    let in_statement = crate::ide::cursor::statement(cursor.item, cursor.token().span.start).is_some();
    let kind = match cursor.lead() {
        "account" | "accounts" => "account",
        "except" if in_statement => "account",
        "except" | "key" | "for" => "key",
        "payee" | "payees" => "payee",
        "network" | "networks" => "network",
        "limit" | "limits" => "limit",
        "role" => "role",
        "timezone" => return zone(&name, now),
        _ => return None,
    };
    let (file, item) = declared(view, kind, &name)?;
    let text = &view.checked.sources.get(file).text;
    let page = match &item.kind {
        ItemKind::Account { facts, .. } => account(text, &name, facts.iter().map(|fact| &fact.kind)),
        ItemKind::Payee { iban, .. } => {
            let plain: String = iban.of(text).chars().filter(|it| !matches!(it, ' ' | '"')).collect();
            Page::titled(format!("payee {}", code(&name))).and(value::iban_said(&plain.to_uppercase()))
        }
        ItemKind::Payees { entries, .. } => payees(view, text, &name, entries),
        ItemKind::Network { blocks, .. } => {
            Page::titled(format!("network {}", code(&name))).points("", parts(text, blocks.iter().copied()))
        }
        ItemKind::Limit { caps, .. } => Page::titled(format!("limit {}", code(&name)))
            .text("One budget for every line that says `within` it, over all keys:")
            .points("", parts(text, caps.iter().map(|cap| cap.span))),
        ItemKind::Role { body, .. } => {
            let policy = &view.checked.policy;
            let understood = policy.roles.iter().find(|role| role.name == name);
            let points =
                understood.map(|role| role.statements.iter().flatten().map(|it| rule::line(view, it, now)).collect());
            let page = Page::titled(format!("role {}", code(&name)));
            match points {
                Some(points) => page.points("Puts these lines in its place:", points),
                None => page.points("Puts these lines in its place:", parts(text, body.iter().map(|it| it.span))),
            }
        }
        ItemKind::Key { body, .. } => {
            let page = Page::titled(format!("key {}", code(&name)));
            match view.ir.and_then(|ir| summary::of_key(ir, &name, now)) {
                Some(summary) => page.text(summary.title()).points("In detail:", summary.lines()),
                None => page.text(crate::words::number(body.len(), "line") + "."),
            }
        }
        _ => return None,
    };
    Some(page.text(doc(text, item)))
}

/// Where a name is declared.
pub(in crate::ide) fn declared<'v>(view: View<'v>, kind: &str, name: &str) -> Option<(FileId, &'v Item)> {
    let trees = (0..).map(FileId).zip(&view.checked.trees);
    let mut all = trees.flat_map(|(file, tree)| tree.items.iter().map(move |item| (file, item)));
    all.find(|(file, item)| {
        let (of, named) = match &item.kind {
            ItemKind::Account { name, .. } => ("account", name),
            ItemKind::Payee { name, .. } | ItemKind::Payees { name, .. } => ("payee", name),
            ItemKind::Network { name, .. } => ("network", name),
            ItemKind::Limit { name, .. } => ("limit", name),
            ItemKind::Role { name, .. } => ("role", name),
            ItemKind::Key { name, .. } => ("key", name),
            _ => return false,
        };
        of == kind && named.value(&view.checked.sources.get(*file).text) == name
    })
}

/// The words of a doc comment.
fn doc(text: &str, item: &Item) -> String {
    let lines = item.doc.iter().map(|line| line.of(text).trim_start_matches('/').trim());
    lines.collect::<Vec<_>>().join("\n")
}

fn account<'t>(text: &str, name: &str, facts: impl Iterator<Item = &'t AccountFactKind>) -> Page {
    let mut page = Page::titled(format!("account {}", code(name)));
    for fact in facts {
        page = match fact {
            AccountFactKind::Iban(token) => {
                let plain: String = token.of(text).chars().filter(|it| !matches!(it, ' ' | '"')).collect();
                page.and(value::iban_said(&plain.to_uppercase()))
            }
            AccountFactKind::Id(token) => page.text(format!("The bank's number for it is {}.", code(token.of(text)))),
            AccountFactKind::Kind(token) => page.text(format!("Its kind is {}.", code(token.of(text)))),
        };
    }
    page
}

fn payees(view: View<'_>, text: &str, name: &str, entries: &[PayeeEntry]) -> Page {
    let page = Page::titled(format!("payees {}", code(name)));
    let flat = view.checked.policy.payees.iter().find(|payee| payee.name == name);
    let page = match flat.map(|payee| payee.ibans.len()) {
        Some(1) => page.text("One account in all."),
        Some(many) => page.text(format!("{many} accounts in all.")),
        None => page,
    };
    let spans = entries.iter().flat_map(|entry| match entry {
        PayeeEntry::Named(names) => names.iter().map(|name| name.span).collect::<Vec<_>>(),
        PayeeEntry::Iban(token) => vec![*token],
    });
    page.points("", parts(text, spans))
}

fn parts(text: &str, spans: impl Iterator<Item = Span>) -> Vec<String> {
    cut(spans.map(|span| code(span.of(text))).collect())
}

fn cut(mut all: Vec<String>) -> Vec<String> {
    if all.len() > MOST + 1 {
        let more = all.len() - MOST;
        all.truncate(MOST);
        all.push(format!("and {more} more"));
    }
    all
}

/// A time zone: what its clocks say now.
fn zone(name: &str, now: Timestamp) -> Option<Page> {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).ok()?;
    let offset = zone.to_offset(now).seconds();
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.unsigned_abs() / 3600, offset.unsigned_abs() / 60 % 60);
    let page = Page::titled(code(name))
        .text(format!("Now {} there, UTC{sign}{hours:02}:{minutes:02}.", value::local(now, &zone)))
        .text("Days, weeks, months and hours of the policy are those of this zone.");
    Some(page)
}
