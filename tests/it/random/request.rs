//! Random requests and pasts that meet a policy where it decides: at its names, its figures and the edges of its times.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::policy::noun;
use super::rng::Rng;
use super::universe::{ADDRESSES, KEYS, LOOSE, PAYEES, STRANGE_IBAN, URLS, Universe};
use crate::naive::clause::from;
use crate::naive::logic::True;
use crate::naive::model::{AccountRef, Cap, Clause, Effect, Item, Money, MoneyCap, PayeeRef, Policy, Since, figure};
use crate::naive::request::address;
use crate::naive::rule::{Flat, Membership, keys, rules_of};
use crate::naive::vocabulary::{KINDS, METHODS, Operation, REPEATS, Vocabulary};

/// Moments at which something begins or ends in Amsterdam: days, weeks, months, years, hours of spans, clock changes.
const MOMENTS: [&str; 20] = [
    "2026-11-24T10:00:00Z",
    "2026-11-24T07:59:59Z",
    "2026-11-24T08:00:00Z",
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
    let now: Timestamp = moment(rng);
    let told: Option<Timestamp> = rng.percent(30).then(|| moment(rng));
    let at = told.unwrap_or(now);
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
        request.insert("time".to_owned(), json!(told.to_string()));
    }
    let request = if rng.percent(4) { malformed(rng, request) } else { Value::Object(request).to_string() };
    Situation { request, past, now }
}

fn moment(rng: &mut Rng) -> Timestamp {
    rng.pick(&MOMENTS).parse().expect("an instant")
}

/// The figure of an amount in euros, without its point; amounts of other currencies need no meeting.
fn minor(value: &str) -> i128 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    format!("{whole}{fraction:0<2}").parse().unwrap_or(0)
}

struct Aim<'test> {
    policy: &'test Policy,
    universe: &'test Universe,
    vocabulary: &'test Vocabulary,
    at: Timestamp,
}

impl Aim<'_> {
    /// A request that mostly does what some rule of the key speaks of.
    fn request(&self, rng: &mut Rng, key: &str, spent: &[i128]) -> Map<String, Value> {
        let rules = rules_of(self.policy, &crate::naive::request::nfc(key));
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
        let noun = noun(rng);
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

    /// A fact, mostly one for which the clauses of the rule hold.
    fn fact(&self, rng: &mut Rng, name: &str, target: Option<&Flat>, spent: &[i128]) -> Value {
        let clause = target.filter(|_| rng.percent(90)).and_then(|rule| {
            let stated = rule.clauses.iter().map(|stated| &stated.clause).filter(|clause| speaks_of(clause, name));
            let excepted = rule.unless.iter().flatten().filter(|clause| speaks_of(clause, name));
            let stated: Vec<&Clause> = stated.collect();
            let excepted: Vec<&Clause> = excepted.collect();
            match (stated.is_empty(), excepted.is_empty()) {
                (false, _) if excepted.is_empty() || rng.percent(85) => Some(rng.pick(&stated).clone()),
                (_, false) => Some(rng.pick(&excepted).clone()),
                _ => None,
            }
        });
        match name {
            "ip" => {
                let inside: Vec<&str> = match &clause {
                    Some(Clause::From(refs)) => ADDRESSES
                        .into_iter()
                        .filter(|ip| {
                            refs.iter().any(|reference| from(self.policy, reference, address(ip).ok()) == True)
                        })
                        .collect(),
                    _ => Vec::new(),
                };
                json!(if inside.is_empty() { rng.pick(&ADDRESSES) } else { rng.pick(&inside) })
            }
            "account" => self.account(rng, clause.as_ref()),
            "payee" => self.payee(rng, clause.as_ref()),
            "amount" => self.amount(rng, target, spent),
            "method" => match clause {
                Some(Clause::Via(methods)) => json!(rng.pick(&methods)),
                _ => json!(rng.pick(&METHODS)),
            },
            "repeat" => match clause {
                Some(Clause::Repeating(words)) if words.iter().any(|word| word == "once") && rng.percent(60) => {
                    json!("once")
                }
                Some(Clause::Repeating(words)) => json!(rng.pick(&words)),
                _ if rng.percent(60) => json!("once"),
                _ => json!(rng.pick(&REPEATS)),
            },
            "url" => match clause {
                Some(Clause::ToUrl(urls)) => json!(rng.pick(&urls)),
                _ => json!(rng.pick(&URLS)),
            },
            _ => self.record(rng, clause.as_ref()),
        }
    }

    fn account(&self, rng: &mut Rng, clause: Option<&Clause>) -> Value {
        let wanted = match clause {
            Some(Clause::On(refs)) => Some(rng.pick(refs)),
            _ => None,
        };
        let mut account = Map::new();
        let declared = match wanted {
            Some(AccountRef::Named(name)) if name == LOOSE => {
                account.insert("name".to_owned(), json!(name));
                None
            }
            Some(AccountRef::Named(name)) => self.universe.accounts.iter().find(|account| account.name == name),
            Some(AccountRef::Kind { kind, .. }) => {
                account.insert("kind".to_owned(), json!(kind));
                None
            }
            _ if rng.percent(75) => Some(&self.universe.accounts[rng.below(self.universe.accounts.len())]),
            _ => {
                match rng.below(4) {
                    0 => account.insert("name".to_owned(), json!(LOOSE)),
                    1 => account.insert("iban".to_owned(), json!(STRANGE_IBAN)),
                    2 => account.insert("id".to_owned(), json!(7)),
                    _ => account.insert("kind".to_owned(), json!(rng.pick(&KINDS))),
                };
                None
            }
        };
        if let Some(declared) = declared {
            let both = rng.percent(40);
            let iban_first = rng.percent(50);
            if let Some(iban) = declared.iban.as_ref().filter(|_| both || iban_first || declared.id.is_none()) {
                account.insert("iban".to_owned(), json!(iban));
            }
            if let Some(id) = declared.id.filter(|_| both || !iban_first || declared.iban.is_none()) {
                account.insert("id".to_owned(), json!(id));
            }
            match &declared.kind {
                Some(kind) if rng.percent(30) => {
                    account.insert("kind".to_owned(), json!(kind));
                }
                None if rng.percent(30) => {
                    account.insert("kind".to_owned(), json!(rng.pick(&KINDS)));
                }
                _ => {}
            }
            if rng.percent(20) {
                account.insert("name".to_owned(), json!(rng.pick(&[declared.name.as_str(), LOOSE])));
            }
        }
        // A contradiction now and then.
        if rng.percent(3) {
            account.insert("id".to_owned(), json!(rng.pick(&[7, 42, 43, 44])));
        }
        if account.is_empty() && rng.percent(50) {
            account.insert("name".to_owned(), json!("Other"));
        }
        Value::Object(account)
    }

    fn payee(&self, rng: &mut Rng, clause: Option<&Clause>) -> Value {
        let wanted = match clause {
            Some(Clause::To(refs)) => Some(rng.pick(refs)),
            _ => None,
        };
        let iban_of =
            |name: &str| self.universe.accounts.iter().find(|it| it.name == name).and_then(|it| it.iban.clone());
        let any = |rng: &mut Rng| {
            let mut ibans: Vec<String> = PAYEES.iter().map(|(_, iban)| (*iban).to_owned()).collect();
            ibans.extend(self.universe.accounts.iter().filter_map(|account| account.iban.clone()));
            ibans.push(STRANGE_IBAN.to_owned());
            rng.pick(&ibans)
        };
        let mut payee = Map::new();
        match wanted {
            Some(PayeeRef::Payee(name)) => {
                let (_, iban) = PAYEES.iter().find(|(known, _)| *known == name).expect("a payee of the universe");
                payee.insert("iban".to_owned(), json!(iban));
            }
            Some(PayeeRef::Iban(iban)) => {
                payee.insert("iban".to_owned(), json!(iban));
            }
            Some(PayeeRef::Account(name)) => {
                payee.insert("iban".to_owned(), json!(iban_of(&name)));
            }
            Some(PayeeRef::Payees(_)) => {
                payee.insert("iban".to_owned(), json!(PAYEES[rng.below(3)].1));
            }
            Some(PayeeRef::OwnAccounts) if rng.percent(60) => {
                payee.insert("own".to_owned(), json!(true));
            }
            Some(PayeeRef::Favorites) => {
                payee.insert("favorite".to_owned(), json!(rng.percent(80)));
            }
            _ => {}
        }
        if !payee.contains_key("iban") && rng.percent(70) {
            payee.insert("iban".to_owned(), json!(any(rng)));
        }
        if !payee.contains_key("own") && rng.percent(15) {
            let foreign = !self.universe.accounts.iter().any(|account| payee.get("iban") == Some(&json!(account.iban)));
            payee.insert("own".to_owned(), json!(!(foreign || rng.percent(10))));
        }
        if !payee.contains_key("favorite") && rng.percent(20) {
            payee.insert("favorite".to_owned(), json!(rng.percent(50)));
        }
        Value::Object(payee)
    }

    /// A figure of the policy, exactly, a little over, or what is left of it.
    fn amount(&self, rng: &mut Rng, target: Option<&Flat>, spent: &[i128]) -> Value {
        let mut figures: Vec<Money> = Vec::new();
        let of_caps = |caps: &[MoneyCap]| caps.iter().filter_map(|cap| cap.amount.clone()).collect::<Vec<_>>();
        if let Some(rule) = target {
            let all = rule.clauses.iter().map(|stated| &stated.clause).chain(rule.unless.iter().flatten());
            for clause in all {
                if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                    figures.extend(of_caps(caps));
                }
            }
        }
        if figures.is_empty() || rng.percent(15) {
            for item in &self.policy.items {
                if let Item::Limit { caps, .. } = item {
                    for cap in caps {
                        if let Cap::Money(cap) = cap {
                            figures.extend(of_caps(std::slice::from_ref(cap)));
                        }
                    }
                }
            }
        }
        let Money { minor, currency } = rng.pick(&figures);
        // What was spent before is mostly little, so that something is left.
        let left = if spent.is_empty() { minor / 2 } else { minor - rng.pick(spent) };
        let minor = match rng.below(10) {
            _ if spent.is_empty() && rng.percent(70) => rng.pick(&[1, 100, 250]),
            0..=3 => left,
            4 | 5 => left + 1,
            6 => minor + 1,
            7 => minor / 2,
            _ => rng.pick(&[1, 100, 250]),
        };
        let money = Money { minor: minor.max(1), currency };
        let mut value = figure(&money);
        // Fewer decimals than the currency has are fine.
        if value.contains('.') && rng.percent(30) {
            value = value.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        json!({"value": value, "currency": money.currency})
    }

    fn record(&self, rng: &mut Rng, clause: Option<&Clause>) -> Value {
        let mut record = Map::new();
        if rng.percent(85) {
            let edge = match clause {
                Some(Clause::Since(Since::Ago(duration))) => self.at - SignedDuration::from_secs(duration.seconds()),
                Some(Clause::Since(Since::Date(date))) => self.midnight(date.parse().expect("a date")),
                _ => self.at - SignedDuration::from_hours(rng.pick(&[1, 36, 720, 9_000])),
            };
            let moved = rng.pick(&[0, 0, 1_000_000_000, 3_600_000_000_000, -1]);
            record.insert("created".to_owned(), json!((edge + SignedDuration::from_nanos(moved)).to_string()));
        }
        if rng.percent(60) {
            record.insert("own".to_owned(), json!(rng.percent(85)));
        }
        Value::Object(record)
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

    fn midnight(&self, date: jiff::civil::Date) -> Timestamp {
        let zone = TimeZone::get(self.universe.zone).expect("a time zone");
        date.to_zoned_datetime(zone).and_then(|zoned| zoned.start_of_day()).expect("a day").timestamp()
    }
}

fn speaks_of(clause: &Clause, name: &str) -> bool {
    matches!(
        (clause, name),
        (Clause::On(_), "account")
            | (Clause::To(_), "payee")
            | (Clause::Via(_), "method")
            | (Clause::Repeating(_), "repeat")
            | (Clause::ToUrl(_), "url")
            | (Clause::From(_), "ip")
            | (Clause::Since(_) | Clause::CreatedByThisKey, "record")
    )
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
