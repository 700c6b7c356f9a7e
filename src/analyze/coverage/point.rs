//! A request and its past as a point, and the piece that has it.

use bpol_engine::ir::Ir;
use jiff::Timestamp;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::piece::Piece;
use crate::analyze::past::{Entry, Past, operation};
use crate::analyze::{Facts, Region};

/// What one expectation is about.
pub(super) struct Point<'p> {
    pub(super) key: String,
    pub(super) operation: usize,
    facts: Facts,
    answer: bool,
    pub(super) now: Timestamp,
    past: Past<'p>,
}

impl<'p> Point<'p> {
    /// Reads a request that says its time; nothing of what the engine would refuse.
    pub(super) fn read(ir: &'p Ir, request: &Value, past: &[Value]) -> Option<Self> {
        let mut entries = Vec::new();
        for entry in past {
            entries.extend(Entry::read(ir, entry)?);
        }
        Some(Self {
            key: request["key"].as_str()?.nfc().collect(),
            operation: operation(ir, request["action"].as_str()?, request["resource"].as_str()?)?,
            facts: Facts::read(request),
            answer: request["answer"] == json!(true),
            now: request["time"].as_str()?.parse().ok()?,
            past: Past::of(ir, entries),
        })
    }
}

/// The piece of the operation's region that has a point.
pub(super) fn piece_at(region: &Region<'_>, pieces: &[Piece], point: &Point<'_>) -> Option<usize> {
    let totals = |_: usize, counter: u32| point.past.total(counter, &point.key, &point.facts, point.now);
    let classes = region.space.point(&point.facts, point.now, &totals)?;
    let class = |variable: u32| classes.get(variable as usize).copied().unwrap_or(0);
    pieces.iter().position(|piece| {
        let id = if point.answer { piece.answer } else { piece.plain };
        region.diagrams.at(id, class) == 2
    })
}
