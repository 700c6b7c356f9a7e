//! Clauses from their nodes.

use super::{Cursor, Node, Rule, Soft};
use crate::source::Span;
use crate::syntax::tree::{
    AccountRef, AccountRefKind, Cap, CapKind, ClauseKind, DuringKind, DuringPart, Excepted, NetworkRef, NetworkRefKind,
    PayeeRef, PayeeRefKind, Period, PeriodKind, Str,
};

/// What the clause around the next node says.
pub(super) fn kind(cursor: &mut Cursor<'_, '_>, soft: &mut Vec<Soft>) -> ClauseKind {
    let Node { rule, span, .. } = cursor.next();
    match rule {
        Rule::on => ClauseKind::On(accounts(cursor, span, soft)),
        Rule::to => ClauseKind::To(payees(cursor, span)),
        Rule::to_url => ClauseKind::ToUrl(cursor.strings(span)),
        Rule::up_to => ClauseKind::UpTo(caps(cursor, span)),
        Rule::over => ClauseKind::Over(caps(cursor, span)),
        Rule::at_most => ClauseKind::AtMost(caps(cursor, span)),
        Rule::more_than => ClauseKind::MoreThan(caps(cursor, span)),
        Rule::within => ClauseKind::Within(cursor.strings(span)),
        Rule::via => ClauseKind::Via(cursor.tokens(span)),
        Rule::repeating => ClauseKind::Repeating(cursor.tokens(span)),
        Rule::since => ClauseKind::Since(span),
        Rule::showing => ClauseKind::Showing(cursor.tokens(span)),
        Rule::hiding => ClauseKind::Hiding(cursor.tokens(span)),
        Rule::from => ClauseKind::From(networks(cursor, span)),
        Rule::during => ClauseKind::During(during(cursor, span, soft)),
        Rule::starting => ClauseKind::Starting(span),
        Rule::before => ClauseKind::Before(span),
        _ => ClauseKind::CreatedByThisKey,
    }
}

fn accounts(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Vec<AccountRef> {
    let mut list: Vec<AccountRef> = Vec::with_capacity(1);
    let mut closed = None;
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        let kind = match rule {
            Rule::named_accounts => AccountRefKind::Named(cursor.strings(span)),
            Rule::any_account => AccountRefKind::Any { except: excepted(cursor, span) },
            _ => AccountRefKind::Kind { word: cursor.token(), except: excepted(cursor, span) },
        };
        if let Some(before) = closed.take() {
            soft.push(Soft::AfterExcept(span, before));
        }
        if let AccountRefKind::Any { except } | AccountRefKind::Kind { except, .. } = &kind
            && !except.is_empty()
        {
            closed = Some(span);
        }
        list.push(AccountRef { span, kind });
    }
    list
}

fn excepted(cursor: &mut Cursor<'_, '_>, parent: Span) -> Vec<Excepted> {
    let mut list = Vec::new();
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        list.push(if rule == Rule::string { Excepted::Account(Str { span }) } else { Excepted::Kind(span) });
    }
    list
}

fn payees(cursor: &mut Cursor<'_, '_>, parent: Span) -> Vec<PayeeRef> {
    let mut list = Vec::with_capacity(1);
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        let kind = match rule {
            Rule::payees => PayeeRefKind::Payees(cursor.strings(span)),
            Rule::to_accounts => PayeeRefKind::Accounts(cursor.strings(span)),
            Rule::ibans => PayeeRefKind::Ibans(cursor.tokens(span)),
            Rule::own_accounts => PayeeRefKind::OwnAccounts,
            Rule::favorites => PayeeRefKind::Favorites,
            _ => PayeeRefKind::Anyone,
        };
        list.push(PayeeRef { span, kind });
    }
    list
}

fn caps(cursor: &mut Cursor<'_, '_>, parent: Span) -> Vec<Cap> {
    let mut list = Vec::with_capacity(1);
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        list.push(cap(cursor, rule, span));
    }
    list
}

/// The cap of this rule and span, whose nodes come next.
pub(super) fn cap(cursor: &mut Cursor<'_, '_>, rule: Rule, span: Span) -> Cap {
    let first = cursor.next();
    let kind = match (rule, first.rule) {
        (Rule::count_cap, _) => CapKind::Times(first.span),
        (_, Rule::any_amount) => CapKind::AnyAmount,
        _ => CapKind::Money(first.span, cursor.token()),
    };
    let period = cursor.inside(span).map(|node| period(cursor, node));
    Cap { span, kind, period }
}

fn period(cursor: &mut Cursor<'_, '_>, node: Node) -> Period {
    let Node { rule, span, .. } = node;
    let text = cursor.text(node);
    let kind = match text.rsplit(|c: char| !c.is_ascii_alphanumeric()).next() {
        _ if rule == Rule::each => PeriodKind::Each,
        Some("day") => PeriodKind::Day,
        Some("week") => PeriodKind::Week,
        Some("month") => PeriodKind::Month,
        Some("year") => PeriodKind::Year,
        Some("total") => PeriodKind::Total,
        _ => PeriodKind::Rolling(cursor.token()),
    };
    Period { span, kind }
}

fn networks(cursor: &mut Cursor<'_, '_>, parent: Span) -> Vec<NetworkRef> {
    let mut list = Vec::with_capacity(1);
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        let kind = match rule {
            Rule::ips => NetworkRefKind::Ip(cursor.tokens(span)),
            Rule::named_networks => NetworkRefKind::Named(cursor.strings(span)),
            _ => NetworkRefKind::Anywhere,
        };
        list.push(NetworkRef { span, kind });
    }
    list
}

fn during(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Vec<DuringPart> {
    let mut list: Vec<DuringPart> = Vec::with_capacity(1);
    // The days that stand before the hours read last, and whether hours closed them.
    let mut days: Option<Span> = None;
    let mut closed = false;
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        let comma = rule != Rule::day_hours && !list.is_empty();
        let kind = if rule == Rule::days {
            days = Some(match days {
                Some(before) if !closed => before.to(span),
                _ => span,
            });
            closed = false;
            let first = cursor.token();
            match cursor.inside(span) {
                Some(last) => DuringKind::DayRange(first, last.span),
                None => DuringKind::Days(first),
            }
        } else {
            if comma && days.is_some() {
                soft.push(Soft::AmbiguousHours(span, days.filter(|_| closed)));
            }
            closed = true;
            DuringKind::Hours(cursor.token(), cursor.token())
        };
        list.push(DuringPart { span, kind, comma });
    }
    list
}
