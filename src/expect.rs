//! Tests of a policy: each `expect` as a request with its past.

pub mod report;
pub mod run;

use bpol_engine::ir::Effect;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::Checked;
use crate::check::{Expectation, PastWhen, Policy, Record};
use crate::source::FileSpan;

/// One `expect`, ready to be decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The name of its `test`.
    pub test: String,
    /// The key.
    pub key: String,
    /// Where the `expect` stands.
    pub place: FileSpan,
    /// The request as JSON (language.md, 6.1), always with its `time`.
    pub request: Value,
    /// The entries of the past as JSON.
    pub past: Vec<Value>,
    /// The expected decision.
    pub effect: Effect,
    /// The fields that the answer must show at least, from `showing`.
    pub showing: Vec<String>,
}

/// All expectations of a policy, in document order. `now` stands in where a test says no `at`.
pub fn cases(checked: &Checked, now: Timestamp) -> Vec<Case> {
    let policy = &checked.policy;
    let mut out = Vec::new();
    for test in &policy.tests {
        let key = policy.keys.get(test.key).map(|key| key.name.clone()).unwrap_or_default();
        for expectation in &test.expectations {
            out.push(case(policy, &test.name, &key, expectation, now));
        }
    }
    out
}

fn case(policy: &Policy, test: &str, key: &str, expectation: &Expectation, now: Timestamp) -> Case {
    let time = expectation.at.unwrap_or(now);
    let operation = policy.bank.operation(expectation.target.view.unwrap_or(expectation.target.operation));
    let mut facts = Map::new();
    facts.insert("key".into(), key.into());
    facts.insert("action".into(), operation.action.as_str().into());
    facts.insert("resource".into(), operation.resource.as_str().into());
    facts.insert("time".into(), time.to_string().into());
    if let Some(ip) = expectation.ip {
        facts.insert("ip".into(), ip.to_string().into());
    }
    if let Some(account) = account(policy, expectation) {
        facts.insert("account".into(), account);
    }
    if let Some(iban) = &expectation.payee {
        facts.insert("payee".into(), json!({ "iban": iban }));
    } else if expectation.own_payee {
        facts.insert("payee".into(), json!({ "own": true }));
    }
    if let Some(amount) = &expectation.amount {
        facts.insert("amount".into(), json!({ "value": amount.value.to_string(), "currency": amount.currency.code() }));
    }
    for (name, word) in [("method", &expectation.method), ("repeat", &expectation.repeat), ("url", &expectation.url)] {
        if let Some(word) = word {
            facts.insert(name.into(), word.as_str().into());
        }
    }
    let past = past(policy, expectation, &facts, time);
    let mut record = Map::new();
    if let Some(dated) = expectation.dated {
        record.insert("created".into(), created(policy, dated, time).to_string().into());
    }
    if expectation.own_record {
        record.insert("own".into(), true.into());
    }
    if !record.is_empty() {
        facts.insert("record".into(), record.into());
    } else if operation.action == "read" {
        facts.insert("answer".into(), true.into());
    }
    Case {
        test: test.to_owned(),
        key: key.to_owned(),
        place: expectation.place,
        request: facts.into(),
        past,
        effect: expectation.effect,
        showing: expectation.showing.clone(),
    }
}

fn account(policy: &Policy, expectation: &Expectation) -> Option<Value> {
    if let Some(name) = &expectation.account_name {
        return Some(json!({ "name": name }));
    }
    let declared = policy.accounts.get(expectation.account?)?;
    let mut facts = Map::new();
    facts.insert("name".into(), declared.name.as_str().into());
    if let Some(iban) = &declared.iban {
        facts.insert("iban".into(), iban.as_str().into());
    }
    if let Some(id) = declared.id {
        facts.insert("id".into(), id.into());
    }
    if let Some(kind) = &declared.kind {
        facts.insert("kind".into(), kind.as_str().into());
    }
    Some(facts.into())
}

fn past(policy: &Policy, expectation: &Expectation, facts: &Map<String, Value>, time: Timestamp) -> Vec<Value> {
    let mut out = Vec::new();
    for past in &expectation.past {
        let mut entry = facts.clone();
        entry.insert("time".into(), instant(policy, past.when, time).to_string().into());
        if let Some(spent) = past.spent {
            entry.insert(
                "amount".into(),
                json!({ "value": spent.value.to_string(), "currency": spent.currency.code() }),
            );
        }
        let times = usize::try_from(past.times).unwrap_or(usize::MAX);
        out.extend(std::iter::repeat_n(Value::from(entry), times));
    }
    out
}

fn created(policy: &Policy, dated: Record, time: Timestamp) -> Timestamp {
    match dated {
        Record::Ago(seconds) => ago(time, seconds),
        Record::On(date) => date.to_zoned_datetime(zone(policy)).map_or(time, |day| day.timestamp()),
    }
}

fn instant(policy: &Policy, when: PastWhen, time: Timestamp) -> Timestamp {
    let local = time.to_zoned_datetime(zone(policy));
    let first = match when {
        PastWhen::Today => return time,
        PastWhen::Ago(seconds) => return ago(time, seconds),
        PastWhen::Week => {
            let back = i64::from(local.weekday().to_monday_zero_offset());
            local.date().checked_sub(jiff::Span::new().days(back))
        }
        PastWhen::Month => Ok(local.date().first_of_month()),
        PastWhen::Year => Ok(local.date().first_of_year()),
    };
    first.and_then(|date| date.to_zoned_datetime(zone(policy))).map_or(time, |first| first.timestamp())
}

fn ago(time: Timestamp, seconds: u64) -> Timestamp {
    let back = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    time.checked_sub(back).unwrap_or(Timestamp::MIN)
}

fn zone(policy: &Policy) -> TimeZone {
    policy.timezone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone())
}
