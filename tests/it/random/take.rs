//! Random `ask`, `deny` and `only`: what takes.

use super::clause::{About, Place, block, clauses};
use super::policy::noun;
use super::rng::Rng;
use super::universe::Universe;
use crate::naive::model::{Clause, Effect, Rule, Statement, Subject};
use crate::naive::vocabulary::{Operation, Vocabulary};

pub(crate) fn only(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary) -> Statement {
    let about = About::Tier(vocabulary.operations.iter().collect());
    Statement::Only(block(rng, universe, &about, Place::Only))
}

/// What the statements allow by name, reads left out: what an `ask` can be about.
pub(super) fn granted<'vocabulary>(
    statements: &[Statement],
    vocabulary: &'vocabulary Vocabulary,
) -> Vec<&'vocabulary Operation> {
    let mut granted = Vec::new();
    for statement in statements {
        if let Statement::Rule(Rule { effect: Effect::Allow, subject, .. }) = statement {
            for operation in &vocabulary.operations {
                let named = subject.resources.iter().any(|noun| vocabulary.singular(noun) == operation.resource);
                if operation.action != "read" && named && subject.actions.contains(&operation.action) {
                    granted.push(operation);
                }
            }
        }
    }
    granted
}

pub(super) fn ask(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, granted: &[&Operation]) -> Statement {
    let fine = |operation: &&Operation| operation.action != "read" && operation.tier != "base";
    let (subject, about) = loop {
        if !granted.is_empty() && rng.percent(70) {
            let mut named = rng.pick(granted);
            if named.tier == "spend" && rng.percent(30) {
                let payment = vocabulary.find("create", "payment").expect("a payment is an operation");
                named = &vocabulary.operations[payment];
            }
            break (named_subject(rng, vocabulary, &[&named.action], &[&named.resource]), About::Named(vec![named]));
        }
        match rng.below(10) {
            0 => {
                let tiers = rng.some(&["write", "spend", "control"], 2);
                let operations =
                    vocabulary.operations.iter().filter(|operation| tiers.contains(&operation.tier.as_str()));
                break (tier_subject(&tiers), About::Tier(operations.collect()));
            }
            1 => {
                let operations = vocabulary
                    .operations
                    .iter()
                    .filter(|operation| ["write", "spend", "control"].contains(&operation.tier.as_str()));
                break (tier_subject(&["everything"]), About::Tier(operations.collect()));
            }
            _ => {
                let noun = noun(rng, universe);
                let all: Vec<&Operation> =
                    vocabulary.operations.iter().filter(|operation| operation.resource == noun).collect();
                if all.iter().all(fine) && rng.percent(60) {
                    break (named_subject(rng, vocabulary, &[], &[noun]), About::Named(all));
                }
                let some: Vec<&Operation> = all.into_iter().filter(fine).collect();
                if !some.is_empty() {
                    let named = rng.some(&some, 2);
                    let actions: Vec<&str> = named.iter().map(|operation| operation.action.as_str()).collect();
                    break (named_subject(rng, vocabulary, &actions, &[noun]), About::Named(named));
                }
            }
        }
    };
    taking(rng, universe, Effect::Ask, subject, &about)
}

pub(crate) fn deny(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary) -> Statement {
    let (subject, about) = match rng.below(10) {
        0 => {
            let tiers = rng.some(&["sensitive", "write", "spend", "control"], 2);
            let operations = vocabulary.operations.iter().filter(|operation| tiers.contains(&operation.tier.as_str()));
            (tier_subject(&tiers), About::Tier(operations.collect()))
        }
        1 => (tier_subject(&["everything"]), About::Tier(vocabulary.operations.iter().collect())),
        _ => {
            let noun = noun(rng, universe);
            let all: Vec<&Operation> =
                vocabulary.operations.iter().filter(|operation| operation.resource == noun).collect();
            if rng.percent(50) {
                (named_subject(rng, vocabulary, &[], &[noun]), About::Named(all))
            } else {
                let named = rng.some(&all, 2);
                let actions: Vec<&str> = named.iter().map(|operation| operation.action.as_str()).collect();
                (named_subject(rng, vocabulary, &actions, &[noun]), About::Named(named))
            }
        }
    };
    taking(rng, universe, Effect::Deny, subject, &about)
}

fn taking(rng: &mut Rng, universe: &Universe, effect: Effect, subject: Subject, about: &About<'_>) -> Statement {
    Statement::Rule(Rule {
        effect,
        subject,
        clauses: clauses(rng, universe, about, Place::AskOrDeny, 2, &[]),
        unless: unless(rng, universe, about, Place::UnlessOfAskOrDeny),
    })
}

pub(super) fn unless(rng: &mut Rng, universe: &Universe, about: &About<'_>, place: Place) -> Vec<Vec<Clause>> {
    (0..rng.weighted(&[(5, 0), (3, 1), (2, 2)])).map(|_| block(rng, universe, about, place)).collect()
}

fn tier_subject(words: &[&str]) -> Subject {
    Subject { actions: Vec::new(), resources: words.iter().map(|word| (*word).to_owned()).collect() }
}

fn named_subject(rng: &mut Rng, vocabulary: &Vocabulary, actions: &[&str], resources: &[&str]) -> Subject {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Subject { actions: own(actions), resources: spelled(rng, vocabulary, own(resources)) }
}

/// Some nouns in the plural.
pub(super) fn spelled(rng: &mut Rng, vocabulary: &Vocabulary, resources: Vec<String>) -> Vec<String> {
    let plural = |noun: &String| vocabulary.operations.iter().find(|operation| operation.resource == *noun);
    resources
        .into_iter()
        .map(|noun| match plural(&noun) {
            Some(operation) if rng.percent(30) => operation.plural.clone(),
            _ => noun,
        })
        .collect()
}
