//! "Every Ir and decision fits its schema", and every request that is read and every entry too.

use bpol_engine::schema;
use jsonschema::Validator;
use serde_json::Value;

use super::{Verdict, holds, subject};
use crate::naive::print::print;
use crate::random::Case;

struct Schemas {
    policy: Validator,
    request: Validator,
    decision: Validator,
    entry: Validator,
}

impl Schemas {
    fn new() -> Self {
        let of = |schema: Value| jsonschema::validator_for(&schema).expect("what is published is a schema");
        Self {
            policy: of(schema::policy()),
            request: of(schema::request()),
            decision: of(schema::decision()),
            entry: of(schema::entry()),
        }
    }
}

fn misfit(what: &str, schema: &Validator, value: &Value) -> Option<Verdict> {
    let why: Vec<String> =
        schema.iter_errors(value).take(3).map(|error| format!("{}: {error}", error.instance_path())).collect();
    let sign = format!("{what} outside its schema");
    (!why.is_empty()).then(|| Verdict::Broken { why: format!("{sign}: {}\n{value}", why.join("\n")), sign })
}

fn law(schemas: &Schemas, case: &Case) -> Option<Verdict> {
    let text = print(&case.policy);
    let (ir, compiled) = match (subject::ir(&text), subject::compile(&text)) {
        (Ok(ir), Ok(compiled)) => (ir, compiled),
        (Err(why), _) | (_, Err(why)) => return Some(Verdict::Refused(why)),
    };
    let situation = &case.situation;
    let decision = subject::decide(&compiled, &situation.request, &situation.past, situation.now);
    misfit("a policy", &schemas.policy, &ir)
        .or_else(|| misfit("a decision", &schemas.decision, &decision))
        .or_else(|| {
            let parsed = serde_json::from_str(&situation.request).ok();
            // A schema says less than the page: what is malformed may well fit it.
            let request = parsed.filter(|_| decision["reason"] != "malformed")?;
            misfit("a request", &schemas.request, &request)
        })
        .or_else(|| {
            situation
                .past
                .iter()
                .find_map(|entry| misfit("an entry", &schemas.entry, &serde_json::from_str(entry).ok()?))
        })
}

#[test]
fn what_is_written_and_read_fits_its_schema() {
    let schemas = Schemas::new();
    holds(11, 2, &|case: &Case| law(&schemas, case).unwrap_or(Verdict::Holds));
}

#[test]
fn what_is_not_the_contract_is_outside_the_schema() {
    let schemas = Schemas::new();
    let request = |text: &str| schemas.request.is_valid(&serde_json::from_str(text).expect("JSON"));
    assert!(request(
        r#"{"key":"k","action":"create","resource":"payment","amount":{"value":"1.50","currency":"EUR"}}"#
    ));
    assert!(!request(r#"{"key":"k","action":"create","resource":"payment","amount":{"value":1.5,"currency":"EUR"}}"#));
    assert!(!request(r#"{"key":"k","action":"create","resource":"payment","purpose":"rent"}"#));
    assert!(!request(r#"{"key":"k","action":"create"}"#));
}
