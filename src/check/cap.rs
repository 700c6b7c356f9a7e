//! Caps: how much and how often.

use bpol_engine::ir::Period;

use crate::check::context::{At, Context};
use crate::check::limit::calendar;
use crate::check::value::{Money, duration, integer, money as read_money};
use crate::source::FileSpan;
use crate::syntax::tree::{self, CapKind, PeriodKind};

/// A cap on money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// Where it stands.
    pub place: FileSpan,
    /// The sum.
    pub figure: Figure,
    /// Over what.
    pub span: Span,
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// `any amount`
    Any,
    /// A sum.
    Money(Money),
}

/// What a cap on money spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Each payment by itself.
    Each,
    /// All payments of a period together.
    Over(Period),
}

/// A cap on how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountCap {
    /// Where it stands.
    pub place: FileSpan,
    /// How many times.
    pub times: u64,
    /// In which period.
    pub period: Period,
}

/// Reads caps on money. Two for the same period and currency are an error, `any amount` beside a figure too.
pub(crate) fn money(cx: &mut Context<'_>, at: At<'_>, caps: &[tree::Cap]) -> Vec<Cap> {
    let mut out: Vec<Cap> = Vec::with_capacity(caps.len());
    for cap in caps {
        let figure = match cap.kind {
            CapKind::Money(number, code) => match read_money(cx, at, number, code) {
                Some(money) => Figure::Money(money),
                None => continue,
            },
            CapKind::AnyAmount => Figure::Any,
            CapKind::Times(_) => {
                cx.report(
                    at.error("count-among-sums", cap.span, "a number of times stands among sums of money").help(
                        "write sums behind `up to` and `over`, numbers of times behind `at most` and `more than`",
                    ),
                );
                continue;
            }
        };
        let Some(span) = span(cx, at, cap.period.as_ref()) else { continue };
        let new = Cap { place: at.place(cap.span), figure, span };
        if let Some(first) = out.iter().find(|first| clash(first, &new)) {
            let message = match (first.figure, new.figure) {
                (Figure::Any, Figure::Any) => "`any amount` is said twice for the same period",
                (Figure::Money(_), Figure::Money(_)) => {
                    "the same period has two caps in one currency, and it would not be clear which one counts"
                }
                _ => "`any amount` beside a figure for the same period says two things at once",
            };
            cx.report(
                at.error("period-twice", cap.span, message)
                    .label(first.place, "the first cap of this period")
                    .help("keep the one that you mean"),
            );
            continue;
        }
        out.push(new);
    }
    out
}

/// Reads caps on how often. Two for the same period are an error.
pub(crate) fn count(cx: &mut Context<'_>, at: At<'_>, caps: &[tree::Cap]) -> Vec<CountCap> {
    let mut out: Vec<CountCap> = Vec::with_capacity(caps.len());
    for cap in caps {
        let CapKind::Times(token) = cap.kind else {
            cx.report(
                at.error("sum-among-counts", cap.span, "a sum of money stands among numbers of times")
                    .help("write sums behind `up to` and `over`, numbers of times behind `at most` and `more than`"),
            );
            continue;
        };
        if at.word(token).bytes().all(|byte| byte == b'0') {
            cx.report(
                at.error("zero-times", cap.span, "`0 times` lets nothing through and reads as if it did")
                    .help("write how often you mean, or leave the line out"),
            );
            continue;
        }
        let times = integer(cx, at, token, "how often something may happen");
        let Some(Span::Over(period)) = span(cx, at, cap.period.as_ref()) else {
            if cap.period.as_ref().is_none_or(|period| period.kind == PeriodKind::Each) {
                cx.report(
                    at.error("count-without-period", cap.span, "a number of times without a period says nothing")
                        .help("add a period, such as `per day` or `in total`"),
                );
            }
            continue;
        };
        let Some(times) = times else { continue };
        let new = CountCap { place: at.place(cap.span), times, period };
        if let Some(first) = out.iter().find(|first| first.period == period) {
            cx.report(
                at.error(
                    "period-twice",
                    cap.span,
                    "the same period has two numbers, and it would not be clear which one counts",
                )
                .label(first.place, "the first one")
                .help("keep the one that you mean"),
            );
            continue;
        }
        out.push(new);
    }
    out
}

fn clash(first: &Cap, second: &Cap) -> bool {
    first.span == second.span
        && match (first.figure, second.figure) {
            (Figure::Money(a), Figure::Money(b)) => a.currency == b.currency,
            _ => true,
        }
}

fn span(cx: &mut Context<'_>, at: At<'_>, period: Option<&tree::Period>) -> Option<Span> {
    let Some(written) = period else { return Some(Span::Each) };
    let period = match written.kind {
        PeriodKind::Each => return Some(Span::Each),
        PeriodKind::Day => Period::Day,
        PeriodKind::Week => Period::Week,
        PeriodKind::Month => Period::Month,
        PeriodKind::Year => Period::Year,
        PeriodKind::Total => Period::Total,
        PeriodKind::Rolling(token) => Period::Rolling(duration(cx, at, token)?),
    };
    if calendar(period) {
        cx.zone_uses.push(at.place(written.span));
    }
    Some(Span::Over(period))
}
