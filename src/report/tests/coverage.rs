//! What tests try of each key: for people on standard error, and as data.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use bpol_engine::ir::Effect;
use bpolc::analyze::coverage::{Case, Key};
use bpolc::source::Sources;
use serde::Serialize;

use super::{Covered, percent};
use crate::report::place::Place;
use crate::report::{Colour, Places, Terminal, harmless, number};

/// Writes a line for each key, what is not tried, and a line for all.
pub(super) fn write(sources: &Sources, keys: &[Key]) {
    let terminal = Terminal::for_stderr(sources);
    let mut text = String::from("\n");
    let widest = keys.iter().map(|key| key.name.chars().count()).max().unwrap_or(0);
    for key in keys {
        let name = harmless(&key.name);
        let (hit, all) = (key.hit(), key.cases.len());
        let share = match &key.undecided {
            Some(_) => terminal.paint(Colour::Red, "   ?"),
            None if hit == all => terminal.paint(Colour::Green, "100%"),
            None => terminal.paint(Colour::Yellow, &format!("{:>3}%", percent(hit, all))),
        };
        let rest = match &key.undecided {
            Some(why) => format!("not decided: {why}"),
            None => format!("{hit} of {}", number(all, "case")),
        };
        let _ = writeln!(text, "{share}  {name:<widest$}  {rest}");
    }
    for key in keys {
        missing(&mut text, &terminal, key);
    }
    let _ = writeln!(text, "\n{}", summary(keys));
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn missing(text: &mut String, terminal: &Terminal<'_>, key: &Key) {
    let mut missing: Vec<&Case> = key.cases.iter().filter(|case| case.hits.is_empty()).collect();
    // What is let through untried comes before what is denied.
    missing.sort_by_key(|case| case.effect == Effect::Deny);
    if missing.is_empty() && key.unsaid.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nkey \"{}\"", harmless(&key.name));
    for case in missing {
        let word = terminal.paint(Colour::Yellow, "not tried");
        let _ = writeln!(text, "  {word}: {}", harmless(&told(case)));
        if let Some(line) = case.lines.first() {
            let _ = writeln!(text, "    {}", harmless(&line.text));
        }
    }
    match key.unsaid.len() {
        0 => {}
        1 => text.push_str("  1 more case does not count: no `expect` can say it\n"),
        many => _ = writeln!(text, "  {many} more cases do not count: no `expect` can say them"),
    }
}

/// A case in words: what is different about it before what it shares with all that is let through.
fn told(case: &Case) -> String {
    let effect = case.effect.word();
    match case.sentence.rsplit_once(", but ").filter(|_| case.effect == Effect::Deny) {
        Some((shared, different)) => format!("{effect} {different}: {shared}"),
        None => format!("{effect} {}", case.sentence),
    }
}

fn summary(keys: &[Key]) -> String {
    let (hit, all) = keys.iter().fold((0, 0), |(hit, all), key| (hit + key.hit(), all + key.cases.len()));
    let undecided = keys.iter().filter(|key| key.undecided.is_some()).count();
    let tried = format!("{hit} of {} tried", number(all, "case"));
    match undecided {
        0 => format!("{tried}, {}%", percent(hit, all)),
        _ => format!("{tried}, and {} whose cases cannot be told", number(undecided, "key")),
    }
}

/// What was tried of a policy.
#[derive(Debug, Serialize)]
pub(super) struct Coverage<'r> {
    keys: Vec<OfKey<'r>>,
    hit: usize,
    cases: usize,
    /// Nothing where some key is not decided.
    percent: Option<usize>,
}

#[derive(Debug, Serialize)]
struct OfKey<'r> {
    key: &'r str,
    hit: usize,
    percent: Option<usize>,
    undecided: Option<&'r str>,
    cases: Vec<OfCase<'r>>,
    unsaid: Vec<OfCase<'r>>,
}

#[derive(Debug, Serialize)]
struct OfCase<'r> {
    decision: &'r str,
    operations: &'r str,
    sentence: &'r str,
    hit_by: Vec<Place<'r>>,
    expect: Vec<&'r str>,
}

impl<'r> Coverage<'r> {
    /// As data, with the places of the expectations that try each case.
    pub(super) fn of(covered: Covered<'r>, places: &mut Places<'r>) -> Self {
        let (mut hit, mut cases, mut known) = (0, 0, true);
        let mut keys = Vec::new();
        for key in covered.keys {
            hit += key.hit();
            cases += key.cases.len();
            known &= key.undecided.is_none();
            let mut of = |cases: &'r [Case]| -> Vec<OfCase<'r>> {
                cases.iter().map(|case| of_case(case, covered, places)).collect()
            };
            keys.push(OfKey {
                key: &key.name,
                hit: key.hit(),
                percent: key.undecided.is_none().then(|| percent(key.hit(), key.cases.len())),
                undecided: key.undecided.as_deref(),
                cases: of(&key.cases),
                unsaid: of(&key.unsaid),
            });
        }
        Self { keys, hit, cases, percent: known.then(|| percent(hit, cases)) }
    }
}

fn of_case<'r>(case: &'r Case, covered: Covered<'r>, places: &mut Places<'r>) -> OfCase<'r> {
    let hits = case.hits.iter().filter_map(|hit| covered.passed.get(*hit));
    OfCase {
        decision: case.effect.word(),
        operations: &case.operations,
        sentence: &case.sentence,
        hit_by: hits.map(|tried| places.of(tried.case.place)).collect(),
        expect: case.lines.iter().map(|line| line.text.as_str()).collect(),
    }
}
