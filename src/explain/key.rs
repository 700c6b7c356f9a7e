//! One key: what it can do, after asking or not, and what it cannot.

use std::collections::BTreeMap;

use bpol_engine::ir::{Effect, Ir, Tier};
use jiff::Timestamp;

use super::{How, Key, Level, Line, Reach, TIERS, Words, access, change, spend, tier_word};
use crate::analyze::phrase::{self, About, Facts, Part, Phrase, operations};
use crate::analyze::space::Variable;
use crate::analyze::{Region, Regions, TooLarge};

/// More ways than this are not listed one by one.
const MOST: usize = 8;

/// A key, and how far it may go with each operation.
pub(super) fn key(ir: &Ir, place: usize, as_of: Timestamp) -> (Key, Vec<Level>) {
    let mut levels = vec![Level::Cannot; ir.operations.len()];
    let declared = ir.keys.get(place);
    let blank = Key {
        name: declared.map(|key| key.name.clone()).unwrap_or_default(),
        doc: declared.and_then(|key| key.doc.clone()),
        ..Key::default()
    };
    let mut key = blank.clone();
    if let Err(why) = fill(ir, place, as_of, &mut key, &mut levels) {
        // What is half known must not look whole.
        key = Key { undecided: Some(why.reason), ..blank };
        levels = Vec::new();
    }
    (key, levels)
}

fn fill(ir: &Ir, place: usize, as_of: Timestamp, key: &mut Key, levels: &mut [Level]) -> Result<(), TooLarge> {
    let mut regions = Regions::of(ir, place)?;
    let mut can = Lines::default();
    let mut ask = Lines::default();
    for number in 0..regions.regions.len() {
        let of = |operation: &usize| regions.of_operation.get(*operation).copied().flatten() == Some(number);
        let listed: Vec<usize> = (0..ir.operations.len()).filter(of).collect();
        let Some(region) = regions.regions.get_mut(number) else { continue };
        for (effect, lines, level) in [(Effect::Ask, &mut ask, Level::Ask), (Effect::Allow, &mut can, Level::Can)] {
            let (how, more) = ways(region, &listed, ir, effect, as_of)?;
            if how.is_empty() {
                continue;
            }
            for operation in &listed {
                if let Some(known) = levels.get_mut(*operation) {
                    *known = (*known).max(level);
                }
                let tier = ir.operations.get(*operation).map_or(Tier::Base, |operation| operation.tier);
                lines.entry((rank(tier), how.clone(), more)).or_default().push(*operation);
            }
        }
    }
    key.can = said(ir, can);
    key.ask = said(ir, ask);
    key.tiers = TIERS.map(|tier| Reach { tier, level: level(ir, levels, tier) }).to_vec();
    key.cannot = cannot(ir, levels);
    key.spending = spend::spending(ir, place, &mut regions, as_of)?;
    key.accounts = access::accounts(ir, &mut regions, as_of)?;
    key.changes = change::changes(ir, &mut regions, as_of)?;
    Ok(())
}

type Lines = BTreeMap<(usize, Vec<How>, bool), Vec<usize>>;

fn rank(tier: Tier) -> usize {
    TIERS.iter().position(|known| *known == tier).unwrap_or(TIERS.len())
}

fn said(ir: &Ir, lines: Lines) -> Vec<Line> {
    let mut out: Vec<(usize, Vec<usize>, Line)> = Vec::new();
    for ((rank, how, more), mut places) in lines {
        places.sort_unstable();
        let Some(tier) = TIERS.get(rank).copied() else { continue };
        out.push((rank, places.clone(), Line { tier, what: operations(ir, &places), how, more }));
    }
    out.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    out.into_iter().map(|(_, _, line)| line).collect()
}

/// The ways in which operations of a region come to an effect, told apart by what their answers show.
fn ways(
    region: &mut Region<'_>,
    listed: &[usize],
    ir: &Ir,
    effect: Effect,
    as_of: Timestamp,
) -> Result<(Vec<How>, bool), TooLarge> {
    let operation = listed.first().and_then(|place| ir.operations.get(*place));
    let now = region.space.now.class(as_of);
    let mut ways = Vec::new();
    let mut more = false;
    let mut shown: Vec<Option<u64>> =
        region.outcomes.iter().filter(|outcome| outcome.effect == effect).map(|outcome| outcome.fields).collect();
    shown.sort_unstable();
    shown.dedup();
    for fields in shown {
        let outcomes: Vec<bool> =
            region.outcomes.iter().map(|outcome| outcome.effect == effect && outcome.fields == fields).collect();
        let there = region.diagrams.holds(region.plain, |value| outcomes.get(value as usize).copied().unwrap_or(false));
        let there = region.diagrams.restrict(there, region.space.number(Variable::Now), now);
        let found =
            phrase::sentences(&region.space, &mut region.diagrams, region.history, there, 0, Facts::Told, MOST)?;
        more |= found.more;
        let showing = operation.zip(fields).and_then(|(operation, shown)| phrase::showing(operation, shown));
        ways.extend(found.list.iter().map(|phrase| how(phrase, showing.as_deref())));
    }
    ways.sort();
    ways.dedup();
    Ok((ways, more))
}

fn how(phrase: &Phrase, showing: Option<&str>) -> How {
    let mut parts: Vec<Words> = phrase.parts.iter().map(words).collect();
    parts.extend(showing.map(|text| Words { text: text.to_owned(), loud: false }));
    How { parts }
}

fn words(part: &Part) -> Words {
    let begins = |word: &str| part.items.iter().any(|item| item.text.starts_with(word));
    let loud = match part.about {
        About::Account => begins("any account"),
        About::Payee => begins("anyone"),
        About::Amount => begins("any amount"),
        _ => false,
    };
    Words { text: part.to_string(), loud }
}

fn level(ir: &Ir, levels: &[Level], tier: Tier) -> Level {
    let of_tier = ir.operations.iter().zip(levels).filter(|(operation, _)| operation.tier == tier);
    of_tier.map(|(_, level)| *level).max().unwrap_or(Level::Cannot)
}

/// Tiers that are closed as a whole, and what is closed of resources of which something is open.
fn cannot(ir: &Ir, levels: &[Level]) -> Vec<String> {
    let closed: Vec<Tier> = TIERS.into_iter().filter(|tier| level(ir, levels, *tier) == Level::Cannot).collect();
    let mut out: Vec<String> = Vec::new();
    if closed.len() == TIERS.len() {
        return vec!["do anything at all".to_owned()];
    }
    out.extend(closed.iter().map(|tier| match tier {
        Tier::Spend => "move money in any way".to_owned(),
        Tier::Control => "change who or what may act (cards, limits, webhooks, access)".to_owned(),
        Tier::Sensitive => "see personal data, exports or secrets".to_owned(),
        Tier::Write => "change anything, even without moving money".to_owned(),
        other => format!("{} anything", tier_word(*other)),
    }));
    let open = |place: &usize| levels.get(*place).is_some_and(|level| *level != Level::Cannot);
    let alike = |place: &usize| {
        let Some(operation) = ir.operations.get(*place) else { return false };
        let mut others = (0..ir.operations.len()).filter(open);
        !open(place)
            && !closed.contains(&operation.tier)
            && others.any(|other| ir.operations.get(other).is_some_and(|other| other.resource == operation.resource))
    };
    let left: Vec<usize> = (0..ir.operations.len()).filter(alike).collect();
    out.extend(operations(ir, &left));
    out
}
