//! Makes a case that shows a fault smaller, piece by piece, as long as it shows it.

use serde_json::Value;

use super::{Case, Situation};
use crate::naive::model::{AccountRef, Clause, Item, PayeeEntry, Statement};
use crate::naive::print::print;

/// The smallest case found that is still `wrong`. A policy that does not compile any more counts as not wrong.
pub(crate) fn smallest(case: Case, wrong: &dyn Fn(&Case) -> bool) -> Case {
    let mut best = case;
    while let Some(next) = smaller(&best).into_iter().find(|next| wrong(next)) {
        best = next;
    }
    best
}

/// All cases with one piece less, the biggest pieces first.
fn smaller(case: &Case) -> Vec<Case> {
    let mut next = Vec::new();
    let with_past =
        |past: Vec<String>| Case { situation: Situation { past, ..case.situation.clone() }, ..case.clone() };
    for index in 0..case.situation.past.len() {
        next.push(with_past(without(&case.situation.past, index)));
    }
    for (index, item) in case.policy.items.iter().enumerate() {
        let less = with_items(case, without(&case.policy.items, index));
        // What is still spoken of stays declared.
        let spoken_of = declared(item).is_some_and(|name| print(&less.policy).contains(&format!("\"{name}\"")));
        if !spoken_of {
            next.push(less);
        }
    }
    for (index, item) in case.policy.items.iter().enumerate() {
        for item in smaller_item(item) {
            let mut items = case.policy.items.clone();
            items[index] = item;
            next.push(with_items(case, items));
        }
    }
    for request in smaller_json(&case.situation.request) {
        next.push(Case { situation: Situation { request, ..case.situation.clone() }, ..case.clone() });
    }
    for (index, entry) in case.situation.past.iter().enumerate() {
        for entry in smaller_json(entry) {
            let mut past = case.situation.past.clone();
            past[index] = entry;
            next.push(with_past(past));
        }
    }
    next
}

fn declared(item: &Item) -> Option<&str> {
    match item {
        Item::Account(account) => Some(&account.name),
        Item::Payee { name, .. }
        | Item::Payees { name, .. }
        | Item::Network { name, .. }
        | Item::Limit { name, .. }
        | Item::Role { name, .. } => Some(name),
        Item::Timezone(_) | Item::Key { .. } | Item::Every { .. } => None,
    }
}

fn with_items(case: &Case, items: Vec<Item>) -> Case {
    let mut next = case.clone();
    next.policy.items = items;
    next
}

fn without<T: Clone>(list: &[T], index: usize) -> Vec<T> {
    let mut rest = list.to_vec();
    rest.remove(index);
    rest
}

/// Each list with one element less.
fn each_less<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    (0..list.len()).map(|index| without(list, index)).collect()
}

/// Each list with one element replaced by a smaller one.
fn each_smaller<T: Clone>(list: &[T], smaller: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let mut next = Vec::new();
    for (index, element) in list.iter().enumerate() {
        for element in smaller(element) {
            let mut list = list.to_vec();
            list[index] = element;
            next.push(list);
        }
    }
    next
}

fn smaller_item(item: &Item) -> Vec<Item> {
    let of_statements = |statements: &[Statement]| {
        let mut next = each_less(statements);
        next.extend(each_smaller(statements, smaller_statement));
        next
    };
    match item {
        Item::Key { name, statements } => of_statements(statements)
            .into_iter()
            .map(|statements| Item::Key { name: name.clone(), statements })
            .collect(),
        Item::Role { name, statements } => of_statements(statements)
            .into_iter()
            .map(|statements| Item::Role { name: name.clone(), statements })
            .collect(),
        Item::Every { except, statements } => of_statements(statements)
            .into_iter()
            .map(|statements| Item::Every { except: except.clone(), statements })
            .collect(),
        Item::Limit { name, caps } => {
            each_less(caps).into_iter().map(|caps| Item::Limit { name: name.clone(), caps }).collect()
        }
        Item::Payees { name, entries } => {
            let entries: Vec<Vec<PayeeEntry>> = each_less(entries);
            entries.into_iter().map(|entries| Item::Payees { name: name.clone(), entries }).collect()
        }
        Item::Network { name, networks } => {
            each_less(networks).into_iter().map(|networks| Item::Network { name: name.clone(), networks }).collect()
        }
        Item::Account(_) | Item::Payee { .. } | Item::Timezone(_) => Vec::new(),
    }
    .into_iter()
    .filter(|item| !is_empty(item))
    .collect()
}

/// What the language does not allow to be empty.
fn is_empty(item: &Item) -> bool {
    match item {
        Item::Limit { caps, .. } => caps.is_empty(),
        Item::Payees { entries, .. } => entries.is_empty(),
        Item::Network { networks, .. } => networks.is_empty(),
        _ => false,
    }
}

fn smaller_statement(statement: &Statement) -> Vec<Statement> {
    match statement {
        Statement::Rule(rule) => {
            let mut next = Vec::new();
            for unless in each_less(&rule.unless) {
                next.push(Statement::Rule(crate::naive::model::Rule { unless, ..rule.clone() }));
            }
            for clauses in smaller_clauses(&rule.clauses) {
                next.push(Statement::Rule(crate::naive::model::Rule { clauses, ..rule.clone() }));
            }
            for unless in each_smaller(&rule.unless, |block| smaller_clauses(block)) {
                if unless.iter().all(|block| !block.is_empty()) {
                    next.push(Statement::Rule(crate::naive::model::Rule { unless, ..rule.clone() }));
                }
            }
            for actions in each_less(&rule.subject.actions).into_iter().filter(|actions| !actions.is_empty()) {
                let mut rule = rule.clone();
                rule.subject.actions = actions;
                next.push(Statement::Rule(rule));
            }
            for resources in each_less(&rule.subject.resources).into_iter().filter(|list| !list.is_empty()) {
                let mut rule = rule.clone();
                rule.subject.resources = resources;
                next.push(Statement::Rule(rule));
            }
            next
        }
        Statement::Use { role, clauses } => {
            smaller_clauses(clauses).into_iter().map(|clauses| Statement::Use { role: role.clone(), clauses }).collect()
        }
        Statement::Only(clauses) => {
            smaller_clauses(clauses).into_iter().filter(|clauses| !clauses.is_empty()).map(Statement::Only).collect()
        }
    }
}

fn smaller_clauses(clauses: &[Clause]) -> Vec<Vec<Clause>> {
    let mut next = each_less(clauses);
    next.extend(each_smaller(clauses, smaller_clause));
    next
}

fn smaller_clause(clause: &Clause) -> Vec<Clause> {
    fn lists<T: Clone>(list: &[T], make: impl Fn(Vec<T>) -> Clause) -> Vec<Clause> {
        each_less(list).into_iter().filter(|list| !list.is_empty()).map(make).collect()
    }
    match clause {
        Clause::On(refs) => {
            let mut next = lists(refs, Clause::On);
            next.extend(
                each_smaller(refs, |reference| match reference {
                    AccountRef::Any { except } => {
                        each_less(except).into_iter().map(|except| AccountRef::Any { except }).collect()
                    }
                    AccountRef::Kind { kind, except } => each_less(except)
                        .into_iter()
                        .map(|except| AccountRef::Kind { kind: kind.clone(), except })
                        .collect(),
                    AccountRef::Named(_) => Vec::new(),
                })
                .into_iter()
                .map(Clause::On),
            );
            next
        }
        Clause::To(refs) => lists(refs, Clause::To),
        Clause::ToUrl(urls) => lists(urls, Clause::ToUrl),
        Clause::UpTo(caps) => lists(caps, Clause::UpTo),
        Clause::Over(caps) => lists(caps, Clause::Over),
        Clause::AtMost(caps) => lists(caps, Clause::AtMost),
        Clause::MoreThan(caps) => lists(caps, Clause::MoreThan),
        Clause::Within(limits) => lists(limits, Clause::Within),
        Clause::Via(methods) => lists(methods, Clause::Via),
        Clause::Repeating(words) => lists(words, Clause::Repeating),
        Clause::Showing(fields) => lists(fields, Clause::Showing),
        Clause::Hiding(fields) => lists(fields, Clause::Hiding),
        Clause::From(refs) => lists(refs, Clause::From),
        Clause::During(spans) => lists(spans, Clause::During),
        Clause::Since(_) | Clause::CreatedByThisKey | Clause::Starting(_) | Clause::Before(_) => Vec::new(),
    }
}

/// The object with one member less, two levels deep, and its parts.
fn smaller_json(text: &str) -> Vec<String> {
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let mut next = Vec::new();
    for (name, value) in &members {
        if ["key", "action", "resource"].contains(&name.as_str()) {
            continue;
        }
        let mut less = members.clone();
        less.remove(name);
        next.push(Value::Object(less));
        let inner: Vec<Value> = match value {
            Value::Object(inner) => inner
                .keys()
                .map(|inner_name| {
                    let mut less = inner.clone();
                    less.remove(inner_name);
                    Value::Object(less)
                })
                .collect(),
            Value::Array(parts) => each_less(parts).into_iter().map(Value::Array).collect(),
            _ => Vec::new(),
        };
        for value in inner {
            let mut less = members.clone();
            less.insert(name.clone(), value);
            next.push(Value::Object(less));
        }
    }
    // An entry keeps its time: without one it is malformed.
    let timed = members.contains_key("time");
    next.into_iter().filter(|value| !timed || value.get("time").is_some()).map(|value| value.to_string()).collect()
}
