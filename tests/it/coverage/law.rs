//! Laws for random policies.

use std::cell::Cell;

use bpol_engine::{History, Policy, Reason};
use bpolc::analyze::coverage::{Key, Tried, coverage};
use bpolc::suggest::suggest;
use serde_json::{Value, json};

use super::{checked, covered};
use crate::laws::order::reversed;
use crate::laws::{Verdict, holds_for};
use crate::naive::print::print;
use crate::random::{Case, Situation};

fn broken(sign: &str, why: String) -> Verdict {
    Verdict::Broken { sign: sign.to_owned(), why }
}

#[test]
fn what_is_suggested_passes_and_tries_everything() {
    let counted = Cell::new((0, 0, 0, 0));
    holds_for(40, 41, 1, &|case: &Case| {
        let text = print(&case.policy);
        let before = match covered(&text) {
            Ok(keys) => keys,
            Err(why) => return Verdict::Refused(why),
        };
        let tests = suggest(&before, &[]);
        match bpolc::fmt::format(&tests) {
            Ok(formatted) if formatted == tests => {}
            other => return broken("form", format!("{tests}\n{other:?}")),
        }
        let after = match covered(&format!("{text}\n{tests}")) {
            Ok(keys) => keys,
            Err(why) => return broken("fails", format!("{tests}\n{why}")),
        };
        let (keys, undecided, cases, unsaid) = counted.get();
        let more = |of: fn(&Key) -> usize| before.iter().map(of).sum::<usize>();
        counted.set((
            keys + before.len(),
            undecided + more(|key| usize::from(key.undecided.is_some())),
            cases + more(|key| key.cases.len()),
            unsaid + more(|key| key.unsaid.len()),
        ));
        for (before, after) in before.iter().zip(&after) {
            let left = after.cases.iter().find(|case| case.hits.is_empty());
            if let Some(left) = left {
                return broken("left", format!("{}\n{tests}", left.sentence));
            }
            if after.cases.len() < before.cases.len() {
                return broken("fewer", format!("{before:#?}\n{after:#?}"));
            }
        }
        // The first line of each case is enough.
        let lines = before.iter().map(|key| {
            let lines = key.cases.iter().filter_map(|case| case.lines.first());
            let lines: String = lines.map(|line| format!("  {}\n", line.text)).collect();
            let name = bpolc::analyze::paste::quoted(&key.name);
            format!("test {name} for key {name} <\n{lines}>\n")
        });
        match covered(&format!("{text}\n{}", lines.collect::<String>())) {
            Err(why) => broken("first lines fail", why),
            Ok(keys) => match keys.iter().flat_map(|key| &key.cases).find(|case| case.hits.is_empty()) {
                Some(left) => broken("first lines leave", left.sentence.clone()),
                None => Verdict::Holds,
            },
        }
    });
    let (keys, undecided, cases, unsaid) = counted.get();
    println!("{keys} keys, {undecided} undecided; {cases} cases, and {unsaid} that no line can say");
    assert!(cases > 0 && undecided * 20 <= keys, "{:?}", counted.get());
}

/// The case that a situation is in, and what the engine decides about it.
fn met(case: &Case) -> Result<Option<(Value, Value)>, String> {
    let (_, ir) = checked(&print(&case.policy))?;
    let engine = Policy::from_ir(ir.clone()).map_err(|error| error.to_string())?;
    let Situation { request, past, now } = &case.situation;
    let mut history = History::new();
    for entry in past {
        history.extend(engine.read_entry(entry).map_err(|malformed| malformed.reason.to_string())?);
    }
    let report = engine.answer(request, &history, *now);
    if matches!(report.reason, Reason::Malformed | Reason::UnknownKey | Reason::Base) || request.contains("\"parts\"") {
        return Ok(None);
    }
    let mut request: Value = serde_json::from_str(request).map_err(|error| error.to_string())?;
    if request.get("time").is_none() {
        request["time"] = json!(now.to_string());
    }
    let past: Vec<Value> = past.iter().filter_map(|entry| serde_json::from_str(entry).ok()).collect();
    let keys = coverage(&ir, &engine, &[Tried { request: &request, past: &past }]);
    let all = || keys.iter().flat_map(|key| key.cases.iter().map(move |case| (key, case)));
    let hit: Vec<_> = all().filter(|(_, case)| !case.hits.is_empty()).collect();
    let key: String = unicode_normalization::UnicodeNormalization::nfc(request["key"].as_str().unwrap_or("")).collect();
    match hit.as_slice() {
        // Corners lie outside of more than one line; and some is asked, or looked for record by record, only because a
        // fact is not told.
        [] if report.decision != bpol_engine::ir::Effect::Allow || report.each => Ok(None),
        [] => Ok(Some((json!(report.decision), json!("no case")))),
        [(of, one)] if of.name == key => Ok(Some((json!(report.decision), json!(one.effect)))),
        several => Ok(Some((json!(report.decision), json!(format!("{} cases", several.len()))))),
    }
}

#[test]
fn a_request_is_in_one_case_that_decides_as_the_engine_does() {
    let counted = Cell::new(0_u32);
    holds_for(60, 42, 3, &|case: &Case| match met(case) {
        Err(why) => Verdict::Refused(why),
        Ok(None) => Verdict::Holds,
        Ok(Some((engine, said))) => {
            counted.set(counted.get() + 1);
            if engine == said { Verdict::Holds } else { broken("other", format!("engine {engine}, case {said}")) }
        }
    });
    println!("requests in a case: {}", counted.get());
    assert!(counted.get() > 0);
}

fn sentences(keys: &[Key]) -> Vec<String> {
    let of = |key: &Key| -> Vec<String> {
        let mut all: Vec<String> = key
            .cases
            .iter()
            .chain(&key.unsaid)
            .map(|case| format!("{}: {} {}", key.name, case.effect.word(), case.sentence))
            .collect();
        all.sort();
        all
    };
    keys.iter().flat_map(of).collect()
}

#[test]
fn the_order_of_lines_changes_no_case() {
    holds_for(40, 43, 1, &|case: &Case| {
        let (one, other) = (covered(&print(&case.policy)), covered(&print(&reversed(&case.policy))));
        match (one, other) {
            (Ok(one), Ok(other)) if sentences(&one) == sentences(&other) => Verdict::Holds,
            (Ok(one), Ok(other)) => {
                let (one, other) = (sentences(&one), sentences(&other));
                let gone: Vec<_> = one.iter().filter(|line| !other.contains(line)).collect();
                let come: Vec<_> = other.iter().filter(|line| !one.contains(line)).collect();
                broken("order", format!("- {gone:#?}\n+ {come:#?}"))
            }
            (Err(why), _) | (_, Err(why)) => Verdict::Refused(why),
        }
    });
}
