//! A cap over a period and none on each payment.

use std::collections::BTreeMap;

use bpol_engine::ir::{Clause, Dimension, LimitCap, MoneyCap};

use crate::analyze::facts::{figure, minor};
use crate::analyze::space::amount::most;
use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{Given, given, moves, name, once, tells};
use crate::lint::{Lint, Profile, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "no-each-cap",
        Level::Hint,
        "a budget that one payment may use up, because nothing caps each payment",
    )
    .from(Profile::Strict),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for given in given(cx) {
        let bounds = |kind: &ClauseKind| matches!(kind, ClauseKind::UpTo(_) | ClauseKind::Within(_));
        let Some(place) = given.clause(bounds) else { continue };
        let budgets = budgets(cx, &given);
        let wanted = |operation: &_| moves(cx, operation) && tells(operation, Dimension::Amount);
        let Some(budgets) = budgets else {
            // Any amount to anyone is another lint.
            let open = given.open(cx, wanted, |possible| {
                let stranger = possible.paying_a_stranger();
                let known = possible.not(stranger);
                let much = possible.amounts(true, &|interval| interval.to == most(&interval.currency));
                possible.all(vec![known, much])
            });
            if let Some((operation, _)) = open {
                let message = format!("one `{}` may be of any amount", name(cx, operation));
                out.push(lint.at(place, message).help("write how much each may be, such as `up to 250 EUR each`"));
            }
            continue;
        };
        let open = budgets.iter().find_map(|(currency, most)| {
            let there =
                |interval: &crate::analyze::space::Interval| interval.currency == *currency && interval.to == *most;
            let (operation, _) = given.open(cx, wanted, |possible| possible.amounts(false, &there))?;
            Some((operation, format!("{} {currency}", figure(*most, currency))))
        });
        let Some((operation, sum)) = open else { continue };
        let message =
            format!("one `{}` may use up the whole `{sum}`: nothing caps each by itself", name(cx, operation));
        out.push(lint.at(place, message).help("write beside it how much each may be, such as `up to 250 EUR each`"));
    }
    once(out)
}

/// The smallest budget of each currency that has no cap on each payment; nothing where any amount will do.
fn budgets(cx: &Context<'_>, given: &Given<'_>) -> Option<BTreeMap<String, i128>> {
    let mut caps: Vec<&MoneyCap> = Vec::new();
    for clause in given.rules().iter().flat_map(|rule| &rule.when) {
        match clause {
            Clause::UpTo(list) => caps.extend(list),
            Clause::Within(limits) => {
                let limits = limits.iter().filter_map(|place| cx.ir.limits.get(*place as usize));
                caps.extend(limits.flat_map(|limit| &limit.caps).filter_map(|cap| match cap {
                    LimitCap::Money(cap) => Some(cap),
                    LimitCap::Count(_) => None,
                }));
            }
            _ => {}
        }
    }
    if caps.is_empty() {
        return None;
    }
    let mut out: BTreeMap<String, i128> = BTreeMap::new();
    for cap in caps.iter().filter(|cap| cap.counter.is_some()) {
        let Some(figure) = minor(&cap.value, &cap.currency) else { continue };
        out.entry(cap.currency.clone()).and_modify(|most| *most = figure.min(*most)).or_insert(figure);
    }
    out.retain(|currency, _| !caps.iter().any(|cap| cap.counter.is_none() && cap.currency == *currency));
    Some(out)
}
