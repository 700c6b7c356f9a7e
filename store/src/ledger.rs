//! All counters and reservations in memory: what the stores in memory and on disk have in common. It knows no lock, file
//! or clock.

use std::collections::{HashMap, HashSet};

use bpol_engine::{Policy, Start};
use hashbrown::HashMap as Quick;
use jiff::{SignedDuration, Timestamp};

use crate::charter::{Adopted, Gap, charter, counts_reads, kept};
use crate::order::{Digest, Order, Pending, Reserved, State, Ticket};
use crate::store::{KEPT_DAYS, SettleError};
#[cfg(feature = "records")]
use crate::sum::Sum;
use crate::sum::{at_most, first};

#[cfg(feature = "redis")]
mod adoption;
mod series;

#[cfg(feature = "redis")]
pub(crate) use adoption::{Adoption, Again};
pub(crate) use series::Series;

/// Counters and reservations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    pub(crate) charter: u64,
    pub(crate) counters: Quick<Box<str>, Counter>,
    /// Callers choose the names, so nobody may know how they are hashed.
    pub(crate) records: HashMap<Ticket, Box<Record>>,
    /// Series are never moved, so that records can name them by place.
    series: Vec<Series>,
    next: u64,
    /// Whether a policy was adopted before: until then a new counter has missed nothing, not even reads.
    pub(crate) adopted: bool,
    /// The last moment of what was forgotten.
    pub(crate) pruned: Option<Timestamp>,
    pub(crate) kept: SignedDuration,
}

/// A counter that the policy has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter {
    /// The last moment of which it may have missed something.
    pub(crate) gap: Option<Timestamp>,
    /// Places of its series, by key; one without a key where keys share it.
    pub(crate) series: Quick<Box<str>, usize>,
}

/// A reservation.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) number: u64,
    pub(crate) digest: Digest,
    pub(crate) state: State,
    pub(crate) time: Timestamp,
    pub(crate) deadline: Timestamp,
    /// Places of series and what it adds there.
    pub(crate) adds: Vec<(usize, Option<i128>)>,
    pub(crate) request: Box<str>,
}

impl Ledger {
    /// The sum of a counter; unknown when the policy does not have it or it may have missed something.
    pub(crate) fn sum(&mut self, counter: &str, key: Option<&str>, start: Start) -> Option<i128> {
        let from = first(start);
        let counter = self.counters.get(counter)?;
        if counter.gap.is_some_and(|gap| from <= gap) {
            return None;
        }
        match counter.series.get(key.unwrap_or_default()) {
            Some(place) => self.series.get_mut(*place)?.sum(from),
            None => Some(0),
        }
    }

    pub(crate) fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Option<Reserved> {
        let record = self.records.get(ticket)?;
        Some(if record.digest == *digest {
            Reserved::Repeated(record.state.at(now, record.deadline))
        } else {
            Reserved::Conflict
        })
    }

    /// Why an order cannot be reserved, as far as this can be told without looking at what it adds.
    pub(crate) fn refusal(&mut self, order: &Order<'_>, now: Timestamp) -> Option<Reserved> {
        if let Some(found) = self.find(order.ticket, &order.digest, now) {
            return Some(found);
        }
        if order.charter != self.charter {
            return Some(Reserved::Stale);
        }
        for seen in &order.seen {
            if !at_most(self.sum(&seen.counter, seen.key.as_deref(), seen.start), seen.sum) {
                return Some(Reserved::Changed);
            }
        }
        None
    }

    pub(crate) fn reserve(&mut self, order: &Order<'_>, now: Timestamp) -> Reserved {
        if let Some(refusal) = self.refusal(order, now) {
            return refusal;
        }
        let adds = order.adds.iter();
        let adds = adds.map(|add| Some((self.place(add.counter, add.key.unwrap_or_default())?, add.sum)));
        // A counter that the policy does not have: nothing is added to any.
        let Some(adds) = adds.collect() else { return Reserved::Stale };
        self.insert(
            order.ticket.clone(),
            Record {
                number: 0,
                digest: order.digest,
                state: State::Reserved,
                time: order.time,
                deadline: order.deadline,
                adds,
                request: order.request.into(),
            },
        );
        Reserved::New
    }

    /// Takes a reservation in and lets its counters count it.
    pub(crate) fn insert(&mut self, ticket: Ticket, mut record: Record) {
        record.number = self.next;
        self.next = self.next.saturating_add(1);
        if record.state.counts() {
            count(&mut self.series, &record);
        }
        self.records.insert(ticket, Box::new(record));
    }

    /// How it ended, and whether anything changed.
    pub(crate) fn settle(&mut self, ticket: &Ticket, end: State) -> (Result<(), SettleError>, bool) {
        let Some(record) = self.records.get_mut(ticket) else { return (Err(SettleError::Unknown), false) };
        let was = record.state;
        let answer = match (was, end) {
            (State::Committed, State::Released | State::Held) => return (Err(SettleError::Committed), false),
            (_, State::Reserved) => return (Ok(()), false),
            (State::Released, State::Committed | State::Held) => Err(SettleError::Reinstated),
            _ => Ok(()),
        };
        record.state = end;
        match (was.counts(), end.counts()) {
            (true, false) => {
                for (place, _) in &record.adds {
                    if let Some(series) = self.series.get_mut(*place) {
                        series.take(record.time, record.number);
                    }
                }
            }
            (false, true) => count(&mut self.series, record),
            _ => {}
        }
        (answer, was != end)
    }

    pub(crate) fn pending(&self, now: Timestamp) -> Vec<Pending> {
        let open = self.records.iter().filter(|(_, record)| matches!(record.state, State::Reserved | State::Held));
        let mut pending: Vec<Pending> = open
            .map(|(ticket, record)| Pending {
                ticket: ticket.clone(),
                state: record.state.at(now, record.deadline),
                time: record.time,
                deadline: record.deadline,
            })
            .collect();
        pending.sort_by(|left, right| (left.time, &left.ticket).cmp(&(right.time, &right.ticket)));
        pending
    }

    /// Forgets settled reservations that are older than is kept, and says which.
    pub(crate) fn prune(&mut self, now: Timestamp) -> Vec<Ticket> {
        let kept = self.kept.max(SignedDuration::from_hours(24 * KEPT_DAYS));
        let Ok(line) = now.checked_sub(kept) else { return Vec::new() };
        let old = |record: &Record| matches!(record.state, State::Committed | State::Released) && record.time < line;
        let gone: Vec<Ticket> =
            self.records.iter().filter(|(_, record)| old(record)).map(|(ticket, _)| ticket.clone()).collect();
        for record in gone.iter().filter_map(|ticket| self.records.remove(ticket)) {
            for (place, _) in &record.adds {
                if let Some(series) = self.series.get_mut(*place) {
                    series.forget(record.time, record.number);
                }
            }
            self.pruned = self.pruned.max(Some(record.time));
        }
        gone
    }

    pub(crate) fn trust(&mut self, counter: &str) {
        if let Some(counter) = self.counters.get_mut(counter) {
            counter.gap = None;
        }
    }

    /// Counts for a policy; says which reservations count elsewhere now.
    pub(crate) fn adopt(&mut self, policy: &Policy, now: Timestamp) -> Vec<Ticket> {
        self.kept = self.kept.max(kept(policy));
        self.charter = charter(policy);
        let wanted: HashMap<&str, _> =
            policy.ir().counters.iter().map(|counter| (counter.id.as_str(), counter)).collect();
        // What is counted no longer misses what comes; should the policy want it again it is counted from the requests.
        self.retain(|id| wanted.contains_key(id));
        let new: Vec<&str> = wanted.keys().filter(|id| !self.counters.contains_key(**id)).copied().collect();
        for id in &new {
            let reads = wanted.get(id).is_none_or(|counter| counts_reads(policy, counter));
            let gap = if self.adopted && reads { Some(now) } else { None };
            self.counters.insert((*id).into(), Counter { gap: gap.max(self.pruned), ..Counter::default() });
        }
        self.adopted = true;
        if new.is_empty() { Vec::new() } else { self.count_again(policy, &new) }
    }

    /// Counts no longer for other counters than these.
    fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        let before = self.counters.len();
        self.counters.retain(|id, _| wanted(id));
        if self.counters.len() != before {
            let live: HashSet<usize> =
                self.counters.values().flat_map(|counter| counter.series.values().copied()).collect();
            self.records.values_mut().for_each(|record| record.adds.retain(|(place, _)| live.contains(place)));
        }
    }

    /// Adds what is kept to counters that are new.
    fn count_again(&mut self, policy: &Policy, new: &[&str]) -> Vec<Ticket> {
        let mut changed = Vec::new();
        let mut unread = None;
        let mut records = std::mem::take(&mut self.records);
        for (ticket, record) in &mut records {
            let Some(entries) = policy.read_entry(&record.request).ok() else {
                // Nobody knows what it would count for here.
                unread = unread.max(Some(record.time));
                continue;
            };
            let added = entries.iter().flat_map(|entry| policy.added(entry));
            let before = record.adds.len();
            for addition in added.filter(|addition| new.contains(&addition.tally.id())) {
                let Some(place) = self.place(addition.tally.id(), addition.tally.key().unwrap_or_default()) else {
                    continue;
                };
                match record.adds.iter_mut().skip(before).find(|(known, _)| *known == place) {
                    Some((_, sum)) => *sum = sum.zip(addition.sum).and_then(|(one, other)| one.checked_add(other)),
                    None => record.adds.push((place, addition.sum)),
                }
            }
            if record.adds.len() == before {
                continue;
            }
            changed.push(ticket.clone());
            if record.state.counts() {
                count(&mut self.series, record);
            }
        }
        self.records = records;
        for id in new {
            if let Some(counter) = self.counters.get_mut(*id) {
                counter.gap = counter.gap.max(unread);
            }
        }
        changed
    }

    pub(crate) fn adopted(&self) -> Adopted {
        let gaps = self.counters.iter().filter_map(|(id, counter)| Some((id, counter.gap?)));
        let mut gaps: Vec<Gap> = gaps.map(|(id, until)| Gap { counter: id.to_string(), until }).collect();
        gaps.sort_by(|left, right| left.counter.cmp(&right.counter));
        Adopted { charter: self.charter, gaps }
    }

    /// The place of a series of a counter that the policy has.
    pub(crate) fn place(&mut self, counter: &str, key: &str) -> Option<usize> {
        let counter = self.counters.get_mut(counter)?;
        if let Some(place) = counter.series.get(key) {
            return Some(*place);
        }
        let place = self.series.len();
        self.series.push(Series::default());
        counter.series.insert(key.into(), place);
        Some(place)
    }

    /// The series of the policy's counters, with their counters and keys.
    #[cfg(feature = "records")]
    pub(crate) fn series(&self) -> impl Iterator<Item = (&str, &str, usize, &Series)> {
        let all = self.counters.iter().flat_map(|(id, counter)| counter.series.iter().map(move |one| (id, one)));
        all.filter_map(|(id, (key, place))| Some((&**id, &**key, *place, self.series.get(*place)?)))
    }

    /// Lets a counter remember what was forgotten of it.
    #[cfg(feature = "records")]
    pub(crate) fn remember(&mut self, counter: &str, key: &str, forgotten: Sum, pruned: Option<Timestamp>) {
        if let Some(place) = self.place(counter, key)
            && let Some(series) = self.series.get_mut(place)
        {
            *series = Series::forgotten(forgotten, pruned);
        }
    }
}

fn count(series: &mut [Series], record: &Record) {
    for (place, amount) in &record.adds {
        if let Some(series) = series.get_mut(*place) {
            series.add(record.time, record.number, *amount);
        }
    }
}
