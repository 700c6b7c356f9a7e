//! Rego: what every policy shares, a condition for each line, and the rest of the policy as data.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bpol_engine::ir::{Dimension, Effect, Ir, Tier};
use serde_json::{Value, json};

use super::cedar::attribute_of;
use super::clause;
use super::formula::{Atom, Fact, Formula};
use super::line::{Binds, Line};
use super::{Document, HEAD};

/// The two documents.
pub(crate) fn documents(ir: &Ir, lines: &[Line<'_>]) -> Vec<Document> {
    vec![
        Document { name: "policy.rego".to_owned(), text: rules(ir, lines) },
        Document { name: "data.json".to_owned(), text: super::pretty(&json!({ "bpol_policy": data(ir, lines) })) },
    ]
}

/// What every policy shares: how conditions make a decision (language.md, 6.3 and 6.5).
const SHARED: &str = include_str!("rego/shared.rego");

fn rules(ir: &Ir, lines: &[Line<'_>]) -> String {
    let mut page = Page::default();
    for line in super::wrapped(HEAD) {
        let _ = writeln!(page.text, "# {line}");
    }
    page.text.push_str(SHARED);
    page.text.push_str("\n# Facts that contradict what the policy declares.\n");
    page.rule("contradiction", &clause::contradictions(ir));
    for (place, line) in lines.iter().enumerate() {
        page.text.push('\n');
        for text in super::wrapped(&format!("{}: {}", line.rule.id, line.rule.text)) {
            let _ = writeln!(page.text, "# {text}");
        }
        match &line.at_best {
            Some(best) => {
                page.rule(&format!("holds({place}, \"best\")"), best);
                page.rule(&format!("holds({place}, \"worst\")"), &line.holds);
            }
            None => page.rule(&format!("holds({place}, _)"), &line.holds),
        }
        if let Some(hides) = &line.hides {
            page.rule(&format!("may_hide({place})"), hides);
        }
    }
    page.text
}

/// A text that grows by rules.
#[derive(Debug, Default)]
struct Page {
    text: String,
    helpers: usize,
}

impl Page {
    /// A rule for each way in which a condition can hold; none when it never does.
    fn rule(&mut self, head: &str, formula: &Formula) {
        let ways = match formula {
            Formula::Any(parts) => parts.as_slice(),
            Formula::Constant(false) => &[],
            other => std::slice::from_ref(other),
        };
        for way in ways {
            let parts = match way {
                Formula::All(parts) => parts.as_slice(),
                other => std::slice::from_ref(other),
            };
            let mut body = Vec::new();
            let mut later = Vec::new();
            for part in parts {
                body.push(self.literal(part, &mut later));
            }
            if let [one] = body.as_slice() {
                let _ = writeln!(self.text, "{head} if {one}");
            } else {
                let _ = writeln!(self.text, "{head} if {{\n    {}\n}}", body.join("\n    "));
            }
            for (helper, formula) in later {
                self.rule(&helper, formula);
            }
        }
    }

    /// A line of a body. Where one of several things suffices they become a rule of their own, written `later`.
    fn literal<'f>(&mut self, formula: &'f Formula, later: &mut Vec<(String, &'f Formula)>) -> String {
        match formula {
            Formula::Constant(value) => value.to_string(),
            Formula::Is(atom) => self::atom(atom),
            Formula::Not(atom) => format!("not {}", self::atom(atom)),
            Formula::All(_) | Formula::Any(_) => {
                self.helpers = self.helpers.saturating_add(1);
                let name = format!("either_{}", self.helpers);
                later.push((name.clone(), formula));
                name
            }
        }
    }
}

fn atom(atom: &Atom) -> String {
    match atom {
        Atom::Open(dimension) => format!("open({})", quoted(attribute_of(*dimension))),
        Atom::Told(fact) => input(*fact).to_owned(),
        Atom::Among(fact, texts) => match texts.as_slice() {
            [one] => format!("{} == {}", input(*fact), quoted(one)),
            _ => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                format!("{} in {{{}}}", input(*fact), texts.join(", "))
            }
        },
        Atom::InPayees(name) => format!("policy.payees[{}][input.payee.iban]", quoted(name)),
        Atom::Own(value) => format!("input.payee.own == {value}"),
        Atom::Favorite(value) => format!("input.payee.favorite == {value}"),
        Atom::OwnRecord(value) => format!("input.record.own == {value}"),
        Atom::AtMost(currency, minor) => format!("at_most({}, {minor})", quoted(currency)),
        Atom::MoreThan(currency, minor) => format!("more_than({}, {minor})", quoted(currency)),
        Atom::Young(seconds) => format!("input.record.age <= {seconds}"),
        Atom::CreatedFrom(second) => format!("input.record.created >= {second}"),
        Atom::From(blocks) => {
            let blocks: Vec<String> = blocks.iter().map(|block| quoted(block)).collect();
            format!("calls_from([{}])", blocks.join(", "))
        }
        Atom::NowFrom(second) => format!("input.now >= {second}"),
        Atom::Clock(hours) => {
            let days: Vec<String> = hours.days.iter().map(|day| quoted(day)).collect();
            format!("clock({{{}}}, {}, {})", days.join(", "), hours.from, hours.until)
        }
    }
}

fn input(fact: Fact) -> &'static str {
    match fact {
        Fact::AccountIban => "input.account.iban",
        Fact::AccountId => "input.account.id",
        Fact::AccountName => "input.account.name",
        Fact::AccountKind => "input.account.kind",
        Fact::PayeeIban => "input.payee.iban",
        Fact::Method => "input.method",
        Fact::Repeat => "input.repeat",
        Fact::Url => "input.url",
        Fact::Ip => "input.ip",
        Fact::Created => "input.record.created",
    }
}

/// The tables that the rules look at.
fn data(ir: &Ir, lines: &[Line<'_>]) -> Value {
    let yes = |names: Vec<String>| -> Value { names.into_iter().map(|name| (name, Value::Bool(true))).collect() };
    let operations: BTreeMap<String, Value> = ir
        .operations
        .iter()
        .map(|operation| {
            let told: Vec<&str> = operation
                .dimensions
                .iter()
                .filter(|one| !operation.untold.contains(one) && **one != Dimension::Fields)
                .map(|one| attribute_of(*one))
                .collect();
            let shape = json!({
                "base": operation.tier == Tier::Base,
                "read": operation.action == "read",
                "facts": told,
                "fields": operation.fields,
                "more_fields": operation.extra_fields,
            });
            (super::name(operation), shape)
        })
        .collect();
    // A statement that never decides has no line.
    let mut statements = vec![""; lines.iter().map(|line| line.statement.saturating_add(1)).max().unwrap_or(0)];
    for line in lines {
        if let Some(id) = statements.get_mut(line.statement) {
            *id = &line.rule.id;
        }
    }
    let rows: Vec<Value> = lines.iter().map(|line| row(ir, line)).collect();
    let binding = |key: &str| -> Vec<usize> {
        let binds = |line: &Line<'_>| match &line.binds {
            Binds::Key(name) => name == key,
            Binds::Every(except) => !except.iter().any(|name| name == key),
        };
        lines.iter().enumerate().filter(|(_, line)| binds(line)).map(|(place, _)| place).collect()
    };
    let keys: BTreeMap<&str, Vec<usize>> = ir.keys.iter().map(|key| (key.name.as_str(), binding(&key.name))).collect();
    let payees: BTreeMap<&str, Value> =
        ir.payees.iter().map(|payee| (payee.name.as_str(), yes(payee.ibans.clone()))).collect();
    json!({ "keys": keys, "lines": rows, "statements": statements, "operations": operations, "payees": payees })
}

fn row(ir: &Ir, line: &Line<'_>) -> Value {
    let mut shows = BTreeMap::new();
    let mut names = Vec::new();
    for place in &line.operations {
        let Some(operation) = usize::try_from(*place).ok().and_then(|at| ir.operations.get(at)) else { continue };
        let name = super::name(operation);
        if line.rule.effect == Effect::Allow && operation.action == "read" {
            let fields: Vec<&String> = super::shown(line.rule, operation).collect();
            shows.insert(name.clone(), fields);
        }
        names.push(name);
    }
    let operations: BTreeMap<String, bool> = names.into_iter().map(|name| (name, true)).collect();
    json!({
        "statement": line.statement,
        "effect": line.rule.effect.word(),
        "operations": operations,
        "shows": shows,
        "hides": line.rule.hiding,
    })
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
