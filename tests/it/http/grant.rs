//! One more line for the keys of a random policy, so that calls and answers meet something that allows.

use crate::naive::model::{
    AccountRef, Clause, Duration, Effect, Item, Money, MoneyCap, PayeeRef, Period, Policy, Rule, Since, Statement,
    Subject,
};
use crate::random::rng::Rng;

/// Adds lines that let every key pay.
pub(super) fn pay(policy: &mut Policy, rng: &mut Rng) {
    let cap = |minor, period| MoneyCap { amount: Some(Money { minor, currency: "EUR".to_owned() }), period };
    let on = on(rng);
    let to = match rng.below(3) {
        0 => PayeeRef::Iban("NL91ABNA0417164300".to_owned()),
        1 => PayeeRef::OwnAccounts,
        _ => PayeeRef::Anyone,
    };
    let clauses =
        vec![on, Clause::To(vec![to]), Clause::UpTo(vec![cap(25_000, None), cap(60_000, Some(Period::Total))])];
    add(policy, rule(Effect::Allow, &["create"], &["payment", "payment-batch"], clauses));
    if rng.percent(40) {
        add(policy, rule(Effect::Ask, &[], &["payment"], vec![Clause::Over(vec![cap(5000, None)])]));
    }
}

/// Adds a line that lets every key read some transactions.
pub(super) fn read(policy: &mut Policy, rng: &mut Rng) {
    let mut clauses = vec![on(rng)];
    match rng.below(4) {
        0 => clauses.push(Clause::Since(Since::Ago(Duration { count: 60, unit: 'd' }))),
        1 => clauses.push(Clause::Via(vec!["transfer".to_owned(), "card".to_owned()])),
        2 => clauses.push(Clause::To(vec![PayeeRef::Iban("NL91ABNA0417164300".to_owned())])),
        _ => {}
    }
    match rng.below(4) {
        0 => clauses.push(Clause::Hiding(vec!["text".to_owned(), "counterparty".to_owned()])),
        1 => clauses.push(Clause::Showing(vec!["balance".to_owned(), "amount".to_owned()])),
        _ => {}
    }
    add(policy, rule(Effect::Allow, &["read"], &["transaction"], clauses));
}

fn on(rng: &mut Rng) -> Clause {
    Clause::On(vec![match rng.below(3) {
        0 => AccountRef::Named("Groceries".to_owned()),
        1 => AccountRef::Kind { kind: "joint".to_owned(), except: Vec::new() },
        _ => AccountRef::Any { except: Vec::new() },
    }])
}

fn rule(effect: Effect, actions: &[&str], resources: &[&str], clauses: Vec<Clause>) -> Statement {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let subject = Subject { actions: words(actions), resources: words(resources) };
    Statement::Rule(Rule { effect, subject, clauses, unless: Vec::new() })
}

fn add(policy: &mut Policy, statement: Statement) {
    for item in &mut policy.items {
        if let Item::Key { statements, .. } = item {
            statements.push(statement.clone());
        }
    }
}
