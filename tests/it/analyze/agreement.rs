//! What is read off the diagrams is what the engine decides.

use std::cell::RefCell;

use bpol_engine::{History, Policy, Reason};
use bpolc::analyze::past::{Entry, Past, operation};
use bpolc::analyze::{Facts, Regions};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{compile, outcome, report};
use crate::laws::{Verdict, holds};
use crate::naive::model;
use crate::random::{Case, Situation};

/// What both sides say of a request, or nothing where the regions leave it out.
fn decided(ir: &bpol_engine::ir::Ir, policy: &Policy, situation: &Situation) -> Option<(Value, Value)> {
    let Situation { request, past, now } = situation;
    let mut history = History::new();
    let mut entries = Vec::new();
    for line in past {
        history.extend(policy.read_entry(line).expect("entries of the generator are right"));
        let entry: Value = serde_json::from_str(line).expect("an entry is JSON");
        entries.extend(Entry::read(ir, &entry).expect("the entry's operation is there"));
    }
    let engine = policy.answer(request, &history, *now);
    if matches!(engine.reason, Reason::Malformed | Reason::UnknownKey) {
        return None;
    }
    let request: Value = serde_json::from_str(request).expect("what is not malformed is JSON");
    if request.get("parts").is_some() {
        return None;
    }
    let name: String = unicode_normalization::UnicodeNormalization::nfc(request["key"].as_str()?).collect();
    let key = ir.keys.iter().position(|key| key.name == name)?;
    let operation = operation(ir, request["action"].as_str()?, request["resource"].as_str()?)?;
    let now: Timestamp = request["time"].as_str().map_or(*now, |time| time.parse().expect("an instant"));
    let facts = Facts::read(&request);
    let past = Past::of(ir, entries);
    let regions = Regions::of(ir, key).expect("random policies are small");
    let totals = |_: usize, counter: u32| past.total(counter, &name, &facts, now);
    let said = regions.at(operation, &facts, request["answer"] == json!(true), now, &totals);
    let said = said.map_or(json!({"decision": "contradiction"}), |said| outcome(ir, operation, &said));
    Some((report(&engine), said))
}

type Learned = Result<(bpol_engine::ir::Ir, Policy), String>;

#[test]
fn what_regions_say_is_what_the_engine_decides() {
    let known: RefCell<Option<(model::Policy, Learned)>> = RefCell::new(None);
    let compared = RefCell::new(0_u32);
    let law = |case: &Case| {
        let mut known = known.borrow_mut();
        if known.as_ref().is_none_or(|(policy, _)| *policy != case.policy) {
            let learned = compile(&case.policy).and_then(|ir| {
                let policy = Policy::from_ir(ir.clone()).map_err(|error| error.to_string())?;
                Ok((ir, policy))
            });
            *known = Some((case.policy.clone(), learned));
        }
        let (ir, policy) = match known.as_ref().map(|(_, learned)| learned) {
            Some(Ok(learned)) => (&learned.0, &learned.1),
            Some(Err(why)) => return Verdict::Refused(why.clone()),
            None => return Verdict::Holds,
        };
        match decided(ir, policy, &case.situation) {
            None => Verdict::Holds,
            Some((engine, regions)) => {
                *compared.borrow_mut() += 1;
                if engine == regions {
                    Verdict::Holds
                } else {
                    Verdict::Broken {
                        sign: format!("{} and {}", engine["decision"], regions["decision"]),
                        why: format!("engine   {engine}\nregions  {regions}"),
                    }
                }
            }
        }
    };
    holds(9, 8, &law);
    // Requests with parts and malformed ones are left out; most are not.
    assert!(compared.into_inner() > 0, "no case was compared");
}
