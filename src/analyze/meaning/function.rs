//! The decision about an operation as a function that does not show how its rules were written.
//!
//! Points that no request is at take the value of a point that some request is at: a contradicted kind or `own` that of
//! the same facts with it unknown, a total below the amount or below a total that it holds that of the least it can be.
//! Then totals on which no decision depends are left out ([`idle`]).

use std::collections::BTreeMap;
use std::rc::Rc;

use bpol_engine::ir::{Effect, Operation, Rule};

use crate::analyze::TooLarge;
use crate::analyze::decision::Builder;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::meaning::counters::{Counters, Known};
use crate::analyze::meaning::digest::{Digest, Text};
use crate::analyze::meaning::{idle, moments, node};
use crate::analyze::names::Names;
use crate::analyze::region::{self, BUDGET, Outcome};
use crate::analyze::space::{Draft, History, Side, Variable};

/// What rules that bind a key decide about an operation; nothing where that is what is decided without them.
pub(super) fn digest<'p>(
    names: &Rc<Names<'p>>,
    key: usize,
    operation: &'p Operation,
    rules: &[&'p Rule],
    counters: &mut Counters<'p>,
) -> Result<Option<Digest>, TooLarge> {
    let mut draft = Draft::new(vec![Side::of(names, operation)], History::Any);
    for clause in rules.iter().flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten())) {
        draft.clause(0, clause);
    }
    let mut known: BTreeMap<u32, Known> = BTreeMap::new();
    for counter in draft.counters() {
        known.insert(counter, counters.get(counter, key)?);
    }
    let mut families: BTreeMap<Digest, Vec<u32>> = BTreeMap::new();
    for (counter, about) in &known {
        families.entry(about.family()).or_default().push(*counter);
    }
    let mut nested: Vec<(u32, u32)> = Vec::new();
    for family in families.values() {
        let pairs = family.iter().flat_map(|small| family.iter().map(move |big| (*small, *big)));
        nested.extend(pairs.filter(|(small, big)| known[small].never_exceeds(&known[big])));
    }
    draft.nested(nested.iter().copied());
    // Counters that count the same are one variable, and variables stand in an order that is none of the text's.
    let mut order: Vec<Digest> = known.values().map(|about| about.digest).collect();
    order.sort_unstable();
    order.dedup();
    let rank = |counter: u32| {
        let about = known.get(&counter).map(|about| about.digest);
        about.and_then(|digest| order.binary_search(&digest).ok()).unwrap_or(0)
    };
    let space = draft.finish(&|_, counter| (0, rank(counter) as u32))?;
    let mut below: Vec<Vec<u32>> = vec![Vec::new(); space.tallies.len()];
    for (small, big) in &nested {
        let places = space.tally_of.get(&(0, *small)).zip(space.tally_of.get(&(0, *big)));
        if let Some((small, list)) = places.and_then(|(small, big)| Some((small, below.get_mut(*big as usize)?))) {
            list.push(*small);
        }
    }
    below.iter_mut().for_each(|list| {
        list.sort_unstable();
        list.dedup();
    });

    let mut diagrams = Diagrams::new(space.domains(), BUDGET);
    let mut outcomes = Vec::new();
    let mut builder = Builder { below: Some(&below), ..region::builder(&space, &mut diagrams, History::Any) };
    let (plain, answer) = region::decisions(&mut builder, 0, rules, operation, &mut outcomes)?;
    let labels: Vec<Digest> = outcomes.iter().map(|outcome| label(operation, outcome)).collect();
    let mut text = Text::new("decision");
    let denied = Text::new(Effect::Deny.word()).finish();
    let mut granted = false;
    for diagram in [Some(plain), answer].into_iter().flatten() {
        let digest = of_diagram(&mut builder, diagram, &below, &labels, &order)?;
        granted |= digest != denied;
        text.digest(digest);
    }
    Ok(granted.then(|| text.finish()))
}

/// What is decided, with the names of fields.
fn label(operation: &Operation, outcome: &Outcome) -> Digest {
    let mut text = Text::new(if outcome.each { "each" } else { outcome.effect.word() });
    if let Some(bits) = outcome.fields {
        let fields = region::fields(operation).enumerate();
        let mut fields: Vec<&str> = fields.filter(|(bit, _)| bits >> bit & 1 != 0).map(|(_, field)| field).collect();
        fields.sort_unstable();
        text.number(fields.len() as i128);
        fields.into_iter().for_each(|field| _ = text.word(field));
    }
    text.finish()
}

fn of_diagram(
    builder: &mut Builder<'_, '_>,
    diagram: Id,
    below: &[Vec<u32>],
    labels: &[Digest],
    counters: &[Digest],
) -> Result<Digest, TooLarge> {
    let space = builder.space;
    let diagram = settled(builder, diagram);
    let mut times: Vec<Digest> = Vec::new();
    let mut failed = None;
    let diagram = builder.diagrams.cut(diagram, space.number(Variable::Now), &mut |diagrams, rest| {
        let digest = match moments::digest(space, diagrams, rest, labels) {
            Ok(digest) => digest,
            Err(reason) => {
                failed = Some(reason);
                return 0;
            }
        };
        let known = times.iter().position(|time| *time == digest);
        known.unwrap_or_else(|| {
            times.push(digest);
            times.len() - 1
        }) as u32
    });
    if let Some(reason) = failed {
        return Err(reason);
    }
    let diagram = idle::without(builder, diagram, below)?;
    if builder.diagrams.is_exhausted() {
        return Err(TooLarge { reason: "the digest of what is decided takes more steps than allowed".to_owned() });
    }
    node::Nodes::new(space, builder.diagrams, &times, counters)?.digest(diagram)
}

/// The diagram with the value of facts that contradict a declaration replaced by that of the same facts less told.
pub(super) fn settled(builder: &mut Builder<'_, '_>, diagram: Id) -> Id {
    let mut diagram = diagram;
    for (variable, wrong) in builder.wrong(0) {
        let number = builder.space.number(variable);
        let silent = builder.diagrams.restrict(diagram, number, 0);
        // Values may be any numbers, so the two are brought together by way of pairs.
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let both = builder.diagrams.join(diagram, silent, &mut |told, silent| {
            let known = pairs.iter().position(|pair| *pair == (told, silent));
            known.unwrap_or_else(|| {
                pairs.push((told, silent));
                pairs.len() - 1
            }) as u32
        });
        diagram = builder.diagrams.join(both, wrong, &mut |both, wrong| {
            let (told, silent) = pairs.get(both as usize).copied().unwrap_or_default();
            if wrong == 2 { silent } else { told }
        });
    }
    diagram
}
