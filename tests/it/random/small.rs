//! Random policies of a line or a few, small enough to try all their requests; changes of them; claims about them.

use super::allow::rule;
use super::policy::{any_noun, drop_empty_asks, guardrail, statement};
use super::rng::Rng;
use super::role::{Lacks, use_role};
use super::take::{deny, granted, only};
use super::universe::{Universe, euros, foreign, period};
use crate::naive::model::{Cap, Clause, Effect, Item, MoneyCap, PayeeEntry, Policy, Rule, Statement};
use crate::naive::vocabulary::Vocabulary;

/// One or two keys of one to three statements each, now and then a role or a guardrail; one or two accounts.
pub(crate) fn small(rng: &mut Rng, vocabulary: &Vocabulary) -> (Policy, Universe) {
    let mut universe = Universe::random(rng);
    let from = rng.below(2);
    universe.accounts = universe.accounts.split_off(from);
    universe.accounts.truncate(rng.weighted(&[(3, 1), (2, 2)]));
    universe.favourite = Some(if rng.percent(50) { "payment" } else { any_noun(rng) });
    let mut policy = Policy { items: universe.items(rng) };
    let role = rng.percent(20);
    if role {
        let lacks = rng.weighted(&[(2, Lacks::Nothing), (1, Lacks::Account), (1, Lacks::Amount)]);
        let statements = (0..1 + rng.below(2)).map(|_| rule(rng, &universe, vocabulary, lacks)).collect();
        policy.items.push(Item::Role { name: "inner".to_owned(), statements });
        let used = use_role(rng, &universe, vocabulary, &policy, "inner", lacks);
        policy.items.push(Item::Key { name: "a".to_owned(), statements: vec![used] });
    } else {
        policy.items.push(Item::Key { name: "a".to_owned(), statements: Vec::new() });
    }
    if rng.percent(20) {
        policy.items.push(Item::Key { name: "b".to_owned(), statements: Vec::new() });
    }
    for place in 0..policy.items.len() {
        let Item::Key { statements, .. } = &policy.items[place] else { continue };
        let mut statements = statements.clone();
        for number in 0..rng.weighted(&[(2, 1), (3, 2), (2, 3)]) {
            let granted = granted(&statements, vocabulary);
            statements.push(match number {
                0 if !role => rule(rng, &universe, vocabulary, Lacks::Nothing),
                _ => statement(rng, &universe, vocabulary, &granted),
            });
        }
        if let Item::Key { statements: kept, .. } = &mut policy.items[place] {
            *kept = statements;
        }
    }
    if rng.percent(20) {
        let all: Vec<Statement> = own(&policy).into_iter().flatten().cloned().collect();
        let granted = granted(&all, vocabulary);
        let except = if rng.percent(20) { vec!["a".to_owned()] } else { Vec::new() };
        let statements = vec![guardrail(rng, &universe, vocabulary, &granted)];
        policy.items.push(Item::Every { except, statements });
    }
    drop_empty_asks(&mut policy, vocabulary);
    policy.items.retain(|item| !matches!(item, Item::Every { statements, .. } if statements.is_empty()));
    (policy, universe)
}

fn own(policy: &Policy) -> Vec<&Vec<Statement>> {
    let keys = policy.items.iter().filter_map(|item| match item {
        Item::Key { statements, .. } => Some(statements),
        _ => None,
    });
    keys.collect()
}

fn blocks(policy: &mut Policy) -> Vec<&mut Vec<Statement>> {
    let blocks = policy.items.iter_mut().filter_map(|item| match item {
        Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } => {
            Some(statements)
        }
        _ => None,
    });
    blocks.filter(|statements| !statements.is_empty()).collect()
}

/// The policy with something changed, and what.
pub(crate) fn changed(rng: &mut Rng, policy: &Policy, universe: &Universe) -> (Policy, &'static str) {
    let vocabulary = Vocabulary::bunq();
    let mut policy = policy.clone();
    let what = match rng.below(12) {
        0 => {
            let more = deny(rng, universe, vocabulary);
            with_key(rng, &mut policy, |_, statements| statements.push(more));
            "a deny more"
        }
        1 => {
            let more = only(rng, universe, vocabulary);
            with_key(rng, &mut policy, |_, statements| statements.push(more));
            "an only more"
        }
        2 | 3 => {
            let more = rule(rng, universe, vocabulary, Lacks::Nothing);
            with_key(rng, &mut policy, |_, statements| statements.push(more));
            "an allow more"
        }
        4 => {
            let mut blocks = blocks(&mut policy);
            let place = rng.below(blocks.len());
            let statement = rng.below(blocks[place].len());
            blocks[place].remove(statement);
            "a statement less"
        }
        5 | 6 => {
            let other = euros(rng);
            with_caps(rng, &mut policy, &mut |rng, cap| {
                if cap.amount.is_some() && rng.percent(60) {
                    cap.amount = Some(other.clone());
                }
            });
            "other figures"
        }
        7 => {
            with_caps(rng, &mut policy, &mut |rng, cap| {
                if cap.period.is_some() && rng.percent(60) {
                    cap.period = Some(period(rng));
                }
            });
            "other periods"
        }
        8 => {
            let more = foreign(rng);
            with_caps(rng, &mut policy, &mut |_, cap| {
                if cap.amount.is_some() {
                    cap.amount = Some(more.clone());
                }
            });
            "other currencies"
        }
        9 => {
            for item in &mut policy.items {
                match item {
                    Item::Payees { entries, .. } if rng.percent(50) => {
                        entries.push(PayeeEntry::Iban("GB33BUKB20201555555555".to_owned()));
                    }
                    Item::Network { networks, .. } if rng.percent(50) => networks.push("198.51.100.64/26".to_owned()),
                    Item::Limit { caps, .. } if rng.percent(50) => {
                        for cap in caps {
                            match cap {
                                Cap::Money(cap) => cap.amount.iter_mut().for_each(|money| money.minor += 1),
                                Cap::Count(cap) => cap.times += 1,
                            }
                        }
                    }
                    _ => {}
                }
            }
            "longer lists"
        }
        10 => {
            let mut blocks = blocks(&mut policy);
            let place = rng.below(blocks.len());
            let statement = rng.below(blocks[place].len());
            if let Statement::Rule(rule) = &mut blocks[place][statement] {
                match rng.below(3) {
                    0 => rule.unless.clear(),
                    1 => rule.clauses.retain(|clause| {
                        !matches!(
                            clause,
                            Clause::From(_)
                                | Clause::Since(_)
                                | Clause::During(_)
                                | Clause::Via(_)
                                | Clause::Showing(_)
                        )
                    }),
                    _ => {
                        let last = rng.below(rule.clauses.len().max(1));
                        if rule.clauses.len() > last {
                            rule.clauses.remove(last);
                        }
                    }
                }
            }
            "a clause less"
        }
        _ => {
            let mut blocks = blocks(&mut policy);
            let place = rng.below(blocks.len());
            let statement = rng.below(blocks[place].len());
            let twice = blocks[place][statement].clone();
            blocks[place].push(twice);
            "a statement twice"
        }
    };
    (policy, what)
}

fn with_key(rng: &mut Rng, policy: &mut Policy, then: impl FnOnce(&mut Rng, &mut Vec<Statement>)) {
    let mut keys: Vec<&mut Vec<Statement>> = policy
        .items
        .iter_mut()
        .filter_map(|item| match item {
            Item::Key { statements, .. } => Some(statements),
            _ => None,
        })
        .collect();
    let place = rng.below(keys.len());
    then(rng, keys[place]);
}

fn with_caps(rng: &mut Rng, policy: &mut Policy, then: &mut dyn FnMut(&mut Rng, &mut MoneyCap)) {
    for clauses in blocks(policy).into_iter().flatten().flat_map(clauses_of) {
        for clause in clauses {
            if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                caps.iter_mut().for_each(|cap| then(rng, cap));
            }
        }
    }
}

fn clauses_of(statement: &mut Statement) -> Vec<&mut Vec<Clause>> {
    match statement {
        Statement::Rule(rule) => std::iter::once(&mut rule.clauses).chain(&mut rule.unless).collect(),
        Statement::Use { clauses, .. } | Statement::Only(clauses) => vec![clauses],
    }
}

/// What a claim says of the requests that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Cannot,
    MustAsk,
    Can,
}

/// A claim of section 7.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// The only key that it is about, or all.
    pub(crate) key: Option<String>,
    pub(crate) verb: Verb,
    pub(crate) exactly: bool,
    /// Its subject, clauses and exceptions, as a `deny` would say them.
    pub(crate) body: Rule,
}

impl Claim {
    pub(crate) fn text(&self) -> String {
        let who = match &self.key {
            Some(key) => format!("key \"{key}\""),
            None => "every key".to_owned(),
        };
        let verb = match self.verb {
            Verb::Cannot => "cannot",
            Verb::MustAsk => "must ask to",
            Verb::Can => "can",
        };
        let exactly = if self.exactly { " exactly" } else { "" };
        let body = crate::naive::print::statement(&Statement::Rule(self.body.clone()));
        let body = body.strip_prefix("deny").expect("it is said as a `deny`");
        format!("ensure {who} {verb}{exactly}{body};\n")
    }
}

/// A claim, mostly about what the policy speaks of.
pub(crate) fn claim(rng: &mut Rng, policy: &Policy, universe: &Universe) -> Claim {
    let vocabulary = Vocabulary::bunq();
    let verb = rng.weighted(&[(4, Verb::Cannot), (2, Verb::MustAsk), (4, Verb::Can)]);
    let said: Vec<Rule> = own(policy)
        .into_iter()
        .flatten()
        .filter_map(|statement| match statement {
            Statement::Rule(rule) if rule.effect == Effect::Allow || verb != Verb::Can => Some(rule.clone()),
            _ => None,
        })
        .collect();
    let fresh = |rng: &mut Rng| match deny(rng, universe, vocabulary) {
        Statement::Rule(rule) => rule,
        _ => unreachable!("a deny is a rule"),
    };
    let mut body = if !said.is_empty() && rng.percent(if verb == Verb::Can { 80 } else { 50 }) {
        let mut body = rng.pick(&said);
        if rng.percent(50) {
            let more = fresh(rng);
            let at = rng.below(body.clauses.len().max(1));
            match rng.below(4) {
                0 if !body.clauses.is_empty() => _ = body.clauses.remove(at),
                1 => body.clauses.extend(more.clauses.into_iter().take(1)),
                2 => body.unless = more.unless,
                _ => {
                    let figure = euros(rng);
                    for clause in &mut body.clauses {
                        if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                            caps.iter_mut().for_each(|cap| cap.amount = Some(figure.clone()));
                        }
                    }
                }
            }
        }
        body
    } else {
        fresh(rng)
    };
    body.effect = Effect::Deny;
    body.clauses.retain(|clause| !matches!(clause, Clause::Hiding(_)));
    if rng.percent(60) {
        for clauses in std::iter::once(&mut body.clauses).chain(&mut body.unless) {
            for clause in clauses.iter_mut() {
                if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                    caps.retain(|cap| cap.period.is_none());
                }
            }
            clauses.retain(|clause| match clause {
                Clause::UpTo(caps) | Clause::Over(caps) => !caps.is_empty(),
                Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => false,
                _ => true,
            });
        }
        body.unless.retain(|block| !block.is_empty());
    }
    if rng.percent(30) && !body.clauses.iter().any(|clause| matches!(clause, Clause::Showing(_))) {
        let field = rng.pick(&["balance", "amount", "date", "counterparty", "name", "birth"]);
        body.clauses.push(Clause::Showing(vec![field.to_owned()]));
    }
    let key = if rng.percent(70) { Some("a".to_owned()) } else { None };
    Claim { key, verb, exactly: rng.percent(25), body }
}
