//! Clauses with everything that they name resolved.

use bpol_engine::ir;

use crate::check::cap::{self, Cap, CountCap};
use crate::check::context::{At, Context, Space};
use crate::check::during::during;
use crate::check::nearest::{list, nearest};
use crate::check::placement::Position;
use crate::check::reference::{accounts, named};
use crate::check::value::{Date, block, date, duration, iban};
use crate::diag::{Diagnostic, Power};
use crate::source::{FileSpan, Span};
use crate::syntax::tree::{self, NetworkRefKind, PayeeRefKind, Str};

/// The words of REPEAT.
pub(crate) const REPEATS: [&str; 7] = ["once", "hourly", "daily", "weekly", "monthly", "yearly", "anytime"];

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Where it stands.
    pub place: FileSpan,
    /// What it says.
    pub kind: ClauseKind,
}

/// What a clause says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClauseKind {
    /// `on`
    On(Vec<ir::AccountRef>),
    /// `to` whom
    To(Vec<ir::PayeeRef>),
    /// `to url`
    ToUrl(Vec<String>),
    /// `up to`
    UpTo(Vec<Cap>),
    /// `over`
    Over(Vec<Cap>),
    /// `at most`
    AtMost(Vec<CountCap>),
    /// `more than`
    MoreThan(Vec<CountCap>),
    /// `within`: indices of limits.
    Within(Vec<usize>),
    /// `via`
    Via(Vec<String>),
    /// `repeating`
    Repeating(Vec<String>),
    /// `since` a duration in seconds
    SinceAge(u64),
    /// `since` a date
    SinceDate(Date),
    /// `created by this key`
    CreatedByThisKey,
    /// `showing`
    Showing(Vec<String>),
    /// `hiding`
    Hiding(Vec<String>),
    /// `from`
    From(Vec<ir::NetworkRef>),
    /// `during`
    During(Vec<ir::During>),
    /// `starting`
    Starting(Date),
    /// `before`
    Before(Date),
}

impl ClauseKind {
    /// The words that begin it.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::On(_) => "on",
            Self::To(_) => "to",
            Self::ToUrl(_) => "to url",
            Self::UpTo(_) => "up to",
            Self::Over(_) => "over",
            Self::AtMost(_) => "at most",
            Self::MoreThan(_) => "more than",
            Self::Within(_) => "within",
            Self::Via(_) => "via",
            Self::Repeating(_) => "repeating",
            Self::SinceAge(_) | Self::SinceDate(_) => "since",
            Self::CreatedByThisKey => "created by this key",
            Self::Showing(_) => "showing",
            Self::Hiding(_) => "hiding",
            Self::From(_) => "from",
            Self::During(_) => "during",
            Self::Starting(_) => "starting",
            Self::Before(_) => "before",
        }
    }
}

impl ClauseKind {
    /// Its place in the order of the grammar.
    const fn rank(&self) -> u8 {
        match self {
            Self::On(_) => 0,
            Self::To(_) => 1,
            Self::ToUrl(_) => 2,
            Self::UpTo(_) => 3,
            Self::Over(_) => 4,
            Self::AtMost(_) => 5,
            Self::MoreThan(_) => 6,
            Self::Within(_) => 7,
            Self::Via(_) => 8,
            Self::Repeating(_) => 9,
            Self::SinceAge(_) | Self::SinceDate(_) => 10,
            Self::CreatedByThisKey => 11,
            Self::Showing(_) => 12,
            Self::Hiding(_) => 13,
            Self::From(_) => 14,
            Self::During(_) => 15,
            Self::Starting(_) => 16,
            Self::Before(_) => 17,
        }
    }
}

/// Resolves clauses, in the order of the grammar whatever the order of the text; nothing when one of them could not be understood.
pub(crate) fn clauses(
    cx: &mut Context<'_>,
    at: At<'_>,
    written: &[tree::Clause],
    position: Position,
) -> Option<Vec<Clause>> {
    let mut out: Vec<Clause> = Vec::with_capacity(written.len());
    let mut sound = true;
    for clause in written {
        let errors = cx.errors();
        match kind(cx, at, clause, position) {
            Some(kind) if cx.errors() == errors => out.push(Clause { place: at.place(clause.span), kind }),
            _ => sound = false,
        }
    }
    let validity = |wanted: fn(&ClauseKind) -> Option<Date>| {
        out.iter().find_map(|clause| wanted(&clause.kind).map(|date| (date, clause.place)))
    };
    let starting = validity(|kind| if let ClauseKind::Starting(date) = kind { Some(*date) } else { None });
    let before = validity(|kind| if let ClauseKind::Before(date) = kind { Some(*date) } else { None });
    if let (Some((start, start_place)), Some((end, end_place))) = (starting, before)
        && start >= end
    {
        cx.report(
            at.error(
                "never-valid",
                end_place.span,
                format!("it ends on {end}, before it starts on {start}, so it never holds"),
            )
            .label(start_place, "it starts here")
            .help("write an end after the start"),
        );
        sound = false;
    }
    out.sort_by_key(|clause| clause.kind.rank());
    sound.then_some(out)
}

fn kind(cx: &mut Context<'_>, at: At<'_>, clause: &tree::Clause, position: Position) -> Option<ClauseKind> {
    use tree::ClauseKind as Written;
    Some(match &clause.kind {
        Written::On(refs) => ClauseKind::On(accounts(cx, at, refs, position.naming())?),
        Written::To(refs) => ClauseKind::To(payees(cx, at, refs)?),
        Written::ToUrl(urls) => ClauseKind::ToUrl(urls.iter().filter_map(|url| absolute_url(cx, at, url)).collect()),
        Written::UpTo(caps) => ClauseKind::UpTo(cap::money(cx, at, caps)),
        Written::Over(caps) => {
            let caps = cap::money(cx, at, caps);
            if let Some(any) = caps.iter().find(|cap| cap.figure == cap::Figure::Any) {
                cx.report(
                    at.error(
                        "over-any-amount",
                        any.place.span,
                        "nothing is over `any amount`, so this line would never act",
                    )
                    .help("write a sum, or leave the clause out to mean every amount"),
                );
            }
            ClauseKind::Over(caps)
        }
        Written::AtMost(caps) => ClauseKind::AtMost(cap::count(cx, at, caps)),
        Written::MoreThan(caps) => ClauseKind::MoreThan(cap::count(cx, at, caps)),
        Written::Within(names) => {
            ClauseKind::Within(names.iter().filter_map(|name| named(cx, at, Space::Limit, name)).collect())
        }
        Written::Via(words) => ClauseKind::Via(words.iter().filter_map(|&word| method(cx, at, word)).collect()),
        Written::Repeating(words) => {
            ClauseKind::Repeating(words.iter().filter_map(|&word| repeat(cx, at, word)).collect())
        }
        Written::Since(token) => {
            let text = at.word(*token);
            if text.len() > 4 && text.as_bytes()[4] == b'-' {
                cx.zone_uses.push(at.place(*token));
                ClauseKind::SinceDate(date(cx, at, *token)?)
            } else {
                ClauseKind::SinceAge(duration(cx, at, *token)?)
            }
        }
        Written::CreatedByThisKey => ClauseKind::CreatedByThisKey,
        Written::Showing(words) => ClauseKind::Showing(fields(cx, at, words)),
        Written::Hiding(words) => ClauseKind::Hiding(fields(cx, at, words)),
        Written::From(refs) => ClauseKind::From(networks(cx, at, refs, position)),
        Written::During(parts) => {
            cx.zone_uses.push(at.place(clause.span));
            ClauseKind::During(during(cx, at, parts)?)
        }
        Written::Starting(token) => {
            cx.zone_uses.push(at.place(*token));
            ClauseKind::Starting(date(cx, at, *token)?)
        }
        Written::Before(token) => {
            cx.zone_uses.push(at.place(*token));
            ClauseKind::Before(date(cx, at, *token)?)
        }
    })
}

fn payees(cx: &mut Context<'_>, at: At<'_>, refs: &[tree::PayeeRef]) -> Option<Vec<ir::PayeeRef>> {
    let mut out = Vec::with_capacity(refs.len());
    for reference in refs {
        match &reference.kind {
            PayeeRefKind::Payees(names) => {
                for name in names {
                    if let Some(index) = named(cx, at, Space::Payee, name) {
                        out.push(ir::PayeeRef::Payee(u32::try_from(index).ok()?));
                    }
                }
            }
            PayeeRefKind::Accounts(names) => {
                for name in names {
                    if let Some(index) = payable_account(cx, at, name) {
                        out.push(ir::PayeeRef::Account(u32::try_from(index).ok()?));
                    }
                }
            }
            PayeeRefKind::Ibans(tokens) => {
                out.extend(tokens.iter().filter_map(|&token| iban(cx, at, token)).map(ir::PayeeRef::Iban));
            }
            PayeeRefKind::OwnAccounts => out.push(ir::PayeeRef::OwnAccounts),
            PayeeRefKind::Favorites => out.push(ir::PayeeRef::Favorites),
            PayeeRefKind::Anyone => out.push(ir::PayeeRef::Anyone),
        }
    }
    Some(out)
}

/// A declared account that money can be sent to: one with an IBAN.
pub(crate) fn payable_account(cx: &mut Context<'_>, at: At<'_>, name: &Str) -> Option<usize> {
    let index = named(cx, at, Space::Account, name)?;
    let known = cx.policy.accounts.get(index)?;
    if cx.with_iban.get(index) == Some(&true) {
        return Some(index);
    }
    let text = &known.name;
    let fault = at
        .error(
            "account-without-iban",
            name.span,
            format!("`{text}` is declared without an IBAN, so nothing tells whether a payment goes to it"),
        )
        .help(format!("add its IBAN to the declaration of `{text}`"));
    cx.report(fault);
    None
}

fn networks(cx: &mut Context<'_>, at: At<'_>, refs: &[tree::NetworkRef], position: Position) -> Vec<ir::NetworkRef> {
    let fewer = if position.gives() { Power::Narrows } else { Power::Widens };
    let mut out = Vec::with_capacity(refs.len());
    for reference in refs {
        match &reference.kind {
            NetworkRefKind::Ip(tokens) => {
                out.extend(tokens.iter().filter_map(|&token| block(cx, at, token, fewer)).map(ir::NetworkRef::Block));
            }
            NetworkRefKind::Named(names) => {
                for name in names {
                    let index = named(cx, at, Space::Network, name).and_then(|index| u32::try_from(index).ok());
                    out.extend(index.map(ir::NetworkRef::Network));
                }
            }
            NetworkRefKind::Anywhere => out.push(ir::NetworkRef::Anywhere),
        }
    }
    out
}

/// An absolute web address.
pub(crate) fn absolute_url(cx: &mut Context<'_>, at: At<'_>, string: &Str) -> Option<String> {
    let url = at.name(string).into_owned();
    if bpol_engine::url::is_absolute(&url) {
        return Some(url);
    }
    cx.report(
        at.error("url-shape", string.span, format!("`{url}` is not a whole web address, so it would never match"))
            .help("write it with scheme and host, such as `https://example.com/hook`"),
    );
    None
}

/// A REPEAT word.
pub(crate) fn repeat(cx: &mut Context<'_>, at: At<'_>, word: Span) -> Option<String> {
    let known = one_of(at, word, "unknown-repeat", "a rhythm", REPEATS);
    cx.settle(known)
}

/// A METHOD word.
pub(crate) fn method(cx: &mut Context<'_>, at: At<'_>, word: Span) -> Option<String> {
    let methods = cx.policy.bank.methods.iter().map(String::as_str);
    let known = one_of(at, word, "unknown-method", "a method of paying", methods);
    cx.settle(known)
}

/// FIELD words of the catalogue.
pub(crate) fn fields(cx: &mut Context<'_>, at: At<'_>, words: &[Span]) -> Vec<String> {
    let field = |&word| {
        let fields = cx.policy.bank.fields.iter().map(|field| field.word.as_str());
        let known = one_of(at, word, "unknown-field", "a field of an answer", fields);
        cx.settle(known)
    };
    words.iter().filter_map(field).collect()
}

fn one_of<'w>(
    at: At<'_>,
    token: Span,
    name: &'static str,
    what: &str,
    known: impl IntoIterator<Item = &'w str> + Clone,
) -> Result<String, Box<Diagnostic>> {
    let word = at.word(token);
    if known.clone().into_iter().any(|known| known == word) {
        return Ok(word.to_owned());
    }
    let fault =
        at.error(name, token, format!("`{word}` is not {what}")).help(format!("write {}", list(known.clone(), "or")));
    Err(Box::new(match nearest(word, known) {
        Some(near) => fault.fix(format!("write `{near}`"), Power::Widens, token, near),
        None => fault,
    }))
}
