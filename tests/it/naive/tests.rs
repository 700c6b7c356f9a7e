//! The sentences of the definition, one by one, so that the naive voice is trusted where it speaks against the engine.

mod clause;
mod counter;
mod parts;
mod read;
mod request;
mod role;
mod sample;
mod subject;

use serde_json::{Value, json};

use super::decide;
use super::model::{
    Account, AccountRef, Cap, Clause, CountCap, Days, Duration, Effect, Excepted, Item, Money, MoneyCap, NetworkRef,
    PayeeRef, Period, Policy, Rule, Since, Span, Statement, Subject,
};
use super::print::print;
use super::vocabulary::Vocabulary;

const NOW: &str = "2026-11-24T10:00:00Z";
const GROCERIES: &str = "NL20INGB0001234567";
const SAVINGS: &str = "NL02ABNA0123456789";
const LANDLORD: &str = "NL91ABNA0417164300";
const BAKER: &str = "DE89370400440532013000";

// How the tests write policies.

fn words(text: &str) -> Vec<String> {
    text.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn rule(effect: Effect, actions: &str, resources: &str, clauses: &[Clause], unless: &[&[Clause]]) -> Statement {
    Statement::Rule(Rule {
        effect,
        subject: Subject { actions: words(actions), resources: words(resources) },
        clauses: clauses.to_vec(),
        unless: unless.iter().map(|block| block.to_vec()).collect(),
    })
}

fn allow(actions: &str, resources: &str, clauses: &[Clause]) -> Statement {
    rule(Effect::Allow, actions, resources, clauses, &[])
}

fn ask(actions: &str, resources: &str, clauses: &[Clause]) -> Statement {
    rule(Effect::Ask, actions, resources, clauses, &[])
}

fn deny(actions: &str, resources: &str, clauses: &[Clause]) -> Statement {
    rule(Effect::Deny, actions, resources, clauses, &[])
}

fn key(statements: &[Statement]) -> Item {
    named_key("k", statements)
}

fn named_key(name: &str, statements: &[Statement]) -> Item {
    Item::Key { name: name.to_owned(), statements: statements.to_vec() }
}

fn every(statements: &[Statement]) -> Item {
    Item::Every { except: Vec::new(), statements: statements.to_vec() }
}

fn role(name: &str, statements: &[Statement]) -> Item {
    Item::Role { name: name.to_owned(), statements: statements.to_vec() }
}

fn uses(name: &str, clauses: &[Clause]) -> Statement {
    Statement::Use { role: name.to_owned(), clauses: clauses.to_vec() }
}

fn account(name: &str, iban: &str, id: Option<u64>, kind: &str) -> Item {
    Item::Account(Account {
        name: name.to_owned(),
        iban: (!iban.is_empty()).then(|| iban.to_owned()),
        id,
        kind: (!kind.is_empty()).then(|| kind.to_owned()),
    })
}

fn on(name: &str) -> Clause {
    Clause::On(vec![AccountRef::Named(name.to_owned())])
}

fn on_any() -> Clause {
    Clause::On(vec![AccountRef::Any { except: Vec::new() }])
}

fn to_anyone() -> Clause {
    Clause::To(vec![PayeeRef::Anyone])
}

fn to_iban(iban: &str) -> Clause {
    Clause::To(vec![PayeeRef::Iban(iban.to_owned())])
}

fn cap(minor: i128, period: Option<Period>) -> MoneyCap {
    MoneyCap { amount: Some(Money { minor, currency: "EUR".to_owned() }), period }
}

fn any_amount() -> Clause {
    Clause::UpTo(vec![MoneyCap { amount: None, period: Some(Period::Total) }])
}

fn up_to(minor: i128, period: Option<Period>) -> Clause {
    Clause::UpTo(vec![cap(minor, period)])
}

fn over(minor: i128, period: Option<Period>) -> Clause {
    Clause::Over(vec![cap(minor, period)])
}

fn at_most(times: u32, period: Period) -> Clause {
    Clause::AtMost(vec![CountCap { times, period }])
}

fn from_ip(network: &str) -> Clause {
    Clause::From(vec![NetworkRef::Ip(network.to_owned())])
}

fn days(count: u32) -> Duration {
    Duration { count, unit: 'd' }
}

fn since(count: u32) -> Clause {
    Clause::Since(Since::Ago(days(count)))
}

fn repeating(list: &str) -> Clause {
    Clause::Repeating(words(list))
}

fn zone() -> Item {
    Item::Timezone("Europe/Amsterdam".to_owned())
}

/// A key that may pay anyone from any account with these clauses besides.
fn payer(clauses: &[Clause]) -> Statement {
    let mut all = vec![on_any(), to_anyone()];
    all.extend_from_slice(clauses);
    allow("create", "payment", &all)
}

// How the tests write requests, and what they expect.

/// A request of key `k` for `operation`, with more facts.
fn call(operation: &str, facts: Value) -> Value {
    let (action, resource) = operation.split_once(' ').expect("an action and a resource");
    let mut request = json!({"key": "k", "action": action, "resource": resource});
    for (name, value) in facts.as_object().expect("facts are an object") {
        request[name] = value.clone();
    }
    request
}

/// A payment of so many euros.
fn pay(value: &str) -> Value {
    call(
        "create payment",
        json!({"amount": {"value": value, "currency": "EUR"}, "account": {"iban": GROCERIES},
        "payee": {"iban": LANDLORD}}),
    )
}

fn at(mut entry: Value, time: &str) -> Value {
    entry["time"] = json!(time);
    entry
}

fn with(mut request: Value, name: &str, value: Value) -> Value {
    request[name] = value;
    request
}

fn answer(items: &[Item], request: &Value, past: &[Value]) -> Value {
    let policy = Policy { items: items.to_vec() };
    let past: Vec<String> = past.iter().map(Value::to_string).collect();
    decide(&policy, Vocabulary::bunq(), &request.to_string(), &past, NOW.parse().expect("an instant"))
}

/// Decision, reason and rules, in one line.
#[track_caller]
fn check(items: &[Item], request: &Value, past: &[Value], expected: &str) {
    let decision = answer(items, request, past);
    let by: Vec<&str> = decision["by"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let each = if decision["each"] == json!(true) { " each" } else { "" };
    let found = format!(
        "{} {}{each} {}",
        decision["decision"].as_str().expect("a word"),
        decision["reason"].as_str().expect("a word"),
        by.join(" ")
    );
    assert_eq!(found.trim(), expected, "{request}");
}

#[track_caller]
fn check_fields(items: &[Item], request: &Value, expected: &str) {
    let decision = answer(items, request, &[]);
    let fields: Vec<&str> =
        decision["fields"].as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
    assert_eq!(fields.join(","), expected, "{decision}");
}
