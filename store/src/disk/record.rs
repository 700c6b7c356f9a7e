//! What stands in the file, as bytes: compact and with a version, never read with guesses.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ledger::{Ledger, Record};
use crate::order::{Digest, Order, State, Ticket};
use crate::store::StoreError;
use crate::sum::Sum;

/// The layout that this version reads and writes.
pub(super) const VERSION: u32 = 1;

/// A change of the file.
#[derive(Debug)]
pub(super) enum Write {
    /// A reservation and what it adds.
    Order(Ticket, Vec<u8>, State),
    /// What became of it.
    State(Ticket, State),
    /// It is forgotten.
    Gone(Ticket),
    /// Everything else.
    Meta(Vec<u8>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredOrder<'a> {
    pub(super) digest: Digest,
    pub(super) time: i128,
    pub(super) deadline: i128,
    #[serde(borrow)]
    pub(super) adds: Vec<StoredAdd<'a>>,
    pub(super) request: &'a str,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredAdd<'a> {
    pub(super) counter: &'a str,
    pub(super) key: &'a str,
    pub(super) sum: Option<i128>,
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

pub(super) fn order(order: &Order<'_>) -> Result<Write, StoreError> {
    let adds = order.adds.iter();
    let adds = adds.map(|add| StoredAdd { counter: add.counter, key: add.key.unwrap_or_default(), sum: add.sum });
    let stored = StoredOrder {
        digest: order.digest,
        time: order.time.as_nanosecond(),
        deadline: order.deadline.as_nanosecond(),
        adds: adds.collect(),
        request: order.request,
    };
    Ok(Write::Order(order.ticket.clone(), bytes(&stored)?, State::Reserved))
}

/// Reservations that count elsewhere since a policy was adopted.
pub(super) fn orders(ledger: &Ledger, changed: &[Ticket], writes: &mut Vec<Write>) -> Result<(), StoreError> {
    let names: HashMap<usize, (&str, &str)> =
        ledger.series().map(|(counter, key, place, _)| (place, (counter, key))).collect();
    for ticket in changed {
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
        writes.push(Write::Order(ticket.clone(), bytes(&stored)?, record.state));
    }
    Ok(())
}

pub(super) fn meta(ledger: &Ledger) -> Result<Write, StoreError> {
    let nanos = |time: Option<Timestamp>| time.map(Timestamp::as_nanosecond);
    let counters = ledger.counters.iter().map(|(id, counter)| (&**id, nanos(counter.gap)));
    let forgotten = ledger.series().filter(|(.., series)| series.pruned.is_some()).map(|(counter, key, _, series)| {
        (counter, key, series.forgotten.known, series.forgotten.unknown, nanos(series.pruned))
    });
    Ok(Write::Meta(bytes(&Meta {
        version: VERSION,
        charter: ledger.charter,
        adopted: ledger.adopted,
        pruned: nanos(ledger.pruned),
        kept: ledger.kept.as_secs(),
        counters: counters.collect(),
        forgotten: forgotten.collect(),
    })?))
}

pub(super) fn read_meta(bytes: &[u8]) -> Result<Ledger, StoreError> {
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

pub(super) fn read_order(ledger: &mut Ledger, ticket: &str, bytes: &[u8], state: State) -> Result<(), StoreError> {
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

pub(super) fn state_byte(state: State) -> u8 {
    match state {
        State::Reserved => 0,
        State::Held => 1,
        State::Committed => 2,
        State::Released => 3,
    }
}

pub(super) fn read_state(byte: u8) -> Result<State, StoreError> {
    [State::Reserved, State::Held, State::Committed, State::Released]
        .into_iter()
        .find(|state| state_byte(*state) == byte)
        .ok_or_else(|| StoreError::new(format!("a reservation has the state {byte}, which this program does not know")))
}

fn bytes(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    postcard::to_stdvec(value).map_err(|fault| StoreError::new(format!("cannot be written: {fault}")))
}

fn broken(fault: postcard::Error) -> StoreError {
    StoreError::new(format!("what is written there cannot be read: {fault}"))
}

fn moment(nanos: i128) -> Result<Timestamp, StoreError> {
    Timestamp::from_nanosecond(nanos).map_err(|fault| StoreError::new(format!("a time cannot be read: {fault}")))
}

fn optional(nanos: Option<i128>) -> Result<Option<Timestamp>, StoreError> {
    nanos.map(moment).transpose()
}
