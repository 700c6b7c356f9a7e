//! The decisions about one operation in pieces: the ways in which it is allowed or asked, and what lies just outside.
//!
//! Pieces are disjoint: a point is in the first that could have it. They are made where every fact is told, so that they
//! can be said; a fact that a request does not tell is then taken as one that fits, where the decision is the same.

use std::collections::BTreeSet;

use bpol_engine::ir::Effect;

use super::fact::{Fact, besides, dates, facts, has};
use crate::analyze::mdd::{Classes, Diagrams, Id, Step};
use crate::analyze::phrase::{self, Facts, Phrase};
use crate::analyze::region::builder;
use crate::analyze::space::{Space, Variable};
use crate::analyze::{Outcome, Region, TooLarge};

/// More ways than this in which one operation is allowed, or asked, are not looked at.
pub(super) const MOST: usize = 32;

/// Nor are operations on which more budgets bear than this.
pub(super) const BUDGETS: usize = 64;

/// The most steps of work for one operation.
const WORK: u64 = 8_000_000;

/// A part of a region.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) effect: Effect,
    pub(super) kind: Kind,
    /// What it is, to be read behind the operations.
    pub(super) sentence: String,
    /// Among requests whose `answer` is false.
    pub(super) plain: Id,
    /// Among requests whose `answer` is true.
    pub(super) answer: Id,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A way in which something is allowed or asked, and the fields that are shown.
    Way(Option<u64>),
    /// What is denied because of this fact alone.
    Border(Fact),
}

/// The pieces of a region; none where every request is denied.
pub(super) fn pieces(region: &mut Region<'_>) -> Result<Vec<Piece>, TooLarge> {
    if region.space.tallies.len() > BUDGETS {
        return Err(TooLarge { reason: format!("more than {BUDGETS} budgets bear on one operation") });
    }
    let mut shown: Vec<(Effect, Option<u64>)> =
        region.outcomes.iter().map(|outcome| (outcome.effect, outcome.fields)).collect();
    shown.retain(|(effect, _)| *effect != Effect::Deny);
    shown.sort_unstable_by_key(|(effect, fields)| (*effect == Effect::Ask, *fields));
    shown.dedup();
    let mut out = Pieces { taken: (Id::FALSE, Id::FALSE), pieces: Vec::new(), insides: Vec::new() };
    for (effect, fields) in shown {
        out.ways(region, effect, fields)?;
    }
    out.half_told(region)?;
    if !out.pieces.is_empty() {
        out.borders(region)?;
    }
    Ok(out.pieces)
}

struct Pieces {
    /// What earlier pieces have.
    taken: (Id, Id),
    pieces: Vec<Piece>,
    /// For each way what its boxes hold.
    insides: Vec<Id>,
}

impl Pieces {
    fn ways(&mut self, region: &mut Region<'_>, effect: Effect, fields: Option<u64>) -> Result<(), TooLarge> {
        let is = |outcome: &Outcome| outcome.effect == effect && outcome.fields == fields;
        let there = holds(region, region.plain, &is);
        let answer = region.answer.map_or(Id::FALSE, |answer| {
            holds(region, answer, &|outcome| outcome.effect == effect && (outcome.each || outcome.fields == fields))
        });
        let operation = region.space.sides.first().map(|side| side.operation);
        let showing = operation.zip(fields).and_then(|(operation, shown)| phrase::showing(operation, shown));
        for (phrase, boxes) in covered(region, there)? {
            let inside = together(region, &boxes);
            let plain = region.diagrams.and(there, inside);
            let answer = region.diagrams.and(answer, inside);
            let parts: Vec<String> = phrase.parts.iter().map(ToString::to_string).chain(showing.clone()).collect();
            if self.push(region, effect, Kind::Way(fields), parts.join(", "), (plain, answer))? {
                self.insides.push(inside);
            }
        }
        Ok(())
    }

    /// Adds to ways what shows other fields only because a fact is not told.
    fn half_told(&mut self, region: &mut Region<'_>) -> Result<(), TooLarge> {
        for (place, inside) in self.insides.clone().into_iter().enumerate() {
            let Some(effect) = self.pieces.get(place).map(|piece| piece.effect) else { continue };
            let is = |outcome: &Outcome| outcome.effect == effect;
            let plain = holds(region, region.plain, &is);
            let answer = region.answer.map_or(Id::FALSE, |answer| holds(region, answer, &is));
            let [plain, answer] = [plain, answer].map(|id| region.diagrams.and(id, inside));
            let (plain, answer) = (self.left(region, plain, false)?, self.left(region, answer, true)?);
            if let Some(piece) = self.pieces.get_mut(place) {
                piece.plain = region.diagrams.or(piece.plain, plain);
                piece.answer = region.diagrams.or(piece.answer, answer);
            }
        }
        Ok(())
    }

    /// What earlier pieces do not have and a request can be; it is taken then.
    fn left(&mut self, region: &mut Region<'_>, id: Id, answer: bool) -> Result<Id, TooLarge> {
        if region.diagrams.work() > WORK {
            return Err(TooLarge { reason: "telling its cases apart takes more steps than allowed".to_owned() });
        }
        let taken = if answer { &mut self.taken.1 } else { &mut self.taken.0 };
        let free = region.diagrams.not(*taken);
        let rest = region.diagrams.and(id, free);
        let here = if rest == Id::FALSE { rest } else { within_reach(region, rest)? };
        *taken = region.diagrams.or(*taken, here);
        Ok(here)
    }

    fn borders(&mut self, region: &mut Region<'_>) -> Result<(), TooLarge> {
        let granted = holds(region, region.plain, &|outcome| outcome.effect != Effect::Deny);
        let of_answer =
            region.answer.map_or(Id::FALSE, |answer| holds(region, answer, &|outcome| outcome.effect != Effect::Deny));
        let covers = covered(region, granted)?;
        let held = (within_reach(region, granted)?, within_reach(region, of_answer)?);
        let support = region.diagrams.support(granted);
        let denied = (region.diagrams.not(granted), region.diagrams.not(of_answer));
        for (phrase, boxes) in covers {
            let inside = together(region, &boxes);
            let steps: Vec<&[Step]> = boxes.iter().map(Vec::as_slice).collect();
            for fact in facts(&region.space, &support) {
                let there = outside(&region.space, &mut region.diagrams, &steps, fact);
                let one = one_step(region, fact, held.0, inside, denied.0, there);
                let other = match region.answer {
                    Some(_) => one_step(region, fact, held.1, inside, denied.1, there),
                    None => Id::FALSE,
                };
                let sentence = besides(&region.space, &phrase, &steps, fact);
                self.push(region, Effect::Deny, Kind::Border(fact), sentence, (one, other))?;
            }
        }
        Ok(())
    }

    /// Adds a piece without what earlier ones have, if something is left that a request can be.
    fn push(
        &mut self,
        region: &mut Region<'_>,
        effect: Effect,
        kind: Kind,
        sentence: String,
        (plain, answer): (Id, Id),
    ) -> Result<bool, TooLarge> {
        let (plain, answer) = (self.left(region, plain, false)?, self.left(region, answer, true)?);
        let some = (plain, answer) != (Id::FALSE, Id::FALSE);
        if some {
            self.pieces.push(Piece { effect, kind, sentence, plain, answer });
        }
        Ok(some)
    }
}

/// What is denied, and would be granted as a box says if only the fact were another.
fn one_step(region: &mut Region<'_>, fact: Fact, granted: Id, inside: Id, denied: Id, there: Id) -> Id {
    let mut near = region.diagrams.and(granted, inside);
    for variable in fact.variables(&region.space) {
        near = region.diagrams.exists(near, region.space.number(variable));
    }
    let near = region.diagrams.and(near, denied);
    region.diagrams.and(near, there)
}

/// Where it is this of several facts that change together which is outside.
fn outside(space: &Space<'_>, diagrams: &mut Diagrams, boxes: &[&[Step]], fact: Fact) -> Id {
    // What is not told is outside where something is asked of it.
    let mut left_out = |variable: Variable, first: u32| {
        let out: Vec<u32> =
            (first..space.size(variable)).filter(|class| !has(space, boxes, variable, *class)).collect();
        let untold = (first > 0 && !out.is_empty()).then_some(0);
        diagrams.one_of(space.number(variable), untold.into_iter().chain(out))
    };
    match fact {
        Fact::Amount => left_out(Variable::Amount, 1),
        Fact::Total(place) => {
            let amount = left_out(Variable::Amount, 1);
            let total = left_out(Variable::Total(place), 1);
            let amount = diagrams.not(amount);
            diagrams.and(amount, total)
        }
        Fact::Starting | Fact::Before => {
            let Some((first, last)) = dates(space, boxes) else { return Id::FALSE };
            let number = space.number(Variable::Now);
            if fact == Fact::Starting {
                diagrams.one_of(number, 0..first)
            } else {
                diagrams.one_of(number, last + 1..space.now.size())
            }
        }
        _ => Id::TRUE,
    }
}

/// A phrase and the boxes that it says.
type Said = (Phrase, Vec<Vec<Step>>);

/// The phrases that say where a diagram is true.
fn covered(region: &mut Region<'_>, there: Id) -> Result<Vec<Said>, TooLarge> {
    let Region { space, diagrams, history, .. } = region;
    let cover = phrase::boxes(space, diagrams, *history, there, Facts::Told, MOST)?;
    if cover.more {
        return Err(TooLarge { reason: format!("one operation is allowed or asked in more than {MOST} ways") });
    }
    let mut left: BTreeSet<usize> = (0..cover.boxes.len()).collect();
    let of = |places: &[usize]| places.iter().filter_map(|place| cover.boxes.get(*place).cloned()).collect();
    let mut out: Vec<Said> = Vec::new();
    for (phrase, places) in phrase::said(space, 0, &cover.boxes, Facts::Told) {
        places.iter().for_each(|place| _ = left.remove(place));
        out.push((phrase, of(&places)));
    }
    // A name that is said by a larger one is in no phrase by itself.
    for place in left {
        let steps = cover.boxes.get(place).cloned().unwrap_or_default();
        out.push((phrase::phrased(space, 0, &steps, Facts::Told), vec![steps]));
    }
    Ok(out)
}

fn together(region: &mut Region<'_>, boxes: &[Vec<Step>]) -> Id {
    let mut all = Vec::new();
    for steps in boxes {
        let steps: Vec<Step> = steps.iter().map(|step| or_untold(&region.space, step)).collect();
        all.push(region.diagrams.inside(&steps));
    }
    region.diagrams.any(all)
}

/// A step that has what is not told as well.
fn or_untold(space: &Space<'_>, step: &Step) -> Step {
    let variable = space.variable(step.variable);
    let classes = match (&step.classes, variable) {
        (classes, Variable::Now | Variable::Week) => classes.clone(),
        (classes, Variable::Account) => accounts(space, classes),
        (Classes::In(inside), _) => {
            let mut inside = inside.clone();
            if inside.first() != Some(&0) {
                inside.insert(0, 0);
            }
            Classes::In(inside)
        }
        (Classes::NotIn(out), _) => Classes::NotIn(out.iter().copied().filter(|class| *class != 0).collect()),
    };
    Step { variable: step.variable, classes }
}

/// Accounts, and what is told in part of one of them.
fn accounts(space: &Space<'_>, classes: &Classes) -> Classes {
    let inside = || space.account.classes().filter(|(class, _)| classes.has(*class)).map(|(_, fact)| fact);
    let ibans: BTreeSet<&str> = inside().filter_map(|fact| fact.iban.as_deref()).collect();
    let ids: BTreeSet<u64> = inside().filter_map(|fact| fact.id).collect();
    let all = space.account.classes().filter(|(class, fact)| {
        let half = fact.iban.is_none() || fact.id.is_none();
        let fits =
            fact.iban.as_deref().is_none_or(|iban| ibans.contains(iban)) && fact.id.is_none_or(|id| ids.contains(&id));
        classes.has(*class) || half && fits
    });
    Classes::In(all.map(|(class, _)| class).collect())
}

fn holds(region: &mut Region<'_>, id: Id, wanted: &dyn Fn(&Outcome) -> bool) -> Id {
    let wanted: Vec<bool> = region.outcomes.iter().map(wanted).collect();
    region.diagrams.holds(id, |value| wanted.get(value as usize).copied().unwrap_or(false))
}

fn within_reach(region: &mut Region<'_>, id: Id) -> Result<Id, TooLarge> {
    builder(&region.space, &mut region.diagrams, region.history).within_reach(id)
}
