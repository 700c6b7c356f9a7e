//! What is said to add nothing can be taken out, and every request is decided as before.

use std::cell::{Cell, RefCell};

use bpol_engine::ir::{Effect, Ir, Rule};
use bpol_engine::{History, Policy, Report};
use bpolc::diag::Power;
use bpolc::lint::Lint;
use bpolc::source::{FileSpan, line_column};
use bpolc::{Checked, Input};
use camino::Utf8Path;
use serde_json::{Value, json};

use crate::laws::{Verdict, holds};
use crate::naive::model::{self, Item};
use crate::naive::print::print;
use crate::random::{Case, Situation};

const IDLE: [&str; 4] = ["allow-closed", "duplicate-statement", "redundant-rule", "rule-never-decides"];

/// A policy, and the same without statements that are said to add nothing.
struct Learned {
    whole: Policy,
    without: Vec<(String, Policy)>,
    /// With a fix that is said to narrow.
    narrower: Vec<(String, Policy)>,
    others: Vec<(String, Policy)>,
}

fn checked(policy: &model::Policy) -> Checked {
    let input = Input { path: "policy.bpol".into(), text: print(policy) };
    bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")))
}

/// The compiled policy without the rules of a statement; of a `use`, without what its role allows.
fn without(checked: &Checked, ir: &Ir, places: &[FileSpan]) -> Ir {
    let mut ir = ir.clone();
    for place in places {
        let at = line_column(&checked.sources.get(place.file).text, place.span.start);
        let uses: Vec<String> = checked
            .policy
            .keys
            .iter()
            .flat_map(|key| key.statements.iter().enumerate().map(move |(number, it)| (&key.name, number, it)))
            .filter(|(_, _, it)| it.as_ref().is_some_and(|it| it.place == *place))
            .map(|(key, number, _)| format!("{key}#{}/", number + 1))
            .collect();
        let goes = |rule: &Rule| {
            (rule.place.line, rule.place.column) == at
                || rule.effect == Effect::Allow && uses.iter().any(|prefix| rule.id.starts_with(prefix.as_str()))
        };
        ir.keys.iter_mut().for_each(|key| key.rules.retain(|rule| !goes(rule)));
        ir.guardrails.iter_mut().for_each(|guardrail| guardrail.rules.retain(|rule| !goes(rule)));
    }
    ir
}

fn learn(policy: &model::Policy, wanted: bpolc::lint::Wanted<'_>) -> Result<Learned, String> {
    let checked = checked(policy);
    let ir = bpolc::compile(&checked).ok_or_else(|| {
        checked.diagnostics.iter().map(|found| format!("{}: {}", found.name, found.message)).collect::<String>()
    })?;
    let found = bpolc::lint::lint(&checked, &ir, Some(super::now()), wanted);
    let idle: Vec<(FileSpan, &str)> =
        found.iter().filter(|found| IDLE.contains(&found.name)).map(|found| (found.place, found.name)).collect();
    let text = |place: FileSpan| checked.sources.text(place).to_owned();
    let built = |ir: Ir| Policy::from_ir(ir).map_err(|error| error.to_string());
    let mut all = Vec::new();
    for (place, name) in &idle {
        all.push((format!("{name}: {}", text(*place)), built(without(&checked, &ir, &[*place]))?));
    }
    if idle.len() > 1 {
        let places: Vec<FileSpan> = idle.iter().map(|(place, _)| *place).collect();
        all.push(("all together".to_owned(), built(without(&checked, &ir, &places))?));
    }
    let mut narrower = Vec::new();
    for found in &found {
        let power = match found.fixes.first() {
            Some(fix) if fix.power != Power::Widens => fix.power,
            _ => continue,
        };
        let text = super::fixed(&checked, found).ok_or("a fix without an edit")?;
        let again = bpolc::check(vec![Input { path: "policy.bpol".into(), text }], Utf8Path::new("."), &|path| {
            Err(format!("{path} is not there"))
        });
        let fixed = bpolc::compile(&again).ok_or("a fix that does not compile")?;
        let list = if power == Power::Same { &mut all } else { &mut narrower };
        list.push((format!("fixed: {}", checked.sources.text(found.place)), built(fixed)?));
    }
    let mut others = Vec::new();
    for statement in checked.policy.keys.iter().flat_map(|key| key.statements.iter().flatten()) {
        if idle.iter().all(|(place, _)| *place != statement.place) && others.len() < 6 {
            others.push((text(statement.place), built(without(&checked, &ir, &[statement.place]))?));
        }
    }
    Ok(Learned { whole: built(ir)?, without: all, narrower, others })
}

fn decided(policy: &Policy, situation: &Situation) -> Value {
    let mut history = History::new();
    for line in &situation.past {
        history.extend(policy.read_entry(line).expect("entries of the generator are right"));
    }
    let report: Report = policy.answer(&situation.request, &history, situation.now);
    let mut fields = report.fields.clone();
    fields.iter_mut().for_each(|fields| fields.sort_unstable());
    json!({"decision": report.decision, "each": report.each, "fields": fields})
}

fn freedom(decided: &Value) -> usize {
    let decision = decided["decision"].as_str().unwrap_or_default();
    ["deny", "ask", "allow"].iter().position(|word| *word == decision).unwrap_or(0)
}

/// The policy with a statement of each key written once more, at its other end.
fn doubled(policy: &model::Policy, turn: usize) -> model::Policy {
    let mut policy = policy.clone();
    for item in &mut policy.items {
        if let Item::Key { statements, .. } = item
            && let Some(one) = statements.get(turn % statements.len().max(1)).cloned()
        {
            if turn.is_multiple_of(2) { statements.push(one) } else { statements.insert(0, one) }
        }
    }
    policy
}

#[test]
fn without_what_adds_nothing_everything_is_decided_as_before() {
    type Known = Option<(model::Policy, Vec<Result<Learned, String>>)>;
    let known: RefCell<Known> = RefCell::new(None);
    let (said, matters, others) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(0_u32));
    let law = |case: &Case| {
        let mut known = known.borrow_mut();
        if known.as_ref().is_none_or(|(policy, _)| *policy != case.policy) {
            let all = [case.policy.clone(), doubled(&case.policy, 0), doubled(&case.policy, 1)];
            // The doubled ones are about lines that add nothing.
            // What proves a claim for each line would make this run for minutes.
            let quick = |lint: &Lint| !["time-gated-deny", "export-wider-than-since"].contains(&lint.name);
            let wanted = |number: usize| move |lint: &Lint| number == 0 && quick(lint) || IDLE.contains(&lint.name);
            let learned: Vec<_> = all.iter().enumerate().map(|(number, one)| learn(one, &wanted(number))).collect();
            let new = learned.iter().flatten().map(|learned| learned.without.len() as u32).sum::<u32>();
            said.set(said.get() + new);
            *known = Some((case.policy.clone(), learned));
        }
        let Some((_, learned)) = known.as_ref() else { return Verdict::Holds };
        for learned in learned {
            let learned = match learned {
                Ok(learned) => learned,
                Err(why) => return Verdict::Refused(why.clone()),
            };
            let before = decided(&learned.whole, &case.situation);
            for (what, without) in &learned.without {
                let after = decided(without, &case.situation);
                if before != after {
                    return Verdict::Broken {
                        sign: format!("{} and {}", before["decision"], after["decision"]),
                        why: format!("{what}\nbefore   {before}\nwithout  {after}"),
                    };
                }
            }
            for (what, narrower) in &learned.narrower {
                let after = decided(narrower, &case.situation);
                if freedom(&after) > freedom(&before) {
                    return Verdict::Broken {
                        sign: format!("{} and {}", before["decision"], after["decision"]),
                        why: format!("{what}\nbefore    {before}\nnarrowed  {after}"),
                    };
                }
            }
            for (_, without) in &learned.others {
                others.set(others.get() + 1);
                matters.set(matters.get() + u32::from(before != decided(without, &case.situation)));
            }
        }
        Verdict::Holds
    };
    holds(23, 8, &law);
    println!(
        "{} times something was said to add nothing; of other lines {} of {} trials needed them",
        said.get(),
        matters.get(),
        others.get()
    );
    assert!(said.get() > 0, "nothing was ever said to add nothing");
}
