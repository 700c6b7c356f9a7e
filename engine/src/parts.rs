//! Parts of a request, each decided in order; the strictest result is the whole's (6.3).

use crate::clause::Scene;
use crate::decide::{Outcome, Reason, Verdict, part_scene, pass};
use crate::facts::Facts;
use crate::fields;
use crate::ir::Effect;
use crate::rule::Pass;

pub(crate) fn decide<'s>(scene: &Scene<'s>, parts: &'s [Facts<'s>], approved: bool) -> Outcome {
    let mut whole: Option<Verdict> = None;
    let mut shown: Option<Option<u128>> = None;
    for number in 0..parts.len() {
        let Some(scene) = part_scene(scene, parts, number) else { continue };
        let verdict = pass(&scene, Pass::Best, approved);
        if verdict.effect == Effect::Allow {
            let fields = fields::shown(&scene, Pass::Best);
            // What the answer to the whole shows, every part must show.
            shown = Some(match shown {
                None => fields,
                Some(before) => before.zip(fields).map(|(before, fields)| before & fields),
            });
        }
        whole = Some(match whole {
            None => verdict,
            Some(whole) => stricter(whole, verdict),
        });
    }
    // Reading refuses a request whose list of parts is empty.
    let verdict = whole.unwrap_or_else(|| Verdict::deny(Reason::Malformed));
    let fields = if verdict.effect == Effect::Allow { shown.flatten() } else { None };
    Outcome { verdict, each: false, fields }
}

/// The stricter of two verdicts; of two alike, one that a rule gave, by the rules of both.
fn stricter(mut whole: Verdict, part: Verdict) -> Verdict {
    // Effects are ordered allow, ask, deny.
    match whole.effect.cmp(&part.effect) {
        std::cmp::Ordering::Less => part,
        std::cmp::Ordering::Greater => whole,
        std::cmp::Ordering::Equal => {
            if part.reason == Reason::Rule {
                whole.reason = Reason::Rule;
            }
            for rule in part.by {
                if !whole.by.contains(&rule) {
                    whole.by.push(rule);
                }
            }
            whole.by.sort_unstable();
            whole
        }
    }
}
