//! Clauses of the document become tests: names are numbers, figures minor units, dates moments.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::address::Block;
use crate::amount::{Currency, minor};
use crate::clause::{AccountTest, Cap, Excepted, PayeeTest, Place, Test, Times};
use crate::facts::Repeat;
use crate::iban;
use crate::ibans::Ibans;
use crate::ir::{self, Clause, Counting, Ir};
use crate::names::is_nfc;
use crate::policy::Span;
use crate::{instant, span, url};

/// What clauses name.
pub(crate) struct Names<'i> {
    pub(crate) ir: &'i Ir,
    pub(crate) ibans: &'i Ibans,
    pub(crate) zone: Option<&'i TimeZone>,
}

/// Tests of all rules and scopes, one after the other, in the order of the document's clauses.
#[derive(Debug, Default)]
pub(crate) struct Clauses {
    pub(crate) tests: Vec<Test>,
    pub(crate) blocks: Vec<Span>,
}

impl Clauses {
    pub(crate) fn add_all(&mut self, names: &Names<'_>, clauses: &[Clause]) -> Result<Span, String> {
        let from = length(&self.tests)?;
        for (place, clause) in clauses.iter().enumerate() {
            self.tests.push(names.test(clause).map_err(|fault| format!("[{place}]: {fault}"))?);
        }
        Ok(Span { from, until: length(&self.tests)? })
    }

    pub(crate) fn add_blocks(&mut self, names: &Names<'_>, blocks: &[Vec<Clause>]) -> Result<Span, String> {
        let from = length(&self.blocks)?;
        for (place, block) in blocks.iter().enumerate() {
            if block.is_empty() {
                return Err(format!("unless[{place}]: an exception without clauses is always true"));
            }
            let span = self.add_all(names, block).map_err(|fault| format!("unless[{place}]{fault}"))?;
            self.blocks.push(span);
        }
        Ok(Span { from, until: length(&self.blocks)? })
    }
}

impl Names<'_> {
    fn test(&self, clause: &Clause) -> Result<Test, String> {
        Ok(match clause {
            Clause::On(accounts) => Test::On(each("on", accounts, |account| self.account(account))?),
            Clause::To(payees) => Test::To(self.payees(payees)?),
            Clause::ToUrl(urls) => Test::ToUrl(each("to-url", urls, |text| match url::is_absolute(text) {
                true => Ok(Box::from(text.as_str())),
                false => Err(format!("`{text}` is no absolute URL")),
            })?),
            Clause::UpTo(caps) => Test::UpTo(each("up-to", caps, |cap| self.cap(cap))?),
            Clause::AnyAmount => Test::AnyAmount,
            Clause::Over(caps) => Test::Over(each("over", caps, |cap| self.cap(cap))?),
            Clause::AtMost(counts) => Test::AtMost(each("at-most", counts, |count| self.times(count))?),
            Clause::MoreThan(counts) => Test::MoreThan(each("more-than", counts, |count| self.times(count))?),
            Clause::Within(limits) => {
                Test::Within(each("within", limits, |limit| known(*limit, &self.ir.limits, "limit").map(|_| *limit))?)
            }
            Clause::Via(methods) => Test::Via(each("via", methods, |word| self.method(word))?),
            Clause::Repeating(words) => {
                let bits = each("repeating", words, |word| {
                    Repeat::named(word).ok_or_else(|| format!("unknown rhythm `{word}`"))
                })?;
                Test::Repeating(bits.iter().fold(0, |set, rhythm| set | rhythm.bit()))
            }
            Clause::Since(ir::Since::Age(seconds)) => Test::SinceAge(*seconds),
            Clause::Since(ir::Since::Date(date)) => Test::SinceDate(self.first_instant(date)?),
            Clause::CreatedByThisKey => Test::CreatedByThisKey,
            Clause::From(networks) => Test::From(each("from", networks, |network| self.place(network))?),
            Clause::During(spans) => {
                self.zone.ok_or("during: needs `timezone`")?;
                Test::During(each("during", spans, |during| span::Span::new(during).map_err(str::to_owned))?)
            }
            Clause::Starting(date) => Test::Starting(self.first_instant(date)?),
            Clause::Before(date) => Test::Before(self.first_instant(date)?),
        })
    }

    fn account(&self, account: &ir::AccountRef) -> Result<AccountTest, String> {
        let except = |list: &[ir::Excepted]| list.iter().map(|one| self.excepted(one)).collect::<Result<_, _>>();
        Ok(match account {
            ir::AccountRef::Account(number) => {
                known(*number, &self.ir.accounts, "account")?;
                AccountTest::Declared(*number)
            }
            ir::AccountRef::Name(name) if is_nfc(name) => AccountTest::Name(Box::from(name.as_str())),
            ir::AccountRef::Name(name) => return Err(format!("`{name}` is not in Unicode NFC")),
            ir::AccountRef::Kind { kind, except: list } => AccountTest::Kind(self.kind(kind)?, except(list)?),
            ir::AccountRef::Any { except: list } => AccountTest::Any(except(list)?),
        })
    }

    fn excepted(&self, excepted: &ir::Excepted) -> Result<Excepted, String> {
        match excepted {
            ir::Excepted::Account(number) => {
                known(*number, &self.ir.accounts, "account").map(|_| Excepted::Declared(*number))
            }
            ir::Excepted::Kind(word) => self.kind(word).map(Excepted::Kind),
        }
    }

    fn kind(&self, word: &str) -> Result<u16, String> {
        let place = self.ir.kinds.iter().position(|kind| kind.word == word);
        place.and_then(|place| u16::try_from(place).ok()).ok_or_else(|| format!("unknown kind `{word}`"))
    }

    fn method(&self, word: &str) -> Result<u16, String> {
        let place = self.ir.methods.iter().position(|method| method == word);
        place.and_then(|place| u16::try_from(place).ok()).ok_or_else(|| format!("unknown method `{word}`"))
    }

    fn payees(&self, payees: &[ir::PayeeRef]) -> Result<PayeeTest, String> {
        if payees.is_empty() {
            return Err("to: an empty list".to_owned());
        }
        let mut test = PayeeTest { ibans: Box::default(), own_accounts: false, favorites: false, anyone: false };
        let mut ranges = Vec::new();
        let one = |number: u32| (number, number.saturating_add(1));
        for payee in payees {
            match payee {
                ir::PayeeRef::Payee(number) => {
                    known(*number, &self.ir.payees, "payee")?;
                    ranges.extend(self.ibans.of_payee(*number));
                }
                ir::PayeeRef::Account(number) => {
                    let account = known(*number, &self.ir.accounts, "account")?;
                    if account.iban.is_none() {
                        return Err(format!("to: the account `{}` has no IBAN", account.name));
                    }
                    ranges.push(one(*number));
                }
                ir::PayeeRef::Iban(iban) => {
                    iban::check(iban).map_err(|fault| format!("to: `{iban}` {fault}"))?;
                    let number = self.ibans.number(self.ir, iban);
                    ranges.push(one(number.ok_or_else(|| format!("to: `{iban}` has no number"))?));
                }
                ir::PayeeRef::OwnAccounts => test.own_accounts = true,
                ir::PayeeRef::Favorites => test.favorites = true,
                ir::PayeeRef::Anyone => test.anyone = true,
            }
        }
        test.ibans = join(ranges);
        Ok(test)
    }

    pub(crate) fn cap(&self, cap: &ir::MoneyCap) -> Result<Cap, String> {
        let code = &cap.currency;
        let currency = Currency::named(code).ok_or_else(|| format!("`{code}` is no currency that can be paid"))?;
        let minor = minor(&cap.value, currency).map_err(|fault| format!("`{} {code}` {fault}", cap.value))?;
        if let Some(number) = cap.counter {
            match &known(number, &self.ir.counters, "counter")?.counting {
                Counting::Money(counted) if counted == code => {}
                _ => return Err(format!("counter {number} does not sum {code}")),
            }
        }
        Ok(Cap { minor, currency, counter: cap.counter })
    }

    pub(crate) fn times(&self, count: &ir::CountCap) -> Result<Times, String> {
        let number = count.counter;
        if known(number, &self.ir.counters, "counter")?.counting != Counting::Times {
            return Err(format!("counter {number} does not count times"));
        }
        if count.times == 0 {
            return Err("a cap of 0 times".to_owned());
        }
        Ok(Times { times: count.times, counter: number })
    }

    fn place(&self, network: &ir::NetworkRef) -> Result<Place, String> {
        match network {
            ir::NetworkRef::Anywhere => Ok(Place::Anywhere),
            ir::NetworkRef::Network(number) => {
                known(*number, &self.ir.networks, "network").map(|_| Place::Network(*number))
            }
            ir::NetworkRef::Block(text) => {
                Block::parse(text).map(Place::Block).map_err(|fault| format!("`{text}` {fault}"))
            }
        }
    }

    fn first_instant(&self, date: &str) -> Result<Timestamp, String> {
        let zone = self.zone.ok_or_else(|| format!("the date `{date}` needs `timezone`"))?;
        let parsed = instant::date(date).ok_or_else(|| format!("`{date}` is no date such as `2027-01-31`"))?;
        instant::first(parsed, zone).ok_or_else(|| format!("`{date}` is out of range"))
    }
}

fn length<T>(list: &[T]) -> Result<u32, String> {
    u32::try_from(list.len()).map_err(|_| "too many clauses".to_owned())
}

fn known<'l, T>(number: u32, list: &'l [T], what: &str) -> Result<&'l T, String> {
    usize::try_from(number).ok().and_then(|at| list.get(at)).ok_or_else(|| format!("there is no {what} {number}"))
}

/// Compiles a list; an empty one would make the clause mean something else than it says.
fn each<T, U>(what: &str, list: &[T], read: impl Fn(&T) -> Result<U, String>) -> Result<Box<[U]>, String> {
    if list.is_empty() {
        return Err(format!("{what}: an empty list"));
    }
    list.iter().map(|one| read(one).map_err(|fault| format!("{what}: {fault}"))).collect()
}

/// Sorts ranges and joins those that touch.
fn join(mut ranges: Vec<(u32, u32)>) -> Box<[(u32, u32)]> {
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (from, until) in ranges {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => joined.push((from, until)),
        }
    }
    joined.into()
}
