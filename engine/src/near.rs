//! The rules that came closest to allowing a request, and what each lacks.

use crate::clause::{Scene, Test};
use crate::decide::{Reason, part_scene, pass};
use crate::distance;
use crate::facts::Facts;
use crate::ir::{Clause, Effect};
use crate::policy::Rule;
use crate::report::{FailedClause, Near, Truth};
use crate::rule::{Pass, settled};
use crate::value::Value;
use crate::words;

/// At most so many rules are told.
const MOST: usize = 3;

/// The key's `allow` rules for the operation, those first of which the fewest clauses fail; for a request in parts those
/// of the first part that nothing allows.
pub(crate) fn near(scene: &Scene<'_>, parts: Option<&[Facts<'_>]>) -> Vec<Near> {
    let Some(parts) = parts else { return closest(scene) };
    let scenes = (0..parts.len()).filter_map(|number| part_scene(scene, parts, number));
    let mut denied = scenes.filter(|scene| pass(scene, Pass::Best, false).reason == Reason::Default);
    denied.next().map(|scene| closest(&scene)).unwrap_or_default()
}

fn closest(scene: &Scene<'_>) -> Vec<Near> {
    let index = &scene.policy.index;
    let own = usize::try_from(scene.key).ok().and_then(|key| index.key_rules.get(key)).copied().unwrap_or_default();
    let mut list: Vec<Near> = Vec::new();
    for number in own.from..own.until {
        let Some((rule, ir)) = scene.policy.rule(number).zip(scene.policy.ir_rule(number)) else { continue };
        if rule.effect == Effect::Allow && scene.policy.listed(rule.operations, scene.operation) {
            list.push(Near { rule: ir.id.clone(), failed: failed(scene, rule, ir) });
        }
    }
    // The sort is stable: of rules that lack equally much the first in the document comes first.
    list.sort_by_key(|near| near.failed.len());
    let mut told: Vec<Near> = Vec::new();
    for near in list {
        if told.len() < MOST && told.iter().all(|before| before.rule != near.rule) {
            told.push(near);
        }
    }
    told
}

fn failed(scene: &Scene<'_>, rule: &Rule, ir: &crate::ir::Rule) -> Vec<FailedClause> {
    let mut list = Vec::new();
    for (test, clause) in scene.policy.tests(rule.when).iter().zip(&ir.when) {
        if let Some(value) = truth(settled(test, scene, true)) {
            let (clause, distance) = (words::clause(scene.policy.ir(), clause), distance::of(scene, test, clause));
            list.push(FailedClause { clause, value, distance });
        }
    }
    for (block, clauses) in scene.policy.blocks(rule.unless).iter().zip(&ir.unless) {
        let tests = scene.policy.tests(*block);
        let exception = tests.iter().fold(Value::True, |value, test| value.and(settled(test, scene, false)));
        if let Some(value) = truth(!exception) {
            list.push(FailedClause {
                clause: format!(
                    "unless {}",
                    joined(clauses, |clause| words::clause(scene.policy.ir(), clause), " and ")
                ),
                value,
                distance: reason_of(scene, tests, clauses, value),
            });
        }
    }
    list
}

/// Why an exception is not false.
fn reason_of(scene: &Scene<'_>, tests: &[Test], clauses: &[Clause], value: Truth) -> String {
    if value == Truth::False {
        return "the exception holds".to_owned();
    }
    let unknown: Vec<String> = tests
        .iter()
        .zip(clauses)
        .filter(|(test, _)| settled(test, scene, false) == Value::Unknown)
        .map(|(test, clause)| distance::of(scene, test, clause))
        .collect();
    format!("the exception may hold: {}", unknown.join("; "))
}

fn joined<T>(items: &[T], one: impl Fn(&T) -> String, between: &str) -> String {
    items.iter().map(one).collect::<Vec<_>>().join(between)
}

fn truth(value: Value) -> Option<Truth> {
    match value {
        Value::True => None,
        Value::Unknown => Some(Truth::Unknown),
        Value::False => Some(Truth::False),
    }
}
