//! Tests: `test … < expect …; >`.

use std::net::IpAddr;

use bpol_engine::ir::{Dimension, Effect};
use jiff::Timestamp;

use crate::catalogue::Operation;
use crate::check::Target;
use crate::check::clause::{absolute_url, fields, method, payable_account, repeat};
use crate::check::clock::clock_needed;
use crate::check::context::{At, Context, ELSEWHERE, Space};
use crate::check::names::counts;
use crate::check::reference::named;
use crate::check::subject::{Speaker, subject};
use crate::check::value::{Date, Money, address, date, duration, iban, instant, integer, money};
use crate::source::{FileSpan, Span};
use crate::syntax::tree::{self, Fact, FactKind, ItemKind, When};

/// A test of one key.
#[derive(Debug)]
pub struct Test {
    /// Its name, in NFC.
    pub name: String,
    /// Where its name stands.
    pub place: FileSpan,
    /// Index of the key.
    pub key: usize,
    /// What it expects, settings of the test included.
    pub expectations: Vec<Expectation>,
}

/// One `expect`.
#[derive(Debug)]
pub struct Expectation {
    /// Where it stands.
    pub place: FileSpan,
    /// The expected decision.
    pub effect: Effect,
    /// The operation, views kept.
    pub target: Target,
    /// `of`
    pub amount: Option<Money>,
    /// `on account`: index of a declared one.
    pub account: Option<usize>,
    /// `on account`: name of an undeclared one.
    pub account_name: Option<String>,
    /// `to`: the payee's IBAN.
    pub payee: Option<String>,
    /// `to own accounts`
    pub own_payee: bool,
    /// `to url`
    pub url: Option<String>,
    /// `via`
    pub method: Option<String>,
    /// `repeating`
    pub repeat: Option<String>,
    /// `dated`
    pub dated: Option<Record>,
    /// `created by this key`
    pub own_record: bool,
    /// `showing`
    pub showing: Vec<String>,
    /// `from ip`
    pub ip: Option<IpAddr>,
    /// `at`
    pub at: Option<Timestamp>,
    /// `after …`
    pub past: Vec<Past>,
}

/// When a record was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// So many seconds before the expectation's instant.
    Ago(u64),
    /// At the first instant of a date in the policy's time zone.
    On(Date),
}

/// What happened before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// One entry of this amount instead of the expectation's own.
    pub spent: Option<Money>,
    /// How many entries.
    pub times: u64,
    /// When.
    pub when: PastWhen,
}

/// When an entry of the past happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastWhen {
    /// At the expectation's own instant.
    Today,
    /// At the first instant of the week.
    Week,
    /// At the first instant of the month.
    Month,
    /// At the first instant of the year.
    Year,
    /// So many seconds before the expectation's instant.
    Ago(u64),
}

/// More entries of the past than any cap means.
const MOST_EARLIER: u64 = 10_000;

/// Fills the policy's table of tests.
pub(crate) fn check(cx: &mut Context<'_>) {
    for (at, item) in cx.items() {
        let ItemKind::Test(written) = &item.kind else { continue };
        let key = named(cx, at, Space::Key, &written.key);
        if key == Some(ELSEWHERE) {
            continue;
        }
        let settings = settings(cx, at, &written.settings);
        let expectations: Vec<Expectation> =
            written.expectations.iter().filter_map(|expectation| read(cx, at, expectation, key, &settings)).collect();
        let (Some(key), true) = (key, counts(cx, at, Space::Test, &written.name)) else { continue };
        let name = at.name(&written.name).into_owned();
        cx.policy.tests.push(Test { name, place: at.place(written.name.span), key, expectations });
    }
}

#[derive(Default)]
struct Settings {
    at: Option<Timestamp>,
    ip: Option<IpAddr>,
}

fn settings(cx: &mut Context<'_>, at: At<'_>, facts: &[Fact]) -> Settings {
    let mut settings = Settings::default();
    let mut seen = Vec::new();
    for fact in facts {
        if twice(cx, at, fact, &mut seen) {
            continue;
        }
        match fact.kind {
            FactKind::At(token) => settings.at = instant(cx, at, token),
            FactKind::FromIp(token) => settings.ip = address(cx, at, token),
            _ => {}
        }
    }
    settings
}

/// Whether the same kind of fact was said before; `after` may stand several times.
fn twice(cx: &mut Context<'_>, at: At<'_>, fact: &Fact, seen: &mut Vec<(&'static str, Span)>) -> bool {
    let words = words(&fact.kind);
    if matches!(fact.kind, FactKind::AfterSpending(..) | FactKind::AfterEarlier(..)) {
        return false;
    }
    if let Some((_, first)) = seen.iter().find(|(before, _)| *before == words) {
        cx.report(
            at.error("fact-twice", fact.span, format!("`{words}` is said twice, and one request has one"))
                .label(at.place(*first), "the first one")
                .help("write one `expect` for each"),
        );
        return true;
    }
    seen.push((words, fact.span));
    false
}

fn words(kind: &FactKind) -> &'static str {
    match kind {
        FactKind::Of(..) => "of",
        FactKind::OnAccount(_) => "on account",
        FactKind::ToPayee(_) | FactKind::ToAccount(_) | FactKind::ToIban(_) | FactKind::ToOwnAccounts => "to",
        FactKind::ToUrl(_) => "to url",
        FactKind::Via(_) => "via",
        FactKind::Repeating(_) => "repeating",
        FactKind::DatedAgo(_) | FactKind::DatedOn(_) => "dated",
        FactKind::CreatedByThisKey => "created by this key",
        FactKind::Showing(_) => "showing",
        FactKind::FromIp(_) => "from ip",
        FactKind::At(_) => "at",
        FactKind::AfterSpending(..) => "after spending",
        FactKind::AfterEarlier(..) => "after … earlier",
    }
}

fn dimension(kind: &FactKind) -> Option<Dimension> {
    Some(match kind {
        FactKind::Of(..) | FactKind::AfterSpending(..) => Dimension::Amount,
        FactKind::OnAccount(_) => Dimension::Account,
        FactKind::ToPayee(_) | FactKind::ToAccount(_) | FactKind::ToIban(_) | FactKind::ToOwnAccounts => {
            Dimension::Payee
        }
        FactKind::ToUrl(_) => Dimension::Url,
        FactKind::Via(_) => Dimension::Method,
        FactKind::Repeating(_) => Dimension::Repeat,
        FactKind::DatedAgo(_) | FactKind::DatedOn(_) | FactKind::CreatedByThisKey => Dimension::Record,
        FactKind::Showing(_) => Dimension::Fields,
        FactKind::FromIp(_) | FactKind::At(_) | FactKind::AfterEarlier(..) => return None,
    })
}

fn read(
    cx: &mut Context<'_>,
    at: At<'_>,
    written: &tree::Expectation,
    key: Option<usize>,
    settings: &Settings,
) -> Option<Expectation> {
    let expect = written.expect.as_ref()?;
    let effect = match expect.effect {
        tree::Effect::Allow => Effect::Allow,
        tree::Effect::Ask => Effect::Ask,
        tree::Effect::Deny => Effect::Deny,
    };
    let errors = cx.errors();
    let target = *subject(cx, at, &expect.subject, Speaker::Expect)?.targets.first()?;
    let mut out = Expectation {
        place: at.place(written.span),
        effect,
        target,
        amount: None,
        account: None,
        account_name: None,
        payee: None,
        own_payee: false,
        url: None,
        method: None,
        repeat: None,
        dated: None,
        own_record: false,
        showing: Vec::new(),
        ip: settings.ip,
        at: settings.at,
        past: Vec::new(),
    };
    let mut seen = Vec::new();
    for fact in &expect.facts {
        if !twice(cx, at, fact, &mut seen) && fits(cx, at, target, fact, expect.subject.span) {
            tell(cx, at, fact, &mut out);
        }
    }
    if effect != Effect::Allow
        && let Some(fact) = expect.facts.iter().find(|fact| matches!(fact.kind, FactKind::Showing(_)))
    {
        cx.report(
            at.error(
                "expect-nothing-shown",
                fact.span,
                "what is denied shows nothing, so this expectation could never be met",
            )
            .help("expect `allow` with the fields that are shown, or leave `showing` out"),
        );
    }
    if cx.errors() > errors {
        return None;
    }
    if let Some(key) = key {
        clock_needed(cx, at, key, &out, written.span);
    }
    Some(out)
}

/// Reports a fact that the operation does not have, or that a call to it never tells.
fn fits(cx: &mut Context<'_>, at: At<'_>, target: Target, fact: &Fact, subject: Span) -> bool {
    let Some(needed) = dimension(&fact.kind) else { return true };
    let operation = cx.policy.bank.operation(target.operation);
    let words = words(&fact.kind);
    let named = format!("{} {}", operation.action, operation.resource);
    let fault = if !operation.dimensions.contains(needed) {
        at.error(
            "fact-does-not-fit",
            fact.span,
            format!("`{words}` says nothing about `{named}`, which has no such thing"),
        )
    } else if operation.untold.contains(needed) {
        at.error(
            "fact-does-not-fit",
            fact.span,
            format!("a call to `{named}` never tells this, so no gateway could know it"),
        )
    } else if let FactKind::Showing(_) = fact.kind
        && operation.action != "read"
    {
        at.error("fact-does-not-fit", fact.span, format!("`{named}` is not a read, and only a read shows fields"))
    } else {
        return true;
    };
    cx.report(fault.label(at.place(subject), "what is expected").help("leave the fact out"));
    false
}

fn tell(cx: &mut Context<'_>, at: At<'_>, fact: &Fact, out: &mut Expectation) {
    match &fact.kind {
        FactKind::Of(number, code) => out.amount = money(cx, at, *number, *code),
        FactKind::OnAccount(name) => {
            let text = at.name(name);
            match cx.lookup(Space::Account, &text) {
                Some(declared) => out.account = Some(declared.index),
                None => out.account_name = Some(text.into_owned()),
            }
        }
        FactKind::ToPayee(name) => out.payee = one_payee(cx, at, name),
        FactKind::ToAccount(name) => {
            let index = payable_account(cx, at, name);
            out.payee = index.and_then(|index| cx.policy.accounts.get(index)?.iban.clone());
        }
        FactKind::ToIban(token) => out.payee = iban(cx, at, *token),
        FactKind::ToOwnAccounts => out.own_payee = true,
        FactKind::ToUrl(url) => out.url = absolute_url(cx, at, url),
        FactKind::Via(word) => out.method = method(cx, at, *word),
        FactKind::Repeating(word) => out.repeat = repeat(cx, at, *word),
        FactKind::DatedAgo(token) => out.dated = duration(cx, at, *token).map(Record::Ago),
        FactKind::DatedOn(token) => {
            cx.zone_uses.push(at.place(*token));
            out.dated = date(cx, at, *token).map(Record::On);
        }
        FactKind::CreatedByThisKey => out.own_record = true,
        FactKind::Showing(words) => showing(cx, at, fact.span, words, out),
        FactKind::FromIp(token) => out.ip = address(cx, at, *token),
        FactKind::At(token) => out.at = instant(cx, at, *token),
        FactKind::AfterSpending(number, code, when) => {
            let spent = money(cx, at, *number, *code);
            if let (Some(spent), Some(when)) = (spent, self::when(cx, at, *when, fact.span)) {
                out.past.push(Past { spent: Some(spent), times: 1, when });
            }
        }
        FactKind::AfterEarlier(number, when) => {
            let times = integer(cx, at, *number, "how often something happened");
            let when = self::when(cx, at, *when, fact.span);
            match times {
                Some(0) => {
                    cx.report(at.error("zero-times", *number, "`0 earlier` says nothing").help("leave the fact out"))
                }
                Some(times) if times > MOST_EARLIER => cx.report(
                    at.error("not-an-integer", *number, format!("a test has at most {MOST_EARLIER} earlier entries"))
                        .help("write a smaller number"),
                ),
                Some(times) => out.past.extend(when.map(|when| Past { spent: None, times, when })),
                None => {}
            }
        }
    }
}

fn showing(cx: &mut Context<'_>, at: At<'_>, span: Span, words: &[Span], out: &mut Expectation) {
    out.showing = fields(cx, at, words);
    let operation: &Operation = cx.policy.bank.operation(out.target.view.unwrap_or(out.target.operation));
    let missing = out.showing.iter().find(|word| !operation.fields.iter().any(|field| field.word == **word));
    if let Some(word) = missing {
        let message = format!("the answer to `{} {}` has no field `{word}`", operation.action, operation.resource);
        cx.report(at.error("field-not-had", span, message).help("name fields that the answer has"));
    }
}

fn when(cx: &mut Context<'_>, at: At<'_>, when: When, span: Span) -> Option<PastWhen> {
    if matches!(when, When::ThisWeek | When::ThisMonth | When::ThisYear) {
        cx.zone_uses.push(at.place(span));
    }
    Some(match when {
        When::Today => PastWhen::Today,
        When::ThisWeek => PastWhen::Week,
        When::ThisMonth => PastWhen::Month,
        When::ThisYear => PastWhen::Year,
        When::Ago(token) => PastWhen::Ago(duration(cx, at, token)?),
    })
}

fn one_payee(cx: &mut Context<'_>, at: At<'_>, name: &tree::Str) -> Option<String> {
    let index = named(cx, at, Space::Payee, name)?;
    let payee = cx.policy.payees.get(index)?;
    if let [one] = payee.ibans.as_slice() {
        return Some(one.clone());
    }
    if payee.ibans.is_empty() {
        // Its IBAN could not be read, and that was reported.
        return None;
    }
    let fault = at
        .error("expect-one-payee", name.span, format!("`{}` is a group, and one request pays one payee", payee.name))
        .help("name one of its payees, or an IBAN");
    cx.report(fault);
    None
}
