//! Ways to send money that are bound less than the plain one beside them.

use bpol_engine::Report;
use bpol_engine::ir::{Dimension, Effect, Operation};
use serde_json::Value;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{approving, by_key, counting_as, given, name, spends, tells};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "looser-way",
        Level::Warning,
        "a way to send money by which the same key may do all that a bound one lets it do, and more",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        let ways = mine.operations(cx, spends);
        let is_plain = |one: &Operation| spends(one) && tells(one, Dimension::Payee) && tells(one, Dimension::Amount);
        for plain in mine.operations(cx, is_plain) {
            let round = counting_as(cx, plain);
            for way in ways.iter().filter(|way| **way != plain && round.contains(way)) {
                let yes = approving(cx, *way);
                if !yes.is_empty() && !mine.has(&yes) {
                    // It does nothing before somebody else says yes to it.
                    continue;
                }
                let Some((request, by)) = wider(cx, mine.key, *way, plain) else { continue };
                let (Some(line), Some(bound)) = (mine.giver(*way, &by), mine.giver(plain, &[])) else { continue };
                let (way, plain) = (name(cx, *way), name(cx, plain));
                let message = format!("`{way}` goes round the bounds of `{plain}`: {}", instance(cx, &request));
                out.push(
                    lint.at(line.place(), message)
                        .label(bound.place(), format!("`{plain}` is held to this"))
                        .help(format!("bound it like `{plain}`, or let an `ask` stand before it")),
                );
            }
        }
    }
    out.sort_by_key(|found| found.place);
    out.dedup_by_key(|found| found.place);
    out
}

/// A request that the one operation allows and the other does not, where the one allows all that the other does.
fn wider(cx: &Context<'_>, key: usize, way: usize, plain: usize) -> Option<(Value, Vec<String>)> {
    cx.ask(key, &[way, plain], |possible, engine| {
        let told = possible.told();
        let (open, bound) = (possible.open(0), possible.open(1));
        // How a call pays and how often the bank repeats it are other words for other ways.
        let (any_way, any_plain) = (possible.by_any_means(open), possible.by_any_means(bound));
        let closed = possible.not(any_way);
        let tighter = possible.all(vec![told, any_plain, closed]);
        if any_plain == possible.nowhere() || !possible.is_empty(tighter) {
            return None;
        }
        let kept = possible.not(any_plain);
        let there = possible.all(vec![told, open, kept]);
        // A stranger says more than somebody who is paid anyway.
        let stranger = possible.paying_a_stranger();
        let strange = possible.all(vec![there, stranger]);
        let so = |side: usize, report: &Report| (report.decision == Effect::Allow) == (side == 0);
        possible.confirmed(strange, engine, true, &so).or_else(|| possible.confirmed(there, engine, true, &so))
    })
    .map(|(witness, by)| (witness.request, by))
}

/// What a request does, as an example.
fn instance(cx: &Context<'_>, request: &Value) -> String {
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str);
    let amount = match (text("/amount/value"), text("/amount/currency")) {
        (Some(value), Some(currency)) => format!("{value} {currency}"),
        _ => "money".to_owned(),
    };
    let account = |iban: &str| cx.ir.accounts.iter().find(|account| account.iban.as_deref() == Some(iban));
    let whom = text("/payee/iban").map_or_else(String::new, |iban| {
        let payee =
            cx.ir.payees.iter().find(|payee| payee.ibans.len() == 1 && payee.ibans.iter().any(|one| one == iban));
        let known = payee.map(|payee| &payee.name).or(account(iban).map(|account| &account.name));
        known.map_or_else(|| " to anyone".to_owned(), |name| format!(" to `{name}`"))
    });
    let id = request.pointer("/account/id").and_then(Value::as_u64);
    let own = cx.ir.accounts.iter().find(|account| {
        account.iban.is_some() && account.iban.as_deref() == text("/account/iban") || id.is_some() && account.id == id
    });
    let from = own.map_or_else(|| " from any account".to_owned(), |account| format!(" from `{}`", account.name));
    let from = if request.get("account").is_some() { from } else { String::new() };
    format!("it may send {amount}{from}{whom}")
}
