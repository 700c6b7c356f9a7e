//! Random `allow` rules, each as bounded as it must be.

use super::clause::{About, Kind, Place, clause, clauses, count_caps};
use super::policy::noun;
use super::rng::Rng;
use super::role::Lacks;
use super::take::{spelled, unless};
use super::universe::{Universe, euros, foreign, period};
use crate::naive::model::{Clause, Effect, MoneyCap, Period, Rule, Statement, Subject};
use crate::naive::vocabulary::{Operation, Vocabulary};

/// An `allow`.
pub(super) fn rule(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, lacks: Lacks) -> Statement {
    if rng.percent(8) {
        return read_everything(rng, universe, vocabulary, lacks);
    }
    let operation = loop {
        let noun = noun(rng, universe);
        let choices: Vec<usize> = (0..vocabulary.operations.len())
            .filter(|index| {
                let operation = &vocabulary.operations[*index];
                operation.resource == noun
                    && operation.tier != "base"
                    // Reads and spends are what policies are about; the rest comes now and then.
                    && (["read", "spend"].contains(&operation.tier.as_str()) || rng.percent(40))
                    // A clause that a `use` adds about what no call tells is an error.
                    && (lacks == Lacks::Nothing || operation.untold.is_empty())
            })
            .collect();
        if !choices.is_empty() {
            break rng.pick(&choices);
        }
    };
    let first = &vocabulary.operations[operation];
    let mut named = vec![first];
    let mut actions = vec![first.action.clone()];
    let mut resources = vec![first.resource.clone()];
    if rng.percent(25) {
        let second = rng.pick(&vocabulary.operations);
        let like = second.tier != "base"
            && second != *first
            && needs(&second) == needs(first)
            && second.untold.is_empty()
            && first.untold.is_empty()
            && !(second.is_view() || first.is_view());
        let partner = vocabulary.operations.iter().find(|other| **other == second).expect("it is of the list");
        if like && second.action == first.action {
            resources.push(second.resource.clone());
            named.push(partner);
        } else if like && second.resource == first.resource {
            actions.push(second.action.clone());
            named.push(partner);
        }
    }
    let about = About::Named(named);
    let [account, payee, repeat, amount] = needs(first);
    let mut made = Vec::new();
    if account && lacks != Lacks::Account {
        made.push(clause(rng, universe, Kind::On, Place::Allow, &about));
    }
    if payee {
        made.push(clause(rng, universe, Kind::To, Place::Allow, &about));
    }
    if amount && lacks != Lacks::Amount {
        if first.tells("amount") {
            made.extend(bound(rng, universe, &about));
        } else {
            made.push(clause(rng, universe, Kind::Money, Place::Allow, &about));
        }
    }
    if repeat {
        made.push(clause(rng, universe, Kind::Repeating, Place::Allow, &about));
    }
    let more = {
        // What a `use` must add is not said here; anything else may be.
        let mut reserved = made.clone();
        match lacks {
            Lacks::Account => reserved.push(Clause::On(Vec::new())),
            Lacks::Amount => {
                reserved.extend([Clause::UpTo(Vec::new()), Clause::Within(Vec::new()), Clause::AtMost(Vec::new())])
            }
            Lacks::Nothing => {}
        }
        clauses(rng, universe, &about, Place::Allow, 2, &reserved)
    };
    // Each cap must not stand beside a bound that names other currencies only: the extra clauses leave money alone.
    made.extend(more.into_iter().filter(|clause| !(amount && matches!(clause, Clause::UpTo(_)))));
    Statement::Rule(Rule {
        effect: Effect::Allow,
        subject: Subject { actions, resources: spelled(rng, vocabulary, resources) },
        clauses: made,
        unless: unless(rng, universe, &about, Place::UnlessOfAllow),
    })
}

fn read_everything(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, lacks: Lacks) -> Statement {
    let reads = vocabulary.operations.iter().filter(|operation| operation.tier == "read").collect();
    let about = About::Tier(reads);
    let mut made = Vec::new();
    if lacks != Lacks::Account {
        made.push(clause(rng, universe, Kind::On, Place::Allow, &about));
    }
    made.extend(clauses(rng, universe, &about, Place::Allow, 2, &[Clause::On(Vec::new())]));
    Statement::Rule(Rule {
        effect: Effect::Allow,
        subject: Subject { actions: vec!["read".to_owned()], resources: vec!["everything".to_owned()] },
        clauses: made,
        unless: unless(rng, universe, &about, Place::UnlessOfAllow),
    })
}

/// "how much in all: `up to …` with a period or `in total` in every currency it names, or an *each* cap together with
/// `at most …`, or `within` a limit with such caps"
fn bound(rng: &mut Rng, universe: &Universe, about: &About<'_>) -> Vec<Clause> {
    let figure = |amount, period| MoneyCap { amount: Some(amount), period };
    match rng.below(8) {
        0 | 1 => {
            let mut caps = vec![figure(euros(rng), Some(period(rng)))];
            let again = period(rng);
            if Some(again) != caps[0].period {
                caps.push(figure(euros(rng), Some(again)));
            }
            if rng.percent(40) {
                caps.push(figure(euros(rng), None));
            }
            vec![Clause::UpTo(caps)]
        }
        2 => {
            let span = period(rng);
            vec![Clause::UpTo(vec![figure(euros(rng), Some(span)), figure(foreign(rng), Some(span))])]
        }
        3 => vec![Clause::UpTo(vec![figure(euros(rng), None)]), Clause::AtMost(count_caps(rng))],
        4 => vec![clause(rng, universe, Kind::Within, Place::Allow, about)],
        5 => {
            let each = figure(euros(rng), None);
            vec![Clause::UpTo(vec![each, MoneyCap { amount: None, period: Some(Period::Total) }])]
        }
        6 => vec![Clause::UpTo(vec![MoneyCap { amount: None, period: Some(Period::Total) }])],
        _ => vec![Clause::UpTo(vec![figure(euros(rng), Some(period(rng)))])],
    }
}

/// What an `allow` of the operation must say for it to be bounded.
pub(super) fn needs(operation: &Operation) -> [bool; 4] {
    let spends = operation.tier == "spend";
    [
        operation.has("account"),
        spends && operation.has("payee"),
        spends && operation.has("repeat"),
        spends && operation.has("amount"),
    ]
}
