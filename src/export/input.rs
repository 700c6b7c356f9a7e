//! Requests as the facts that Cedar and Rego are asked about: words and whole numbers that need no reading.

use bpol_engine::ir::{Dimension, Ir, Operation};
use bpol_engine::{Malformed, Policy, amount};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization as _;

/// What to ask about a request: one input, or one for each of its parts, of which the strictest answer counts.
///
/// An input holds `key`, `operation` (its action and resource), `now` (seconds since 1970, rounded down) and what is
/// known of the rest: `ip`, `local` (`day` from `mon` to `sun` and `minute`, by the policy's clock), `answer`, `account`
/// (`iban`, `id` as text, `name`, `kind`), `payee` (`iban`, `own`, `favorite`), `amount` (`currency`, and `minor`, in its
/// smallest unit), `method`, `repeat`, `url`, `record` (`created`, seconds since 1970, rounded down; `age`, seconds,
/// rounded up; `own`). A request that bpol would call malformed has no input, and is denied.
pub fn inputs(policy: &Policy, request: &str, now: Timestamp) -> Result<Vec<Value>, Malformed> {
    let read = policy.read_request(request)?;
    let ir = policy.ir();
    let Ok(Value::Object(told)) = serde_json::from_str::<Value>(request) else {
        return Err(Malformed { reason: "the request is no JSON object".to_owned() });
    };
    let operation = operation(ir, &told).ok_or_else(|| Malformed { reason: "no such operation".to_owned() })?;
    let now = read.time().unwrap_or(now);
    let mut outer = Map::new();
    outer.insert("key".to_owned(), json!(read.key()));
    outer.insert("operation".to_owned(), json!(super::name(operation)));
    outer.insert("now".to_owned(), json!(floor(now)));
    if let Some(zone) = ir.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()) {
        outer.insert("local".to_owned(), local(now, &zone));
    }
    if let Some(ip) = told.get("ip").and_then(Value::as_str).and_then(|ip| ip.parse::<std::net::IpAddr>().ok()) {
        outer.insert("ip".to_owned(), json!(ip.to_canonical().to_string()));
    }
    if operation.action == "read" {
        outer.insert("answer".to_owned(), json!(told.get("answer").is_some_and(|answer| answer == true)));
    }
    let Some(Value::Array(parts)) = told.get("parts") else {
        return Ok(vec![Value::Object(with(outer, operation, now, &|name| told.get(name)))]);
    };
    let inputs = parts.iter().map(|part| {
        let fact = |name: &str| {
            let outside = !operation.parts.iter().any(|one| super::cedar::attribute_of(*one) == name);
            part.get(name).or_else(|| told.get(name).filter(|_| outside))
        };
        Value::Object(with(outer.clone(), operation, now, &fact))
    });
    Ok(inputs.collect())
}

fn operation<'p>(ir: &'p Ir, told: &Map<String, Value>) -> Option<&'p Operation> {
    let (action, resource) = (told.get("action")?.as_str()?, told.get("resource")?.as_str()?);
    let view = ir.views.iter().find(|view| view.action == action && view.resource == resource);
    match view {
        Some(view) => ir.operations.get(usize::try_from(view.operation).ok()?),
        None => ir.operations.iter().find(|one| one.action == action && one.resource == resource),
    }
}

/// Adds the facts that the operation is about and that a call can tell.
fn with<'v>(
    mut input: Map<String, Value>,
    operation: &Operation,
    now: Timestamp,
    fact: &dyn Fn(&str) -> Option<&'v Value>,
) -> Map<String, Value> {
    for dimension in operation.dimensions.iter().filter(|one| !operation.untold.contains(one)) {
        let name = super::cedar::attribute_of(*dimension);
        // A fact of no parts is no fact.
        let Some(told) = fact(name).filter(|told| told.as_object().is_none_or(|parts| !parts.is_empty())) else {
            continue;
        };
        let value = match dimension {
            Dimension::Account => account(told),
            Dimension::Amount => match money(told) {
                Some(money) => money,
                None => continue,
            },
            Dimension::Record => record(told, now),
            _ => told.clone(),
        };
        input.insert(name.to_owned(), value);
    }
    input
}

fn account(told: &Value) -> Value {
    let mut account = told.clone();
    if let Some(id) = account.get_mut("id") {
        *id = Value::String(id.to_string());
    }
    if let Some(name) = account.get_mut("name") {
        *name = name.as_str().map(|name| name.nfc().collect::<String>()).into();
    }
    account
}

fn money(told: &Value) -> Option<Value> {
    let (value, currency) = (told.get("value")?.as_str()?, told.get("currency")?.as_str()?);
    let decimals = usize::try_from(amount::decimals(currency)?).ok()?;
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let minor: i64 = format!("{whole}{part:0<decimals$}").parse().ok()?;
    Some(json!({ "currency": currency, "minor": minor }))
}

fn record(told: &Value, now: Timestamp) -> Value {
    let mut record = told.clone();
    let created = told.get("created").and_then(Value::as_str).and_then(|created| created.parse::<Timestamp>().ok());
    if let (Some(created), Some(map)) = (created, record.as_object_mut()) {
        map.insert("created".to_owned(), json!(floor(created)));
        map.insert("age".to_owned(), json!(age(created, now)));
    }
    record
}

/// Whole seconds since 1970, rounded down.
fn floor(moment: Timestamp) -> i64 {
    let second = moment.as_second();
    if moment.subsec_nanosecond() < 0 { second.saturating_sub(1) } else { second }
}

/// Whole seconds from one moment to another, rounded up.
fn age(created: Timestamp, now: Timestamp) -> i64 {
    let age = now.duration_since(created);
    if age.subsec_nanos() > 0 { age.as_secs().saturating_add(1) } else { age.as_secs() }
}

fn local(now: Timestamp, zone: &TimeZone) -> Value {
    let local = zone.to_datetime(now);
    let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
    let minute = i64::from(local.hour()).saturating_mul(60).saturating_add(i64::from(local.minute()));
    json!({ "day": super::clause::DAYS.get(day), "minute": minute })
}
