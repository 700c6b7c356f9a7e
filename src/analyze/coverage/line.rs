//! A piece as `expect` lines: one for the piece, and more for its edges. A line is believed only when the engine decides
//! what it means as it says, and when that lies in the piece.

use std::collections::BTreeSet;

use bpol_engine::Policy;
use bpol_engine::ir::{Effect, Ir, Period};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::fact::Fact;
use super::piece::{Kind, Piece};
use super::point::{Point, piece_at};
use super::value::{Aim, SLOTS, Slot, Value};
use crate::analyze::facts::figure;
use crate::analyze::mdd::Id;
use crate::analyze::past::window_start;
use crate::analyze::paste::{Line, paste};
use crate::analyze::region::fields;
use crate::analyze::space::Variable;
use crate::analyze::{Facts, Region, Witness};

/// The most steps of the search for one line: a choice of a fact is one, a request that is decided counts for more.
const TRIES: u32 = 600;
const DECIDED: u32 = 10;
/// The most values of one fact that are tried with the same others.
const WIDTH: usize = 4;
/// The most earlier entries that a line says.
const EARLIER: i128 = 1_000;

/// What lines are for.
pub(super) struct Search<'s, 'p> {
    pub(super) ir: &'p Ir,
    pub(super) engine: &'s Policy,
    pub(super) key: &'s str,
    pub(super) region: &'s mut Region<'p>,
    pub(super) pieces: &'s [Piece],
    pub(super) place: usize,
    pub(super) operation: usize,
    /// The variables on which some decision about the operation hangs.
    pub(super) support: BTreeSet<u32>,
    pub(super) tries: u32,
}

/// What a line must have, where not anything will do.
#[derive(Default)]
struct Wish<'w> {
    value: Option<(Slot, &'w Value)>,
    /// A total: the counter's place and where it must be.
    total: Option<(u32, i128)>,
}

/// What is chosen so far.
struct Draft {
    /// Whether the facts of records are left to the answer.
    answer: bool,
    request: Map<String, Json>,
    now: Option<Timestamp>,
}

impl Search<'_, '_> {
    /// Lines for the piece, the plainest first; none where no line can say it.
    pub(super) fn lines(&mut self) -> Vec<Line> {
        let Some(first) = self.line(&Wish::default()) else { return Vec::new() };
        let mut lines = vec![first];
        let Some(piece) = self.pieces.get(self.place) else { return lines };
        let kind = piece.kind;
        for slot in SLOTS {
            let most = match slot {
                // A first and a last minute, and the same of a validity; the ends of a block of each family.
                Slot::Now if self.region.space.now.size() == 1 => 2,
                Slot::Now | Slot::Ip => 4,
                Slot::Amount => 2,
                _ => 1,
            };
            match kind {
                Kind::Way(_) if matches!(slot, Slot::Amount | Slot::Created | Slot::Now | Slot::Ip) => {}
                Kind::Border(fact) if Slot::of(fact) == Some(slot) => {}
                _ => continue,
            }
            self.edges(slot, most, &mut lines);
        }
        if matches!(kind, Kind::Way(_)) {
            for (place, figure) in self.caps() {
                let wish = Wish { total: Some((place, figure)), ..Wish::default() };
                self.add(&wish, &mut lines);
            }
        }
        lines
    }

    /// Adds lines for the edges of a fact on which something hangs.
    fn edges(&mut self, slot: Slot, most: usize, lines: &mut Vec<Line>) {
        let Some(piece) = self.pieces.get(self.place) else { return };
        let (aim, id) = (self.aim(slot), if piece.plain == Id::FALSE { piece.answer } else { piece.plain });
        let seen = self.seen(slot, id);
        if !self.matters(slot) {
            return;
        }
        let now = lines.first().map(|line| line.now);
        let values: Vec<Value> = slot
            .values(self.ir, &self.region.space, aim, true, now)
            .into_iter()
            .filter(|value| value.end && self.meets(&seen, value))
            .collect();
        let mut currencies = Vec::new();
        let border = matches!(piece.kind, Kind::Border(_));
        let values = values.iter().filter(|value| match &value.told {
            // Just over a cap in each currency.
            Some(("amount", told)) if border => {
                let new = !currencies.contains(&told["currency"]);
                currencies.push(told["currency"].clone());
                new
            }
            _ => true,
        });
        let values: Vec<Value> = values.take(most).cloned().collect();
        for value in values {
            let wish = Wish { value: Some((slot, &value)), ..Wish::default() };
            self.add(&wish, lines);
        }
    }

    fn add(&mut self, wish: &Wish<'_>, lines: &mut Vec<Line>) {
        if let Some(line) = self.line(wish).filter(|line| lines.iter().all(|known| known.text != line.text)) {
            lines.push(line);
        }
    }

    /// A line as wished for.
    fn line(&mut self, wish: &Wish<'_>) -> Option<Line> {
        let (plain, answer) = self.pieces.get(self.place).map(|piece| (piece.plain, piece.answer))?;
        let read = self.ir.operations.get(self.operation).is_some_and(|operation| operation.action == "read");
        self.tries = TRIES;
        let told = self.matters(Slot::Created) || self.matters(Slot::Own);
        let modes = match (read, told) {
            (false, _) => vec![(false, plain)],
            (true, true) => vec![(false, plain), (true, answer)],
            (true, false) => vec![(true, answer), (false, plain)],
        };
        modes.into_iter().find_map(|(answer, id)| {
            let mut request = Map::new();
            let operation = self.ir.operations.get(self.operation)?;
            request.insert("key".to_owned(), json!(self.key));
            request.insert("action".to_owned(), json!(operation.action));
            request.insert("resource".to_owned(), json!(operation.resource));
            self.fill(&SLOTS, id, &Draft { answer, request, now: None }, wish)
        })
    }

    /// Fills the slots that are left, where the diagram of what is chosen so far is not false.
    fn fill(&mut self, slots: &[Slot], id: Id, draft: &Draft, wish: &Wish<'_>) -> Option<Line> {
        if id == Id::FALSE || self.tries == 0 {
            return None;
        }
        self.tries -= 1;
        let Some((slot, rest)) = slots.split_first() else { return self.finish(id, draft, wish) };
        let record = matches!(slot, Slot::Created | Slot::Own);
        let read = draft.request.get("action") == Some(&json!("read"));
        // Of a record that is read something must be told, or it stands in the answer.
        let date = *slot == Slot::Created && read;
        let matters = !(record && draft.answer) && (self.matters(*slot) || date);
        let mut values = match wish.value {
            Some((wished, value)) if wished == *slot => vec![value.clone()],
            _ => slot.values(self.ir, &self.region.space, self.aim(*slot), matters, draft.now),
        };
        if date && self.matters(Slot::Own) && !self.matters(Slot::Created) {
            // Whose record it is comes first, and is enough where it can be said.
            values.sort_by_key(|value| value.told.is_some());
        }
        let seen = self.seen(*slot, id);
        let mut tried = 0;
        for value in values {
            if tried == WIDTH || self.tries == 0 {
                return None;
            }
            if !self.meets(&seen, &value) {
                continue;
            }
            let next = self.with(id, &value);
            if next == Id::FALSE {
                continue;
            }
            tried += 1;
            let mut draft =
                Draft { answer: draft.answer, request: draft.request.clone(), now: value.now.or(draft.now) };
            match value.told {
                Some((name @ ("created" | "own"), told)) => {
                    let record = draft.request.entry("record").or_insert_with(|| json!({}));
                    record[name] = told;
                }
                Some((name, told)) => _ = draft.request.insert(name.to_owned(), told),
                None => {}
            }
            let line = self.fill(rest, next, &draft, wish);
            if line.is_some() {
                return line;
            }
        }
        None
    }

    /// Where a value is what is told.
    fn with(&mut self, id: Id, value: &Value) -> Id {
        value.classes.iter().fold(id, |here, (variable, class)| {
            let number = self.region.space.number(*variable);
            self.region.diagrams.restrict(here, number, *class)
        })
    }

    /// For each variable of a slot the classes with which something is left.
    fn seen(&mut self, slot: Slot, id: Id) -> Vec<(Variable, Id)> {
        let variables = slot.variables().iter();
        let seen = variables.map(|variable| {
            let number = self.region.space.number(*variable);
            (*variable, self.region.diagrams.onto_some(id, number))
        });
        seen.collect()
    }

    fn meets(&self, seen: &[(Variable, Id)], value: &Value) -> bool {
        value.classes.iter().all(|(variable, class)| {
            let classes = seen.iter().find(|(other, _)| other == variable);
            classes.is_none_or(|(_, id)| self.region.diagrams.at(*id, |_| *class) == 2)
        })
    }

    /// Whether some decision about the operation hangs on a fact.
    fn matters(&self, slot: Slot) -> bool {
        slot.variables().iter().any(|variable| self.support.contains(&self.region.space.number(*variable)))
    }

    fn aim(&self, slot: Slot) -> Aim {
        match self.pieces.get(self.place).map(|piece| piece.kind) {
            Some(Kind::Way(_)) => Aim::Inside,
            Some(Kind::Border(fact)) if Slot::of(fact) == Some(slot) => Aim::Outside,
            _ => Aim::Plain,
        }
    }

    /// A past for what is chosen, and the line if it is confirmed.
    fn finish(&mut self, id: Id, draft: &Draft, wish: &Wish<'_>) -> Option<Line> {
        let now = draft.now?;
        let mut pasts = match wish.total {
            Some(_) => Vec::new(),
            None => vec![Vec::new()],
        };
        let wanted = match (wish.total, self.pieces.get(self.place)?.kind) {
            (Some(total), _) => vec![total],
            (None, Kind::Border(Fact::Total(place))) => {
                let of_counter = self.caps().into_iter().filter(|(other, _)| *other == place);
                of_counter.map(|(place, figure)| (place, figure + 1)).collect()
            }
            (None, Kind::Border(_)) => Vec::new(),
            // What is asked, or allowed, only after so much was done.
            (None, Kind::Way(_)) => self.caps().into_iter().map(|(place, figure)| (place, figure + 1)).collect(),
        };
        if self.region.diagrams.support(id).iter().any(|number| self.is_total(*number)) || wish.total.is_some() {
            for (place, target) in wanted {
                pasts.extend(self.pasts(draft, now, place, target));
            }
        }
        pasts.into_iter().find_map(|past| {
            self.tries = self.tries.checked_sub(DECIDED)?;
            let witness = Witness { request: Json::Object(draft.request.clone()), past, now };
            self.confirmed(&witness)
        })
    }

    fn is_total(&self, number: u32) -> bool {
        matches!(self.region.space.variable(number), Variable::Total(_))
    }

    /// The caps on counters: a counter's place in the space and a figure.
    fn caps(&self) -> Vec<(u32, i128)> {
        let tallies = (0..).zip(&self.region.space.tallies);
        let caps = tallies.flat_map(|(place, tally)| {
            let figures = (1..tally.size()).filter_map(|class| tally.interval(class)?.1);
            figures.map(move |figure| (place, figure))
        });
        caps.collect()
    }

    /// Pasts after which the request brings a counter to a total.
    fn pasts(&self, draft: &Draft, now: Timestamp, place: u32, target: i128) -> Vec<Vec<Json>> {
        let space = &self.region.space;
        let Some(tally) = space.tallies.get(place as usize) else { return Vec::new() };
        let counter = tally.counters.first().and_then(|(_, counter)| self.ir.counters.get(*counter as usize));
        let Some(period) = counter.map(|counter| counter.period) else { return Vec::new() };
        let mut entry = draft.request.clone();
        entry.remove("record");
        let mut times = 1;
        match &tally.currency {
            Some(currency) => {
                let own = Facts::read(&Json::Object(draft.request.clone())).amount;
                let own = own.filter(|amount| amount.currency == *currency).map_or(0, |amount| amount.minor);
                if target <= own {
                    return Vec::new();
                }
                entry.insert(
                    "amount".to_owned(),
                    json!({ "value": figure(target - own, currency), "currency": currency }),
                );
            }
            None => times = target - 1,
        }
        if !(1..=EARLIER).contains(&times) {
            return Vec::new();
        }
        let zone = space.sides.first().and_then(|side| side.zone.as_ref());
        let back = |seconds: u64| now.checked_sub(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok();
        let early = match period {
            Period::Rolling(seconds) if seconds >= 7200 => back(seconds / 7200 * 3600),
            Period::Rolling(seconds) => back(seconds / 2),
            Period::Total => back(700 * 86_400),
            calendar => window_start(calendar, now, zone),
        };
        // What a total counts may as well be of today, and reads better so; else shorter windows had better not see it.
        let moments: Vec<Timestamp> = match period {
            Period::Day => vec![now],
            Period::Total => [now].into_iter().chain(early).collect(),
            _ => early.into_iter().chain([now]).collect(),
        };
        let moments = moments.into_iter();
        let past = moments.map(|at| {
            let mut entry = entry.clone();
            entry.insert("time".to_owned(), json!(at.to_string()));
            vec![Json::Object(entry); usize::try_from(times).unwrap_or(0)]
        });
        past.collect()
    }

    /// The line for a witness if the request that it means is decided as it says, in this piece.
    fn confirmed(&mut self, witness: &Witness) -> Option<Line> {
        let piece = self.pieces.get(self.place)?;
        let operation = self.ir.operations.get(self.operation)?;
        let defaults = (0..operation.fields.len()).fold(0, |bits, field| bits | 1_u64 << field);
        let shown = match piece.kind {
            Kind::Way(Some(shown)) if shown != defaults && piece.effect == Effect::Allow => shown,
            _ => 0,
        };
        let showing: Vec<String> = fields(operation)
            .enumerate()
            .filter(|(bit, _)| shown >> bit & 1 != 0)
            .map(|(_, it)| it.to_owned())
            .collect();
        let lists: &[&[String]] = if showing.is_empty() { &[&[]] } else { &[&showing, &[]] };
        lists.iter().find_map(|showing| {
            let line = paste(self.ir, witness, piece.effect, showing)?;
            let meant = Witness { request: line.request.clone(), past: line.past.clone(), now: witness.now };
            let report = meant.replay(self.engine).ok()?;
            let shows = |field: &String| report.fields.as_ref().is_some_and(|fields| fields.contains(field));
            let point = Point::read(self.ir, &line.request, &line.past)?;
            let here = piece_at(self.region, self.pieces, &point) == Some(self.place);
            (here && report.decision == piece.effect && showing.iter().all(shows)).then_some(line)
        })
    }
}
