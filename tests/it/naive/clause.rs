//! Section 6.2: the value of a clause.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::counter::{Counter, Sums, caps_of_limit, count_exceeded, money_value, within};
use super::logic::{Unknown, Value, and, compare, not, or};
use super::model::{
    Account, AccountRef, Cap, Clause, CountCap, Days, Excepted, Item, MoneyCap, NetworkRef, PayeeEntry, PayeeRef,
    Policy, Since, Span,
};
use super::request::{Facts, address, comparable, nfc};
use super::rule::{Flat, Membership, Stated, dimension, keys, rules_of};
use super::vocabulary::Vocabulary;
use super::{accounts, own_kind};

/// All that a clause may look at beside the request.
pub(crate) struct World<'test> {
    pub(crate) policy: &'test Policy,
    pub(crate) vocabulary: &'test Vocabulary,
    pub(crate) past: Vec<Facts>,
    pub(crate) now: Timestamp,
    /// The rules of every key, for the counters that keys share.
    pub(crate) rules: Vec<Flat>,
    /// What counters hold, where that is told and not to be counted from the past.
    pub(crate) sums: Option<&'test Sums<'test>>,
    /// "In a region an account that is known to be another declared one, or of another kind than declared, is not the
    /// one named."
    pub(crate) in_region: bool,
}

impl<'test> World<'test> {
    pub(crate) fn new(
        policy: &'test Policy,
        vocabulary: &'test Vocabulary,
        past: Vec<Facts>,
        now: Timestamp,
    ) -> World<'test> {
        let rules = keys(policy).flat_map(|key| rules_of(policy, &key, vocabulary)).collect();
        World { policy, vocabulary, past, now, rules, sums: None, in_region: false }
    }

    pub(crate) fn zone(&self) -> TimeZone {
        let name = self.policy.items.iter().find_map(|item| match item {
            Item::Timezone(name) => Some(name.as_str()),
            _ => None,
        });
        TimeZone::get(name.unwrap_or("UTC")).expect("the time zone is in the database")
    }

    /// "the first instant of the date in the policy's time zone"
    pub(crate) fn first_instant(&self, date: Date) -> Timestamp {
        date.to_zoned_datetime(self.zone())
            .and_then(|zoned| zoned.start_of_day())
            .expect("the day is within the calendar")
            .timestamp()
    }
}

/// Where in a rule a clause stands: before `unless`, or in the block of that number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Site<'rule> {
    Stated(&'rule Stated),
    Unless(usize, &'rule Clause),
}

impl<'rule> Site<'rule> {
    pub(crate) fn clause(self) -> &'rule Clause {
        match self {
            Site::Stated(stated) => &stated.clause,
            Site::Unless(_, clause) => clause,
        }
    }
}

/// The value of a clause of a rule whose subject the operation is in.
pub(crate) fn value(world: &World<'_>, rule: &Flat, site: Site<'_>, membership: Membership, facts: &Facts) -> Value {
    let operation = &world.vocabulary.operations[facts.operation];
    // "For an operation in the subject only because it *counts as* a named one, a clause about a dimension the
    // operation does not have is unknown."
    if membership == Membership::CountsAs && dimension(site.clause()).is_some_and(|dimension| !operation.has(dimension))
    {
        return Unknown;
    }
    match site.clause() {
        Clause::On(refs) => or(refs.iter().map(|reference| on(world, reference, facts))),
        Clause::To(refs) => or(refs.iter().map(|reference| to(world.policy, reference, facts))),
        // "the fact is in the list (url: equal as a string)"
        Clause::ToUrl(urls) => listed(facts.url.as_ref(), urls),
        Clause::Via(methods) => listed(facts.method.as_ref(), methods),
        Clause::Repeating(words) => listed(facts.repeat.as_ref(), words),
        Clause::UpTo(caps) => money_value(world, caps, &Counter::of(world, rule, site), facts, true),
        Clause::Over(caps) => money_value(world, caps, &Counter::of(world, rule, site), facts, false),
        // "count(W) + 1 ≤ N for every cap; count(W) + 1 > N for some cap"
        Clause::AtMost(caps) => {
            let counter = Counter::of(world, rule, site);
            and(caps.iter().map(|cap| not(count_exceeded(world, cap, &counter))))
        }
        Clause::MoreThan(caps) => {
            let counter = Counter::of(world, rule, site);
            or(caps.iter().map(|cap| count_exceeded(world, cap, &counter)))
        }
        // "every cap of L holds for L's own counters, by the rules above. A list: and"
        Clause::Within(limits) => and(limits.iter().map(|limit| {
            let caps = caps_of_limit(world.policy, limit);
            let money: Vec<MoneyCap> = caps
                .iter()
                .filter_map(|cap| match cap {
                    Cap::Money(cap) => Some(cap.clone()),
                    Cap::Count(_) => None,
                })
                .collect();
            let counts: Vec<CountCap> = caps
                .iter()
                .filter_map(|cap| match cap {
                    Cap::Count(cap) => Some(cap.clone()),
                    Cap::Money(_) => None,
                })
                .collect();
            let counter = within(world, limit);
            let money = money_value(world, &money, &counter, facts, true);
            let counts = counts.iter().map(|cap| not(count_exceeded(world, cap, &counter)));
            and(counts.chain([money]))
        })),
        // "the record was created at or after now − D, or at or after the first instant of the date in the policy's
        // time zone"
        Clause::Since(since) => {
            let first = match since {
                Since::Ago(duration) => world.now - jiff::SignedDuration::from_secs(duration.seconds()),
                Since::Date(date) => world.first_instant(parse_date(date)),
            };
            match facts.record.as_ref().and_then(|record| record.created) {
                Some(created) => (created >= first).into(),
                None => Unknown,
            }
        }
        // "`record.own`"
        Clause::CreatedByThisKey => compare(facts.record.as_ref().and_then(|record| record.own.as_ref()), &true),
        // "true: they shape the answer"
        Clause::Showing(_) | Clause::Hiding(_) => Value::True,
        // "the address is in one of the networks. `anywhere`: true"
        Clause::From(refs) => or(refs.iter().map(|reference| from(world.policy, reference, facts.ip))),
        // "the local time in the policy's time zone lies in a span"
        Clause::During(spans) => spans.iter().any(|span| lies_in(world, span)).into(),
        // "now ≥, now < the first instant of D"
        Clause::Starting(date) => (world.now >= world.first_instant(parse_date(date))).into(),
        Clause::Before(date) => (world.now < world.first_instant(parse_date(date))).into(),
    }
}

fn listed(told: Option<&String>, list: &[String]) -> Value {
    match told {
        Some(told) => list.iter().any(|item| nfc(item) == *told).into(),
        None => Unknown,
    }
}

pub(crate) fn parse_date(text: &str) -> Date {
    text.parse().expect("a date of the policy is one")
}

/// "A declared account is compared on each of IBAN and id that both sides know: equal is true, different is false
/// (mixed is malformed), nothing comparable is unknown. An undeclared one is compared by name. `KIND accounts`: the
/// request's kind, else that of the declared account it equals. A list: or. `except`: and not. `any account`: true"
fn on(world: &World<'_>, reference: &AccountRef, facts: &Facts) -> Value {
    let policy = world.policy;
    let besides = |except: &[Excepted]| {
        not(or(except.iter().map(|excepted| match excepted {
            Excepted::Named(name) => is_account(world, name, facts),
            Excepted::Kind(kind) => is_kind(policy, kind, facts),
        })))
    };
    match reference {
        AccountRef::Named(name) => is_account(world, name, facts),
        AccountRef::Kind { kind, except } => and([is_kind(policy, kind, facts), besides(except)]),
        AccountRef::Any { except } => and([Value::True, besides(except)]),
    }
}

fn is_account(world: &World<'_>, name: &str, facts: &Facts) -> Value {
    let policy = world.policy;
    let told = facts.account.as_ref();
    match declared(policy, name) {
        Some(declared) if world.in_region && is_known_to_be_another(policy, declared, facts) => Value::False,
        Some(declared) => match told.map(|told| comparable(declared, told)).unwrap_or_default().first() {
            Some(same) => (*same).into(),
            None => Unknown,
        },
        None => compare(told.and_then(|told| told.name.as_ref()), &nfc(name)),
    }
}

fn is_known_to_be_another(policy: &Policy, declared: &Account, facts: &Facts) -> bool {
    let Some(told) = &facts.account else { return false };
    let kinds = declared.kind.as_ref().zip(told.kind.as_ref());
    kinds.is_some_and(|(declared, told)| declared != told)
        || accounts(policy).any(|other| other.name != declared.name && comparable(other, told).contains(&true))
}

fn is_kind(policy: &Policy, kind: &str, facts: &Facts) -> Value {
    let Some(told) = &facts.account else { return Unknown };
    let equal = accounts(policy).find(|declared| comparable(declared, told).contains(&true));
    let known = told.kind.as_ref().or_else(|| equal.and_then(|declared| declared.kind.as_ref()));
    compare(known.map(String::as_str), kind)
}

pub(crate) fn declared<'policy>(policy: &'policy Policy, name: &str) -> Option<&'policy Account> {
    accounts(policy).find(|account| nfc(&account.name) == nfc(name))
}

/// "payee's IBAN equals, or is in, what is named (`account "S"`: its IBAN). `own accounts`: `payee.own` where known,
/// else true for the IBAN of a declared account of kind bank, joint, savings or card, else unknown. `favorites`:
/// `payee.favorite`. `anyone`: true. A list: or"
fn to(policy: &Policy, reference: &PayeeRef, facts: &Facts) -> Value {
    let payee = facts.payee.as_ref();
    let iban = payee.and_then(|payee| payee.iban.as_deref());
    match reference {
        PayeeRef::Payee(name) => compare(iban, &payee_iban(policy, name)),
        PayeeRef::Payees(name) => {
            let members = payees_ibans(policy, name);
            match iban {
                Some(iban) => members.iter().any(|member| member == iban).into(),
                None => Unknown,
            }
        }
        PayeeRef::Account(name) => {
            let account = declared(policy, name).expect("an account after `to` is declared");
            compare(iban, account.iban.as_deref().expect("an account after `to` has an IBAN"))
        }
        PayeeRef::Iban(wanted) => compare(iban, wanted.as_str()),
        PayeeRef::OwnAccounts => match payee.and_then(|payee| payee.own) {
            Some(own) => own.into(),
            None if iban.is_some_and(|iban| {
                accounts(policy).any(|account| account.iban.as_deref() == Some(iban) && own_kind(account))
            }) =>
            {
                Value::True
            }
            None => Unknown,
        },
        PayeeRef::Favorites => compare(payee.and_then(|payee| payee.favorite.as_ref()), &true),
        PayeeRef::Anyone => Value::True,
    }
}

pub(crate) fn payee_iban(policy: &Policy, wanted: &str) -> String {
    policy
        .items
        .iter()
        .find_map(|item| match item {
            Item::Payee { name, iban } if nfc(name) == nfc(wanted) => Some(iban.clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("payee `{wanted}` is declared"))
}

pub(crate) fn payees_ibans(policy: &Policy, wanted: &str) -> Vec<String> {
    let entries = policy
        .items
        .iter()
        .find_map(|item| match item {
            Item::Payees { name, entries } if nfc(name) == nfc(wanted) => Some(entries),
            _ => None,
        })
        .unwrap_or_else(|| panic!("payees `{wanted}` are declared"));
    entries
        .iter()
        .flat_map(|entry| match entry {
            PayeeEntry::Payee(name) => vec![payee_iban(policy, name)],
            PayeeEntry::Payees(name) => payees_ibans(policy, name),
            PayeeEntry::Iban(iban) => vec![iban.clone()],
        })
        .collect()
}

pub(crate) fn from(policy: &Policy, reference: &NetworkRef, ip: Option<IpAddr>) -> Value {
    let networks = match reference {
        NetworkRef::Anywhere => return Value::True,
        NetworkRef::Ip(network) => vec![network.clone()],
        NetworkRef::Network(wanted) => policy
            .items
            .iter()
            .find_map(|item| match item {
                Item::Network { name, networks } if nfc(name) == nfc(wanted) => Some(networks.clone()),
                _ => None,
            })
            .unwrap_or_else(|| panic!("network `{wanted}` is declared")),
    };
    match ip {
        Some(ip) => networks.iter().any(|network| contains(network, ip)).into(),
        None => Unknown,
    }
}

/// Whether the first bits of the two addresses are the same.
fn contains(network: &str, ip: IpAddr) -> bool {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, Some(length.parse::<u32>().expect("a prefix length"))),
        None => (network, None),
    };
    match (address(base).expect("a network's address"), ip) {
        (IpAddr::V4(base), IpAddr::V4(ip)) => {
            let shift = 32 - length.unwrap_or(32);
            (u64::from(u32::from(base)) >> shift) == (u64::from(u32::from(ip)) >> shift)
        }
        (IpAddr::V6(base), IpAddr::V6(ip)) => {
            let length = length.unwrap_or(128);
            length == 0 || (u128::from(base) >> (128 - length)) == (u128::from(ip) >> (128 - length))
        }
        _ => false,
    }
}

/// "Start inclusive, end exclusive; a span whose end is not after its start runs into the next day and belongs to the
/// day it starts on. Days alone: the whole day"
pub(crate) fn lies_in(world: &World<'_>, span: &Span) -> bool {
    let local = world.now.to_zoned_datetime(world.zone());
    let today = u8::try_from(local.weekday().to_monday_zero_offset()).expect("a weekday");
    let yesterday = (today + 6) % 7;
    let second =
        u32::try_from(i32::from(local.hour()) * 3600 + i32::from(local.minute()) * 60 + i32::from(local.second()))
            .expect("a second of the day");
    let on = |day: u8| span.days.is_empty() || span.days.iter().any(|days| has_day(days, day));
    match span.hours {
        None => on(today),
        Some((start, end)) => {
            let (start, end) = (u32::from(start) * 60, u32::from(end) * 60);
            if end > start {
                on(today) && start <= second && second < end
            } else {
                (on(today) && start <= second) || (on(yesterday) && second < end)
            }
        }
    }
}

fn has_day(days: &Days, day: u8) -> bool {
    match days {
        Days::Weekdays => day < 5,
        Days::Weekends => day >= 5,
        Days::Day(only) => *only == day,
        // "fri-mon wraps"
        Days::Range(first, last) if first <= last => *first <= day && day <= *last,
        Days::Range(first, last) => *first <= day || day <= *last,
    }
}
