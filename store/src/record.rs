//! What stores that outlive the process write, as bytes: compact and with a version, never read with guesses.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ledger::{Ledger, Record};
use crate::order::{Digest, Order, State, Ticket};
use crate::store::StoreError;
use crate::sum::Sum;

/// The layout that this version reads and writes.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredOrder<'a> {
    pub(crate) digest: Digest,
    pub(crate) time: i128,
    pub(crate) deadline: i128,
    #[serde(borrow)]
    pub(crate) adds: Vec<StoredAdd<'a>>,
    pub(crate) request: &'a str,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredAdd<'a> {
    pub(crate) counter: &'a str,
    pub(crate) key: &'a str,
    pub(crate) sum: Option<i128>,
}

#[derive(Serialize, Deserialize)]
struct Meta<'a> {
    version: u32,
    charter: u64,
    adopted: bool,
    pruned: Option<i128>,
    kept: i64,
    #[serde(borrow)]
    counters: Vec<(&'a str, Option<i128>)>,
    forgotten: Vec<(&'a str, &'a str, i128, u64, Option<i128>)>,
}

/// A reservation as it was ordered.
pub(crate) fn stored<'a>(order: &Order<'a>) -> StoredOrder<'a> {
    let adds = order.adds.iter();
    let adds = adds.map(|add| StoredAdd { counter: add.counter, key: add.key.unwrap_or_default(), sum: add.sum });
    StoredOrder {
        digest: order.digest,
        time: order.time.as_nanosecond(),
        deadline: order.deadline.as_nanosecond(),
        adds: adds.collect(),
        request: order.request,
    }
}

/// A reservation as it counts now.
pub(crate) struct Kept<'l> {
    pub(crate) ticket: &'l Ticket,
    pub(crate) order: Vec<u8>,
    pub(crate) state: State,
}

/// Reservations as they count now, of these tickets.
pub(crate) fn orders<'l>(
    ledger: &'l Ledger,
    tickets: impl Iterator<Item = &'l Ticket>,
) -> Result<Vec<Kept<'l>>, StoreError> {
    let names: HashMap<usize, (&str, &str)> =
        ledger.series().map(|(counter, key, place, _)| (place, (counter, key))).collect();
    let mut orders = Vec::new();
    for ticket in tickets {
        let Some(record) = ledger.records.get(ticket) else { continue };
        let adds = record
            .adds
            .iter()
            .filter_map(|(place, sum)| names.get(place).map(|(counter, key)| StoredAdd { counter, key, sum: *sum }));
        let stored = StoredOrder {
            digest: record.digest,
            time: record.time.as_nanosecond(),
            deadline: record.deadline.as_nanosecond(),
            adds: adds.collect(),
            request: &record.request,
        };
        orders.push(Kept { ticket, order: bytes(&stored)?, state: record.state });
    }
    Ok(orders)
}

/// Everything beside the reservations.
pub(crate) fn meta(ledger: &Ledger) -> Result<Vec<u8>, StoreError> {
    let nanos = |time: Option<Timestamp>| time.map(Timestamp::as_nanosecond);
    let counters = ledger.counters.iter().map(|(id, counter)| (&**id, nanos(counter.gap)));
    let forgotten = ledger.series().filter(|(.., series)| series.pruned.is_some()).map(|(counter, key, _, series)| {
        (counter, key, series.forgotten.known, series.forgotten.unknown, nanos(series.pruned))
    });
    bytes(&Meta {
        version: VERSION,
        charter: ledger.charter,
        adopted: ledger.adopted,
        pruned: nanos(ledger.pruned),
        kept: ledger.kept.as_secs(),
        counters: counters.collect(),
        forgotten: forgotten.collect(),
    })
}

pub(crate) fn read_meta(bytes: &[u8]) -> Result<Ledger, StoreError> {
    let (version, _) = postcard::take_from_bytes::<u32>(bytes).map_err(broken)?;
    if version != VERSION {
        return Err(StoreError::new(format!("its layout has version {version}, this program reads {VERSION}")));
    }
    let meta: Meta<'_> = postcard::from_bytes(bytes).map_err(broken)?;
    let mut ledger = Ledger::default();
    ledger.charter = meta.charter;
    ledger.adopted = meta.adopted;
    ledger.pruned = optional(meta.pruned)?;
    ledger.kept = SignedDuration::from_secs(meta.kept);
    for (id, gap) in meta.counters {
        ledger.counters.entry(id.into()).or_default().gap = optional(gap)?;
    }
    for (counter, key, known, unknown, pruned) in meta.forgotten {
        ledger.remember(counter, key, Sum { known, unknown }, optional(pruned)?);
    }
    Ok(ledger)
}

pub(crate) fn read_order(ledger: &mut Ledger, ticket: &str, bytes: &[u8], state: State) -> Result<(), StoreError> {
    let stored: StoredOrder<'_> = postcard::from_bytes(bytes).map_err(broken)?;
    let adds = stored.adds.iter().filter_map(|add| Some((ledger.place(add.counter, add.key)?, add.sum)));
    let record = Record {
        number: 0,
        digest: stored.digest,
        state,
        time: moment(stored.time)?,
        deadline: moment(stored.deadline)?,
        adds: adds.collect(),
        request: stored.request.into(),
    };
    ledger.insert(Ticket::from_text(ticket), record);
    Ok(())
}

pub(crate) fn state_byte(state: State) -> u8 {
    match state {
        State::Reserved => 0,
        State::Held => 1,
        State::Committed => 2,
        State::Released => 3,
    }
}

pub(crate) fn read_state(byte: u8) -> Result<State, StoreError> {
    [State::Reserved, State::Held, State::Committed, State::Released]
        .into_iter()
        .find(|state| state_byte(*state) == byte)
        .ok_or_else(|| StoreError::new(format!("a reservation has the state {byte}, which this program does not know")))
}

pub(crate) fn bytes(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    postcard::to_stdvec(value).map_err(|fault| StoreError::new(format!("cannot be written: {fault}")))
}

pub(crate) fn broken(fault: postcard::Error) -> StoreError {
    StoreError::new(format!("what is written there cannot be read: {fault}"))
}

pub(crate) fn moment(nanos: i128) -> Result<Timestamp, StoreError> {
    Timestamp::from_nanosecond(nanos).map_err(|fault| StoreError::new(format!("a time cannot be read: {fault}")))
}

pub(crate) fn optional(nanos: Option<i128>) -> Result<Option<Timestamp>, StoreError> {
    nanos.map(moment).transpose()
}
