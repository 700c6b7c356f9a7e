//! Random policies without an error: what section 5 of the language forbids is never made.

use super::clause::{About, Kind, Place, block, clause, clauses, count_caps};
use super::rng::Rng;
use super::universe::{KEYS, Universe, euros, foreign, needs_zone, period};
use crate::naive::model::{AccountRef, Clause, Effect, Item, MoneyCap, Period, Policy, Rule, Statement, Subject};
use crate::naive::rule::{Flat, Membership, keys, rules_of};
use crate::naive::vocabulary::{Operation, Vocabulary};

/// How often each noun is spoken of.
const NOUNS: [(usize, &str); 25] = [
    (9, "payment"),
    (6, "payment-batch"),
    (4, "draft-payment"),
    (6, "scheduled-payment"),
    (4, "incoming-request"),
    (2, "auto-allocation"),
    (2, "debit-mandate"),
    (2, "currency-exchange"),
    (1, "international-transfer"),
    (2, "payment-initiation"),
    (4, "card"),
    (1, "card-secret"),
    (1, "card-challenge"),
    (9, "transaction"),
    (4, "balance"),
    (5, "account"),
    (2, "event"),
    (2, "insight"),
    (3, "request"),
    (3, "webhook"),
    (1, "statement"),
    (1, "device"),
    (1, "callback-url"),
    (1, "health"),
    (1, "session"),
];

pub(crate) fn noun(rng: &mut Rng) -> &'static str {
    rng.weighted(&NOUNS)
}

/// What the statements of a role leave to its `use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lacks {
    Nothing,
    Account,
    Amount,
}

pub(crate) fn policy(rng: &mut Rng, vocabulary: &Vocabulary) -> (Policy, Universe) {
    let universe = Universe::random(rng);
    let mut policy = Policy { items: universe.items(rng) };
    let lacks = rng.weighted(&[(4, Lacks::Nothing), (1, Lacks::Account), (1, Lacks::Amount)]);
    let inner = (0..rng.below(3)).map(|_| rule(rng, &universe, vocabulary, lacks)).collect::<Vec<_>>();
    policy.items.push(Item::Role { name: "inner".to_owned(), statements: inner });
    let mut outer: Vec<Statement> = (0..rng.below(2)).map(|_| statement(rng, &universe, vocabulary, &[])).collect();
    outer.push(use_role(rng, &universe, vocabulary, &policy, "inner", lacks));
    policy.items.push(Item::Role { name: "outer".to_owned(), statements: outer });
    let several = rng.weighted(&[(4, 1), (2, 2), (1, 3)]);
    for name in &KEYS[..several] {
        let mut statements = Vec::new();
        for _ in 0..1 + rng.below(4) {
            statements.push(match rng.below(10) {
                0 => use_role(rng, &universe, vocabulary, &policy, "inner", lacks),
                1 => use_role(rng, &universe, vocabulary, &policy, "outer", Lacks::Nothing),
                _ => {
                    let granted = granted(&statements, vocabulary);
                    statement(rng, &universe, vocabulary, &granted)
                }
            });
        }
        policy.items.push(Item::Key { name: (*name).to_owned(), statements });
    }
    for _ in 0..rng.weighted(&[(5, 0), (2, 1), (1, 2)]) {
        let except = if rng.percent(25) { vec![KEYS[0].to_owned()] } else { Vec::new() };
        let granted: Vec<&Operation> = policy
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Key { statements, .. } => Some(granted(statements, vocabulary)),
                _ => None,
            })
            .flatten()
            .collect();
        let statements = (0..1 + rng.below(2)).map(|_| guardrail(rng, &universe, vocabulary, &granted)).collect();
        policy.items.push(Item::Every { except, statements });
    }
    drop_empty_asks(&mut policy, vocabulary);
    if rng.percent(30) {
        rng.shuffle(&mut policy.items);
    }
    if !needs_zone(&policy) && rng.percent(50) {
        policy.items.retain(|item| !matches!(item, Item::Timezone(_)));
    }
    (policy, universe)
}

/// An `allow`, `ask`, `deny` or `only`.
fn statement(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, granted: &[&Operation]) -> Statement {
    match rng.below(10) {
        0..=5 => rule(rng, universe, vocabulary, Lacks::Nothing),
        6 | 7 => ask(rng, universe, vocabulary, granted),
        8 => deny(rng, universe, vocabulary),
        _ => only(rng, universe, vocabulary),
    }
}

/// What may stand under `every key`.
fn guardrail(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, granted: &[&Operation]) -> Statement {
    match rng.below(3) {
        0 => ask(rng, universe, vocabulary, granted),
        1 => deny(rng, universe, vocabulary),
        _ => only(rng, universe, vocabulary),
    }
}

pub(crate) fn only(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary) -> Statement {
    let about = About::Tier(vocabulary.operations.iter().collect());
    Statement::Only(block(rng, universe, &about, Place::Only))
}

/// What an `allow` of the operation must say for it to be bounded.
fn needs(operation: &Operation) -> [bool; 4] {
    let spends = operation.tier == "spend";
    [
        operation.has("account"),
        spends && operation.has("payee"),
        spends && operation.has("repeat"),
        spends && operation.has("amount"),
    ]
}

/// An `allow`.
fn rule(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, lacks: Lacks) -> Statement {
    if rng.percent(8) {
        return read_everything(rng, universe, vocabulary, lacks);
    }
    let operation = loop {
        let noun = noun(rng);
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

/// What the statements allow by name, reads left out: what an `ask` can be about.
fn granted<'vocabulary>(statements: &[Statement], vocabulary: &'vocabulary Vocabulary) -> Vec<&'vocabulary Operation> {
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

fn ask(rng: &mut Rng, universe: &Universe, vocabulary: &Vocabulary, granted: &[&Operation]) -> Statement {
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
                let noun = noun(rng);
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
            let noun = noun(rng);
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

fn unless(rng: &mut Rng, universe: &Universe, about: &About<'_>, place: Place) -> Vec<Vec<Clause>> {
    (0..rng.weighted(&[(6, 0), (3, 1), (1, 2)])).map(|_| block(rng, universe, about, place)).collect()
}

fn tier_subject(words: &[&str]) -> Subject {
    Subject { actions: Vec::new(), resources: words.iter().map(|word| (*word).to_owned()).collect() }
}

fn named_subject(rng: &mut Rng, vocabulary: &Vocabulary, actions: &[&str], resources: &[&str]) -> Subject {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Subject { actions: own(actions), resources: spelled(rng, vocabulary, own(resources)) }
}

/// Some nouns in the plural.
fn spelled(rng: &mut Rng, vocabulary: &Vocabulary, resources: Vec<String>) -> Vec<String> {
    let plural = |noun: &String| vocabulary.operations.iter().find(|operation| operation.resource == *noun);
    resources
        .into_iter()
        .map(|noun| match plural(&noun) {
            Some(operation) if rng.percent(30) => operation.plural.clone(),
            _ => noun,
        })
        .collect()
}

/// A `use` with what the role lacks and perhaps more.
fn use_role(
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
    let mut rules = rules_of(&probe, "probe");
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
        About::Named(rule.named_or_nothing(vocabulary).into_iter().map(|it| &vocabulary.operations[it]).collect())
    }
}

/// "An `ask` whose operations, with what counts as them, no `allow` of the key names (in a role: of no key that uses it;
/// in a guardrail: of no key)" is an error, so it goes.
fn drop_empty_asks(policy: &mut Policy, vocabulary: &Vocabulary) {
    while let Some((item, statement)) = empty_ask(policy, vocabulary) {
        match &mut policy.items[item] {
            Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } => {
                statements.remove(statement);
            }
            _ => unreachable!("only blocks hold statements"),
        }
    }
}

fn empty_ask(policy: &Policy, vocabulary: &Vocabulary) -> Option<(usize, usize)> {
    let all: Vec<Vec<Flat>> = keys(policy).map(|key| rules_of(policy, &key)).collect();
    let mut guardrails = 0;
    for (place, item) in policy.items.iter().enumerate() {
        let (statements, first) = match item {
            Item::Key { statements, .. } | Item::Role { statements, .. } => (statements, 0),
            Item::Every { statements, .. } => {
                guardrails += statements.len();
                (statements, guardrails - statements.len())
            }
            _ => continue,
        };
        for (index, statement) in statements.iter().enumerate() {
            if !matches!(statement, Statement::Rule(Rule { effect: Effect::Ask, .. })) {
                continue;
            }
            let id = match item {
                Item::Key { name, .. } => format!("{name}#{}", index + 1),
                Item::Role { name, .. } => format!("/{name}#{}", index + 1),
                _ => format!("every#{}", first + index + 1),
            };
            let allowed = all.iter().any(|rules| {
                rules.iter().filter(|rule| rule.id == id || (id.starts_with('/') && rule.id.ends_with(&id))).any(
                    |ask| {
                        rules.iter().filter(|rule| rule.effect == Effect::Allow).any(|allow| {
                            (0..vocabulary.operations.len()).any(|operation| {
                                ask.membership(operation, vocabulary) != Membership::Outside
                                    && allow.membership(operation, vocabulary) != Membership::Outside
                            })
                        })
                    },
                )
            });
            if !allowed {
                return Some((place, index));
            }
        }
    }
    None
}
