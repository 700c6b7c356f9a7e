//! A request as an `expect` line that can be pasted into a test.
//!
//! An `expect` cannot say everything that a request can. Where it cannot, the nearest line is tried, and whoever asks
//! says whether the request that the line means will do as well. The line means what [`crate::expect`] makes of it.

use std::fmt::Write as _;
use std::ops::Range;

use bpol_engine::ir::{Clause, Dimension, Effect, Ir, Operation, Period, Since};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::analyze::past::{operation, window_start};
use crate::analyze::regions::bound;
use crate::analyze::space;
use crate::analyze::witness::Witness;

/// A line and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From `expect` to `;`.
    pub text: String,
    /// The request that it means.
    pub request: Value,
    /// The entries of the past that it means.
    pub past: Vec<Value>,
    /// When it is decided.
    pub now: Timestamp,
    /// Where in the text ` at …` stands, which says so.
    pub(crate) at: Option<Range<usize>>,
    /// Where in the text ` from ip …` stands.
    pub(crate) ip: Option<Range<usize>>,
}

/// The line for a witness: which effect to expect, and which fields to name. Nothing where no line can say it.
pub fn paste(ir: &Ir, witness: &Witness, effect: Effect, showing: &[String]) -> Option<Line> {
    let key = witness.request["key"].as_str()?;
    let about = ir.operations.get(operation(
        ir,
        witness.request["action"].as_str()?,
        witness.request["resource"].as_str()?,
    )?)?;
    let mut line = Writer {
        ir,
        text: format!("expect {} {} {}", effect.word(), about.action, about.resource),
        facts: Map::new(),
        now: witness.now,
        dates: goes_by_dates(ir, key, about),
    };
    for name in ["key", "action", "resource"] {
        line.facts.insert(name.to_owned(), witness.request[name].clone());
    }
    line.facts.insert("time".to_owned(), json!(witness.now.to_string()));
    line.amount(&witness.request["amount"], "of");
    line.account(&witness.request["account"], about);
    line.payee(&witness.request["payee"]);
    for (name, clause) in [("url", "to url"), ("method", "via"), ("repeat", "repeating")] {
        line.word(name, clause, &witness.request[name]);
    }
    let record = line.record(&witness.request["record"]);
    if !showing.is_empty() {
        let _ = write!(line.text, " showing {}", showing.join(", "));
    }
    let from = line.text.len();
    line.word("ip", "from ip", &witness.request["ip"]);
    let ip = (line.text.len() > from).then_some(from..line.text.len());
    let from = line.text.len();
    if !witness.past.is_empty() || looks_at_the_clock(ir, key, !record.is_empty()) {
        let _ = write!(line.text, " at {}", witness.now);
    }
    let at = (line.text.len() > from).then_some(from..line.text.len());
    let past = line.past(&witness.past)?;
    if record.is_empty() {
        if about.action == "read" {
            line.facts.insert("answer".to_owned(), json!(true));
        }
    } else {
        line.facts.insert("record".to_owned(), Value::Object(record));
    }
    line.text.push(';');
    Some(Line { text: line.text, request: Value::Object(line.facts), past, now: witness.now, at, ip })
}

/// Whether an `expect` about the key must say `at`.
fn looks_at_the_clock(ir: &Ir, key: &str, dated: bool) -> bool {
    let Some(key) = ir.keys.iter().position(|one| one.name == key) else { return false };
    let rules = bound(ir, key);
    let mut clauses = rules.iter().flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten()));
    clauses.any(|clause| match clause {
        Clause::During(_) | Clause::Starting(_) | Clause::Before(_) => true,
        Clause::Since(_) => dated,
        _ => false,
    })
}

/// Whether a rule of the key about an operation says `since` and a date.
fn goes_by_dates(ir: &Ir, key: &str, about: &Operation) -> bool {
    let Some(key) = ir.keys.iter().position(|one| one.name == key) else { return false };
    let place = ir.operations.iter().position(|operation| operation == about);
    let listed = |rule: &&bpol_engine::ir::Rule| place.is_some_and(|place| rule.operations.contains(&(place as u32)));
    let rules = bound(ir, key);
    let mut clauses =
        rules.iter().copied().filter(listed).flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten()));
    clauses.any(|clause| matches!(clause, Clause::Since(Since::Date(_))))
}

struct Writer<'p> {
    ir: &'p Ir,
    text: String,
    facts: Map<String, Value>,
    now: Timestamp,
    /// Whether some rule asks for records from a date on.
    dates: bool,
}

impl Writer<'_> {
    fn amount(&mut self, amount: &Value, clause: &str) {
        if let Some(money) = money(amount) {
            let _ = write!(self.text, " {clause} {money}");
            self.facts.insert("amount".to_owned(), amount.clone());
        }
    }

    fn account(&mut self, told: &Value, about: &Operation) {
        if told.is_null() || about.untold.contains(&Dimension::Account) {
            return;
        }
        let is = |known: &&bpol_engine::ir::Account| {
            known.iban.as_deref().is_some_and(|iban| told["iban"] == json!(iban))
                || known.id.is_some_and(|id| told["id"] == json!(id))
        };
        let facts = match self.ir.accounts.iter().find(is) {
            Some(known) => {
                let facts = [
                    ("name", Some(json!(known.name))),
                    ("iban", known.iban.as_ref().map(|iban| json!(iban))),
                    ("id", known.id.map(|id| json!(id))),
                    ("kind", known.kind.as_ref().map(|kind| json!(kind))),
                ];
                facts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?))).collect()
            }
            None => {
                let taken = |name: &str| self.ir.accounts.iter().any(|known| known.name == name);
                let name = told["name"].as_str().filter(|name| !taken(name)).map(str::to_owned);
                // An account that no rule speaks of goes by a name that none has.
                let name = name.or_else(|| (1..).map(|n| format!("Other account {n}")).find(|name| !taken(name)));
                Map::from_iter([("name".to_owned(), json!(name))])
            }
        };
        let _ = write!(self.text, " on account {}", quoted(facts["name"].as_str().unwrap_or_default()));
        self.facts.insert("account".to_owned(), Value::Object(facts));
    }

    fn payee(&mut self, told: &Value) {
        if let Some(iban) = told["iban"].as_str() {
            let payee = self.ir.payees.iter().find(|known| known.ibans.len() == 1 && known.ibans[0] == iban);
            let account = self.ir.accounts.iter().find(|known| known.iban.as_deref() == Some(iban));
            let _ = match (payee, account) {
                (Some(payee), _) => write!(self.text, " to payee {}", quoted(&payee.name)),
                (None, Some(account)) => write!(self.text, " to account {}", quoted(&account.name)),
                (None, None) => write!(self.text, " to iban {iban}"),
            };
            self.facts.insert("payee".to_owned(), json!({ "iban": iban }));
        } else if told["own"] == json!(true) {
            self.text.push_str(" to own accounts");
            self.facts.insert("payee".to_owned(), json!({ "own": true }));
        }
    }

    fn word(&mut self, name: &str, clause: &str, told: &Value) {
        let Some(word) = told.as_str() else { return };
        let said = if name == "url" { quoted(word) } else { word.to_owned() };
        let _ = write!(self.text, " {clause} {said}");
        self.facts.insert(name.to_owned(), told.clone());
    }

    /// What is said of the record, as facts.
    fn record(&mut self, told: &Value) -> Map<String, Value> {
        let mut facts = Map::new();
        let created = told["created"].as_str().and_then(|time| time.parse::<Timestamp>().ok());
        if let Some(created) = created {
            let ago = self.now.duration_since(created).as_secs();
            let zone = space::zone(self.ir.timezone.as_deref());
            let starts = |zone: &TimeZone| {
                let date = zone.to_datetime(created).date();
                let first = date.to_zoned_datetime(zone.clone()).and_then(|day| day.start_of_day()).ok()?;
                (first.timestamp() == created).then_some(date)
            };
            // A line says whole seconds and no duration of zero; the first instant of a day goes by its date, unless it is
            // whole days ago and no rule says dates.
            let by_date = ago <= 0 || ago % 86_400 != 0 || self.dates;
            let (said, at) = match zone.as_ref().and_then(starts).filter(|_| by_date) {
                Some(date) => (date.to_string(), created),
                None => {
                    let ago = ago.max(1);
                    let at = self.now.checked_sub(SignedDuration::from_secs(ago)).unwrap_or(self.now);
                    (format!("{} ago", duration(ago.unsigned_abs())), at)
                }
            };
            let _ = write!(self.text, " dated {said}");
            facts.insert("created".to_owned(), json!(at.to_string()));
        }
        if told["own"] == json!(true) {
            self.text.push_str(" created by this key");
            facts.insert("own".to_owned(), json!(true));
        }
        facts
    }

    /// `after …` for each entry of the past, which must be like the request but for its amount and time.
    fn past(&mut self, entries: &[Value]) -> Option<Vec<Value>> {
        let mut out = Vec::new();
        let zone = space::zone(self.ir.timezone.as_deref());
        for run in entries.chunk_by(|one, other| one == other) {
            let entry = run.first()?.as_object()?;
            let time: Timestamp = entry.get("time")?.as_str()?.parse().ok()?;
            let mut meant = self.facts.clone();
            meant.insert("time".to_owned(), entry.get("time")?.clone());
            let mut spent = None;
            if entry.get("amount") != self.facts.get("amount") {
                spent = Some(money(entry.get("amount")?)?);
                meant.insert("amount".to_owned(), entry.get("amount")?.clone());
            }
            let like = |name: &str| name == "ip" || meant.get(name) == entry.get(name);
            if !["key", "action", "resource", "payee", "method", "repeat", "url"].into_iter().all(like)
                || meant.get("account").is_some() != entry.get("account").is_some()
            {
                return None;
            }
            let what = match &spent {
                Some(money) => vec![format!("spending {money}"); run.len()],
                None => vec![format!("{} earlier", run.len())],
            };
            let starts = |period| window_start(period, self.now, zone.as_ref()) == Some(time);
            let when = match self.now.duration_since(time).as_secs() {
                _ if time == self.now => "today".to_owned(),
                _ if starts(Period::Week) => "this week".to_owned(),
                _ if starts(Period::Month) => "this month".to_owned(),
                _ if starts(Period::Year) => "this year".to_owned(),
                ago if ago > 0 => format!("{} ago", duration(ago.unsigned_abs())),
                _ => return None,
            };
            for what in what {
                let _ = write!(self.text, " after {what} {when}");
            }
            out.extend(std::iter::repeat_n(Value::Object(meant), run.len()));
        }
        Some(out)
    }
}

/// `12.50 EUR`, without decimals that are all zero.
fn money(amount: &Value) -> Option<String> {
    let (value, currency) = (amount["value"].as_str()?, amount["currency"].as_str()?);
    let value = match value.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole,
        _ => value,
    };
    Some(format!("{value} {currency}"))
}

/// Seconds in the largest unit that says them whole.
fn duration(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let whole = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, letter) = whole.unwrap_or((1, "s"));
    format!("{}{letter}", seconds / unit)
}

/// A name as a string of the language.
pub fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    for character in name.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control.is_control() || matches!(control, '\u{2028}' | '\u{2029}') => {
                _ = write!(out, "\\u{{{:x}}}", u32::from(control))
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
