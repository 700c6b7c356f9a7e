//! Cedar: a policy for each line, a schema and the entities. Cedar says yes or no: it asks nobody and keeps no sums.

mod schema;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bpol_engine::ir::{Dimension, Effect, Ir, Operation, Tier};

use super::clause;
use super::formula::{Atom, Fact, Formula};
use super::line::{Binds, Line};
use super::{Document, HEAD};

/// The three documents.
pub(crate) fn documents(ir: &Ir, lines: &[Line<'_>]) -> Vec<Document> {
    let reached = reached(ir, lines);
    let document = |name: &str, text| Document { name: name.to_owned(), text };
    vec![
        document("policy.cedar", policies(ir, lines, &reached)),
        document("schema.cedarschema", schema::schema(ir, &reached)),
        document("entities.json", super::pretty(&schema::entities(ir))),
    ]
}

/// A request for nothing, or for less, is malformed, whatever allows small amounts.
const NO_AMOUNT: &str = "
// No request is about less than the smallest amount.
@id(\"no amount\")
forbid (principal, action, resource)
when {
  context has amount && context.amount.minor < 1
};
";

/// Operations that something grants; what is not among them is no action of the schema, and denied.
fn reached(ir: &Ir, lines: &[Line<'_>]) -> BTreeSet<u32> {
    let granted = lines.iter().filter(|line| line.rule.effect == Effect::Allow);
    let base = (0_u32..).zip(&ir.operations).filter(|(_, operation)| operation.tier == Tier::Base);
    granted.flat_map(|line| line.operations.iter().copied()).chain(base.map(|(place, _)| place)).collect()
}

fn policies(ir: &Ir, lines: &[Line<'_>], reached: &BTreeSet<u32>) -> String {
    let mut out = comment(HEAD);
    out.push_str(&comment(
        "A line that takes what nothing grants has no policy here: without a permit Cedar denies. A list is permitted \
         as a call; ask again for each of its records, with `answer` false, and drop those that are not permitted. A \
         body of several parts is permitted when each part is.",
    ));
    out.push_str(NO_AMOUNT);
    let contradictions = clause::contradictions(ir);
    if contradictions != Formula::FALSE {
        out.push_str("\n// Facts that contradict what the policy declares.\n");
        let scope = "principal, action, resource".to_owned();
        policy(&mut out, "contradiction", "forbid", &scope, &contradictions);
    }
    let base: Vec<u32> = (0_u32..)
        .zip(&ir.operations)
        .filter(|(_, operation)| operation.tier == Tier::Base)
        .map(|(place, _)| place)
        .collect();
    if !base.is_empty() && !ir.keys.is_empty() {
        out.push_str("\n// Every declared key may open and close its session.\n");
        let mut actions = calls(ir, &base);
        actions.extend(groups(ir, &base, "default fields"));
        let scope = format!("principal in Keys::\"declared\", {}, resource", within(&actions));
        policy(&mut out, "base", "permit", &scope, &Formula::TRUE);
    }
    let mut written: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        let mut name = || {
            let times = match written.iter_mut().find(|(statement, _)| *statement == line.statement) {
                Some((_, times)) => times,
                None => {
                    written.push((line.statement, 0));
                    let Some((_, times)) = written.last_mut() else { return line.rule.id.clone() };
                    times
                }
            };
            *times = times.saturating_add(1);
            if *times == 1 { line.rule.id.clone() } else { format!("{} ({times})", line.rule.id) }
        };
        let operations: Vec<u32> = line.operations.iter().copied().filter(|one| reached.contains(one)).collect();
        if operations.is_empty() {
            continue;
        }
        let mut said = false;
        let mut write = |effect: &str, actions: &[String], when: &Formula| {
            if actions.is_empty() || *when == Formula::FALSE {
                return;
            }
            if !said {
                said = true;
                out.push('\n');
                out.push_str(&comment(&line.rule.text));
            }
            let principal = match &line.binds {
                Binds::Key(key) => format!("principal == Key::{}", quoted(key)),
                Binds::Every(_) => "principal".to_owned(),
            };
            let bound = match &line.binds {
                Binds::Every(except) if !except.is_empty() => Some(except.as_slice()),
                _ => None,
            };
            let scope = format!("{principal}, {}, resource", within(actions));
            policy_except(&mut out, &name(), effect, &scope, when, bound);
        };
        if line.rule.effect == Effect::Allow {
            let shown = shown(ir, line, &operations);
            match &line.at_best {
                Some(best) => {
                    write("permit", &calls(ir, &operations), best);
                    write("permit", &shown, &line.holds);
                }
                None => write("permit", &[calls(ir, &operations), shown].concat(), &line.holds),
            }
            if let Some(hides) = &line.hides {
                write("forbid", &hidden(ir, line, &operations), hides);
            }
        } else {
            let fields = groups(ir, &operations, "fields");
            match &line.at_best {
                Some(best) => {
                    write("forbid", &calls(ir, &operations), best);
                    write("forbid", &fields, &line.holds);
                }
                None => write("forbid", &[calls(ir, &operations), fields].concat(), &line.holds),
            }
        }
    }
    out
}

fn policy(out: &mut String, name: &str, effect: &str, scope: &str, when: &Formula) {
    policy_except(out, name, effect, scope, when, None);
}

fn policy_except(out: &mut String, name: &str, effect: &str, scope: &str, when: &Formula, except: Option<&[String]>) {
    let _ = write!(out, "@id({})\n{effect} ({scope})", quoted(name));
    if *when != Formula::TRUE {
        let _ = write!(out, "\nwhen {{\n  {}\n}}", top(when));
    }
    if let Some(except) = except {
        let keys: Vec<String> = except.iter().map(|key| format!("Key::{}", quoted(key))).collect();
        let _ = write!(out, "\nunless {{ [{}].contains(principal) }}", keys.join(", "));
    }
    out.push_str(";\n");
}

fn top(formula: &Formula) -> String {
    match formula {
        Formula::All(parts) => parts.iter().map(conjunct).collect::<Vec<_>>().join(" &&\n  "),
        Formula::Any(parts) => parts.iter().map(disjunct).collect::<Vec<_>>().join(" ||\n  "),
        other => conjunct(other),
    }
}

/// Something that stands between `&&`.
fn conjunct(formula: &Formula) -> String {
    match formula {
        Formula::Constant(value) => value.to_string(),
        Formula::Is(atom) => self::atom(atom),
        Formula::Not(Atom::NowFrom(second)) => format!("context.now < {}", moment(*second)),
        Formula::Not(atom) => format!("!({})", self::atom(atom)),
        Formula::All(parts) => parts.iter().map(conjunct).collect::<Vec<_>>().join(" && "),
        Formula::Any(parts) => format!("({})", parts.iter().map(disjunct).collect::<Vec<_>>().join(" || ")),
    }
}

/// Something that stands between `||`.
fn disjunct(formula: &Formula) -> String {
    let text = conjunct(formula);
    if text.contains(" && ") && !text.starts_with("!(") { format!("({text})") } else { text }
}

fn atom(atom: &Atom) -> String {
    let guarded = |attribute: &str, test: &str| format!("context has {attribute} && {test}");
    let truth = |attribute: &str, value: bool| {
        guarded(attribute, &format!("{}context.{attribute}", if value { "" } else { "!" }))
    };
    match atom {
        Atom::Open(dimension) => format!("context.answer && !(context has {})", attribute_of(*dimension)),
        Atom::Told(fact) => format!("context has {}", attribute(*fact)),
        Atom::Among(Fact::PayeeIban, texts) => {
            let ibans: Vec<String> = texts.iter().map(|iban| format!("Iban::{}", quoted(iban))).collect();
            guarded("payee.iban", &one_of("context.payee.iban", &ibans))
        }
        Atom::Among(fact, texts) => {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            let attribute = attribute(*fact);
            guarded(attribute, &one_of(&format!("context.{attribute}"), &texts))
        }
        Atom::InPayees(name) => guarded("payee.iban", &format!("context.payee.iban in Payees::{}", quoted(name))),
        Atom::Own(value) => truth("payee.own", *value),
        Atom::Favorite(value) => truth("payee.favorite", *value),
        Atom::OwnRecord(value) => truth("record.own", *value),
        Atom::AtMost(currency, minor) => amount(currency, "<=", *minor),
        Atom::MoreThan(currency, minor) => amount(currency, ">", *minor),
        Atom::Young(seconds) => {
            // No age is beyond what a Long holds.
            let seconds = i64::try_from(*seconds).unwrap_or(i64::MAX);
            guarded("record.age", &format!("context.record.age <= {seconds}"))
        }
        Atom::CreatedFrom(second) => {
            guarded("record.created", &format!("context.record.created >= {}", moment(*second)))
        }
        Atom::From(blocks) => {
            let inside: Vec<String> =
                blocks.iter().map(|block| format!("context.ip.isInRange(ip({}))", quoted(block))).collect();
            let test = inside.join(" || ");
            guarded("ip", &if blocks.len() > 1 { format!("({test})") } else { test })
        }
        Atom::NowFrom(second) => format!("context.now >= {}", moment(*second)),
        Atom::Clock(hours) => {
            let days: Vec<String> = hours.days.iter().map(|day| quoted(day)).collect();
            let mut test = one_of("context.local.day", &days);
            if hours.from > 0 {
                let _ = write!(test, " && context.local.minute >= {}", hours.from);
            }
            if hours.until < 1440 {
                let _ = write!(test, " && context.local.minute < {}", hours.until);
            }
            test
        }
    }
}

fn amount(currency: &str, order: &str, minor: i64) -> String {
    format!(
        "context has amount && context.amount.currency == {} && context.amount.minor {order} {minor}",
        quoted(currency)
    )
}

fn one_of(what: &str, list: &[String]) -> String {
    match list {
        [one] => format!("{what} == {one}"),
        _ => format!("[{}].contains({what})", list.join(", ")),
    }
}

/// A moment as Cedar writes it.
fn moment(second: i64) -> String {
    let moment = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MAX);
    format!("datetime(\"{moment}\")")
}

fn attribute(fact: Fact) -> &'static str {
    match fact {
        Fact::AccountIban => "account.iban",
        Fact::AccountId => "account.id",
        Fact::AccountName => "account.name",
        Fact::AccountKind => "account.kind",
        Fact::PayeeIban => "payee.iban",
        Fact::Method => "method",
        Fact::Repeat => "repeat",
        Fact::Url => "url",
        Fact::Ip => "ip",
        Fact::Created => "record.created",
    }
}

pub(crate) fn attribute_of(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Account => "account",
        Dimension::Payee => "payee",
        Dimension::Amount => "amount",
        Dimension::Method => "method",
        Dimension::Record => "record",
        Dimension::Fields => "fields",
        Dimension::Repeat => "repeat",
        Dimension::Url => "url",
    }
}

fn operations<'p>(ir: &'p Ir, places: &[u32]) -> impl Iterator<Item = &'p Operation> {
    places.iter().filter_map(|place| ir.operations.get(usize::try_from(*place).ok()?))
}

fn calls(ir: &Ir, places: &[u32]) -> Vec<String> {
    operations(ir, places).map(|operation| action(&super::name(operation))).collect()
}

/// The groups of an operation's fields.
fn groups(ir: &Ir, places: &[u32], group: &str) -> Vec<String> {
    let with_fields = operations(ir, places).filter(|operation| has_fields(operation, group));
    with_fields.map(|operation| action(&format!("{} ({group})", super::name(operation)))).collect()
}

fn has_fields(operation: &Operation, group: &str) -> bool {
    !operation.fields.is_empty() || (group == "fields" && !operation.extra_fields.is_empty())
}

/// Actions for the fields that a line shows.
fn shown(ir: &Ir, line: &Line<'_>, places: &[u32]) -> Vec<String> {
    let reads = operations(ir, places).filter(|operation| operation.action == "read");
    let of = |operation: &Operation| -> Vec<String> {
        let name = super::name(operation);
        if line.rule.showing.is_none() && line.rule.hiding.is_empty() {
            let group = format!("{name} (default fields)");
            return if operation.fields.is_empty() { Vec::new() } else { vec![action(&group)] };
        }
        super::shown(line.rule, operation).map(|field| action(&format!("{name}: {field}"))).collect()
    };
    reads.flat_map(of).collect()
}

fn hidden(ir: &Ir, line: &Line<'_>, places: &[u32]) -> Vec<String> {
    let of = |operation: &'_ Operation| -> Vec<String> {
        let fields = operation.fields.iter().chain(&operation.extra_fields);
        let hidden = fields.filter(|field| line.rule.hiding.contains(field));
        hidden.map(|field| action(&format!("{}: {field}", super::name(operation)))).collect()
    };
    operations(ir, places).filter(|operation| operation.action == "read").flat_map(of).collect()
}

fn action(name: &str) -> String {
    format!("Action::{}", quoted(name))
}

fn within(actions: &[String]) -> String {
    match actions {
        [one] => format!("action in {one}"),
        _ => format!("action in [{}]", actions.join(", ")),
    }
}

/// A text as a Cedar string: its escapes are those of Rust.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            sign if sign.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

/// A text as lines of a comment.
fn comment(text: &str) -> String {
    super::wrapped(text).into_iter().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "// {line}");
        out
    })
}
