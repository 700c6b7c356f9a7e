//! "The strictest matching rule wins, in any order. … Moving lines changes nothing."

use serde_json::Value;

use super::{Memory, Naive, Verdict, Voice, beside, compared, holds, line};
use crate::naive::model::{Item, Policy};
use crate::random::Case;

pub(super) fn law<V: Voice>() -> impl Fn(&Case) -> Verdict {
    let (before, after) = (Memory::<V>::new(), Memory::<V>::new());
    move |case: &Case| {
        let moved = reversed(&case.policy);
        let decided = before
            .decide(&case.policy, &case.situation)
            .and_then(|first| after.decide(&moved, &case.situation).map(|second| (first, second)));
        match decided {
            Err(why) => Verdict::Refused(why),
            Ok((first, second)) if without_names(&first) == without_names(&second) => Verdict::Holds,
            Ok((first, second)) => Verdict::broken(
                &first,
                &second,
                format!(
                    "{}{}with everything the other way round:\n{}",
                    line("before", &first),
                    line("after", &second),
                    beside(&moved)
                ),
            ),
        }
    }
}

/// All items, and all statements, clauses and exceptions in them, the other way round.
pub(crate) fn reversed(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.items.reverse();
    for item in &mut policy.items {
        if let Item::Key { statements, .. } | Item::Role { statements, .. } | Item::Every { statements, .. } = item {
            statements.reverse();
            for statement in statements {
                statement.reverse_clauses();
            }
        }
    }
    policy
}

/// What moving lines may not change: all but the ids, of which the number stays.
fn without_names(decision: &Value) -> Value {
    let mut decision = compared(decision);
    decision["by"] = decision["by"].as_array().map_or(0, Vec::len).into();
    decision
}

#[test]
fn moving_lines_changes_nothing() {
    holds(2, 4, &law::<Naive>());
}
