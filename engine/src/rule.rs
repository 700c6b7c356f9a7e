//! The value of a rule: the `and` of its clauses and of the negations of its exceptions.

use crate::clause::{Scene, Test};
use crate::ir::Effect;
use crate::policy::Rule;
use crate::value::Value;

/// How clauses about facts that stand in the answer are taken (6.5). Without such facts both are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// As helps the caller.
    Best,
    /// As harms the caller.
    Worst,
}

/// The value of a rule that lists the operation of the scene.
pub(crate) fn value(rule: &Rule, scene: &Scene<'_>, pass: Pass) -> Value {
    rule_value(rule, scene, pass, |_| true)
}

/// The value with caps, counts and limits left out: whether they are used up must not show what the rule hides. An
/// exception that holds such a clause is left out as a whole, so that the rule hides all the same.
pub(crate) fn value_without_caps(rule: &Rule, scene: &Scene<'_>, pass: Pass) -> Value {
    rule_value(rule, scene, pass, |test| !test.is_cap())
}

fn rule_value(rule: &Rule, scene: &Scene<'_>, pass: Pass, counts: impl Fn(&Test) -> bool) -> Value {
    let gives = rule.effect == Effect::Allow;
    let mut value = Value::True;
    for test in scene.policy.tests(rule.when).iter().filter(|test| counts(test)) {
        value = value.and(settled(test, scene, gives == (pass == Pass::Best)));
        if value == Value::False {
            return value;
        }
    }
    for block in scene.policy.blocks(rule.unless) {
        let tests = scene.policy.tests(*block);
        if !tests.iter().all(&counts) {
            continue;
        }
        let mut exception = Value::True;
        for test in tests {
            exception = exception.and(settled(test, scene, gives != (pass == Pass::Best)));
            if exception == Value::False {
                break;
            }
        }
        value = value.and(!exception);
        if value == Value::False {
            return value;
        }
    }
    value
}

/// The value of a clause; where it is unknown because its fact is still in the answer, what the pass takes it for.
pub(crate) fn settled(test: &Test, scene: &Scene<'_>, taken: bool) -> Value {
    let value = test.value(scene);
    let open = value == Value::Unknown
        && !scene.open.is_empty()
        && test.about(scene.policy).is_some_and(|dimension| scene.open.has(dimension));
    if open { Value::from(taken) } else { value }
}
