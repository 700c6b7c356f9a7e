//! A ledger in pieces, to stand for the beginning of the log.

use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;
use crate::record;
use crate::store::StoreError;

#[derive(Serialize, Deserialize)]
struct Piece<'a> {
    ticket: &'a str,
    state: u8,
    #[serde(borrow)]
    order: &'a [u8],
}

pub(super) fn write(ledger: &Ledger) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut pieces = vec![record::meta(ledger)?];
    for kept in record::orders(ledger, ledger.records.keys())? {
        let (ticket, state) = (kept.ticket.as_str(), record::state_byte(kept.state));
        let piece = Piece { ticket, state, order: &kept.order };
        pieces.push(record::bytes(&piece)?);
    }
    Ok(pieces)
}

pub(super) fn read(pieces: &[Vec<u8>]) -> Result<Ledger, StoreError> {
    let (meta, orders) = pieces.split_first().ok_or_else(|| StoreError::new("its snapshot is gone"))?;
    let mut ledger = record::read_meta(meta)?;
    for piece in orders {
        let piece: Piece<'_> = postcard::from_bytes(piece).map_err(record::broken)?;
        record::read_order(&mut ledger, piece.ticket, piece.order, record::read_state(piece.state)?)?;
    }
    Ok(ledger)
}
