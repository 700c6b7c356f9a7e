//! Compiled clauses and their three-valued evaluation (language.md, 6.2).

use std::net::IpAddr;

use jiff::Timestamp;

use crate::address::Block;
use crate::amount::Currency;
use crate::facts::{AccountFact, Dimensions, Facts, PayeeFact, Repeat};
use crate::ir::Dimension;
use crate::past::{Past, Tally};
use crate::policy::Policy;
use crate::span::Span;
use crate::value::Value;
use crate::window;

/// A clause with everything that it names resolved.
#[derive(Debug)]
pub(crate) enum Test {
    On(Box<[AccountTest]>),
    To(PayeeTest),
    ToUrl(Box<[Box<str>]>),
    UpTo(Box<[Cap]>),
    AnyAmount,
    Over(Box<[Cap]>),
    AtMost(Box<[Times]>),
    MoreThan(Box<[Times]>),
    Within(Box<[u32]>),
    Via(Box<[u16]>),
    Repeating(u8),
    /// Not older than so many seconds.
    SinceAge(u64),
    /// Not before a moment.
    SinceDate(Timestamp),
    CreatedByThisKey,
    From(Box<[Place]>),
    During(Box<[Span]>),
    Starting(Timestamp),
    Before(Timestamp),
}

#[derive(Debug)]
pub(crate) enum AccountTest {
    Declared(u32),
    Name(Box<str>),
    Kind(u16, Box<[Excepted]>),
    Any(Box<[Excepted]>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Excepted {
    Declared(u32),
    Kind(u16),
}

/// Payees: the numbers of their IBANs as sorted ranges that do not touch, and groups that no list can name.
#[derive(Debug)]
pub(crate) struct PayeeTest {
    pub(crate) ibans: Box<[(u32, u32)]>,
    pub(crate) own_accounts: bool,
    pub(crate) favorites: bool,
    pub(crate) anyone: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Cap {
    pub(crate) minor: i64,
    pub(crate) currency: Currency,
    pub(crate) counter: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) times: u64,
    pub(crate) counter: u32,
}

/// A cap of a named limit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LimitCap {
    Money(Cap),
    Count(Times),
}

#[derive(Debug)]
pub(crate) enum Place {
    Block(Block),
    Network(u32),
    Anywhere,
}

/// Everything that the value of a clause depends on.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'s> {
    pub(crate) policy: &'s Policy,
    pub(crate) past: &'s dyn Past,
    pub(crate) now: Timestamp,
    pub(crate) key: u32,
    pub(crate) operation: u32,
    /// What the operation is about.
    pub(crate) about: Dimensions,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) facts: &'s Facts<'s>,
    /// Parts before this one: they count as executed.
    pub(crate) earlier: &'s [Facts<'s>],
    /// Dimensions whose facts stand in the answer and are not known yet.
    pub(crate) open: Dimensions,
}

impl Test {
    /// The dimension that the clause is about; counts, addresses and times are about none.
    pub(crate) fn about(&self, policy: &Policy) -> Option<Dimension> {
        match self {
            Self::On(_) => Some(Dimension::Account),
            Self::To(_) => Some(Dimension::Payee),
            Self::ToUrl(_) => Some(Dimension::Url),
            Self::UpTo(_) | Self::AnyAmount | Self::Over(_) => Some(Dimension::Amount),
            Self::Via(_) => Some(Dimension::Method),
            Self::Repeating(_) => Some(Dimension::Repeat),
            Self::SinceAge(_) | Self::SinceDate(_) | Self::CreatedByThisKey => Some(Dimension::Record),
            Self::Within(limits) => {
                let money = |limit: &u32| policy.limit(*limit).iter().any(|cap| matches!(cap, LimitCap::Money(_)));
                limits.iter().any(money).then_some(Dimension::Amount)
            }
            Self::AtMost(_)
            | Self::MoreThan(_)
            | Self::From(_)
            | Self::During(_)
            | Self::Starting(_)
            | Self::Before(_) => None,
        }
    }

    /// Whether the clause is a cap, a count or a limit: what was done before decides about it.
    pub(crate) fn is_cap(&self) -> bool {
        matches!(
            self,
            Self::UpTo(_) | Self::AnyAmount | Self::Over(_) | Self::AtMost(_) | Self::MoreThan(_) | Self::Within(_)
        )
    }

    pub(crate) fn value(&self, scene: &Scene<'_>) -> Value {
        match self {
            Self::On(_) | Self::To(_) | Self::Via(_) | Self::Repeating(_) | Self::ToUrl(_) => {
                self.value_of(scene.policy, scene.about, scene.facts)
            }
            Self::UpTo(caps) => scene.up_to(caps),
            Self::AnyAmount => {
                if scene.about.has(Dimension::Amount) {
                    Value::True
                } else {
                    Value::Unknown
                }
            }
            Self::Over(caps) => scene.over(caps),
            Self::AtMost(counts) => all(counts.iter().map(|count| scene.at_most(count))),
            Self::MoreThan(counts) => any(counts.iter().map(|count| !scene.at_most(count))),
            Self::Within(limits) => all(limits.iter().map(|limit| scene.within(*limit))),
            Self::SinceAge(seconds) => match window::before(scene.now, *seconds) {
                Some(start) => scene.created_since(start),
                // So long ago that no record can be older.
                None => Value::of(scene.created().map(|_| true)),
            },
            Self::SinceDate(start) => scene.created_since(*start),
            Self::CreatedByThisKey => Value::of(scene.facts.record.and_then(|record| record.own)),
            Self::From(places) => any(places.iter().map(|place| scene.calls_from(place))),
            Self::During(spans) => Value::of(scene.policy.zone().map(|zone| {
                let local = zone.to_datetime(scene.now);
                spans.iter().any(|span| span.holds(local))
            })),
            Self::Starting(start) => Value::from(scene.now >= *start),
            Self::Before(end) => Value::from(scene.now < *end),
        }
    }

    /// The value of an `on`, `to`, `to url`, `via` or `repeating`, which facts alone decide; of others unknown.
    pub(crate) fn value_of(&self, policy: &Policy, about: Dimensions, facts: &Facts<'_>) -> Value {
        match self {
            Self::On(accounts) if about.has(Dimension::Account) => {
                any(accounts.iter().map(|account| account.value(policy, facts.account.as_ref())))
            }
            Self::To(payees) if about.has(Dimension::Payee) => payees.value(policy, facts.payee.as_ref()),
            Self::ToUrl(urls) if about.has(Dimension::Url) => {
                Value::of(facts.url.as_deref().map(|url| urls.iter().any(|known| **known == *url)))
            }
            Self::Via(methods) if about.has(Dimension::Method) => {
                Value::of(facts.method.map(|method| methods.contains(&method)))
            }
            Self::Repeating(rhythms) if about.has(Dimension::Repeat) => {
                Value::of(facts.repeat.map(|rhythm| rhythms & rhythm.bit() != 0))
            }
            _ => Value::Unknown,
        }
    }
}

impl AccountTest {
    fn value(&self, policy: &Policy, fact: Option<&AccountFact<'_>>) -> Value {
        match self {
            Self::Declared(account) => declared(policy, *account, fact),
            Self::Name(name) => Value::of(fact.and_then(|fact| fact.name.as_deref()).map(|told| *told == **name)),
            Self::Kind(word, except) => kind(policy, *word, fact).and(!excepted(policy, except, fact)),
            Self::Any(except) => !excepted(policy, except, fact),
        }
    }
}

fn declared(policy: &Policy, account: u32, fact: Option<&AccountFact<'_>>) -> Value {
    let Some(fact) = fact else { return Value::Unknown };
    if fact.declared == Some(account) {
        return Value::True;
    }
    // What is mixed never gets here: it is malformed in a request and unknown in an entry.
    let comparable = policy
        .account(account)
        .is_some_and(|known| (known.iban && fact.iban.is_some()) || (known.id.is_some() && fact.id.is_some()));
    if comparable { Value::False } else { Value::Unknown }
}

fn kind(policy: &Policy, word: u16, fact: Option<&AccountFact<'_>>) -> Value {
    let told = fact.and_then(|fact| fact.kind);
    let known = told.or_else(|| policy.account(fact?.declared?)?.kind);
    Value::of(known.map(|known| known == word))
}

fn excepted(policy: &Policy, except: &[Excepted], fact: Option<&AccountFact<'_>>) -> Value {
    any(except.iter().map(|one| match one {
        Excepted::Declared(account) => declared(policy, *account, fact),
        Excepted::Kind(word) => kind(policy, *word, fact),
    }))
}

impl PayeeTest {
    fn value(&self, policy: &Policy, fact: Option<&PayeeFact<'_>>) -> Value {
        if self.anyone {
            return Value::True;
        }
        let iban = fact.and_then(|fact| fact.iban.as_ref());
        let listed = |number: u32| {
            let after = self.ibans.partition_point(|(from, _)| *from <= number);
            let range = after.checked_sub(1).and_then(|at| self.ibans.get(at));
            range.is_some_and(|(_, until)| number < *until)
        };
        let mut value = Value::False;
        if !self.ibans.is_empty() {
            value = Value::of(iban.map(|iban| iban.known.is_some_and(listed)));
        }
        if self.own_accounts {
            let told = fact.and_then(|fact| fact.own);
            let own = |iban: u32| policy.account(iban).is_some_and(|account| account.own);
            let by_iban = iban.and_then(|iban| iban.known).filter(|number| own(*number)).map(|_| true);
            value = value.or(Value::of(told.or(by_iban)));
        }
        if self.favorites {
            value = value.or(Value::of(fact.and_then(|fact| fact.favorite)));
        }
        value
    }
}

impl Scene<'_> {
    fn up_to(&self, caps: &[Cap]) -> Value {
        self.caps(caps, |value, exceeded| value.and(!exceeded), Value::True)
    }

    fn over(&self, caps: &[Cap]) -> Value {
        self.caps(caps, Value::or, Value::False)
    }

    /// Joins the caps in the amount's currency; unknown when there is none.
    fn caps(&self, caps: &[Cap], join: impl Fn(Value, Value) -> Value, empty: Value) -> Value {
        let Some(amount) = self.facts.amount else { return Value::Unknown };
        let mut looked_at = caps.iter().filter(|cap| cap.currency == amount.currency).peekable();
        if looked_at.peek().is_none() {
            return Value::Unknown;
        }
        looked_at.fold(empty, |value, cap| join(value, self.exceeds(cap)))
    }

    /// Whether a cap in the amount's currency is exceeded.
    fn exceeds(&self, cap: &Cap) -> Value {
        let Some(amount) = self.facts.amount.filter(|amount| amount.currency == cap.currency) else {
            return Value::Unknown;
        };
        let spent = match cap.counter {
            None => Some(0),
            // What the bank repeats by itself cannot be counted.
            Some(_) if self.facts.repeat.is_some_and(|repeat| repeat != Repeat::ONCE) => None,
            Some(counter) => self.spent(counter),
        };
        // A sum too large to add counts as exceeded.
        Value::of(
            spent
                .map(|spent| spent.checked_add(i128::from(amount.minor)).is_none_or(|sum| sum > i128::from(cap.minor))),
        )
    }

    fn at_most(&self, count: &Times) -> Value {
        Value::from(self.count(count.counter).saturating_add(1) <= count.times)
    }

    fn within(&self, limit: u32) -> Value {
        let caps = self.policy.limit(limit);
        let money = caps.iter().filter_map(|cap| match cap {
            LimitCap::Money(cap) => Some(cap),
            LimitCap::Count(_) => None,
        });
        let mut value = Value::True;
        let mut looked_at = false;
        for cap in money.clone() {
            if self.facts.amount.is_some_and(|amount| amount.currency == cap.currency) {
                looked_at = true;
                value = value.and(!self.exceeds(cap));
            }
        }
        if !looked_at && money.count() > 0 {
            value = Value::Unknown;
        }
        caps.iter().fold(value, |value, cap| match cap {
            LimitCap::Count(count) => value.and(self.at_most(count)),
            LimitCap::Money(_) => value,
        })
    }

    /// What a counter has spent, earlier parts included; `None` when that is unknown.
    pub(crate) fn spent(&self, counter: u32) -> Option<i128> {
        let tally = Tally::new(self.policy, counter, self.key);
        let past = self.past.spent(&tally, tally.start(self.now))?;
        self.earlier.iter().try_fold(past, |sum, part| sum.checked_add(tally.spends(self.key, self.operation, part)?))
    }

    /// How often a counter has counted, earlier parts included.
    pub(crate) fn count(&self, counter: u32) -> u64 {
        let tally = Tally::new(self.policy, counter, self.key);
        let past = self.past.count(&tally, tally.start(self.now));
        let earlier = self.earlier.iter().filter(|part| tally.covers(self.key, self.operation, part)).count();
        past.saturating_add(u64::try_from(earlier).unwrap_or(u64::MAX))
    }

    fn created(&self) -> Option<Timestamp> {
        self.facts.record.and_then(|record| record.created)
    }

    fn created_since(&self, start: Timestamp) -> Value {
        Value::of(self.created().map(|created| created >= start))
    }

    fn calls_from(&self, place: &Place) -> Value {
        match place {
            Place::Anywhere => Value::True,
            Place::Block(block) => Value::of(self.ip.map(|ip| block.holds(ip))),
            Place::Network(network) => {
                Value::of(self.ip.map(|ip| self.policy.network(*network).iter().any(|block| block.holds(ip))))
            }
        }
    }
}

fn all(mut values: impl Iterator<Item = Value>) -> Value {
    let mut all = Value::True;
    while all != Value::False
        && let Some(value) = values.next()
    {
        all = all.and(value);
    }
    all
}

fn any(mut values: impl Iterator<Item = Value>) -> Value {
    let mut any = Value::False;
    while any != Value::True
        && let Some(value) = values.next()
    {
        any = any.or(value);
    }
    any
}
