//! A policy of the tests as `.bpol` text. The same policy gives the same text, statements in their order.

use std::fmt::Write as _;

use super::model::{
    AccountRef, Cap, Clause, CountCap, Days, Duration, Effect, Excepted, Item, Money, MoneyCap, NetworkRef, PayeeEntry,
    PayeeRef, Period, Policy, Since, Span, Statement, decimals,
};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The figure without its currency, with all decimals: `12.50`.
pub(crate) fn figure(money: &Money) -> String {
    let places = decimals(&money.currency).expect("a currency of the tests") as usize;
    if places == 0 {
        return money.minor.to_string();
    }
    let unit = 10_i128.pow(places as u32);
    format!("{}.{:0places$}", money.minor / unit, money.minor % unit)
}

/// The policy as `.bpol` text, one item after the other.
pub(crate) fn print(policy: &Policy) -> String {
    let mut out = String::new();
    for item in &policy.items {
        match item {
            Item::Timezone(name) => line(&mut out, &format!("timezone {}", quoted(name))),
            Item::Account(account) => {
                let facts = (account.iban.iter().map(|iban| format!("iban {iban}")))
                    .chain(account.id.iter().map(|id| format!("id {id}")))
                    .chain(account.kind.clone());
                line(&mut out, &format!("account {} is {}", quoted(&account.name), commas(facts)));
            }
            Item::Payee { name, iban } => line(&mut out, &format!("payee {} is {iban}", quoted(name))),
            Item::Payees { name, entries } => {
                let entries = entries.iter().map(|entry| match entry {
                    PayeeEntry::Payee(name) => format!("payee {}", quoted(name)),
                    PayeeEntry::Payees(name) => format!("payees {}", quoted(name)),
                    PayeeEntry::Iban(iban) => iban.clone(),
                });
                block(&mut out, &format!("payees {}", quoted(name)), entries);
            }
            Item::Network { name, networks } => {
                block(&mut out, &format!("network {}", quoted(name)), networks.iter().cloned());
            }
            Item::Limit { name, caps } => {
                let caps = caps.iter().map(|cap| match cap {
                    Cap::Money(cap) => money_cap(cap),
                    Cap::Count(cap) => count_cap(cap),
                });
                block(&mut out, &format!("limit {}", quoted(name)), caps);
            }
            Item::Role { name, statements } => {
                block(&mut out, &format!("role {}", quoted(name)), statements.iter().map(statement));
            }
            Item::Key { name, statements } => {
                block(&mut out, &format!("key {}", quoted(name)), statements.iter().map(statement));
            }
            Item::Every { except, statements } => {
                let mut head = "every key".to_owned();
                if !except.is_empty() {
                    write!(head, " except {}", names(except)).expect("text grows");
                }
                block(&mut out, &head, statements.iter().map(statement));
            }
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str(";\n");
}

fn block(out: &mut String, head: &str, lines: impl Iterator<Item = String>) {
    out.push_str(head);
    out.push_str(" <\n");
    for text in lines {
        out.push_str("  ");
        line(out, &text);
    }
    out.push_str(">\n");
}

/// One statement without its semicolon.
pub(crate) fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Rule(rule) => {
            let effect = match rule.effect {
                Effect::Allow => "allow",
                Effect::Ask => "ask",
                Effect::Deny => "deny",
            };
            let mut text = effect.to_owned();
            if !rule.subject.actions.is_empty() {
                write!(text, " {}", rule.subject.actions.join(", ")).expect("text grows");
            }
            write!(text, " {}", rule.subject.resources.join(", ")).expect("text grows");
            text.push_str(&all(&rule.clauses, ""));
            for unless in &rule.unless {
                write!(text, " unless{}", all(unless, " and")).expect("text grows");
            }
            text
        }
        Statement::Use { role, clauses } => format!("use role {}{}", quoted(role), all(clauses, "")),
        Statement::Only(clauses) => format!("only{}", all(clauses, "")),
    }
}

fn all(clauses: &[Clause], between: &str) -> String {
    clauses.iter().map(|part| format!(" {}", clause(part))).collect::<Vec<_>>().join(between)
}

/// One clause.
pub(crate) fn clause(clause: &Clause) -> String {
    match clause {
        Clause::On(refs) => format!("on {}", commas(refs.iter().map(account_ref))),
        Clause::To(refs) => format!("to {}", commas(refs.iter().map(payee_ref))),
        Clause::ToUrl(urls) => format!("to url {}", names(urls)),
        Clause::UpTo(caps) => format!("up to {}", commas(caps.iter().map(money_cap))),
        Clause::Over(caps) => format!("over {}", commas(caps.iter().map(money_cap))),
        Clause::AtMost(caps) => format!("at most {}", commas(caps.iter().map(count_cap))),
        Clause::MoreThan(caps) => format!("more than {}", commas(caps.iter().map(count_cap))),
        Clause::Within(limits) => format!("within limit {}", names(limits)),
        Clause::Via(methods) => format!("via {}", methods.join(", ")),
        Clause::Repeating(words) => format!("repeating {}", words.join(", ")),
        Clause::Since(Since::Ago(duration)) => format!("since {}", duration_text(*duration)),
        Clause::Since(Since::Date(date)) => format!("since {date}"),
        Clause::CreatedByThisKey => "created by this key".to_owned(),
        Clause::Showing(fields) => format!("showing {}", fields.join(", ")),
        Clause::Hiding(fields) => format!("hiding {}", fields.join(", ")),
        Clause::From(refs) => format!("from {}", commas(refs.iter().map(network_ref))),
        Clause::During(spans) => format!("during {}", commas(spans.iter().map(span))),
        Clause::Starting(date) => format!("starting {date}"),
        Clause::Before(date) => format!("before {date}"),
    }
}

fn account_ref(reference: &AccountRef) -> String {
    let excepting = |except: &[Excepted]| match except {
        [] => String::new(),
        _ => {
            let except = except.iter().map(|excepted| match excepted {
                Excepted::Named(name) => quoted(name),
                Excepted::Kind(kind) => format!("{kind} accounts"),
            });
            format!(" except {}", commas(except))
        }
    };
    match reference {
        AccountRef::Named(name) => format!("account {}", quoted(name)),
        AccountRef::Kind { kind, except } => format!("{kind} accounts{}", excepting(except)),
        AccountRef::Any { except } => format!("any account{}", excepting(except)),
    }
}

fn payee_ref(reference: &PayeeRef) -> String {
    match reference {
        PayeeRef::Payee(name) => format!("payee {}", quoted(name)),
        PayeeRef::Payees(name) => format!("payees {}", quoted(name)),
        PayeeRef::Account(name) => format!("account {}", quoted(name)),
        PayeeRef::Iban(iban) => format!("iban {iban}"),
        PayeeRef::OwnAccounts => "own accounts".to_owned(),
        PayeeRef::Favorites => "favorites".to_owned(),
        PayeeRef::Anyone => "anyone".to_owned(),
    }
}

fn network_ref(reference: &NetworkRef) -> String {
    match reference {
        NetworkRef::Ip(network) => format!("ip {network}"),
        NetworkRef::Network(name) => format!("network {}", quoted(name)),
        NetworkRef::Anywhere => "anywhere".to_owned(),
    }
}

fn money_cap(cap: &MoneyCap) -> String {
    let mut text = match &cap.amount {
        Some(money) => format!("{} {}", figure(money), money.currency),
        None => "any amount".to_owned(),
    };
    if let Some(period) = cap.period {
        write!(text, " {}", period_text(period)).expect("text grows");
    }
    text
}

fn count_cap(cap: &CountCap) -> String {
    let word = if cap.times == 1 { "time" } else { "times" };
    format!("{} {word} {}", cap.times, period_text(cap.period))
}

fn period_text(period: Period) -> String {
    match period {
        Period::Day => "per day".to_owned(),
        Period::Week => "per week".to_owned(),
        Period::Month => "per month".to_owned(),
        Period::Year => "per year".to_owned(),
        Period::Rolling(duration) => format!("per {}", duration_text(duration)),
        Period::Total => "in total".to_owned(),
    }
}

fn duration_text(duration: Duration) -> String {
    format!("{}{}", duration.count, duration.unit)
}

fn span(span: &Span) -> String {
    let mut text = commas(span.days.iter().map(|days| match days {
        Days::Weekdays => "weekdays".to_owned(),
        Days::Weekends => "weekends".to_owned(),
        Days::Day(day) => DAYS[usize::from(*day)].to_owned(),
        Days::Range(first, last) => format!("{}-{}", DAYS[usize::from(*first)], DAYS[usize::from(*last)]),
    }));
    if let Some((start, end)) = span.hours {
        if !text.is_empty() {
            text.push(' ');
        }
        write!(text, "{}-{}", clock(start), clock(end)).expect("text grows");
    }
    text
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn names(names: &[String]) -> String {
    commas(names.iter().map(|name| quoted(name)))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn commas(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
