//! Random requests and pasts that meet a policy where it decides: at its names, its figures and the edges of its times.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::policy::noun;
use super::rng::Rng;
use super::universe::{KEYS, Universe};
use crate::naive::model::{Effect, Policy};
use crate::naive::request::nfc;
use crate::naive::rule::{Flat, Membership, keys, rules_of};
use crate::naive::vocabulary::{Operation, Vocabulary};

/// Moments at which something begins or ends in Amsterdam: days, weeks, months, years, hours of spans, clock changes.
const MOMENTS: [&str; 22] = [
    "2026-11-24T10:00:00Z",
    "2026-11-24T07:59:59Z",
    "2026-11-24T08:00:00Z",
    "2026-11-24T04:59:59Z",
    "2026-11-28T03:00:00Z",
    "2026-11-24T15:59:59.5Z",
    "2026-11-24T16:00:00Z",
    "2026-11-24T22:59:59Z",
    "2026-11-24T23:00:00Z",
    "2026-11-28T12:00:00Z",
    "2026-11-29T23:00:00Z",
    "2026-11-30T22:59:59Z",
    "2026-11-30T23:00:00Z",
    "2026-12-31T23:00:00Z",
    "2026-03-29T00:59:59Z",
    "2026-03-29T01:00:00Z",
    "2026-03-28T23:00:00Z",
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z",
    "2026-10-24T22:00:00Z",
    "2026-10-25T23:00:00Z",
    "2026-11-25T04:30:00+05:30",
];

/// What is decided: a request at a time, after a past.
#[derive(Debug, Clone)]
pub(crate) struct Situation {
    pub(crate) request: String,
    pub(crate) past: Vec<String>,
    pub(crate) now: Timestamp,
}

pub(crate) fn situation(rng: &mut Rng, policy: &Policy, universe: &Universe, vocabulary: &Vocabulary) -> Situation {
    let now = instant(rng.pick(&MOMENTS));
    let told = rng.percent(30).then(|| rng.pick(&MOMENTS));
    let at = told.map_or(now, instant);
    let key = match rng.below(20) {
        0 => "stranger".to_owned(),
        _ => match rng.pick(&keys(policy).collect::<Vec<_>>()) {
            // The same name, spelled with a combining accent.
            key if key == KEYS[2] && rng.percent(50) => "cafe\u{301}".to_owned(),
            key => key,
        },
    };
    let aim = Aim { policy, universe, vocabulary, at };
    let mut past = Vec::new();
    let mut spent = vec![0];
    for _ in 0..rng.weighted(&[(3, 0), (3, 1), (2, 2), (1, 4), (1, 6)]) {
        let by = if rng.percent(75) { key.clone() } else { rng.pick(&KEYS).to_owned() };
        let mut entry = aim.request(rng, &by, &[]);
        entry.remove("answer");
        entry.insert("time".to_owned(), json!(aim.entry_time(rng).to_string()));
        if let Some(amount) = entry.get("amount").and_then(|amount| amount["value"].as_str()) {
            spent.push(minor(amount));
        }
        past.push(Value::Object(entry).to_string());
    }
    spent.push(spent.iter().sum());
    let mut request = aim.request(rng, &key, &spent);
    if let Some(told) = told {
        request.insert("time".to_owned(), json!(told));
    }
    let request = if rng.percent(4) { malformed(rng, request) } else { Value::Object(request).to_string() };
    Situation { request, past, now }
}

fn instant(moment: &str) -> Timestamp {
    moment.parse().expect("an instant")
}

/// The figure of an amount in euros, without its point; amounts of other currencies need no meeting.
fn minor(value: &str) -> i128 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    format!("{whole}{fraction:0<2}").parse().unwrap_or(0)
}

pub(super) struct Aim<'test> {
    pub(super) policy: &'test Policy,
    pub(super) universe: &'test Universe,
    pub(super) vocabulary: &'test Vocabulary,
    pub(super) at: Timestamp,
}

impl Aim<'_> {
    /// A request that mostly does what some rule of the key speaks of.
    fn request(&self, rng: &mut Rng, key: &str, spent: &[i128]) -> Map<String, Value> {
        let rules = rules_of(self.policy, &nfc(key), self.vocabulary);
        let allows: Vec<Flat> = rules.iter().filter(|rule| rule.effect == Effect::Allow).cloned().collect();
        let target = match rng.below(100) {
            0..=69 if !allows.is_empty() => Some(rng.pick(&allows)),
            0..=89 if !rules.is_empty() => Some(rng.pick(&rules)),
            _ => None,
        };
        let operation = self.operation(rng, target.as_ref());
        let mut request = Map::new();
        request.insert("key".to_owned(), json!(key));
        request.insert("action".to_owned(), json!(operation.action));
        request.insert("resource".to_owned(), json!(operation.resource));
        for name in ["ip", "account", "payee", "amount", "method", "repeat", "url", "record"] {
            let about = name == "ip" || operation.has(name);
            if let Some(fact) =
                rng.percent(if about { 95 } else { 4 }).then(|| self.fact(rng, name, target.as_ref(), spent))
            {
                request.insert(name.to_owned(), fact);
            }
        }
        if operation.action == "read" && rng.percent(45) {
            request.insert("answer".to_owned(), json!(true));
            for open in ["account", "payee", "amount", "method", "record"] {
                if rng.percent(40) {
                    request.remove(open);
                }
            }
        } else if rng.percent(5) {
            request.insert("answer".to_owned(), json!(false));
        }
        if !operation.parts.is_empty() && rng.percent(60) {
            self.parts(rng, operation, &mut request, target.as_ref(), spent);
        }
        if rng.percent(10) {
            request.insert("id".to_owned(), json!("0d9e"));
        }
        request
    }

    fn operation(&self, rng: &mut Rng, target: Option<&Flat>) -> &Operation {
        let all = &self.vocabulary.operations;
        if let Some(rule) = target {
            let inside: Vec<usize> = (0..all.len())
                .filter(|operation| rule.membership(*operation, self.vocabulary) != Membership::Outside)
                .collect();
            // A view is asked for by its own name now and then.
            if !inside.is_empty() && rng.percent(92) {
                let chosen = if rng.percent(75) {
                    let named: Vec<usize> = inside
                        .iter()
                        .copied()
                        .filter(|operation| rule.membership(*operation, self.vocabulary) == Membership::Named)
                        .collect();
                    rng.pick(if named.is_empty() { &inside } else { &named })
                } else {
                    rng.pick(&inside)
                };
                let views: Vec<usize> = (0..all.len())
                    .filter(|other| self.vocabulary.viewed(*other) == chosen && *other != chosen)
                    .collect();
                return match views.first() {
                    Some(view) if rng.percent(30) => &all[*view],
                    _ => &all[chosen],
                };
            }
        }
        if rng.percent(10) {
            return &all[rng.below(all.len())];
        }
        let noun = noun(rng, self.universe);
        let of: Vec<usize> = (0..all.len()).filter(|index| all[*index].resource == noun).collect();
        &all[rng.pick(&of)]
    }

    /// Facts move into the parts; what may stay outside sometimes does.
    fn parts(
        &self,
        rng: &mut Rng,
        operation: &Operation,
        request: &mut Map<String, Value>,
        target: Option<&Flat>,
        spent: &[i128],
    ) {
        let mut inside: Vec<&str> = operation.parts.iter().map(String::as_str).collect();
        if rng.percent(10) && !inside.contains(&"account") {
            inside.push("account");
        }
        let mut parts = Vec::new();
        for _ in 0..1 + rng.below(3) {
            let mut part = Map::new();
            for name in &inside {
                if rng.percent(93) {
                    part.insert((*name).to_owned(), self.fact(rng, name, target, spent));
                }
            }
            parts.push(Value::Object(part));
        }
        // One that belongs into the parts and stands outside is nowhere inherited.
        if rng.percent(12) {
            let outside = rng.pick(&operation.parts);
            for part in &mut parts {
                part.as_object_mut().expect("a part is an object").remove(&outside);
            }
            request.insert(outside.clone(), self.fact(rng, &outside, target, spent));
            inside.retain(|name| *name != outside);
        }
        for name in &inside {
            let told = parts.iter().any(|part| part.get(name).is_some());
            // What stands in a part must not stand outside; left outside of all parts it means nothing.
            if told || rng.percent(70) {
                request.remove(*name);
            }
        }
        request.insert("parts".to_owned(), json!(parts));
        request.remove("answer");
    }

    /// A moment at the edge of some window around the moment of the decision.
    fn entry_time(&self, rng: &mut Rng) -> Timestamp {
        let zone = TimeZone::get(self.universe.zone).expect("a time zone");
        let today = self.at.to_zoned_datetime(zone).date();
        let monday = today
            .checked_sub(jiff::Span::new().days(i64::from(today.weekday().to_monday_zero_offset())))
            .expect("a date");
        let edge = match rng.below(8) {
            0 => self.midnight(today),
            1 => self.midnight(monday),
            2 => self.midnight(today.first_of_month()),
            3 => self.midnight(today.first_of_year()),
            4 => self.at - SignedDuration::from_hours(24),
            5 => self.at - SignedDuration::from_mins(15),
            6 => self.at - SignedDuration::from_hours(7 * 24),
            _ => self.at,
        };
        edge + SignedDuration::from_nanos(rng.pick(&[0, 0, 1, 1_000_000_000, 60_000_000_000, -1, -1_000_000_000]))
    }

    pub(super) fn midnight(&self, date: jiff::civil::Date) -> Timestamp {
        let zone = TimeZone::get(self.universe.zone).expect("a time zone");
        date.to_zoned_datetime(zone).and_then(|zoned| zoned.start_of_day()).expect("a day").timestamp()
    }
}

/// The request with one thing wrong.
fn malformed(rng: &mut Rng, mut request: Map<String, Value>) -> String {
    let mut put = |name: &str, value: Value| {
        request.insert(name.to_owned(), value);
    };
    match rng.below(16) {
        0 => put("colour", json!("red")),
        1 => put("ip", json!(null)),
        2 => put("ip", json!("203.0.113.256")),
        3 => put("key", json!(5)),
        4 => put("action", json!("steal")),
        5 => put("resource", json!("everything")),
        6 => put("method", json!("sepa")),
        7 => put("time", json!("2026-11-24T10:00:00")),
        8 => put("answer", json!("true")),
        9 => put("url", json!("/hook")),
        10 => put("account", json!({"iban": "NL20INGB0001234568"})),
        11 => {
            let value =
                rng.pick(&["0", "0.00", "05", "5.", ".5", "1.234", "-1", "+1", "1e2", "1,5", "", "100000000000000"]);
            put("amount", json!({"value": value, "currency": "EUR"}));
            request.remove("parts");
        }
        12 => put("amount", json!({"value": 5, "currency": "EUR"})),
        13 => put("parts", json!([])),
        14 => {
            let text = Value::Object(request).to_string();
            return text.replacen('{', "{\"key\":\"ynab\",", 1);
        }
        _ => {
            request.remove("action");
        }
    }
    Value::Object(request).to_string()
}
