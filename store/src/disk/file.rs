//! Changes and reading back of the file. It knows nothing of counters.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use crate::ledger::Ledger;
use crate::order::{State, Ticket};
use crate::record;
use crate::store::StoreError;

const ORDERS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("orders");
const STATES: TableDefinition<'_, &str, u8> = TableDefinition::new("states");
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

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

/// Makes all of these changes, or none, and returns when they are on disk.
pub(super) fn write(database: &Database, writes: &[Write]) -> Result<(), StoreError> {
    try_write(database, writes).map_err(|fault| StoreError::new(fault.to_string()))
}

fn try_write(database: &Database, writes: &[Write]) -> Result<(), redb::Error> {
    // Durable when committed, which is what a new transaction promises. Two syncs rather than one and checksums: those are
    // not made against people, and the file holds what callers wrote.
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    {
        let mut orders = transaction.open_table(ORDERS)?;
        let mut states = transaction.open_table(STATES)?;
        let mut meta = transaction.open_table(META)?;
        for write in writes {
            match write {
                Write::Order(ticket, bytes, state) => {
                    orders.insert(ticket.as_str(), bytes.as_slice())?;
                    states.insert(ticket.as_str(), record::state_byte(*state))?;
                }
                Write::State(ticket, state) => drop(states.insert(ticket.as_str(), record::state_byte(*state))?),
                Write::Gone(ticket) => {
                    orders.remove(ticket.as_str())?;
                    states.remove(ticket.as_str())?;
                }
                Write::Meta(bytes) => drop(meta.insert("ledger", bytes.as_slice())?),
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Reads everything back.
pub(super) fn read(database: &Database) -> Result<Ledger, StoreError> {
    let fault = |fault: redb::Error| StoreError::new(fault.to_string());
    let transaction = database.begin_read().map_err(|it| fault(it.into()))?;
    let meta = transaction.open_table(META).map_err(|it| fault(it.into()))?;
    let bytes = meta.get("ledger").map_err(|it| fault(it.into()))?;
    let bytes = bytes.ok_or_else(|| StoreError::new("it is no store of counters"))?;
    let mut ledger = record::read_meta(bytes.value())?;
    let orders = transaction.open_table(ORDERS).map_err(|it| fault(it.into()))?;
    let states = transaction.open_table(STATES).map_err(|it| fault(it.into()))?;
    for row in orders.iter().map_err(|it| fault(it.into()))? {
        let (ticket, bytes) = row.map_err(|it| fault(it.into()))?;
        let state = states.get(ticket.value()).map_err(|it| fault(it.into()))?;
        let state = state.ok_or_else(|| StoreError::new("a reservation has no state"))?;
        record::read_order(&mut ledger, ticket.value(), bytes.value(), record::read_state(state.value())?)?;
    }
    Ok(ledger)
}
