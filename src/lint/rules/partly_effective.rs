//! Accounts, payees and amounts that an `allow` names and that have no effect.

use bpol_engine::ir::{AccountRef, PayeeRef};

use crate::analyze::facts::figure;
use crate::analyze::standing::Part;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::site::labelled;
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "partly-effective",
        Level::Hint,
        "an `allow` of which an account, a payee or a range of amounts has no effect",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (key, standings) in cx.keys.iter().enumerate() {
        let Some(standings) = standings else { continue };
        for partly in &standings.partly {
            let Some(rule) = cx.rule(key, partly.allow) else { continue };
            // A role is written for more than one key.
            if !rule.path.is_empty() {
                continue;
            }
            let place = rule.statement.place;
            let mut by: Vec<FileSpan> = partly.by.iter().filter_map(|label| cx.place(key, *label)).collect();
            by.sort_unstable();
            by.dedup();
            let denied = !matches!(partly.part, Part::Amount { denied: false, .. });
            let message = match &partly.part {
                Part::Account(one) => format!("on {} this line allows nothing: it is closed there", account(cx, one)),
                Part::Payee(one) => format!("to {} this line allows nothing: it is closed there", payee(cx, one)),
                Part::Amount { currency, from, to, denied } => {
                    let money = |minor: i128| {
                        let figure = figure(minor, currency);
                        let (whole, fraction) = figure.split_once('.').unwrap_or((&figure, ""));
                        let short = fraction.bytes().all(|digit| digit == b'0');
                        format!("{} {currency}", if short { whole } else { &figure })
                    };
                    let range = match (*from, *to) {
                        (1, to) => format!("amounts up to {}", money(to)),
                        (from, to) => format!("amounts from {} to {}", money(from), money(to)),
                    };
                    if *denied {
                        format!("of this line only {range} have an effect: others are denied")
                    } else {
                        format!("of this line only {range} have an effect: others are allowed anyway")
                    }
                }
            };
            let found = lint.at(place, message);
            let help = if denied {
                "leave out of the line what is denied"
            } else {
                "leave out of one line what the other allows"
            };
            let label = if denied { "denies the rest" } else { "allows the rest" };
            out.push(labelled(found, &by, label, label).help(help));
        }
    }
    out
}

fn account(cx: &Context<'_>, one: &AccountRef) -> String {
    match one {
        AccountRef::Account(place) => {
            format!("account `{}`", cx.policy.accounts.get(*place as usize).map_or("", |account| &account.name))
        }
        AccountRef::Name(name) => format!("account `{name}`"),
        AccountRef::Kind { kind, .. } => format!("`{kind}` accounts"),
        AccountRef::Any { .. } => "any account".to_owned(),
    }
}

fn payee(cx: &Context<'_>, one: &PayeeRef) -> String {
    match one {
        PayeeRef::Payee(place) => {
            format!("payee `{}`", cx.policy.payees.get(*place as usize).map_or("", |payee| &payee.name))
        }
        PayeeRef::Account(place) => {
            format!("account `{}`", cx.policy.accounts.get(*place as usize).map_or("", |account| &account.name))
        }
        PayeeRef::Iban(iban) => format!("`{iban}`"),
        PayeeRef::OwnAccounts => "own accounts".to_owned(),
        PayeeRef::Favorites => "favorites".to_owned(),
        PayeeRef::Anyone => "anyone".to_owned(),
    }
}
