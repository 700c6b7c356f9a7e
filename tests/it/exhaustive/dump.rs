//! A sample of random policies with what is said of claims about them and of changes, for `peers/z3`.
//!
//! `BPOL_DUMP=sample.ndjson cargo test --test it exhaustive::dump -- --ignored`; the same for the same `BPOL_SEED` and
//! `BPOL_CASES`.

use std::io::Write as _;

use bpol_engine::ir::{Ir, Rule};
use bpolc::analyze::diff::diff;
use serde_json::{Value, json};

use super::claim::{flat, showing, speaks_of};
use super::{compiled, seeds};
use crate::naive::model::{Clause, Effect, Item, Policy, Statement};
use crate::naive::print::print;
use crate::naive::rule::keys;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::small::{Claim, Verb, changed, claim, small};

const PROBE: &str = "probe";

/// The compiled policy without what no decision looks at.
fn lean(ir: &Ir) -> Value {
    let mut ir = serde_json::to_value(ir).expect("it is data");
    let members = ir.as_object_mut().expect("an object");
    for name in ["routes", "dropped", "requires", "views"] {
        members.remove(name);
    }
    ir
}

/// The claim's clauses as the compiler writes those of a rule that says the same; nothing where no rule can.
fn rules(policy: &Policy, claim: &Claim) -> Option<Vec<Rule>> {
    let mut body = claim.body.clone();
    body.clauses.retain(|clause| !matches!(clause, Clause::Showing(_)));
    [Effect::Deny, Effect::Allow].into_iter().find_map(|effect| {
        let mut policy = policy.clone();
        body.effect = effect;
        let statements = vec![Statement::Rule(body.clone())];
        policy.items.push(Item::Key { name: PROBE.to_owned(), statements });
        let (_, ir) = compiled(&print(&policy))?;
        ir.keys.into_iter().find(|key| key.name == PROBE).map(|key| key.rules)
    })
}

/// A claim as data: the keys, and for each operation of its region the clauses and the fields.
fn data(policy: &Policy, claim: &Claim, ir: &Ir) -> Option<Value> {
    let vocabulary = Vocabulary::bunq();
    let rule = flat(claim, "a");
    let mut areas = Vec::new();
    for piece in rules(policy, claim)? {
        for place in &piece.operations {
            let about = &ir.operations[*place as usize];
            let operation = vocabulary.find(&about.action, &about.resource)?;
            if !speaks_of(claim, &rule, operation) || claim.verb == Verb::MustAsk && about.action == "read" {
                continue;
            }
            for showing in showing(&rule, operation) {
                areas.push(json!({
                    "operation": place, "when": piece.when, "unless": piece.unless, "showing": showing
                }));
            }
        }
    }
    let keys: Vec<String> = keys(policy).filter(|key| claim.key.as_ref().is_none_or(|named| named == key)).collect();
    Some(json!({"keys": keys, "verb": format!("{:?}", claim.verb), "areas": areas}))
}

#[test]
#[ignore = "writes a sample for another voice"]
fn a_sample_is_written() {
    let path = std::env::var("BPOL_DUMP").expect("BPOL_DUMP says where");
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut write = |line: Value| writeln!(file, "{line}").expect("it can be written");
    for (seed, start) in seeds(44, 1_000) {
        let mut rng = Rng::new(start);
        let (policy, universe) = small(&mut rng, Vocabulary::bunq());
        let Some((_, ir)) = compiled(&print(&policy)) else { continue };
        for _ in 0..3 {
            let claim = claim(&mut rng, &policy, &universe);
            let text = format!("{}{}", print(&policy), claim.text());
            let Some((checked, _)) = compiled(&text) else { continue };
            let said = bpolc::prove(&checked, &ir);
            let said = said.first().map_or("proved", |found| found.name);
            let line = match data(&policy, &claim, &ir) {
                Some(claim) => json!({
                    "seed": seed, "kind": "claim", "text": text, "policy": lean(&ir), "claim": claim, "said": said
                }),
                None => json!({"seed": seed, "kind": "skipped", "why": "the claim says what no single rule can"}),
            };
            write(line);
        }
        for _ in 0..2 {
            let (other, what) = changed(&mut rng, &policy, &universe);
            let Some((_, new)) = compiled(&print(&other)) else { continue };
            let found = diff(&ir, &new);
            let said: Vec<Value> = found
                .keys
                .iter()
                .map(|key| json!([key.name, key.verdict.as_ref().map_or("undecided", |verdict| verdict.word())]))
                .collect();
            write(json!({
                "seed": seed, "kind": "diff", "what": what, "text": [print(&policy), print(&other)],
                "old": lean(&ir), "new": lean(&new), "said": said
            }));
        }
    }
}
