//! Resources by keys: how far each key may go with each.

use bpol_engine::ir::{Ir, Tier};
use serde::Serialize;

use super::Level;
use crate::analyze::phrase::plural;

/// What the keys may do with one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The resource, in the plural.
    pub resource: String,
    /// The actions of each key, in the order of keys.
    pub cells: Vec<Vec<Cell>>,
}

/// An action of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The action.
    pub action: String,
    /// Its tier.
    pub tier: Tier,
    /// Whether the key must ask.
    pub level: Level,
}

/// The table, without resources with which no key may do anything.
pub(super) fn matrix(ir: &Ir, keys: &[&[Level]]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (place, operation) in ir.operations.iter().enumerate().filter(|(_, it)| it.tier != Tier::Base) {
        let resource = plural(&operation.resource);
        let row = match rows.iter().position(|row| row.resource == resource) {
            Some(row) => row,
            None => {
                rows.push(Row { resource, cells: vec![Vec::new(); keys.len()] });
                rows.len() - 1
            }
        };
        let Some(row) = rows.get_mut(row) else { continue };
        for (cell, levels) in row.cells.iter_mut().zip(keys) {
            let level = levels.get(place).copied().unwrap_or(Level::Cannot);
            if level != Level::Cannot {
                cell.push(Cell { action: operation.action.clone(), tier: operation.tier, level });
            }
        }
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    rows
}
