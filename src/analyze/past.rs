//! What counters say after a past: sums and numbers of entries in their scopes and windows (language.md, 6.4).

use std::rc::Rc;

use bpol_engine::ir::{Clause, Counting, Dimension, Ir, Operation, Period};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use unicode_normalization::UnicodeNormalization;

use crate::analyze::facts::Facts;
use crate::analyze::names::Names;
use crate::analyze::space;
use crate::analyze::truth::Truth;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name of the key.
    pub key: String,
    /// The place of the operation.
    pub operation: usize,
    /// When.
    pub time: Timestamp,
    /// What is known of it.
    pub facts: Facts,
}

/// A past that one policy counts.
#[derive(Debug)]
pub struct Past<'p> {
    names: Rc<Names<'p>>,
    zone: Option<TimeZone>,
    entries: Vec<Entry>,
}

impl<'p> Past<'p> {
    /// The past of these entries. Facts that contradict the policy's declarations are forgotten as a whole.
    pub fn of(ir: &'p Ir, entries: Vec<Entry>) -> Self {
        let names = Rc::new(Names::of(ir));
        let known = |mut entry: Entry| {
            let operation = ir.operations.get(entry.operation);
            let tells = |dimension| operation.is_some_and(|it| tells(it, dimension));
            let account = entry.facts.account.take().filter(|_| tells(Dimension::Account));
            entry.facts.account = account.filter(|account| names.declared(account).is_ok());
            let payee = entry.facts.payee.take().filter(|_| tells(Dimension::Payee));
            entry.facts.payee = payee.filter(|payee| !names.contradicts(payee));
            entry.facts.amount = entry.facts.amount.take().filter(|_| tells(Dimension::Amount));
            entry.facts.method = entry.facts.method.take().filter(|_| tells(Dimension::Method));
            entry.facts.repeat = entry.facts.repeat.take().filter(|_| tells(Dimension::Repeat));
            entry
        };
        let entries = entries.into_iter().map(known).collect();
        Self { zone: space::zone(ir.timezone.as_deref()), names, entries }
    }

    /// The total of a counter with a request of a key: the sum with its amount in the counter's currency, or the number
    /// of times with this one; nothing when the sum is unknown.
    pub fn total(&self, counter: u32, key: &str, facts: &Facts, now: Timestamp) -> Option<i128> {
        let declared = self.names.ir.counters.get(counter as usize)?;
        let inside = self.entries.iter().filter(|entry| {
            self.in_window(declared.period, entry.time, now)
                && (!declared.each_key || entry.key == key)
                && declared.scopes.iter().any(|scope| self.in_scope(*scope, entry))
        });
        match &declared.counting {
            Counting::Times => Some(inside.count() as i128 + 1),
            Counting::Money(currency) => {
                let mut sum = 0;
                for entry in inside {
                    let about = self.names.ir.operations.get(entry.operation)?;
                    if !about.dimensions.contains(&Dimension::Amount) {
                        continue;
                    }
                    let amount = entry.facts.amount.as_ref()?;
                    sum += if amount.currency == *currency { amount.minor } else { 0 };
                }
                let own = facts.amount.as_ref().filter(|amount| amount.currency == *currency);
                Some(sum + own.map_or(0, |amount| amount.minor))
            }
        }
    }

    fn in_scope(&self, scope: u32, entry: &Entry) -> bool {
        let ir = self.names.ir;
        let Some(scope) = ir.scopes.get(scope as usize) else { return true };
        let keys = match &scope.key {
            Some(key) => *key == entry.key,
            None => ir.keys.iter().any(|key| key.name == entry.key) && !scope.except.contains(&entry.key),
        };
        let listed = scope.operations.contains(&(entry.operation as u32));
        let Some(operation) = ir.operations.get(entry.operation).filter(|_| keys && listed) else { return false };
        let value = |clauses: &[Clause]| {
            clauses.iter().map(|clause| self.value(operation, clause, &entry.facts)).min().unwrap_or(Truth::True)
        };
        value(&scope.when) != Truth::False && scope.unless.iter().all(|block| value(block) != Truth::True)
    }

    /// The value of a clause that facts alone decide.
    fn value(&self, operation: &Operation, clause: &Clause, facts: &Facts) -> Truth {
        let about = |dimension| operation.dimensions.contains(&dimension);
        let word = |told: &Option<String>, words: &[String]| Truth::of(told.as_ref().map(|told| words.contains(told)));
        match clause {
            Clause::On(refs) if about(Dimension::Account) => self.names.on(refs, facts.account.as_ref()),
            Clause::To(refs) if about(Dimension::Payee) => self.names.to(refs, facts.payee.as_ref()),
            Clause::Via(words) if about(Dimension::Method) => word(&facts.method, words),
            Clause::Repeating(words) if about(Dimension::Repeat) => word(&facts.repeat, words),
            _ => Truth::Unknown,
        }
    }

    fn in_window(&self, period: Period, time: Timestamp, now: Timestamp) -> bool {
        match period {
            Period::Total => true,
            Period::Rolling(seconds) => {
                let start = i64::try_from(seconds).ok().map(SignedDuration::from_secs);
                start.and_then(|length| now.checked_sub(length).ok()).is_none_or(|start| time > start)
            }
            period => window_start(period, now, self.zone.as_ref()).is_none_or(|start| time >= start),
        }
    }
}

pub(crate) fn tells(operation: &Operation, dimension: Dimension) -> bool {
    operation.dimensions.contains(&dimension) && !operation.untold.contains(&dimension)
}

/// The first instant of the calendar period that contains a moment.
pub(crate) fn window_start(period: Period, now: Timestamp, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let zone = zone?;
    let today: Date = zone.to_datetime(now).date();
    let first = match period {
        Period::Day => today,
        Period::Week => {
            let days = i64::from(today.weekday().to_monday_zero_offset());
            today.checked_sub(days.days()).ok()?
        }
        Period::Month => today.first_of_month(),
        Period::Year => today.first_of_year(),
        Period::Rolling(_) | Period::Total => return None,
    };
    Some(first.to_zoned_datetime(zone.clone()).ok()?.start_of_day().ok()?.timestamp())
}

impl Entry {
    /// Reads an entry that the engine accepts; one with parts is one entry per part. Nothing of what it would refuse.
    pub fn read(ir: &Ir, entry: &serde_json::Value) -> Option<Vec<Self>> {
        let operation = operation(ir, entry["action"].as_str()?, entry["resource"].as_str()?)?;
        let key: String = entry["key"].as_str()?.nfc().collect();
        let time: Timestamp = entry["time"].as_str()?.parse().ok()?;
        let one = |facts| Self { key: key.clone(), operation, time, facts };
        let outer = Facts::read(entry);
        let Some(parts) = entry["parts"].as_array() else { return Some(vec![one(outer)]) };
        let inside = &ir.operations.get(operation)?.parts;
        let inherits = |dimension| !inside.contains(&dimension);
        let entries = parts.iter().map(|part| {
            let part = Facts::read(part);
            let given = outer.clone();
            one(Facts {
                account: part.account.or(given.account.filter(|_| inherits(Dimension::Account))),
                payee: part.payee.or(given.payee.filter(|_| inherits(Dimension::Payee))),
                amount: part.amount.or(given.amount.filter(|_| inherits(Dimension::Amount))),
                method: given.method.filter(|_| inherits(Dimension::Method)),
                repeat: given.repeat.filter(|_| inherits(Dimension::Repeat)),
                url: part.url.or(given.url.filter(|_| inherits(Dimension::Url))),
                record: given.record.filter(|_| inherits(Dimension::Record)),
                ip: given.ip,
            })
        });
        Some(entries.collect())
    }
}

/// The place of an operation by its words; a view is the operation that it views.
pub fn operation(ir: &Ir, action: &str, resource: &str) -> Option<usize> {
    let own = ir.operations.iter().position(|it| it.action == action && it.resource == resource);
    let view = || ir.views.iter().find(|it| it.action == action && it.resource == resource);
    own.or_else(|| Some(view()?.operation as usize))
}
