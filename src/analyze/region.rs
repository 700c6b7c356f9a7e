//! The decisions of one key about one operation, as diagrams.

use std::ops::ControlFlow;

use bpol_engine::ir::{Effect, Operation, Rule, Tier};
use jiff::Timestamp;

use crate::analyze::TooLarge;
use crate::analyze::decision::{Builder, Pass};
use crate::analyze::facts::Facts;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::phrase;
use crate::analyze::space::{History, Space, Totals};
use crate::analyze::witness::{Aim, Witness};

/// What a decision comes to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outcome {
    /// Allow, ask or deny.
    pub effect: Effect,
    /// Whether every record of the answer is decided by itself.
    pub each: bool,
    /// The fields that the answer shows, as bits by [`fields`]; nothing where the decision does not say.
    pub fields: Option<u64>,
}

/// The fields of an operation in the order of their bits: defaults first.
pub fn fields(operation: &Operation) -> impl Iterator<Item = &str> {
    operation.fields.iter().chain(&operation.extra_fields).map(String::as_str)
}

/// All requests of one key for one operation, and what is decided about each.
#[derive(Debug)]
pub struct Region<'p> {
    /// What the diagrams' variables are.
    pub space: Space<'p>,
    /// The diagrams' nodes.
    pub diagrams: Diagrams,
    /// Decisions about requests whose `answer` is false, by their place in [`Region::outcomes`].
    pub plain: Id,
    /// Decisions about requests whose `answer` is true; only for reads.
    pub answer: Option<Id>,
    /// What the diagrams' values mean.
    pub outcomes: Vec<Outcome>,
    pub(crate) history: History,
}

impl Region<'_> {
    /// The decision about concrete facts; nothing where they contradict the declarations.
    pub fn at(&self, facts: &Facts, answer: bool, now: Timestamp, totals: Totals<'_>) -> Option<&Outcome> {
        let point = self.space.point(facts, now, totals)?;
        let class = |variable: u32| point.get(variable as usize).copied().unwrap_or(0);
        let diagram = if answer { self.answer? } else { self.plain };
        self.outcomes.get(self.diagrams.at(diagram, class) as usize)
    }

    /// Where the outcomes are that are wanted, in at most so many phrases: of requests whose `answer` is false.
    pub fn sentences(
        &mut self,
        wanted: &dyn Fn(&Outcome) -> bool,
        facts: phrase::Facts,
        most: usize,
    ) -> Result<phrase::Sentences, TooLarge> {
        let wanted: Vec<bool> = self.outcomes.iter().map(wanted).collect();
        let wanted = |value: u32| wanted.get(value as usize).copied().unwrap_or(false);
        let there = self.diagrams.holds(self.plain, wanted);
        phrase::sentences(&self.space, &mut self.diagrams, self.history, there, 0, facts, most)
    }

    /// Visits witnesses for the outcomes that are wanted, until a visit breaks off; nothing for a path without one. The
    /// witnesses are for a key and about answers or not.
    pub fn witnesses(
        &mut self,
        key: &str,
        answer: bool,
        wanted: &dyn Fn(&Outcome) -> bool,
        visit: &mut dyn FnMut(Option<Witness>, &Outcome) -> ControlFlow<()>,
    ) -> Result<(), TooLarge> {
        let Some(diagram) = (if answer { self.answer } else { Some(self.plain) }) else { return Ok(()) };
        let wanted: Vec<bool> = self.outcomes.iter().map(wanted).collect();
        let wanted = |value: u32| wanted.get(value as usize).copied().unwrap_or(false);
        let mut builder = builder(&self.space, &mut self.diagrams, self.history);
        let there = builder.diagrams.holds(diagram, wanted);
        let there = builder.within_reach(there)?;
        let aim = Aim { space: &self.space, side: 0, key, answer, told: false };
        _ = self.diagrams.paths(there, &|value| value == 2, &mut |steps, _| {
            let class =
                |variable: u32| steps.iter().find(|step| step.variable == variable).map_or(0, |step| step.first());
            let outcome = self.outcomes.get(self.diagrams.at(diagram, class) as usize);
            outcome.map_or(ControlFlow::Continue(()), |outcome| visit(aim.witness(steps), outcome))
        });
        Ok(())
    }
}

/// The most steps of work for one operation of one key, which keeps every question to seconds.
pub const BUDGET: u64 = 40_000_000;

/// Values of a diagram of decisions before they are outcomes: effects as truth values, then the bits of field groups.
const DENY: u32 = 0;
const ASK: u32 = 1;
const ALLOW: u32 = 2;
const EACH: u32 = 3;
const GROUPS: u32 = 2;

/// Rules of one policy that bind a key and list an operation.
pub(crate) type Bound<'r> = Vec<&'r Rule>;

/// Adds the decisions of a policy to the builder's diagrams: about plain requests, and about answers for reads.
pub(crate) fn decisions(
    builder: &mut Builder<'_, '_>,
    side: usize,
    rules: &[&Rule],
    operation: &Operation,
    outcomes: &mut Vec<Outcome>,
) -> Result<(Id, Option<Id>), TooLarge> {
    let shapes = Shapes::of(operation, rules)?;
    let plain = effects(builder, side, rules, operation, Pass::Plain);
    let plain = shapes.shown(builder, side, rules, operation, plain, Pass::Plain);
    let plain = interned(builder, &shapes, operation, plain, outcomes);
    let mut answer = None;
    if operation.action == "read" {
        let best = effects(builder, side, rules, operation, Pass::Best);
        let worst = effects(builder, side, rules, operation, Pass::Worst);
        let both = builder.diagrams.join(best, worst, &mut |best, worst| match (best, worst) {
            (ALLOW, ALLOW) => ALLOW,
            (ALLOW, _) => EACH,
            _ => DENY,
        });
        let shown = shapes.shown(builder, side, rules, operation, both, Pass::Worst);
        answer = Some(interned(builder, &shapes, operation, shown, outcomes));
    }
    if builder.diagrams.is_exhausted() {
        return Err(TooLarge {
            reason: format!("deciding `{} {}` takes more steps than allowed", operation.action, operation.resource),
        });
    }
    Ok((plain, answer))
}

/// Deny, ask or allow everywhere, as false, unknown and true.
fn effects(builder: &mut Builder<'_, '_>, side: usize, rules: &[&Rule], operation: &Operation, pass: Pass) -> Id {
    let denied = gathered(builder, side, rules, Effect::Deny, pass);
    let mut granted = gathered(builder, side, rules, Effect::Allow, pass);
    if operation.tier == Tier::Base {
        granted = Id::TRUE;
    }
    let not_denied = builder.diagrams.not(denied);
    let passed = builder.diagrams.and(granted, not_denied);
    if passed == Id::FALSE {
        return passed;
    }
    let asked = gathered(builder, side, rules, Effect::Ask, pass);
    let unasked = builder.diagrams.map(asked, &mut |asked| if asked == 2 { ASK } else { ALLOW });
    builder.diagrams.and(passed, unasked)
}

/// Where some rule of an effect counts: a true `allow`, or an `ask` or `deny` that is not false.
fn gathered(builder: &mut Builder<'_, '_>, side: usize, rules: &[&Rule], effect: Effect, pass: Pass) -> Id {
    let mut counting = Vec::new();
    for rule in rules.iter().filter(|rule| rule.effect == effect) {
        let value = builder.rule(side, rule, pass);
        counting
            .push(builder.diagrams.holds(value, |value| if effect == Effect::Allow { value == 2 } else { value > 0 }));
    }
    builder.diagrams.any(counting)
}

/// For each group of fields the places of the rules that show it, each list once.
pub(crate) fn shown_by(operation: &Operation, rules: &[&Rule]) -> Result<Vec<Vec<usize>>, TooLarge> {
    let mut lists: Vec<Vec<usize>> =
        Shapes::of(operation, rules)?.groups.into_iter().map(|group| group.shown).collect();
    lists.sort_unstable();
    lists.dedup();
    Ok(lists)
}

/// Fields of an operation in groups that the same rules show and hide.
struct Shapes {
    groups: Vec<Group>,
    defaults: u64,
    has_fields: bool,
}

struct Group {
    fields: u64,
    shown: Vec<usize>,
    hidden: Vec<usize>,
}

impl Shapes {
    fn of(operation: &Operation, rules: &[&Rule]) -> Result<Self, TooLarge> {
        let all: Vec<&str> = fields(operation).collect();
        if all.len() > 64 {
            return Err(TooLarge { reason: "an operation has more than 64 fields".to_owned() });
        }
        let defaults = (0..operation.fields.len()).fold(0, |bits, field| bits | 1_u64 << field);
        let mut groups: Vec<Group> = Vec::new();
        for (bit, field) in all.iter().enumerate() {
            let named = |list: &[String]| list.iter().any(|name| name == field);
            let allows = || rules.iter().enumerate().filter(|(_, rule)| rule.effect == Effect::Allow);
            let shows = |rule: &Rule| rule.showing.as_ref().map_or(defaults >> bit & 1 != 0, |list| named(list));
            let shown: Vec<usize> =
                allows().filter(|(_, rule)| shows(rule) && !named(&rule.hiding)).map(|(place, _)| place).collect();
            let hidden: Vec<usize> = allows().filter(|(_, rule)| named(&rule.hiding)).map(|(place, _)| place).collect();
            match groups.iter_mut().find(|group| group.shown == shown && group.hidden == hidden) {
                Some(group) => group.fields |= 1 << bit,
                None => groups.push(Group { fields: 1 << bit, shown, hidden }),
            }
        }
        if groups.len() > 26 {
            return Err(TooLarge { reason: "rules show the fields of an answer in more than 26 ways".to_owned() });
        }
        Ok(Self { groups, defaults, has_fields: !all.is_empty() })
    }

    /// Adds to each allow which groups of fields it shows.
    fn shown(
        &self,
        builder: &mut Builder<'_, '_>,
        side: usize,
        rules: &[&Rule],
        operation: &Operation,
        effects: Id,
        pass: Pass,
    ) -> Id {
        if !self.has_fields || operation.action != "read" {
            return effects;
        }
        let hides = if pass == Pass::Worst { Pass::Best } else { pass };
        let mut out = effects;
        for (place, group) in self.groups.iter().enumerate() {
            let mut shows = Vec::new();
            for rule in group.shown.iter().filter_map(|place| rules.get(*place)) {
                let value = builder.rule(side, rule, pass);
                shows.push(builder.diagrams.holds(value, |value| value == 2));
            }
            let shows = builder.diagrams.any(shows);
            let mut hidden = Vec::new();
            for rule in group.hidden.iter().filter_map(|place| rules.get(*place)) {
                let value = builder.rule_without_caps(side, rule, hides);
                hidden.push(builder.diagrams.holds(value, |value| value > 0));
            }
            let hidden = builder.diagrams.any(hidden);
            let visible = builder.diagrams.not(hidden);
            let shows = builder.diagrams.and(shows, visible);
            let bit = 1 << (GROUPS + place as u32);
            out = builder.diagrams.join(out, shows, &mut |out, shows| {
                if out & 3 == ALLOW && shows == 2 { out | bit } else { out }
            });
        }
        if operation.tier == Tier::Base {
            // Where no rule allows, the operation is allowed all the same and shows its defaults.
            let ruled = gathered(builder, side, rules, Effect::Allow, pass);
            let by_default = 1_u32 << (31 - 1);
            out = builder.diagrams.join(out, ruled, &mut |out, ruled| {
                if out & 3 == ALLOW && ruled != 2 { ALLOW | by_default } else { out }
            });
        }
        out
    }
}

/// Values as places in the list of outcomes.
fn interned(
    builder: &mut Builder<'_, '_>,
    shapes: &Shapes,
    operation: &Operation,
    id: Id,
    outcomes: &mut Vec<Outcome>,
) -> Id {
    let by_default = 1_u32 << (31 - 1);
    builder.diagrams.map(id, &mut |value| {
        let effect = match value & 3 {
            DENY => Effect::Deny,
            ASK => Effect::Ask,
            _ => Effect::Allow,
        };
        let groups = shapes.groups.iter().enumerate();
        let shown = groups.filter(|(place, _)| value >> (GROUPS + *place as u32) & 1 != 0);
        let shown = shown.fold(0, |bits, (_, group)| bits | group.fields);
        let fields = match (value & 3, operation.tier) {
            (ALLOW, _) if !shapes.has_fields => None,
            (ALLOW, Tier::Base) if value & by_default != 0 || operation.action != "read" => Some(shapes.defaults),
            (ALLOW, _) if operation.action == "read" => Some(shown),
            _ => None,
        };
        let outcome = Outcome { effect, each: value & 3 == EACH, fields };
        let place = outcomes.iter().position(|known| *known == outcome).unwrap_or_else(|| {
            outcomes.push(outcome);
            outcomes.len() - 1
        });
        place as u32
    })
}

/// The history that a region is about.
pub(crate) fn builder<'b, 'p>(space: &'b Space<'p>, diagrams: &'b mut Diagrams, history: History) -> Builder<'b, 'p> {
    Builder { space, diagrams, history, strict: false, below: None }
}
