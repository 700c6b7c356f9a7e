//! A small budget that another line of the same key uses up: a cap counts whatever is in its scope, whichever line let it
//! through.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use bpol_engine::ir::{Clause, Dimension, Effect, MoneyCap, PayeeRef, Period};

use crate::analyze::facts::minor;
use crate::analyze::window::windows_at_least;
use crate::check::{Cap, CapPeriod, ClauseKind, Figure};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{Given, by_key, given, tells};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "eaten-budget",
        Level::Hint,
        "a budget that another line of the key may use up, so that this line gives nothing more",
    ),
    check,
};

/// A sum over a period that a line says itself.
struct Budget<'c> {
    cap: &'c MoneyCap,
    counter: &'c str,
    period: Period,
    place: FileSpan,
}

/// The most lines that are asked whether they eat a budget.
const ASKED: usize = 8;

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        let mut lines: Vec<&Given<'_>> = mine.by_operation.values().flatten().copied().collect();
        lines.sort_by_key(|line| line.id());
        lines.dedup_by_key(|line| line.id());
        if lines.len() < 2 {
            continue;
        }
        // Asked once of each line, and only where some budget is smaller than what it may send.
        let counters: Vec<OnceCell<BTreeSet<String>>> = lines.iter().map(|_| OnceCell::new()).collect();
        let paid: Vec<Option<BTreeSet<&str>>> = lines.iter().map(|line| paid(cx, line)).collect();
        for (place, small) in lines.iter().enumerate() {
            let strangers = |other: usize| match (paid.get(place), paid.get(other)) {
                (Some(Some(mine)), Some(Some(others))) => mine.is_disjoint(others),
                _ => false,
            };
            for budget in budgets(cx, small) {
                let others = lines.iter().zip(&counters).enumerate().filter(|(other, _)| !strangers(*other));
                let may_eat = others.map(|(_, line)| line).filter(|(large, counters)| {
                    large.id() != small.id()
                        && most(cx, large, &budget).is_some_and(|most| most > figure(budget.cap))
                        && counters.get_or_init(|| counting(cx, large)).contains(budget.counter)
                });
                if let Some((large, _)) = may_eat.take(ASKED).find(|(large, _)| gives_more(cx, small, large)) {
                    out.push(finding(cx, lint, small, large, &budget));
                }
            }
        }
    }
    out.sort_by_key(|found| found.place);
    out.dedup_by_key(|found| found.place);
    out
}

fn figure(cap: &MoneyCap) -> i128 {
    minor(&cap.value, &cap.currency).unwrap_or(i128::MAX)
}

fn money<'g>(line: &'g Given<'_>) -> impl Iterator<Item = &'g MoneyCap> {
    line.rules().iter().flat_map(|rule| &rule.when).flat_map(|clause| match clause {
        Clause::UpTo(caps) => caps.as_slice(),
        _ => &[],
    })
}

/// The budgets of a line, without those of limits, which are shared on purpose.
fn budgets<'c>(cx: &'c Context<'_>, line: &Given<'c>) -> Vec<Budget<'c>> {
    let caps = line.rules().iter().flat_map(|rule| &rule.when).flat_map(|clause| match clause {
        Clause::UpTo(caps) => caps.as_slice(),
        _ => &[],
    });
    let mut out: Vec<Budget<'c>> = Vec::new();
    for cap in caps {
        let counter = cap.counter.and_then(|place| cx.ir.counters.get(place as usize));
        let Some(counter) = counter.filter(|counter| out.iter().all(|known| known.counter != counter.id)) else {
            continue;
        };
        let is_written = |written: &&Cap| {
            matches!(written.figure, Figure::Money(money) if money.currency.code() == cap.currency)
                && written.span == CapPeriod::Over(counter.period)
        };
        let written = line.clauses().find_map(|clause| match &clause.kind {
            ClauseKind::UpTo(caps) => caps.iter().find(is_written),
            _ => None,
        });
        if let Some(written) = written {
            out.push(Budget { cap, counter: &counter.id, period: counter.period, place: written.place });
        }
    }
    out
}

/// How much a line may at least send within one period of a budget, if it is used as it can be; nothing where it sends
/// nothing in that currency, or where it shares a limit.
fn most(cx: &Context<'_>, line: &Given<'_>, budget: &Budget<'_>) -> Option<i128> {
    let clauses = || line.rules().iter().flat_map(|rule| &rule.when);
    if clauses().any(|clause| matches!(clause, Clause::Within(_))) {
        return None;
    }
    let mine: Vec<&MoneyCap> = money(line).filter(|cap| cap.currency == budget.cap.currency).collect();
    let period = |counter: u32| cx.ir.counters.get(counter as usize).map(|counter| counter.period);
    let each = mine.iter().filter(|cap| cap.counter.is_none()).map(|cap| figure(cap)).min();
    let sums = mine.iter().filter_map(|cap| {
        let windows = windows_at_least(budget.period, period(cap.counter?)?);
        figure(cap).checked_mul(windows)
    });
    let times = clauses().flat_map(|clause| match clause {
        Clause::AtMost(caps) => caps.as_slice(),
        _ => &[],
    });
    let counts = times.filter_map(|cap| {
        let windows = windows_at_least(budget.period, period(cap.counter)?);
        each?.checked_mul(i128::from(cap.times))?.checked_mul(windows)
    });
    sums.chain(counts).min()
}

/// The IBANs that a line pays; nothing where these are not all that it says.
fn paid<'c>(cx: &'c Context<'_>, line: &Given<'c>) -> Option<BTreeSet<&'c str>> {
    let mut paid = BTreeSet::new();
    let written = line.clauses().find_map(|clause| match &clause.kind {
        ClauseKind::To(refs) => Some(refs),
        _ => None,
    })?;
    for whom in written {
        match whom {
            PayeeRef::Payee(place) => {
                paid.extend(cx.ir.payees.get(*place as usize)?.ibans.iter().map(String::as_str));
            }
            PayeeRef::Account(place) => _ = paid.insert(cx.ir.accounts.get(*place as usize)?.iban.as_deref()?),
            PayeeRef::Iban(iban) => _ = paid.insert(iban.as_str()),
            _ => return None,
        }
    }
    Some(paid)
}

/// The counters of money that count a request which a line allows, one for each of its operations.
fn counting(cx: &Context<'_>, line: &Given<'_>) -> BTreeSet<String> {
    let mut counters = BTreeSet::new();
    for operation in line.operations() {
        let seen = RefCell::new(Vec::new());
        let found = cx.ask(line.key, &[operation], |possible, engine| {
            let all = vec![possible.open(0), possible.through(line.id())];
            let there = possible.all(all);
            possible.confirmed(there, engine, true, &|_, report| {
                let allowed = report.decision == Effect::Allow && report.by.iter().any(|id| id == line.id());
                if allowed {
                    *seen.borrow_mut() = report.reserve.clone();
                }
                allowed
            })
        });
        if found.is_some() {
            counters.extend(seen.take().into_iter().filter(|one| one.amount.is_some()).map(|one| one.counter));
        }
    }
    counters
}

/// Whether a line allows what another does not.
fn gives_more(cx: &Context<'_>, line: &Given<'_>, other: &Given<'_>) -> bool {
    let spends = |operation: &usize| cx.ir.operations.get(*operation).is_some_and(|one| tells(one, Dimension::Amount));
    line.operations().into_iter().filter(spends).any(|operation| {
        let more = cx.ask(line.key, &[operation], |possible, engine| {
            let others = possible.through(other.id());
            let all = vec![possible.open(0), possible.through(line.id()), possible.not(others)];
            let there = possible.all(all);
            possible.confirmed(there, engine, true, &|_, report| {
                report.decision == Effect::Allow && report.by.iter().all(|id| id != other.id())
            })
        });
        more.is_some()
    })
}

fn finding(cx: &Context<'_>, lint: Lint, small: &Given<'_>, large: &Given<'_>, budget: &Budget<'_>) -> Diagnostic {
    let text = cx.checked.sources.text(budget.place);
    let message = format!(
        "`{text}` counts what another line sends, too, which may send more: then this line gives nothing until the budget \
         begins anew"
    );
    let whom = |given: &Given<'_>| {
        given.clause(|kind| matches!(kind, ClauseKind::To(_))).map(|place| cx.checked.sources.text(place))
    };
    let help = match (whom(large), whom(small)) {
        (Some(whom), other) if Some(whom) != other && !whom.contains("anyone") => {
            format!("end this line with `unless {whom}` if that is not to count here, or write a sum for both")
        }
        _ => "write a sum for both, or name in each line what the other does not".to_owned(),
    };
    lint.at(budget.place, message).label(large.place(), "what this sends counts there").help(help)
}
