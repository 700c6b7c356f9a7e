//! What stands in the log, and what it does to a ledger: the same on every gateway, so it depends on nothing else. A change
//! of what an entry does is another layout.

use bpol_engine::Start;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ledger::{Adoption, Again, Ledger};
use crate::order::{Add, Order, Reserved, Seen, State, Ticket};
use crate::record::{self, StoredOrder};
use crate::store::{SettleError, StoreError};

/// The layout that this version reads and writes.
pub(super) const LAYOUT: &str = "1";

#[derive(Debug, Serialize, Deserialize)]
enum Entry<'a> {
    Reserve {
        ticket: &'a str,
        now: i128,
        charter: u64,
        #[serde(borrow)]
        seen: Vec<StoredSeen<'a>>,
        order: StoredOrder<'a>,
    },
    Settle {
        ticket: &'a str,
        end: u8,
    },
    Prune {
        now: i128,
    },
    Trust {
        counter: &'a str,
    },
    Adopt {
        charter: u64,
        kept: i64,
        #[serde(borrow)]
        counters: Vec<(&'a str, Option<i128>)>,
        again: Vec<(&'a str, &'a str, &'a str, Option<i128>)>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredSeen<'a> {
    counter: &'a str,
    key: Option<&'a str>,
    from: i128,
    sum: Option<i128>,
}

/// What an entry came to.
#[derive(Debug)]
pub(super) enum Answer {
    Reserved(Reserved),
    Settled(Result<(), SettleError>),
    Pruned(usize),
    Done,
}

pub(super) fn reserve(order: &Order<'_>, now: Timestamp) -> Result<Vec<u8>, StoreError> {
    let seen = order.seen.iter().map(|seen| StoredSeen {
        counter: &seen.counter,
        key: seen.key.as_deref(),
        from: crate::sum::first(seen.start).as_nanosecond(),
        sum: seen.sum,
    });
    record::bytes(&Entry::Reserve {
        ticket: order.ticket.as_str(),
        now: now.as_nanosecond(),
        charter: order.charter,
        seen: seen.collect(),
        order: record::stored(order),
    })
}

pub(super) fn settle(ticket: &Ticket, end: State) -> Result<Vec<u8>, StoreError> {
    record::bytes(&Entry::Settle { ticket: ticket.as_str(), end: record::state_byte(end) })
}

pub(super) fn prune(now: Timestamp) -> Result<Vec<u8>, StoreError> {
    record::bytes(&Entry::Prune { now: now.as_nanosecond() })
}

pub(super) fn trust(counter: &str) -> Result<Vec<u8>, StoreError> {
    record::bytes(&Entry::Trust { counter })
}

pub(super) fn adopt(adoption: &Adoption) -> Result<Vec<u8>, StoreError> {
    let counters = adoption.counters.iter().map(|(id, gap)| (&**id, gap.map(Timestamp::as_nanosecond)));
    let again = adoption.again.iter().map(|again| (again.ticket.as_str(), &*again.counter, &*again.key, again.sum));
    record::bytes(&Entry::Adopt {
        charter: adoption.charter,
        kept: adoption.kept.as_secs(),
        counters: counters.collect(),
        again: again.collect(),
    })
}

/// Does to a ledger what an entry says.
pub(super) fn apply(ledger: &mut Ledger, bytes: &[u8]) -> Result<Answer, StoreError> {
    let (entry, rest) = postcard::take_from_bytes::<Entry<'_>>(bytes).map_err(record::broken)?;
    if !rest.is_empty() {
        return Err(StoreError::new("an entry of the log is longer than what this program reads of it"));
    }
    Ok(match entry {
        Entry::Reserve { ticket, now, charter, seen, order } => {
            let ticket = Ticket::from_text(ticket);
            let mut sums = Vec::with_capacity(seen.len());
            for seen in seen {
                sums.push(Seen {
                    counter: seen.counter.into(),
                    key: seen.key.map(Into::into),
                    start: Start::From(record::moment(seen.from)?),
                    sum: seen.sum,
                });
            }
            let adds = order.adds.iter();
            let adds = adds.map(|add| Add { counter: add.counter, key: Some(add.key), sum: add.sum });
            let order = Order {
                ticket: &ticket,
                digest: order.digest,
                charter,
                time: record::moment(order.time)?,
                deadline: record::moment(order.deadline)?,
                seen: sums,
                adds: adds.collect(),
                request: order.request,
            };
            Answer::Reserved(ledger.reserve(&order, record::moment(now)?))
        }
        Entry::Settle { ticket, end } => {
            Answer::Settled(ledger.settle(&Ticket::from_text(ticket), record::read_state(end)?).0)
        }
        Entry::Prune { now } => Answer::Pruned(ledger.prune(record::moment(now)?).len()),
        Entry::Trust { counter } => {
            ledger.trust(counter);
            Answer::Done
        }
        Entry::Adopt { charter, kept, counters, again } => {
            let mut gaps = Vec::with_capacity(counters.len());
            for (id, gap) in counters {
                gaps.push((id.into(), record::optional(gap)?));
            }
            let again = again.into_iter().map(|(ticket, counter, key, sum)| Again {
                ticket: Ticket::from_text(ticket),
                counter: counter.into(),
                key: key.into(),
                sum,
            });
            let kept = SignedDuration::from_secs(kept);
            ledger.follow(&Adoption { charter, kept, counters: gaps, again: again.collect() });
            Answer::Done
        }
    })
}
