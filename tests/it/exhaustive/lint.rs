//! Without a line that is said to add nothing all requests are decided as before; without another they are not.
//!
//! That a line is needed is promised of an `allow` in a key's own block, once those that are said to add nothing are out
//! of the way. An `ask` or `deny` may guard against what is not allowed yet, a line within a limit also counts, and one
//! that hides a field is never said to add nothing, even where others hide it as well.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bpolc::source::line_column;

use super::diff::{Orders, every, shown};
use super::judge::grade;
use super::{compiled, seeds};
use crate::naive::logic::True;
use crate::naive::model::{AccountRef, Clause, Effect, Item, PayeeRef, Policy, Rule, Statement};
use crate::naive::plain_value;
use crate::naive::print::print;
use crate::naive::request::contradicts;
use crate::naive::rule::{Stated, keys};
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::small::small;
use crate::random::take::deny;

const IDLE: [&str; 5] =
    ["allow-closed", "duplicate-statement", "idle-guardrail", "redundant-rule", "rule-never-decides"];

/// An item and a statement in it.
type Place = (usize, usize);

/// Where the statements of a policy stand in its text, by line.
fn lines(policy: &Policy) -> BTreeMap<usize, Place> {
    let mut out = BTreeMap::new();
    for (at, item) in policy.items.iter().enumerate() {
        let before = print(&Policy { items: policy.items[..at].to_vec() }).lines().count();
        if let Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } = item {
            out.extend((0..statements.len()).map(|number| (before + number + 2, (at, number))));
        }
    }
    out
}

/// The policy without some statements; nothing where more would go than what they allow.
fn without(policy: &Policy, places: &[Place]) -> Option<Policy> {
    let mut out = policy.clone();
    let mut places = places.to_vec();
    places.sort_unstable();
    for (item, number) in places.iter().rev() {
        let (Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. }) =
            &mut out.items[*item]
        else {
            return None;
        };
        if let Statement::Use { role, .. } = statements.remove(*number)
            && !only_allows(policy, &role)
        {
            return None;
        }
    }
    Some(out)
}

fn only_allows(policy: &Policy, role: &str) -> bool {
    policy.items.iter().any(|item| match item {
        Item::Role { name, statements } if name == role => {
            statements.iter().all(|it| matches!(it, Statement::Rule(Rule { effect: Effect::Allow, .. })))
        }
        _ => false,
    })
}

/// Whether some key is decided otherwise; nothing where that cannot be tried.
fn differ(policies: [&Policy; 2], orders: Orders) -> Option<Option<String>> {
    let mut out = None;
    for key in keys(policies[0]) {
        let shown = shown(policies, &key, orders, false)?;
        out = out.or(shown.gained).or(shown.lost);
    }
    Some(out)
}

/// Whether a line is never said to add nothing for something else that it does: it counts for others who share its limit,
/// or hides a field of what they show.
fn does_more(statement: &Statement) -> bool {
    let within = |clause: &Clause| matches!(clause, Clause::Within(_) | Clause::Hiding(_));
    match statement {
        Statement::Rule(rule) => rule.clauses.iter().chain(rule.unless.iter().flatten()).any(within),
        Statement::Use { clauses, .. } | Statement::Only(clauses) => clauses.iter().any(within),
    }
}

#[derive(Debug, Default)]
struct Count {
    policies: u64,
    said: u64,
    needed: u64,
    /// Of scopes and windows more is so than is worked out.
    cautious: u64,
    too_many: u64,
}

#[test]
fn lines_add_nothing_or_something_as_all_requests_show() {
    let vocabulary = Vocabulary::bunq();
    let mut count = Count::default();
    let mut names: BTreeMap<&str, u64> = BTreeMap::new();
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    for (seed, start) in seeds(43, 150) {
        let mut rng = Rng::new(start);
        let (mut policy, _) = small(&mut rng, vocabulary);
        if rng.percent(40) {
            // Lines that are alike make others idle.
            for item in &mut policy.items {
                if let Item::Key { statements, .. } = item
                    && let Some(first) = statements.first().cloned()
                {
                    statements.push(narrowed(&mut rng, first));
                }
            }
        }
        let text = print(&policy);
        let Some((checked, ir)) = compiled(&text) else { continue };
        count.policies += 1;
        let lines = lines(&policy);
        let found = bpolc::lint::lint(&checked, &ir, Some(now), &|lint| IDLE.contains(&lint.name));
        let mut idle: Vec<(&str, Place)> = Vec::new();
        for found in found.iter().filter(|found| IDLE.contains(&found.name)) {
            let (line, _) = line_column(&text, found.place.span.start);
            idle.push((found.name, lines[&(line as usize)]));
        }
        let mut sets: Vec<(&str, Vec<Place>)> = idle.iter().map(|(name, place)| (*name, vec![*place])).collect();
        if idle.len() > 1 {
            sets.push(("all of them", idle.iter().map(|(_, place)| *place).collect()));
        }
        let say = |what: &str, other: &Policy, why: &str| {
            format!("with BPOL_SEED={seed} BPOL_CASES=1: {what} {idle:?}\n{text}\n---\n{}\n{why}", print(other))
        };
        for (name, places) in &sets {
            let Some(other) = without(&policy, places) else { continue };
            match differ([&policy, &other], Orders::All) {
                None => count.too_many += 1,
                Some(None) => {
                    count.said += 1;
                    *names.entry(name).or_default() += 1;
                }
                Some(Some(why)) => panic!("{}", say(name, &other, &why)),
            }
        }
        // What is left is needed.
        let all: Vec<Place> = idle.iter().map(|(_, place)| *place).collect();
        let Some(rest) = without(&policy, &all) else { continue };
        for (item, number) in lines.values().filter(|place| !all.contains(place)) {
            let Item::Key { statements, .. } = &policy.items[*item] else { continue };
            let statement = &statements[*number];
            if !matches!(statement, Statement::Rule(Rule { effect: Effect::Allow, .. })) || does_more(statement) {
                continue;
            }
            let more: Vec<Place> = all.iter().copied().chain([(*item, *number)]).collect();
            let Some(other) = without(&policy, &more) else { continue };
            match differ([&rest, &other], Orders::All) {
                None => count.too_many += 1,
                Some(Some(_)) => count.needed += 1,
                Some(None) => {
                    let free = differ([&rest, &other], Orders::Nothing);
                    assert!(matches!(free, Some(Some(_)) | None), "{}", say("nobody needs it", &other, ""));
                    count.cautious += 1;
                }
            }
        }
    }
    println!("{count:#?}\n{names:#?}");
    assert!(count.said.min(count.needed) > 0, "{count:?}");
}

/// The statement again, perhaps with a clause less or a figure more.
fn narrowed(rng: &mut Rng, mut statement: Statement) -> Statement {
    if let Statement::Rule(rule) = &mut statement {
        match rng.below(4) {
            0 => rule.unless.clear(),
            1 => {
                for clause in &mut rule.clauses {
                    if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                        caps.iter_mut().filter_map(|cap| cap.amount.as_mut()).for_each(|money| money.minor += 100);
                    }
                }
            }
            2 => {
                rule.clauses.retain(|clause| !matches!(clause, Clause::From(_) | Clause::Since(_) | Clause::Hiding(_)))
            }
            _ => {}
        }
    }
    statement
}

/// What a line is said to name without effect.
#[derive(Debug)]
enum Part {
    On(String),
    To(String),
    /// Only amounts between these have an effect: others are denied, or allowed by others anyway.
    Amounts {
        least: i128,
        most: i128,
        currency: String,
        denied: bool,
    },
}

/// The part that a finding speaks of, read from its words.
fn part(message: &str) -> Option<Part> {
    let quoted = || message.split('`').nth(1).map(str::to_owned);
    if message.starts_with("on account `") {
        return Some(Part::On(quoted()?));
    }
    if message.starts_with("to payee `") {
        return Some(Part::To(quoted()?));
    }
    let said = message.strip_prefix("of this line only amounts ")?;
    let (range, why) = said.split_once(" have an effect: ")?;
    let range = range.strip_prefix("from ").or_else(|| range.strip_prefix("up to "))?;
    let money = |text: &str| {
        let (figure, currency) = text.split_once(' ')?;
        let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
        let places = crate::naive::model::decimals(currency)? as usize;
        Some((format!("{whole}{fraction:0<places$}").parse::<i128>().ok()?, currency.to_owned()))
    };
    let (least, most) = range.split_once(" to ").map_or((None, range), |(least, most)| (Some(least), most));
    let (most, currency) = money(most)?;
    let least = least.map_or(Some(1), |least| money(least).map(|(least, _)| least))?;
    Some(Part::Amounts { least, most, currency, denied: why.ends_with("denied") })
}

/// What goes against a finding of `partly-effective`; nothing where the requests are too many.
fn against(policy: &Policy, key: &str, id: &str, part: &Part) -> Option<Option<String>> {
    let mut found = None;
    // What has an effect at all, and at the last amount that is said to have one.
    let (mut some, mut at_the_end) = (false, false);
    every([policy, policy], key, Orders::All, &mut |worlds, facts, answer| {
        let world = &worlds[0];
        let Some(rule) = world.rules.iter().find(|rule| rule.key == key && rule.id == id) else {
            return ControlFlow::Continue(());
        };
        if answer || contradicts(facts, policy) || plain_value(world, rule, facts) != True {
            return ControlFlow::Continue(());
        }
        let named = |clause: Clause| {
            let mut alone = rule.clone();
            alone.clauses = vec![Stated { clause, added_by: None }];
            alone.unless.clear();
            plain_value(world, &alone, facts) == True
        };
        let denied = grade(world, facts, false).step == 0;
        let (inside, idle) = match part {
            Part::On(name) => (named(Clause::On(vec![AccountRef::Named(name.clone())])), denied),
            Part::To(name) => (named(Clause::To(vec![PayeeRef::Payee(name.clone())])), denied),
            Part::Amounts { least, most, currency, denied: by_denial } => {
                let amount = facts.amount.as_ref().filter(|amount| amount.currency == *currency);
                let others = world.rules.iter().filter(|other| other.key == key && other.id != id);
                let mut allows = others.filter(|other| other.effect == Effect::Allow);
                let anyway = denied || allows.any(|other| plain_value(world, other, facts) == True);
                let idle = if *by_denial { denied } else { anyway };
                at_the_end |= amount.is_some_and(|amount| amount.minor == *most) && !idle;
                (amount.is_some_and(|amount| amount.minor < *least || amount.minor > *most), idle)
            }
        };
        some |= inside;
        if inside && !idle {
            found = Some(format!("{facts:#?}"));
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    let ends = !matches!(part, Part::Amounts { .. }) || at_the_end;
    if found.is_none() && !(some && ends) {
        found = Some(format!("it names nothing that is so: {some} {ends}"));
    }
    Some(found)
}

#[test]
fn parts_of_lines_have_no_effect_as_all_requests_show() {
    let vocabulary = Vocabulary::bunq();
    let now = "2026-11-24T10:00:00Z".parse().expect("an instant");
    let (mut said, mut too_many, mut unread) = (BTreeMap::<&str, u64>::new(), 0_u64, 0_u64);
    for (seed, start) in seeds(45, 400) {
        let mut rng = Rng::new(start);
        let (mut policy, universe) = small(&mut rng, vocabulary);
        for item in &mut policy.items {
            if let Item::Key { statements, .. } = item
                && let Some(first) = statements.first().cloned()
            {
                let again = rng.percent(50);
                statements.push(if again { narrowed(&mut rng, first) } else { deny(&mut rng, &universe, vocabulary) });
            }
        }
        let text = print(&policy);
        let Some((checked, ir)) = compiled(&text) else { continue };
        let lines = lines(&policy);
        for found in bpolc::lint::lint(&checked, &ir, Some(now), &|lint| lint.name == "partly-effective") {
            let (item, number) = lines[&(line_column(&text, found.place.span.start).0 as usize)];
            let (Item::Key { name, .. }, Some(part)) = (&policy.items[item], part(&found.message)) else {
                unread += 1;
                continue;
            };
            match against(&policy, name, &format!("{name}#{}", number + 1), &part) {
                None => too_many += 1,
                Some(None) => {
                    let kind = match part {
                        Part::On(_) => "account",
                        Part::To(_) => "payee",
                        Part::Amounts { denied: true, .. } => "denied amounts",
                        Part::Amounts { denied: false, .. } => "amounts allowed anyway",
                    };
                    *said.entry(kind).or_default() += 1;
                }
                Some(Some(why)) => panic!("with BPOL_SEED={seed} BPOL_CASES=1\n{text}\n{}\n{why}", found.message),
            }
        }
    }
    println!("{said:#?}, too many {too_many}, of other words {unread}");
    assert!(!said.is_empty(), "nothing was ever said to have no effect");
}
