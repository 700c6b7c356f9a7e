//! Claims are true of every request, or false of one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::facts::{Values, Wanted};
use super::judge::{operations, said, world};
use super::{compiled, most, seeds};
use crate::naive::clause::World;
use crate::naive::logic::{False, True};
use crate::naive::model::{Account, AccountRef, Cap, Clause, Effect, Item, Policy, Rule, Statement, Subject};
use crate::naive::print::print;
use crate::naive::request::Facts;
use crate::naive::rule::{Flat, Membership, keys};
use crate::naive::vocabulary::Vocabulary;
use crate::naive::{decide_piece, plain_value};
use crate::random::rng::Rng;
use crate::random::small::{Claim, Verb, claim, small};
use crate::random::universe::period;

/// A rule that says what the claim is about.
pub(super) fn flat(claim: &Claim, key: &str) -> Flat {
    let probe = Policy {
        items: vec![crate::naive::model::Item::Key {
            name: key.to_owned(),
            statements: vec![crate::naive::model::Statement::Rule(claim.body.clone())],
        }],
    };
    crate::naive::rule::rules_of(&probe, key, Vocabulary::bunq()).remove(0)
}

/// Whether an operation is in the claim's region: "S with all that counts as it", "`exactly` takes S alone", and after
/// `can` S exactly. "in a claim `everything` leaves out `base`."
pub(super) fn speaks_of(claim: &Claim, rule: &Flat, operation: usize) -> bool {
    let vocabulary = Vocabulary::bunq();
    let about = &vocabulary.operations[operation];
    if rule.by_tier() && about.tier == "base" {
        return false;
    }
    match rule.membership(operation, vocabulary) {
        Membership::Outside => false,
        Membership::Named => true,
        Membership::CountsAs => !claim.exactly && claim.verb != Verb::Can,
    }
}

/// "`showing F` in a claim: the answer shows one of F (after `can`: all of F)"; a claim about a view "means showing one of
/// its fields".
pub(super) fn showing(rule: &Flat, operation: usize) -> Vec<Vec<String>> {
    let said = rule.clauses.iter().find_map(|stated| match &stated.clause {
        Clause::Showing(fields) => Some(fields.clone()),
        _ => None,
    });
    let vocabulary = Vocabulary::bunq();
    if let Some(said) = said {
        return vec![said];
    }
    let named = rule.named.iter().filter(|named| vocabulary.viewed(**named) == operation);
    let mut all: Vec<Vec<String>> = named
        .map(|named| match vocabulary.operations[*named].is_view() {
            true => vocabulary.operations[*named].fields.iter().map(|(name, _)| name.clone()).collect(),
            false => Vec::new(),
        })
        .collect();
    if all.is_empty() {
        // It counts as a named one.
        let of_views = rule.named.iter().all(|named| vocabulary.operations[*named].is_view()) && !rule.named.is_empty();
        let fields = rule.named.iter().flat_map(|named| &vocabulary.operations[*named].fields);
        all.push(if of_views { fields.map(|(name, _)| name.clone()).collect() } else { Vec::new() });
    }
    all
}

/// Whether a request is in the region of a claim whose subject its operation is in.
fn is_inside(claim: &Claim, world: &mut World<'_>, rule: &Flat, facts: &Facts) -> bool {
    world.in_region = true;
    let value = plain_value(world, rule, facts);
    world.in_region = false;
    if claim.verb == Verb::Can { value == True } else { value != False }
}

/// Whether what is decided about a request of the region goes against the claim.
fn is_against(claim: &Claim, world: &World<'_>, rule: &Flat, facts: &Facts) -> bool {
    let outcome = decide_piece(world, facts, false);
    let fields = outcome.fields.unwrap_or_default();
    showing(rule, facts.operation).iter().any(|showing| {
        let one = showing.is_empty() || showing.iter().any(|field| fields.contains(field));
        match claim.verb {
            Verb::Cannot if showing.is_empty() => outcome.effect != Effect::Deny,
            Verb::Cannot | Verb::MustAsk => outcome.effect == Effect::Allow && one,
            Verb::Can => outcome.effect != Effect::Allow || !showing.iter().all(|field| fields.contains(field)),
        }
    })
}

/// A request that goes against the claim, if there is one; nothing where they are too many to try.
fn refuted(policy: &Policy, claim: &Claim, tried: &mut u64) -> Option<Option<Facts>> {
    let vocabulary = Vocabulary::bunq();
    let mut found = None;
    let mut left_out = false;
    for key in keys(policy).filter(|key| claim.key.as_ref().is_none_or(|named| named == key)) {
        let rule = flat(claim, &key);
        let mut worlds = [world(policy)];
        let open = operations(&worlds, &key);
        for operation in 0..vocabulary.operations.len() {
            let about = &vocabulary.operations[operation];
            // "reads left out"
            if about.is_view()
                || !speaks_of(claim, &rule, operation)
                || claim.verb == Verb::MustAsk && about.action == "read"
            {
                continue;
            }
            let is_base = about.tier == "base";
            if claim.verb != Verb::Can && !is_base && !open.contains(&operation) {
                // Nothing allows it: it is denied whatever is told.
                continue;
            }
            let mut what = said(&worlds, &key, operation);
            what.clauses(policy, rule.clauses.iter().map(|stated| &stated.clause));
            what.clauses(policy, rule.unless.iter().flatten());
            let wanted = if claim.verb == Verb::Can { Wanted::Known } else { Wanted::Kinds };
            let values = Values::of(&what, &mut worlds, &key, operation, wanted, &[&rule]);
            if values.count() > most() {
                left_out = true;
                continue;
            }
            _ = values.each(&mut worlds, &mut |worlds, facts| {
                *tried += 1;
                let inside = is_inside(claim, &mut worlds[0], &rule, facts);
                if inside && is_against(claim, &worlds[0], &rule, facts) {
                    found = Some(facts.clone());
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            if found.is_some() {
                return Some(found);
            }
        }
    }
    if left_out { None } else { Some(None) }
}

/// Whether the claim says a cap with a window itself, so that it is about sums of many requests.
fn is_about_sums(claim: &Claim) -> bool {
    claim.body.clauses.iter().chain(claim.body.unless.iter().flatten()).any(|clause| match clause {
        Clause::UpTo(caps) | Clause::Over(caps) => caps.iter().any(|cap| cap.period.is_some()),
        Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => true,
        _ => false,
    })
}

/// How many pasts are tried for a claim about sums.
const PASTS: usize = 400;

/// Requests before one that goes against the claim, each of which the policy let happen when it came. Of these pasts there
/// is no end, so random ones are tried: up to four requests of the region's scope, over a month.
fn refuted_by_a_past(rng: &mut Rng, policy: &Policy, claim: &Claim) -> Option<Vec<Facts>> {
    let vocabulary = Vocabulary::bunq();
    for key in keys(policy).filter(|key| claim.key.as_ref().is_none_or(|named| named == key)) {
        let rule = flat(claim, &key);
        let mut worlds = [world(policy)];
        let mut open: Vec<Facts> = Vec::new();
        for operation in operations(&worlds, &key) {
            if rule.counted(operation, vocabulary) == Membership::Outside {
                continue;
            }
            let mut what = said(&worlds, &key, operation);
            what.clauses(policy, rule.clauses.iter().map(|stated| &stated.clause));
            what.clauses(policy, rule.unless.iter().flatten());
            let values = Values::of(&what, &mut worlds, &key, operation, Wanted::Kinds, &[&rule]);
            if values.count() > most() {
                continue;
            }
            _ = values.each(&mut worlds, &mut |worlds, facts| {
                if decide_piece(&worlds[0], facts, false).effect != Effect::Deny {
                    open.push(facts.clone());
                }
                ControlFlow::Continue(())
            });
        }
        if open.is_empty() {
            continue;
        }
        let now = world(policy).now;
        for _ in 0..PASTS {
            let mut hours: Vec<i64> = (0..1 + rng.below(5)).map(|_| rng.pick(&[0, 0, 0, 5, 30, 200, 700])).collect();
            hours.sort_unstable_by_key(|hours| -hours);
            let mut past: Vec<Facts> = Vec::new();
            // The same request again and again is what fills a budget.
            let mut next = rng.pick(&open);
            for ago in hours {
                if rng.percent(40) {
                    next = rng.pick(&open);
                }
                worlds[0].now = now - jiff::SignedDuration::from_hours(ago);
                worlds[0].past.clone_from(&past);
                let facts = Facts { time: Some(worlds[0].now), ..next.clone() };
                let wanted = speaks_of(claim, &rule, facts.operation)
                    && !(claim.verb == Verb::MustAsk && vocabulary.operations[facts.operation].action == "read");
                if wanted
                    && is_inside(claim, &mut worlds[0], &rule, &facts)
                    && is_against(claim, &worlds[0], &rule, &facts)
                {
                    past.push(facts);
                    return Some(past);
                }
                if decide_piece(&worlds[0], &facts, false).effect != Effect::Deny {
                    past.push(facts);
                }
            }
        }
    }
    None
}

#[derive(Debug, Default)]
struct Count {
    claims: u64,
    proved: u64,
    /// Proved ones about sums, for which random pasts were tried.
    sums: u64,
    refuted: u64,
    /// About sums, by pasts alone.
    refuted_by_a_past: u64,
    /// About sums, of which random pasts show nothing.
    undecided: u64,
    /// About sums, of which a random past shows that it is false.
    undecided_though_false: u64,
    /// Claims that are no claims by section 5.
    refused: u64,
    too_many: u64,
    requests: u64,
}

#[test]
fn claims_are_what_all_requests_show() {
    let vocabulary = Vocabulary::bunq();
    let mut count = Count::default();
    let mut by_verb: BTreeMap<String, u64> = BTreeMap::new();
    for (seed, start) in seeds(41, 300) {
        let mut rng = Rng::new(start);
        let (policy, universe) = small(&mut rng, vocabulary);
        for _ in 0..4 {
            let claim = claim(&mut rng, &policy, &universe);
            let text = format!("{}{}", print(&policy), claim.text());
            let Some((checked, ir)) = compiled(&text) else {
                count.refused += 1;
                continue;
            };
            count.claims += 1;
            let said = bpolc::prove(&checked, &ir);
            let said = said.first().map_or("proved", |found| found.name);
            let shown = refuted(&policy, &claim, &mut count.requests);
            let say = || format!("with BPOL_SEED={seed} BPOL_CASES=1, {said}\n{text}\n{shown:#?}");
            match (said, &shown) {
                (_, None) => count.too_many += 1,
                ("proved", Some(None)) => count.proved += 1,
                ("refuted-claim", Some(Some(_))) => count.refuted += 1,
                ("refuted-claim", Some(None)) if is_about_sums(&claim) => count.refuted_by_a_past += 1,
                ("undecided-claim", _) if is_about_sums(&claim) => {
                    let past = refuted_by_a_past(&mut rng, &policy, &claim);
                    count.undecided += u64::from(past.is_none());
                    count.undecided_though_false += u64::from(past.is_some());
                }
                _ => panic!("{}", say()),
            }
            if said == "proved" && is_about_sums(&claim) && claim.verb != Verb::Can {
                count.sums += 1;
                let past = refuted_by_a_past(&mut rng, &policy, &claim);
                assert!(past.is_none(), "{}\n{past:#?}", say());
            }
            if shown.is_some() {
                *by_verb.entry(format!("{:?} {said}", claim.verb)).or_default() += 1;
            }
        }
    }
    println!("{count:#?}\n{by_verb:#?}");
    assert!(count.proved.min(count.refuted) > 0, "{count:?}");
}

/// A claim that a cap of a rule of the policy, or one like it, is never passed; nothing where no rule has a cap.
fn claim_of_a_cap(rng: &mut Rng, policy: &Policy) -> Option<Claim> {
    let statements = policy.items.iter().filter_map(|item| match item {
        Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } => {
            Some(statements)
        }
        _ => None,
    });
    let mut found: Vec<(Option<Rule>, Clause)> = Vec::new();
    for statement in statements.flatten() {
        let (rule, clauses) = match statement {
            Statement::Rule(rule) => (Some(rule.clone()), &rule.clauses),
            Statement::Use { clauses, .. } | Statement::Only(clauses) => (None, clauses),
        };
        for clause in clauses {
            let taken = match clause {
                Clause::UpTo(caps) | Clause::Over(caps) => {
                    let mut caps = caps.clone();
                    caps.retain(|cap| cap.amount.is_some() && cap.period.is_some());
                    Clause::Over(caps)
                }
                Clause::AtMost(caps) | Clause::MoreThan(caps) => Clause::MoreThan(caps.clone()),
                Clause::Within(_) => match limit(policy) {
                    Some(caps) => caps,
                    None => continue,
                },
                _ => continue,
            };
            if !matches!(&taken, Clause::Over(caps) if caps.is_empty()) {
                found.push((rule.clone(), taken));
            }
        }
    }
    let (rule, mut cap) = (!found.is_empty()).then(|| rng.pick(&found))?;
    let other = period(rng);
    let (change, times) = (rng.below(4), rng.pick(&[31, 62, 2]));
    match &mut cap {
        Clause::Over(caps) => caps.iter_mut().for_each(|cap| match (change, &mut cap.amount) {
            (0, Some(money)) => {
                money.minor *= times;
                cap.period = Some(other);
            }
            (1, _) => cap.period = Some(other),
            _ => {}
        }),
        Clause::MoreThan(caps) if change < 2 => caps.iter_mut().for_each(|cap| {
            cap.times *= if change == 0 { u32::try_from(times).unwrap_or(1) } else { 1 };
            cap.period = other;
        }),
        _ => {}
    }
    let plain = Subject { actions: vec!["create".to_owned()], resources: vec!["payment".to_owned()] };
    let own = rule.filter(|_| rng.percent(60));
    let mut clauses = vec![cap];
    if let Some(rule) = &own {
        let where_ = |clause: &&Clause| matches!(clause, Clause::On(_) | Clause::To(_) | Clause::Via(_));
        clauses.extend(rule.clauses.iter().filter(where_).filter(|_| rng.percent(70)).cloned());
    }
    let body =
        Rule { effect: Effect::Deny, subject: own.map_or(plain, |rule| rule.subject), clauses, unless: Vec::new() };
    let verb = if rng.percent(80) { Verb::Cannot } else { Verb::MustAsk };
    Some(Claim { key: Some("a".to_owned()), verb, exactly: rng.percent(10), body })
}

/// A line of the first key once more, on an account of its own: its caps count what the first does not.
fn with_a_second_budget(rng: &mut Rng, policy: &mut Policy) {
    policy.items.push(Item::Account(Account {
        name: "Second".to_owned(),
        iban: Some("NL91ABNA0417164300".to_owned()),
        id: None,
        kind: None,
    }));
    for item in &mut policy.items {
        let Item::Key { statements, .. } = item else { continue };
        let capped = statements.iter().find_map(|statement| match statement {
            Statement::Rule(rule) if rule.effect == Effect::Allow => {
                let cap = |clause: &Clause| matches!(clause, Clause::UpTo(_) | Clause::AtMost(_) | Clause::Within(_));
                rule.clauses.iter().any(cap).then(|| rule.clone())
            }
            _ => None,
        });
        if let Some(mut rule) = capped {
            for clause in &mut rule.clauses {
                if let Clause::On(refs) = clause {
                    *refs = vec![AccountRef::Named("Second".to_owned())];
                }
            }
            if rng.percent(30) {
                rule.unless.clear();
            }
            statements.push(Statement::Rule(rule));
        }
    }
}

/// The caps of the policy's limit on money.
fn limit(policy: &Policy) -> Option<Clause> {
    policy.items.iter().find_map(|item| match item {
        Item::Limit { caps, .. } => {
            let sums = caps.iter().filter_map(|cap| match cap {
                Cap::Money(cap) if cap.period.is_some() => Some(cap.clone()),
                _ => None,
            });
            Some(Clause::Over(sums.collect()))
        }
        _ => None,
    })
}

#[test]
fn a_sum_of_a_period_that_is_said_to_be_kept_is_kept_after_every_past() {
    let vocabulary = Vocabulary::bunq();
    let (mut proved, mut refuted, mut undecided, mut false_by_a_past) = (0_u64, 0_u64, 0_u64, 0_u64);
    for (seed, start) in seeds(49, 250) {
        let mut rng = Rng::new(start);
        let (mut policy, _) = small(&mut rng, vocabulary);
        if rng.percent(50) {
            with_a_second_budget(&mut rng, &mut policy);
        }
        for _ in 0..3 {
            let Some(claim) = claim_of_a_cap(&mut rng, &policy) else { break };
            let text = format!("{}{}", print(&policy), claim.text());
            let Some((checked, ir)) = compiled(&text) else { continue };
            let said = bpolc::prove(&checked, &ir);
            let past = refuted_by_a_past(&mut rng, &policy, &claim);
            match said.first().map_or("proved", |found| found.name) {
                "proved" => {
                    proved += 1;
                    assert!(past.is_none(), "with BPOL_SEED={seed} BPOL_CASES=1\n{text}\n{past:#?}");
                }
                "refuted-claim" => refuted += 1,
                _ => {
                    undecided += 1;
                    false_by_a_past += u64::from(past.is_some());
                }
            }
        }
    }
    println!("{proved} proved, {refuted} refuted, {undecided} undecided, of which {false_by_a_past} false by a past");
    assert!(proved.min(refuted) > 0, "{proved} {refuted}");
}
