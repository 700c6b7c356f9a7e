//! Coverage: which cases of a policy its tests try, and `expect` lines for those that they do not.
//!
//! A case of a key is a way in which it may do something (operations that the same lines allow, decided alike), or what
//! lies just outside of one: what is denied because of one fact alone. `docs/coverage.md` says it for users. Nothing here
//! knows how tests are written or run; it sees requests and lines.

mod fact;
mod line;
mod piece;
mod point;
mod value;

use hashbrown::HashMap;
use std::collections::BTreeMap;

use bpol_engine::Policy;
use bpol_engine::ir::{Dimension, Effect, Ir, Tier};
use serde_json::{Map, Value, json};

use crate::analyze::paste::{Line, paste};
use crate::analyze::phrase::operations;
use crate::analyze::regions::bound;
use crate::analyze::space::time::PREFERRED;
use crate::analyze::space::{moment, stranger};
use crate::analyze::{Regions, TooLarge, Witness};
use line::Search;
use piece::{Kind, Piece, pieces};
use point::{Point, piece_at};

/// More cases than this of one key are not told apart.
pub const MOST: usize = 1_000;

/// Tiers in the order in which people want to hear of them: money first.
const TIERS: [Tier; 5] = [Tier::Spend, Tier::Control, Tier::Sensitive, Tier::Write, Tier::Read];

/// What was tried: a request that says its time, and its past.
#[derive(Debug, Clone, Copy)]
pub struct Tried<'t> {
    /// The request.
    pub request: &'t Value,
    /// The entries of the past.
    pub past: &'t [Value],
}

/// The cases of one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// The cases that an `expect` can try, in a fixed order.
    pub cases: Vec<Case>,
    /// Cases that no `expect` can say; they do not count.
    pub unsaid: Vec<Case>,
    /// Why the cases cannot be told; there are none then.
    pub undecided: Option<String>,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What is decided.
    pub effect: Effect,
    /// What is done: operations in words.
    pub operations: String,
    /// What it is about, operations and all.
    pub sentence: String,
    /// The places of the tried requests that are in it.
    pub hits: Vec<usize>,
    /// Lines that try it, the first of which is enough; only where nothing did so far.
    pub lines: Vec<Line>,
}

impl Key {
    /// How many cases were tried.
    pub fn hit(&self) -> usize {
        self.cases.iter().filter(|case| !case.hits.is_empty()).count()
    }
}

/// What was tried of every key, by name.
pub fn coverage(ir: &Ir, engine: &Policy, tried: &[Tried<'_>]) -> Vec<Key> {
    let mut keys: Vec<Key> = (0..ir.keys.len())
        .filter_map(|place| {
            let name = ir.keys.get(place)?.name.clone();
            Some(match of_key(ir, engine, place, tried) {
                Ok(key) => key,
                Err(why) => Key { name, undecided: Some(why.reason), ..Key::default() },
            })
        })
        .collect();
    keys.sort_by(|one, other| one.name.cmp(&other.name));
    keys
}

/// What was tried of one key; nothing for a key that is not there.
pub fn coverage_of(ir: &Ir, engine: &Policy, key: &str, tried: &[Tried<'_>]) -> Option<Key> {
    let place = ir.keys.iter().position(|known| known.name == key)?;
    let undecided = |why: TooLarge| Key { name: key.to_owned(), undecided: Some(why.reason), ..Key::default() };
    Some(of_key(ir, engine, place, tried).unwrap_or_else(undecided))
}

/// A case while its pieces are gathered.
struct Unit {
    tier: Tier,
    effect: Effect,
    operations: Vec<usize>,
    sentence: String,
    /// Regions and pieces of them.
    pieces: Vec<(usize, usize)>,
    hits: Vec<usize>,
}

/// What makes pieces of several operations one case: they are allowed by the same rules, have one tier, come to the same
/// and read alike.
type Mark = (Tier, Vec<usize>, Effect, bool, String);

fn of_key(ir: &Ir, engine: &Policy, place: usize, tried: &[Tried<'_>]) -> Result<Key, TooLarge> {
    let name = ir.keys.get(place).map(|key| key.name.clone()).unwrap_or_default();
    let mut regions = Regions::of(ir, place)?;
    let mut parts: Vec<Vec<Piece>> = Vec::new();
    for region in &mut regions.regions {
        parts.push(pieces(region)?);
    }
    let (mut units, of_piece, rest) = units(ir, place, &regions, &parts)?;
    let mut beyond = Vec::new();
    for (number, tried) in tried.iter().enumerate() {
        let Some(point) = Point::read(ir, tried.request, tried.past).filter(|point| point.key == name) else {
            continue;
        };
        if rest.binary_search(&point.operation).is_ok() {
            // An answer may be let through though all its records will be dropped.
            let meant = Witness { request: tried.request.clone(), past: tried.past.to_vec(), now: point.now };
            if meant.replay(engine).is_ok_and(|report| report.decision == Effect::Deny) {
                beyond.push(number);
            }
            continue;
        }
        let unit = regions.of_operation.get(point.operation).copied().flatten().and_then(|number| {
            let piece = piece_at(regions.regions.get(number)?, parts.get(number)?, &point)?;
            of_piece.get(&(point.operation, piece))
        });
        if let Some(unit) = unit.and_then(|unit| units.get_mut(*unit)) {
            unit.hits.push(number);
        }
    }
    let mut key = Key { name, ..Key::default() };
    units.sort_by_key(|unit| TIERS.iter().position(|tier| *tier == unit.tier));
    for unit in units {
        let mut lines = Vec::new();
        if unit.hits.is_empty() {
            lines = said(ir, engine, &key.name, &mut regions, &parts, &unit);
        }
        let operations = operations(ir, &unit.operations).join(" and ");
        let apart = ["but ", "records ", "starting ", "before ", "up to ", "at most ", "showing ", "hiding ", "not "];
        let gap = if apart.iter().any(|words| unit.sentence.starts_with(words)) { "," } else { "" };
        let sentence = format!("{operations}{gap} {}", unit.sentence);
        let sentence = sentence.trim_end().to_owned();
        let case = Case { effect: unit.effect, operations, sentence, hits: unit.hits, lines };
        if case.hits.is_empty() && case.lines.is_empty() { &mut key.unsaid } else { &mut key.cases }.push(case);
    }
    if !rest.is_empty() {
        let lines: Vec<Line> =
            if beyond.is_empty() { elsewhere(ir, engine, &key.name, &rest).into_iter().collect() } else { Vec::new() };
        let operations = "anything else".to_owned();
        let sentence = "anything else, which no line allows".to_owned();
        let case = Case { effect: Effect::Deny, operations, sentence, hits: beyond, lines };
        if case.hits.is_empty() && case.lines.is_empty() { &mut key.unsaid } else { &mut key.cases }.push(case);
    }
    Ok(key)
}

type Units = (Vec<Unit>, HashMap<(usize, usize), usize>, Vec<usize>);

/// The cases, the case of each operation's pieces, and the operations of which nothing is granted.
fn units(ir: &Ir, key: usize, regions: &Regions<'_>, parts: &[Vec<Piece>]) -> Result<Units, TooLarge> {
    let rules = bound(ir, key);
    let mut units: Vec<Unit> = Vec::new();
    let mut known: BTreeMap<Mark, usize> = BTreeMap::new();
    let mut of_piece = HashMap::new();
    let mut rest = Vec::new();
    for (place, operation) in ir.operations.iter().enumerate() {
        // Every declared key may do these without a line.
        if operation.tier == Tier::Base {
            continue;
        }
        let region = regions.of_operation.get(place).copied().flatten();
        let Some((number, pieces)) = region.and_then(|number| Some((number, parts.get(number)?))) else {
            rest.push(place);
            continue;
        };
        if pieces.is_empty() {
            rest.push(place);
        }
        let allows = rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.effect == Effect::Allow && rule.operations.contains(&(place as u32)));
        let allows: Vec<usize> = allows.map(|(rule, _)| rule).collect();
        for (at, piece) in pieces.iter().enumerate() {
            let way = matches!(piece.kind, Kind::Way(_));
            let mark = (operation.tier, allows.clone(), piece.effect, way, piece.sentence.clone());
            let unit = *known.entry(mark).or_insert_with(|| {
                units.push(Unit {
                    tier: operation.tier,
                    effect: piece.effect,
                    operations: Vec::new(),
                    sentence: piece.sentence.clone(),
                    pieces: Vec::new(),
                    hits: Vec::new(),
                });
                units.len() - 1
            });
            of_piece.insert((place, at), unit);
            let Some(unit) = units.get_mut(unit) else { continue };
            if unit.operations.last() != Some(&place) {
                unit.operations.push(place);
            }
            if !unit.pieces.contains(&(number, at)) {
                unit.pieces.push((number, at));
            }
        }
        if units.len() > MOST {
            return Err(TooLarge { reason: format!("the key has more than {MOST} cases") });
        }
    }
    Ok((units, of_piece, rest))
}

/// Lines for a case: those of the first of its operations about which some can be said.
fn said<'p>(
    ir: &'p Ir,
    engine: &Policy,
    key: &str,
    regions: &mut Regions<'p>,
    parts: &[Vec<Piece>],
    unit: &Unit,
) -> Vec<Line> {
    for operation in &unit.operations {
        let Some(number) = regions.of_operation.get(*operation).copied().flatten() else { continue };
        let pieces = unit.pieces.iter().filter(|(of, _)| *of == number).map(|(_, piece)| *piece);
        for place in pieces {
            let (Some(region), Some(parts)) = (regions.regions.get_mut(number), parts.get(number)) else { continue };
            let support = region.diagrams.support(region.plain);
            let operation = *operation;
            let lines = Search { ir, engine, key, region, pieces: parts, place, operation, support, tries: 0 }.lines();
            if !lines.is_empty() {
                return lines;
            }
        }
    }
    Vec::new()
}

/// A line about an operation of which nothing is granted: money first.
fn elsewhere(ir: &Ir, engine: &Policy, key: &str, rest: &[usize]) -> Option<Line> {
    let of = |tier: Tier| {
        rest.iter().copied().filter(move |place| ir.operations.get(*place).is_some_and(|it| it.tier == tier))
    };
    let now = moment::timestamp(PREFERRED)?;
    TIERS.into_iter().flat_map(of).find_map(|place| {
        let operation = ir.operations.get(place)?;
        let tells = |dimension| operation.dimensions.contains(&dimension) && !operation.untold.contains(&dimension);
        let mut request = Map::new();
        request.insert("key".to_owned(), json!(key));
        request.insert("action".to_owned(), json!(operation.action));
        request.insert("resource".to_owned(), json!(operation.resource));
        if tells(Dimension::Amount) {
            request.insert("amount".to_owned(), json!({ "value": "1.00", "currency": "EUR" }));
        }
        if let Some(account) = ir.accounts.first().filter(|_| tells(Dimension::Account)) {
            let told = match (&account.iban, account.id) {
                (Some(iban), _) => json!({ "iban": iban }),
                (None, id) => json!({ "id": id }),
            };
            request.insert("account".to_owned(), told);
        }
        if tells(Dimension::Payee) {
            let named = ir.payees.iter().find(|payee| payee.ibans.len() == 1).and_then(|payee| payee.ibans.first());
            let iban = named.cloned().unwrap_or_else(|| stranger::numbered(1));
            request.insert("payee".to_owned(), json!({ "iban": iban }));
        }
        let line = paste(ir, &Witness { request: Value::Object(request), past: Vec::new(), now }, Effect::Deny, &[])?;
        let meant = Witness { request: line.request.clone(), past: line.past.clone(), now };
        let report = meant.replay(engine).ok()?;
        (report.decision == Effect::Deny).then_some(line)
    })
}
