//! Vectors drawn at random once and kept.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::root;
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::{Case, Situation, cases};

/// How many policies are kept, of how many that are drawn.
const POLICIES: usize = 36;
const DRAWN: u64 = 240;
const REQUESTS: usize = 120;
/// How many requests of one outcome by the same rules are kept for one policy.
const ALIKE: usize = 3;
const MOST: usize = 48;

/// Draws all groups anew, where that is asked for.
pub(super) fn all() {
    if std::env::var_os("BPOL_DRAW").is_none() {
        return;
    }
    let mut drawn: Vec<(String, Vec<Value>)> = (0..DRAWN).map(group).collect();
    // Those that teach most for their bytes come first.
    drawn.sort_by_key(|(text, vectors)| std::cmp::Reverse(vectors.len() * 2000 / (text.len() + 1000)));
    for (number, (text, vectors)) in drawn.into_iter().take(POLICIES).enumerate() {
        let path = root().join("decide").join(format!("random-{:02}", number + 1));
        let lines: String = vectors.iter().map(|vector| format!("{vector}\n")).collect();
        std::fs::write(path.with_extension("bpol"), text).expect("it is written");
        std::fs::write(path.with_extension("ndjson"), lines).expect("it is written");
    }
}

/// A policy, and requests that meet different outcomes of it.
fn group(seed: u64) -> (String, Vec<Value>) {
    let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(23));
    let (mut kept, mut alike) = (Vec::new(), BTreeMap::<String, usize>::new());
    let mut text = String::new();
    for Case { policy, situation, .. } in cases(&mut rng, REQUESTS) {
        if text.is_empty() {
            text = print(&policy);
        }
        let Situation { request, past, now } = &situation;
        let decided = crate::naive::decide(&policy, Vocabulary::bunq(), request, past, *now);
        let most = if decided["by"] == json!([]) { ALIKE * 2 } else { ALIKE };
        let asked = request;
        // Long pasts cost bytes and seldom teach more than short ones.
        let Some(request) = serde_json::from_str::<Value>(request).ok().filter(|_| past.len() <= 4) else { continue };
        let again = alike.entry(format!("{decided} {} {}", request["resource"], past.is_empty())).or_default();
        *again += 1;
        if *again > most || kept.len() == MOST {
            continue;
        }
        let mut vector = Map::new();
        if !past.is_empty() {
            let entries = past.iter().map(|entry| serde_json::from_str::<Value>(entry).expect("JSON"));
            vector.insert("past".to_owned(), entries.collect());
        }
        // A member that stands twice is lost in a JSON value.
        let again = crate::naive::decide(&policy, Vocabulary::bunq(), &request.to_string(), past, *now);
        if again == decided {
            vector.insert("request".to_owned(), request);
        } else {
            vector.insert("text".to_owned(), json!(asked));
        }
        vector.insert("now".to_owned(), json!(now.to_string()));
        vector.insert("expect".to_owned(), decided);
        kept.push(Value::Object(vector));
    }
    (text, kept)
}
