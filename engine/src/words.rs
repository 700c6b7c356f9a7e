//! Clauses of the document as one would write them, and moments and stretches of time in words.

use std::fmt::Write;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ir::{
    AccountRef, Clause, CountCap, Day, During, Excepted, Ir, MoneyCap, NetworkRef, PayeeRef, Period, Since,
};

/// The clause as text.
pub fn clause(ir: &Ir, clause: &Clause) -> String {
    match clause {
        Clause::On(accounts) => format!("on {}", list(accounts, |one| account(ir, one))),
        Clause::To(payees) => format!("to {}", list(payees, |one| payee(ir, one))),
        Clause::ToUrl(urls) => format!("to url {}", list(urls, |url| quoted(url))),
        Clause::UpTo(caps) => format!("up to {}", list(caps, |cap| money(ir, cap))),
        Clause::AnyAmount => "up to any amount".to_owned(),
        Clause::Over(caps) => format!("over {}", list(caps, |cap| money(ir, cap))),
        Clause::AtMost(counts) => format!("at most {}", list(counts, |count| times(ir, count))),
        Clause::MoreThan(counts) => format!("more than {}", list(counts, |count| times(ir, count))),
        Clause::Within(limits) => format!("within limit {}", list(limits, |limit| quoted(limit_name(ir, *limit)))),
        Clause::Via(methods) => format!("via {}", list(methods, String::clone)),
        Clause::Repeating(rhythms) => format!("repeating {}", list(rhythms, String::clone)),
        Clause::Since(Since::Age(seconds)) => format!("since {}", duration(*seconds)),
        Clause::Since(Since::Date(date)) => format!("since {date}"),
        Clause::CreatedByThisKey => "created by this key".to_owned(),
        Clause::From(networks) => format!("from {}", list(networks, |one| network(ir, one))),
        Clause::During(spans) => format!("during {}", list(spans, span)),
        Clause::Starting(date) => format!("starting {date}"),
        Clause::Before(date) => format!("before {date}"),
    }
}

/// A cap on money: `250.00 EUR per month`.
pub(crate) fn money(ir: &Ir, cap: &MoneyCap) -> String {
    let period = match cap.counter.and_then(|counter| at(&ir.counters, counter)) {
        Some(counter) => period(counter.period),
        None => "each".to_owned(),
    };
    format!("{} {} {period}", cap.value, cap.currency)
}

/// A cap on how often: `3 times per day`.
pub(crate) fn times(ir: &Ir, count: &CountCap) -> String {
    let unit = if count.times == 1 { "time" } else { "times" };
    let period = at(&ir.counters, count.counter).map(|counter| period(counter.period)).unwrap_or_default();
    format!("{} {unit} {period}", count.times)
}

/// The name of a limit.
pub(crate) fn limit_name(ir: &Ir, limit: u32) -> &str {
    at(&ir.limits, limit).map_or("", |limit| &limit.name)
}

/// An account as a clause names it.
pub(crate) fn account(ir: &Ir, account: &AccountRef) -> String {
    match account {
        AccountRef::Account(number) => format!("account {}", quoted(account_name(ir, *number))),
        AccountRef::Name(name) => format!("account {}", quoted(name)),
        AccountRef::Kind { kind, except } => format!("{kind} accounts{}", excepted(ir, except)),
        AccountRef::Any { except } => format!("any account{}", excepted(ir, except)),
    }
}

/// A payee as a clause names it.
pub(crate) fn payee(ir: &Ir, payee: &PayeeRef) -> String {
    match payee {
        PayeeRef::Payee(number) => format!("payee {}", quoted(at(&ir.payees, *number).map_or("", |payee| &payee.name))),
        PayeeRef::Account(number) => format!("account {}", quoted(account_name(ir, *number))),
        PayeeRef::Iban(iban) => format!("iban {iban}"),
        PayeeRef::OwnAccounts => "own accounts".to_owned(),
        PayeeRef::Favorites => "favorites".to_owned(),
        PayeeRef::Anyone => "anyone".to_owned(),
    }
}

/// A moment with the offset of the zone: `2026-12-01T00:00:00+01:00`; in UTC without a zone.
pub(crate) fn instant(moment: Timestamp, zone: Option<&TimeZone>) -> String {
    match zone {
        Some(zone) => moment.display_with_offset(zone.to_offset(moment)).to_string(),
        None => moment.to_string(),
    }
}

/// The same without seconds where they are zero: `2026-12-01T00:00+01:00`.
pub(crate) fn minute(moment: Timestamp, zone: Option<&TimeZone>) -> String {
    let text = instant(moment, zone);
    match text.get(16..19) {
        Some(":00") => format!("{}{}", text.get(..16).unwrap_or_default(), text.get(19..).unwrap_or_default()),
        _ => text,
    }
}

/// A duration as the language writes it: `24h`, `30d`, `8w`.
pub(crate) fn duration(seconds: u64) -> String {
    if seconds == 86_400 {
        return "24h".to_owned();
    }
    let units = [(604_800, 'w'), (86_400, 'd'), (3600, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(size, _)| seconds > 0 && seconds.is_multiple_of(*size));
    let (size, letter) = unit.unwrap_or((1, 's'));
    format!("{}{letter}", seconds.checked_div(size).unwrap_or(seconds))
}

/// A stretch of time in its two greatest units: `3d 4h`.
pub(crate) fn stretch(length: SignedDuration) -> String {
    let mut rest = length.unsigned_abs().as_secs();
    let mut text = String::new();
    let mut parts = 0_u8;
    for (size, letter) in [(86_400_u64, 'd'), (3600, 'h'), (60, 'm'), (1, 's')] {
        let count = rest.checked_div(size).unwrap_or(0);
        rest = rest.checked_rem(size).unwrap_or(0);
        if count > 0 && parts < 2 {
            let blank = if text.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(text, "{blank}{count}{letter}");
            parts = parts.saturating_add(1);
        } else if parts > 0 {
            break;
        }
    }
    if text.is_empty() { "less than 1s".to_owned() } else { text }
}

fn period(period: Period) -> String {
    match period {
        Period::Day => "per day".to_owned(),
        Period::Week => "per week".to_owned(),
        Period::Month => "per month".to_owned(),
        Period::Year => "per year".to_owned(),
        Period::Rolling(seconds) => format!("per {}", duration(seconds)),
        Period::Total => "in total".to_owned(),
    }
}

fn excepted(ir: &Ir, except: &[Excepted]) -> String {
    if except.is_empty() {
        return String::new();
    }
    let one = |one: &Excepted| match one {
        Excepted::Account(number) => quoted(account_name(ir, *number)),
        Excepted::Kind(kind) => format!("{kind} accounts"),
    };
    format!(" except {}", list(except, one))
}

fn network(ir: &Ir, network: &NetworkRef) -> String {
    match network {
        NetworkRef::Block(block) => format!("ip {block}"),
        NetworkRef::Network(number) => {
            format!("network {}", quoted(at(&ir.networks, *number).map_or("", |network| &network.name)))
        }
        NetworkRef::Anywhere => "anywhere".to_owned(),
    }
}

fn span(during: &During) -> String {
    let days = match during.days.as_slice() {
        [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri] => "weekdays ".to_owned(),
        [Day::Sat, Day::Sun] => "weekends ".to_owned(),
        days if days.len() == 7 => String::new(),
        days => format!("{} ", list(days, |day| self::day(*day).to_owned())),
    };
    if (during.from, during.until) == (0, 1440) {
        let whole = days.trim_end();
        return if whole.is_empty() { "00:00-24:00".to_owned() } else { whole.to_owned() };
    }
    format!("{days}{}-{}", clock(during.from), clock(during.until))
}

/// The word of a day.
pub(crate) fn day(day: Day) -> &'static str {
    match day {
        Day::Mon => "mon",
        Day::Tue => "tue",
        Day::Wed => "wed",
        Day::Thu => "thu",
        Day::Fri => "fri",
        Day::Sat => "sat",
        Day::Sun => "sun",
    }
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn account_name(ir: &Ir, account: u32) -> &str {
    at(&ir.accounts, account).map_or("", |account| &account.name)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list<T>(items: &[T], one: impl Fn(&T) -> String) -> String {
    // Thousands of payees would drown the message.
    let shown: Vec<String> = items.iter().take(5).map(one).collect();
    let more = items.len().saturating_sub(shown.len());
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}
