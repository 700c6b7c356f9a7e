//! What is gained or lost, in short sentences, each with an example.

use bpol_engine::ir::{Effect, Ir, Tier};

use crate::analyze::diff::example::{Engines, Example};
use crate::analyze::diff::grade::{Grade, Step};
use crate::analyze::diff::operation::Compared;
use crate::analyze::mdd::Id;
use crate::analyze::phrase::{self, Facts};
use crate::analyze::space::History;

/// Something that is newly possible, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What, as a sentence about the key.
    pub sentence: String,
    /// The operations that it is about, as `create payment`.
    pub operations: Vec<String>,
    /// What the old policy decides there.
    pub before: Option<Effect>,
    /// What the new policy decides there.
    pub after: Option<Effect>,
    /// A request that shows it; nothing where none could be made.
    pub example: Option<Example>,
}

/// How decisions differ, in the order in which it is told: what matters most comes first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    /// From a denial to leave, with the fields seen where they are not the usual ones; or the other way round.
    Leave(Vec<String>),
    /// From a question to leave.
    Question,
    /// From a denial to a question.
    AfterAsking,
    /// From records that are looked at one by one to the whole answer.
    Whole,
    /// From a denial to records that are looked at one by one.
    Records,
    /// Fields more.
    Fields(Vec<String>),
    /// From facts that contradict a declaration to some that do not.
    Contradicting,
}

/// A change before operations are named.
struct Draft {
    kind: Kind,
    words: String,
    places: Vec<usize>,
    /// The policy whose table the places are of.
    side: usize,
    example: Option<Example>,
    effects: [Effect; 2],
    weight: u8,
}

/// Tells of the differences of one key.
pub(super) struct Teller<'t, 'p> {
    irs: [&'p Ir; 2],
    engines: &'t mut Engines<'p>,
    key: &'t str,
    /// What is gained, and what is lost.
    drafts: [Vec<Draft>; 2],
}

/// The most phrases for one way in which decisions of one operation differ.
const MOST: usize = 12;

impl<'t, 'p> Teller<'t, 'p> {
    pub(super) fn new(irs: [&'p Ir; 2], engines: &'t mut Engines<'p>, key: &'t str) -> Self {
        Self { irs, engines, key, drafts: [Vec::new(), Vec::new()] }
    }

    /// Takes in the differences about some operations, by their places in the table of one policy. `aloud` says where
    /// they are, which takes time.
    pub(super) fn take(&mut self, side: usize, places: &[usize], compared: &mut Compared<'p>, aloud: bool) {
        let operation = places.first().and_then(|place| self.irs[side].operations.get(*place));
        let defaults = operation.map_or(&[][..], |operation| operation.fields.as_slice());
        for direction in [0, 1] {
            let mut told = false;
            for answer in [false, true] {
                // What answers add to requests about single records is told only where it is all there is.
                if answer && told {
                    continue;
                }
                let diagram = if answer { compared.answer } else { compared.plain };
                for (kind, values) in kinds(compared, diagram, direction, defaults) {
                    told = true;
                    self.tell(direction, kind, (answer, aloud), &values, (side, places), compared);
                }
            }
        }
    }

    fn tell(
        &mut self,
        direction: usize,
        kind: Kind,
        (answer, aloud): (bool, bool),
        values: &[u32],
        (side, places): (usize, &[usize]),
        compared: &mut Compared<'p>,
    ) {
        let diagram = if answer { compared.answer } else { compared.plain };
        let there = compared.diagrams.holds(diagram, |value| values.contains(&value));
        let pair = values.first().and_then(|value| compared.pairs.get((*value as usize).checked_sub(1)?));
        let effects = pair.map_or([Effect::Deny; 2], |(old, new)| [old.step.effect(), new.step.effect()]);
        let operations = places.iter().filter_map(|place| self.irs[side].operations.get(*place));
        let weight = operations.map(|operation| weight(operation.tier)).min().unwrap_or(u8::MAX);
        let places = places.to_vec();
        let draft = |words, example| Draft {
            kind: kind.clone(),
            words,
            places: places.clone(),
            side,
            example,
            effects,
            weight,
        };
        // What is gained is said in the names of the new policy, what is lost in those of the old one.
        let names = 1 - direction;
        // Which facts these are says little: they are none that an account has.
        if kind == Kind::Contradicting {
            let example = self.engines.example(self.key, compared, there, &[], answer, effects);
            self.drafts[direction].push(draft(String::new(), example));
            return;
        }
        if !aloud {
            self.drafts[direction].push(draft("in more ways than can be said".to_owned(), None));
            return;
        }
        let (facts, cover) = match cover(compared, there, Facts::Told) {
            Ok(cover) if cover.boxes.is_empty() => (Facts::Any, self::cover(compared, there, Facts::Any)),
            other => (Facts::Told, other),
        };
        let Ok(cover) = cover else {
            self.drafts[direction].push(draft("in more ways than can be said".to_owned(), None));
            return;
        };
        let whole = if answer { "by answers whose records are not known beforehand" } else { "" };
        for (phrase, boxes) in phrase::said(&compared.space, names, &cover.boxes, facts) {
            let parts = [format!("{phrase:#}"), whole.to_owned()];
            let words = parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
            let boxes = boxes.iter().filter_map(|place| cover.boxes.get(*place));
            let example = boxes
                .into_iter()
                .find_map(|steps| self.engines.example(self.key, compared, there, steps, answer, effects));
            self.drafts[direction].push(draft(words, example));
        }
        if cover.more {
            self.drafts[direction].push(draft("in still other ways".to_owned(), None));
        }
    }

    /// What is gained, and what is lost.
    pub(super) fn finish(self) -> [Vec<Change>; 2] {
        let irs = self.irs;
        let mut direction = 0;
        self.drafts.map(|drafts| {
            let changes = together(drafts).into_iter().map(|draft| draft.change(irs, direction)).collect();
            direction += 1;
            changes
        })
    }
}

fn cover(
    compared: &mut Compared<'_>,
    there: Id,
    facts: Facts,
) -> Result<crate::analyze::cover::Cover, crate::analyze::TooLarge> {
    phrase::boxes(&compared.space, &mut compared.diagrams, History::Any, there, facts, MOST)
}

/// The ways in which decisions differ in one direction, each with the values of the diagram that show it.
fn kinds(compared: &Compared<'_>, diagram: Id, direction: usize, defaults: &[String]) -> Vec<(Kind, Vec<u32>)> {
    let mut out: Vec<(Kind, Vec<u32>)> = Vec::new();
    for (value, (old, new)) in compared.differences(diagram) {
        let (less, more) = if direction == 0 { (old, new) } else { (new, old) };
        if more.is_within(less) {
            continue;
        }
        let kind = kind(less, more, &|bits| names(&compared.fields, bits), defaults);
        match out.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, values)) => values.push(value),
            None => out.push((kind, vec![value])),
        }
    }
    out.sort();
    out
}

fn kind(less: &Grade, more: &Grade, names: &dyn Fn(u64) -> Vec<String>, defaults: &[String]) -> Kind {
    if less.contradicts {
        return Kind::Contradicting;
    }
    match (less.step, more.step) {
        (Step::Deny, Step::Ask) => Kind::AfterAsking,
        (Step::Ask, _) if more.step > Step::Ask => Kind::Question,
        (Step::Each, Step::Allow) => Kind::Whole,
        (Step::Deny, Step::Each) => Kind::Records,
        (Step::Deny, _) => {
            let shown = names(more.fields);
            Kind::Leave(if shown == *defaults { Vec::new() } else { shown })
        }
        _ => Kind::Fields(names(more.fields & !less.fields)),
    }
}

fn names(fields: &[&str], bits: u64) -> Vec<String> {
    let named = fields.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 != 0);
    named.map(|(_, field)| (*field).to_owned()).collect()
}

/// What can do most comes first.
fn weight(tier: Tier) -> u8 {
    match tier {
        Tier::Spend => 0,
        Tier::Control => 1,
        Tier::Sensitive => 2,
        Tier::Write => 3,
        Tier::Read => 4,
        Tier::Base => 5,
    }
}

/// What is the same of several operations as one.
fn together(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for draft in drafts {
        let same =
            |known: &&mut Draft| known.kind == draft.kind && known.words == draft.words && known.side == draft.side;
        match out.iter_mut().find(same) {
            Some(known) => {
                known.places.extend(draft.places);
                known.example = known.example.take().or(draft.example);
            }
            None => out.push(draft),
        }
    }
    out.sort_by(|one, other| (one.weight, &one.kind).cmp(&(other.weight, &other.kind)));
    out
}

impl Draft {
    fn change(self, irs: [&Ir; 2], direction: usize) -> Change {
        let ir = irs[self.side];
        let what = phrase::joined(&phrase::operations(ir, &self.places), "and");
        let gained = direction == 0;
        let fields = |fields: &[String]| phrase::joined(fields, "and");
        let words = if self.words.is_empty() { String::new() } else { format!(" {}", self.words) };
        let sentence = match &self.kind {
            Kind::Leave(shown) => {
                let seeing = if shown.is_empty() { String::new() } else { format!(", seeing {}", fields(shown)) };
                format!("may {} {what}{words}{seeing}", if gained { "now" } else { "no longer" })
            }
            Kind::Question if gained => format!("no longer has to ask to {what}{words}"),
            Kind::Question => format!("must now ask to {what}{words}"),
            Kind::AfterAsking if gained => format!("may now ask to {what}{words}"),
            Kind::AfterAsking => format!("may no longer ask to {what}{words}"),
            Kind::Contradicting if gained => format!("may now {what} with facts that contradicted a declaration"),
            Kind::Contradicting => format!("may no longer {what} with facts that contradict a declaration"),
            Kind::Whole if gained => format!("now gets the whole answer, unfiltered, to {what}{words}"),
            Kind::Whole => format!("now gets only some records of the answer to {what}{words}"),
            Kind::Records if gained => format!("now gets some records of the answer to {what}{words}"),
            Kind::Records => format!("no longer gets any record of the answer to {what}{words}"),
            Kind::Fields(shown) => {
                format!(
                    "{} {} in answers to {what}{words}",
                    if gained { "now sees" } else { "no longer sees" },
                    fields(shown)
                )
            }
        };
        let named = self.places.iter().filter_map(|place| ir.operations.get(*place));
        let operations = named.map(|it| format!("{} {}", it.action, it.resource)).collect();
        let [before, after] = self.effects.map(Some);
        Change { sentence, operations, before, after, example: self.example }
    }
}

impl Change {
    pub(super) fn split() -> Self {
        Self::about_counters(
            "what was counted together against one cap is now counted apart, so more may be spent in all",
        )
    }

    pub(super) fn joined() -> Self {
        Self::about_counters(
            "what was counted apart is now counted together against one cap, so less may be spent in all",
        )
    }

    fn about_counters(sentence: &str) -> Self {
        Self { sentence: sentence.to_owned(), operations: Vec::new(), before: None, after: None, example: None }
    }
}
