//! Parts of a space in the words of the language, for people.
//!
//! [`sentences`] covers what a diagram holds with a few boxes and says each as a [`Phrase`]: the same function gives the
//! same text, whatever the rules are that it came from. Nothing here knows what is decided in those boxes.

mod account;
mod address;
mod amount;
mod fields;
mod list;
mod merge;
mod operations;
mod payee;
mod plan;
mod record;
mod total;
mod week;
mod word;

use std::fmt;

use bpol_engine::ir::{Dimension, Tier};

use crate::analyze::TooLarge;
use crate::analyze::cover::{Cover, cover_by, trim};
use crate::analyze::mdd::{Classes, Diagrams, Id, Step};
use crate::analyze::region;
use crate::analyze::space::{History, Space, Variable};

pub(crate) use address::blocks;
pub(crate) use amount::grouped;
pub use amount::money;
pub use fields::showing;
pub use list::{Item, joined};
pub use operations::{operations, plural};
pub(crate) use record::duration;
pub use total::period;

/// A box of a space in words: its parts in the order in which the language writes clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phrase {
    /// What it says, one part a fact.
    pub parts: Vec<Part>,
}

/// What a phrase says about one fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// Which fact.
    pub about: About,
    /// The words before the items, such as `on`; they may be none.
    pub lead: String,
    /// What will do: one of these.
    pub items: Vec<Item>,
    /// Whether anything will do; said only where it must be said aloud.
    pub open: bool,
}

/// What a part is about, in the order of clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// The account.
    Account,
    /// The payee.
    Payee,
    /// The web address.
    Url,
    /// The amount.
    Amount,
    /// The total of a counter.
    Total,
    /// The method.
    Method,
    /// The rhythm.
    Repeat,
    /// When the record was created.
    Since,
    /// Who created the record.
    Own,
    /// Where the call comes from.
    From,
    /// The time of the week.
    During,
    /// The date.
    Date,
}

/// What to leave out of phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facts {
    /// Facts may be untold, and where that matters it is said.
    Any,
    /// Every fact is told.
    Told,
}

/// A box of a space in words. `side` is the policy whose names are used.
pub fn phrase(space: &Space<'_>, side: usize, steps: &[Step]) -> Phrase {
    phrased(space, side, steps, Facts::Any)
}

/// Several phrases: what a diagram holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentences {
    /// The phrases, each different.
    pub list: Vec<Phrase>,
    /// Whether there is more than they say.
    pub more: bool,
}

/// Says where a diagram of true and false is true, in at most so many phrases, as far as requests can be there.
pub fn sentences(
    space: &Space<'_>,
    diagrams: &mut Diagrams,
    history: History,
    id: Id,
    side: usize,
    facts: Facts,
    most: usize,
) -> Result<Sentences, TooLarge> {
    let cover = boxes(space, diagrams, history, id, facts, most)?;
    let phrases = cover.boxes.iter().map(|steps| phrased(space, side, steps, facts)).collect();
    let mut list = merge::merged(phrases);
    list.sort();
    Ok(Sentences { list, more: cover.more })
}

/// The boxes that [`sentences`] says.
pub(crate) fn boxes(
    space: &Space<'_>,
    diagrams: &mut Diagrams,
    history: History,
    id: Id,
    facts: Facts,
    most: usize,
) -> Result<Cover, TooLarge> {
    let support = diagrams.support(id);
    let there = |diagrams: &mut Diagrams, id| {
        let mut reached = reached(space, diagrams, history, id, facts)?;
        // Variables on which nothing hangs say only that some request is there.
        for variable in diagrams.support(reached).difference(&support) {
            reached = diagrams.exists(reached, *variable);
        }
        Ok(reached)
    };
    let wanted = there(diagrams, id)?;
    let outside = diagrams.not(id);
    let outside = there(diagrams, outside)?;
    // Where no request can be nothing is decided, so boxes may run through it if they are simpler for it.
    let room = diagrams.not(outside);
    let plan = plan::plan(space, &support);
    let mut cover = cover_by(diagrams, wanted, room, &plan, most);
    trim(diagrams, wanted, &mut cover.boxes, &|step| plan::trims(space, step));
    for steps in &mut cover.boxes {
        plan::close(space, diagrams, wanted, steps);
    }
    if diagrams.is_exhausted() {
        return Err(TooLarge { reason: "saying it in words takes more steps than allowed".to_owned() });
    }
    Ok(cover)
}

/// Boxes in words, each phrase with the places of the boxes that it says.
pub(crate) fn said(space: &Space<'_>, side: usize, boxes: &[Vec<Step>], facts: Facts) -> Vec<(Phrase, Vec<usize>)> {
    let single: Vec<Phrase> = boxes.iter().map(|steps| phrased(space, side, steps, facts)).collect();
    let mut list = merge::merged(single.clone());
    list.sort();
    let places = |phrase: &Phrase| {
        let inside = single.iter().enumerate().filter(|(_, one)| phrase.has(one));
        inside.map(|(place, _)| place).collect()
    };
    list.into_iter().map(|phrase| (phrase.clone(), places(&phrase))).collect()
}

/// Where requests can be at which a diagram is true, and all facts are told where that is asked for.
pub(crate) fn reached(
    space: &Space<'_>,
    diagrams: &mut Diagrams,
    history: History,
    id: Id,
    facts: Facts,
) -> Result<Id, TooLarge> {
    let support = diagrams.support(id);
    let mut builder = region::builder(space, diagrams, history);
    let reached = builder.within_reach(id)?;
    let told = if facts == Facts::Told { plan::told(&mut builder, &support) } else { Id::TRUE };
    Ok(diagrams.and(reached, told))
}

/// A box in words, with what is to be left out.
pub(crate) fn phrased(space: &Space<'_>, side: usize, steps: &[Step], facts: Facts) -> Phrase {
    let chosen = |variable| Chosen::of(space, steps, variable, facts);
    let tells = |dimension| space.sides.get(side).is_some_and(|side| side.is_about(dimension));
    let mut parts = Vec::new();
    if tells(Dimension::Account) {
        parts.extend(account::part(space, side, &chosen));
    }
    if tells(Dimension::Payee) {
        parts.extend(payee::part(space, side, &chosen));
    }
    parts.extend(word::part(About::Url, "to url", "the url", &space.url, &chosen(Variable::Url), true));
    if tells(Dimension::Amount) {
        parts.extend(amount::part(space, &chosen(Variable::Amount), steps));
    }
    parts.extend(total::parts(space, side, steps, facts));
    parts.extend(word::part(About::Method, "via", "the method", &space.method, &chosen(Variable::Method), false));
    parts.extend(word::part(About::Repeat, "repeating", "the rhythm", &space.repeat, &chosen(Variable::Repeat), false));
    parts.extend(record::parts(space, side, &chosen));
    parts.extend(address::part(space, side, &chosen(Variable::Ip)));
    parts.extend(week::part(space, &chosen(Variable::Week)));
    parts.extend(record::dates(space, side, &chosen(Variable::Now)));
    // Only where money leaves it must be said aloud that anyone may get it, and any amount of it.
    let spends = space.sides.get(side).is_some_and(|side| side.operation.tier == Tier::Spend);
    parts.retain(|part| !part.open || spends || part.about == About::Account);
    Phrase { parts }
}

/// The classes of a variable that a box has.
pub(crate) struct Chosen<'s> {
    classes: Option<&'s Classes>,
    size: u32,
    facts: Facts,
}

impl<'s> Chosen<'s> {
    fn of(space: &Space<'_>, steps: &'s [Step], variable: Variable, facts: Facts) -> Self {
        let number = space.number(variable);
        let classes = steps.iter().find(|step| step.variable == number).map(|step| &step.classes);
        Self { classes, size: space.size(variable), facts }
    }

    fn has(&self, class: u32) -> bool {
        self.classes.is_none_or(|classes| classes.has(class))
    }

    /// Whether the box says nothing about the variable.
    fn is_open(&self) -> bool {
        self.classes.is_none() || self.known().count() + 1 == self.size as usize && (self.untold() || self.told_only())
    }

    fn told_only(&self) -> bool {
        self.facts == Facts::Told
    }

    /// The classes beside that of unknown, which is the first.
    fn known(&self) -> impl Iterator<Item = u32> {
        (1..self.size).filter(|class| self.has(*class))
    }

    /// Whether the fact need not be told.
    fn untold(&self) -> bool {
        self.facts == Facts::Any && self.has(0)
    }

    /// The item that says so, where something else is said about the fact.
    fn or_untold(&self, fact: &str) -> Option<Item> {
        self.untold().then(|| Item::plain(format!("when {fact} is not told")))
    }
}

impl Phrase {
    /// The part about a fact.
    pub fn part(&self, about: About) -> Option<&Part> {
        self.parts.iter().find(|part| part.about == about)
    }

    /// Whether another phrase says nothing that this one does not.
    fn has(&self, other: &Self) -> bool {
        let within = |one: &Part, all: &Part| {
            one == all
                || one.about == all.about
                    && one.lead == all.lead
                    && one.items.iter().all(|item| all.items.contains(item))
        };
        self.parts.len() == other.parts.len() && other.parts.iter().zip(&self.parts).all(|(one, all)| within(one, all))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = list::either(&self.items);
        match (self.lead.is_empty(), items.is_empty()) {
            (true, _) => f.write_str(&items),
            (false, true) => f.write_str(&self.lead),
            (false, false) if self.items.iter().all(|item| item.text.starts_with("when ")) => f.write_str(&items),
            (false, false) => write!(f, "{} {items}", self.lead),
        }
    }
}

/// The parts one after the other; those that are open only in the alternate form.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.parts.iter().filter(|part| f.alternate() || !part.open);
        let parts: Vec<String> = said.map(Part::to_string).collect();
        f.write_str(&parts.join(", "))
    }
}
