//! Named limits.

use bpol_engine::ir::Period;

use crate::check::Limit;
use crate::check::cap::{self, Figure};
use crate::check::context::{Context, Space};
use crate::check::names::counts;
use crate::syntax::tree::{Cap, CapKind, ItemKind};

/// Fills the policy's table of limits.
pub(crate) fn check(cx: &mut Context<'_>) {
    for (at, item) in cx.items() {
        let ItemKind::Limit { name, caps } = &item.kind else { continue };
        if caps.is_empty() && !cx.is_broken(at, item, name) {
            cx.report(
                at.error(
                    "empty-limit",
                    name.span,
                    format!("`{}` has no caps, and empty never means unlimited", at.name(name)),
                )
                .help("put a cap into it, such as `500 EUR per month;`"),
            );
        }
        let (count, money): (Vec<Cap>, Vec<Cap>) =
            caps.iter().cloned().partition(|cap| matches!(cap.kind, CapKind::Times(_)));
        let money = cap::money(cx, at, &money);
        let count = cap::count(cx, at, &count);
        for cap in &money {
            if cap.figure == Figure::Any {
                cx.report(
                    at.error("limit-any-amount", cap.place.span, "`any amount` in a limit limits nothing")
                        .help("write a sum, or remove the line"),
                );
            }
        }
        let broken = money.len() + count.len() < caps.len();
        let bounds = !count.is_empty() || money.iter().any(|cap| cap.span != cap::Span::Each);
        if !bounds && !caps.is_empty() && !broken {
            cx.report(
                at.error(
                    "limit-each-only",
                    name.span,
                    format!(
                        "`{}` bounds each payment but not how many there are, so all the money could leave in pieces",
                        at.name(name)
                    ),
                )
                .help("add a cap with a period, such as `500 EUR per month;`, or a number of times"),
            );
        }
        if counts(cx, at, Space::Limit, name) {
            let limit = Limit {
                name: at.name(name).into_owned(),
                doc: at.doc(&item.doc),
                place: at.place(name.span),
                money,
                count,
            };
            cx.policy.limits.push(limit);
        }
    }
}

/// Whether the period of a cap begins by the calendar.
pub(crate) fn calendar(period: Period) -> bool {
    matches!(period, Period::Day | Period::Week | Period::Month | Period::Year)
}
