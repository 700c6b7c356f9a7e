//! Random `use` of roles.

use super::allow::needs;
use super::clause::{About, Kind, Place, clause, clauses};
use super::rng::Rng;
use super::universe::{Universe, euros, period};
use crate::naive::model::{Clause, Effect, Item, MoneyCap, Policy, Statement};
use crate::naive::rule::{Flat, Membership, rules_of};
use crate::naive::vocabulary::{Operation, Vocabulary};

/// What the statements of a role leave to its `use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacks {
    Nothing,
    Account,
    Amount,
}

/// A `use` with what the role lacks and perhaps more.
pub(super) fn use_role(
    rng: &mut Rng,
    universe: &Universe,
    vocabulary: &Vocabulary,
    policy: &Policy,
    role: &str,
    lacks: Lacks,
) -> Statement {
    let rules = allowed_by(policy, vocabulary, role);
    let about = About::Role(rules.iter().map(|rule| about_rule(rule, vocabulary)).collect());
    let named = |operation: &Operation| {
        rules.iter().any(|rule| {
            vocabulary
                .operations
                .iter()
                .enumerate()
                .any(|(index, other)| other == operation && rule.membership(index, vocabulary) == Membership::Named)
        })
    };
    let any = |has: &dyn Fn(&Operation) -> bool| vocabulary.operations.iter().any(|it| named(it) && has(it));
    let mut made = Vec::new();
    match lacks {
        Lacks::Account if any(&|operation| operation.has("account")) => {
            made.push(clause(rng, universe, Kind::On, Place::Use, &about));
        }
        Lacks::Amount if any(&|operation| needs(operation)[3]) => {
            made.push(Clause::UpTo(vec![MoneyCap { amount: Some(euros(rng)), period: Some(period(rng)) }]));
        }
        _ => {}
    }
    if rng.percent(60) && !rules.is_empty() {
        made.extend(clauses(rng, universe, &about, Place::Use, 2, &made));
    }
    Statement::Use { role: role.to_owned(), clauses: made }
}

/// The `allow` rules that a role brings.
fn allowed_by(policy: &Policy, vocabulary: &Vocabulary, role: &str) -> Vec<Flat> {
    let mut probe = policy.clone();
    let statements = vec![Statement::Use { role: role.to_owned(), clauses: Vec::new() }];
    probe.items.push(Item::Key { name: "probe".to_owned(), statements });
    let mut rules = rules_of(&probe, "probe", vocabulary);
    rules.retain(|rule| rule.effect == Effect::Allow);
    // A rule of views is about the views' own words; `membership` speaks of operations that a request can be.
    rules.retain(|rule| {
        (0..vocabulary.operations.len()).any(|it| rule.membership(it, vocabulary) != Membership::Outside)
    });
    rules
}

fn about_rule<'vocabulary>(rule: &Flat, vocabulary: &'vocabulary Vocabulary) -> About<'vocabulary> {
    if rule.by_tier() {
        let covered =
            (0..vocabulary.operations.len()).filter(|it| rule.membership(*it, vocabulary) == Membership::Named);
        About::Tier(covered.map(|it| &vocabulary.operations[it]).collect())
    } else {
        About::Named(rule.named.iter().map(|it| &vocabulary.operations[*it]).collect())
    }
}
