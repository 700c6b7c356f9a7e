//! The schema and the entities that belong to the policies.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bpol_engine::ir::{Dimension, Ir, Operation};
use serde_json::json;

use super::{attribute_of, comment, has_fields, operations, quoted};
use crate::export::{self, HEAD};

/// The schema: what may be asked of each operation, and of each field of its answers.
pub(super) fn schema(ir: &Ir, reached: &BTreeSet<u32>) -> String {
    let mut out = comment(HEAD);
    out.push_str(SHAPES);
    let places: Vec<u32> = reached.iter().copied().collect();
    let mut shapes: Vec<(String, Vec<String>)> = Vec::new();
    let mut fields = String::new();
    for operation in operations(ir, &places) {
        let (name, context) = (export::name(operation), context(ir, operation));
        let number = shapes.iter().position(|(known, _)| *known == context).unwrap_or_else(|| {
            shapes.push((context, Vec::new()));
            shapes.len().saturating_sub(1)
        });
        let applies = format!("appliesTo {{ principal: Key, resource: Bank, context: Facts{} }}", number + 1);
        if let Some((_, names)) = shapes.get_mut(number) {
            names.push(quoted(&name));
        }
        let (all, default) = (quoted(&format!("{name} (fields)")), quoted(&format!("{name} (default fields)")));
        let mut declare = |list: &[String], group: &str| {
            let names: Vec<String> = list.iter().map(|field| quoted(&format!("{name}: {field}"))).collect();
            if !names.is_empty() {
                let _ = writeln!(fields, "action {}\n  in [{group}]\n  {applies};", names.join(",\n  "));
            }
        };
        declare(&operation.fields, &default);
        declare(&operation.extra_fields, &all);
        if has_fields(operation, "fields") {
            let _ = writeln!(fields, "action {all};");
        }
        if has_fields(operation, "default fields") {
            let _ = writeln!(fields, "action {default} in [{all}];");
        }
    }
    for (number, (context, names)) in shapes.iter().enumerate() {
        let facts = format!("Facts{}", number + 1);
        let _ = writeln!(
            out,
            "\ntype {facts} = {context};\naction {}\n  appliesTo {{ principal: Key, resource: Bank, context: {facts} }};",
            names.join(",\n  ")
        );
    }
    if !fields.is_empty() {
        out.push_str("\n// Fields of answers: ask for each field of a call or of a record that is permitted.\n");
        out.push_str(&fields);
    }
    out
}

const SHAPES: &str = "
// `Keys::\"declared\"` holds the keys of the policy, `Payees` the IBANs of a group of payees.
entity Keys;
entity Key in [Keys];
entity Payees;
entity Iban in [Payees];
entity Bank;

// What is not known is left out: it counts against the caller.
type AccountFacts = { iban?: String, id?: String, name?: String, kind?: String };
type PayeeFacts = { iban?: Iban, own?: Bool, favorite?: Bool };
// In the smallest unit of the currency.
type AmountFacts = { currency: String, minor: Long };
// `age`: seconds from `created` until now, rounded up.
type RecordFacts = { created?: datetime, age?: Long, own?: Bool };
";

fn context(ir: &Ir, operation: &Operation) -> String {
    let mut out = "{ now: datetime, ip?: ipaddr".to_owned();
    if ir.timezone.is_some() {
        // The weekday and the minute of the day on the clock of the policy's time zone.
        out.push_str(", local: { day: String, minute: Long }");
    }
    if operation.action == "read" {
        out.push_str(", answer: Bool");
    }
    for dimension in operation.dimensions.iter().filter(|one| !operation.untold.contains(one)) {
        let kind = match dimension {
            Dimension::Account => "AccountFacts",
            Dimension::Payee => "PayeeFacts",
            Dimension::Amount => "AmountFacts",
            Dimension::Record => "RecordFacts",
            Dimension::Method | Dimension::Repeat | Dimension::Url => "String",
            Dimension::Fields => continue,
        };
        let _ = write!(out, ", {}?: {kind}", attribute_of(*dimension));
    }
    out.push_str(" }");
    out
}

/// The keys that are declared, and the payees with their IBANs.
pub(super) fn entities(ir: &Ir) -> serde_json::Value {
    let entity = |kind: &str, id: &str, parents: Vec<(&str, &str)>| {
        let uid = |(kind, id): (&str, &str)| json!({ "type": kind, "id": id });
        let parents: Vec<serde_json::Value> = parents.into_iter().map(uid).collect();
        json!({ "uid": uid((kind, id)), "attrs": {}, "parents": parents })
    };
    let mut out = vec![entity("Keys", "declared", Vec::new()), entity("Bank", &ir.bank.name, Vec::new())];
    out.extend(ir.keys.iter().map(|key| entity("Key", &key.name, vec![("Keys", "declared")])));
    out.extend(ir.payees.iter().map(|payee| entity("Payees", &payee.name, Vec::new())));
    let ibans: BTreeSet<&str> = ir.payees.iter().flat_map(|payee| payee.ibans.iter().map(String::as_str)).collect();
    out.extend(ibans.into_iter().map(|iban| {
        let groups = ir.payees.iter().filter(|payee| payee.ibans.iter().any(|known| known == iban));
        entity("Iban", iban, groups.map(|payee| ("Payees", payee.name.as_str())).collect())
    }));
    serde_json::Value::Array(out)
}
