//! Tests from their nodes.

use super::{Cursor, Node, Rule, Soft};
use crate::source::Span;
use crate::syntax::parse::item::Header;
use crate::syntax::tree::{Expect, Fact, FactKind, When};

/// The beginning of a test.
pub(super) fn header(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Header {
    let (name, key) = (cursor.string(), cursor.string());
    let mut settings: Vec<Fact> = Vec::new();
    while let Some(span) = cursor.inside_if(parent, Rule::setting) {
        let kind = fact(cursor);
        push(&mut settings, Fact { span, kind }, soft);
    }
    Header::Test(name, key, settings)
}

/// What an expectation says.
pub(super) fn expectation(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Option<Expect> {
    let effect = cursor.next();
    let effect = super::effect(cursor.text(effect));
    let subject = super::subject(cursor, soft);
    let mut facts: Vec<Fact> = Vec::new();
    while let Some(span) = cursor.inside_if(parent, Rule::fact) {
        let kind = fact(cursor);
        push(&mut facts, Fact { span, kind }, soft);
    }
    Some(Expect { effect, subject: subject?, facts })
}

fn fact(cursor: &mut Cursor<'_, '_>) -> FactKind {
    let Node { rule, span, .. } = cursor.next();
    match rule {
        Rule::of => FactKind::Of(cursor.token(), cursor.token()),
        Rule::on_account => FactKind::OnAccount(cursor.string()),
        Rule::to_payee => FactKind::ToPayee(cursor.string()),
        Rule::to_account => FactKind::ToAccount(cursor.string()),
        Rule::to_iban => FactKind::ToIban(cursor.token()),
        Rule::url_fact => FactKind::ToUrl(cursor.string()),
        Rule::own_accounts => FactKind::ToOwnAccounts,
        Rule::at => FactKind::At(span),
        Rule::from_ip => FactKind::FromIp(cursor.token()),
        Rule::dated_ago => FactKind::DatedAgo(span),
        Rule::dated_on => FactKind::DatedOn(span),
        Rule::via_fact => FactKind::Via(cursor.token()),
        Rule::repeating_fact => FactKind::Repeating(cursor.token()),
        Rule::showing => FactKind::Showing(cursor.tokens(span)),
        Rule::spending => {
            let (number, code) = (cursor.token(), cursor.token());
            FactKind::AfterSpending(number, code, moment(cursor))
        }
        Rule::earlier => FactKind::AfterEarlier(cursor.token(), moment(cursor)),
        _ => FactKind::CreatedByThisKey,
    }
}

fn moment(cursor: &mut Cursor<'_, '_>) -> When {
    let node = cursor.next();
    let text = cursor.text(node);
    match text.rsplit(|c: char| !c.is_ascii_alphanumeric()).next() {
        Some("today") => When::Today,
        Some("week") => When::ThisWeek,
        Some("month") => When::ThisMonth,
        Some("year") => When::ThisYear,
        _ => When::Ago(cursor.token()),
    }
}

/// Adds a fact; only the past may be told several times.
fn push(facts: &mut Vec<Fact>, fact: Fact, soft: &mut Vec<Soft>) {
    let group = group(&fact.kind);
    match facts.iter().find(|other| group.is_some() && self::group(&other.kind) == group) {
        Some(first) => soft.push(Soft::Twice(fact.span, first.span)),
        None => facts.push(fact),
    }
}

/// Facts of one group exclude each other.
const fn group(kind: &FactKind) -> Option<u8> {
    Some(match kind {
        FactKind::Of(..) => 0,
        FactKind::OnAccount(_) => 1,
        FactKind::ToPayee(_) | FactKind::ToAccount(_) | FactKind::ToIban(_) | FactKind::ToOwnAccounts => 2,
        FactKind::ToUrl(_) => 3,
        FactKind::Via(_) => 4,
        FactKind::Repeating(_) => 5,
        FactKind::DatedAgo(_) | FactKind::DatedOn(_) => 6,
        FactKind::CreatedByThisKey => 7,
        FactKind::Showing(_) => 8,
        FactKind::FromIp(_) => 9,
        FactKind::At(_) => 10,
        FactKind::AfterSpending(..) | FactKind::AfterEarlier(..) => return None,
    })
}
