//! "Adding a `deny` or an `only` never widens."

use super::{Memory, Naive, Verdict, Voice, beside, holds, line, no_wider};
use crate::naive::model::{Item, Policy, Statement};
use crate::naive::print::statement;
use crate::naive::vocabulary::Vocabulary;
use crate::random::Case;
use crate::random::rng::Rng;
use crate::random::take::{deny, only};

pub(super) fn law<V: Voice>() -> impl Fn(&Case) -> Verdict {
    let (before, after) = (Memory::<V>::new(), Memory::<V>::new());
    move |case: &Case| {
        let strict = stricter(case);
        let decided = before
            .decide(&case.policy, &case.situation)
            .and_then(|wide| after.decide(&strict.0, &case.situation).map(|narrow| (wide, narrow)));
        match decided {
            Err(why) => Verdict::Refused(why),
            Ok((wide, narrow)) if no_wider(&narrow, &wide) => Verdict::Holds,
            Ok((wide, narrow)) => Verdict::broken(
                &wide,
                &narrow,
                format!(
                    "{}{}with `{}` first in each key:\n{}",
                    line("before", &wide),
                    line("after", &narrow),
                    statement(&strict.1),
                    beside(&strict.0)
                ),
            ),
        }
    }
}

/// The policy with one more `deny` or `only` in each key, the same for all cases of a universe.
fn stricter(case: &Case) -> (Policy, Statement) {
    let seed = format!("{:?}", case.universe).bytes().fold(0_u64, |seed, byte| seed.wrapping_mul(31) + u64::from(byte));
    let mut rng = Rng::new(seed.wrapping_add(case.situation.now.as_second().unsigned_abs()));
    let vocabulary = Vocabulary::bunq();
    let more = if rng.percent(50) {
        deny(&mut rng, &case.universe, vocabulary)
    } else {
        only(&mut rng, &case.universe, vocabulary)
    };
    let mut policy = case.policy.clone();
    // A policy without a time zone has nothing that one could change.
    if !policy.items.iter().any(|item| matches!(item, Item::Timezone(_))) {
        policy.items.push(Item::Timezone(case.universe.zone.to_owned()));
    }
    for item in &mut policy.items {
        if let Item::Key { statements, .. } = item {
            statements.insert(0, more.clone());
        }
    }
    (policy, more)
}

#[test]
fn a_deny_or_an_only_more_never_widens() {
    holds(1, 4, &law::<Naive>());
}
