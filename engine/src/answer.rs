//! Reads whose facts stand in the answer: decided at best and at worst (6.5).

use crate::clause::Scene;
use crate::decide::{Outcome, pass};
use crate::facts::{Dimensions, OPENABLE};
use crate::fields;
use crate::ir::Effect;
use crate::policy::Policy;
use crate::request::Request;
use crate::rule::Pass;

/// The dimensions that the answer will tell: told ones of records about which the request says nothing at all.
pub(crate) fn open(policy: &Policy, request: &Request<'_>) -> Dimensions {
    let told = policy.operation(request.operation).map(|operation| operation.told()).unwrap_or_default();
    let open = OPENABLE.into_iter().filter(|dimension| told.has(*dimension) && request.facts.lacks(*dimension));
    open.fold(Dimensions::default(), Dimensions::with)
}

pub(crate) fn decide(scene: &Scene<'_>, approved: bool) -> Outcome {
    let mut best = pass(scene, Pass::Best, approved);
    if best.effect != Effect::Allow {
        best.effect = Effect::Deny;
        return Outcome { verdict: best, each: false, fields: None };
    }
    let worst = pass(scene, Pass::Worst, approved);
    if worst.effect == Effect::Allow {
        let fields = fields::shown(scene, Pass::Worst);
        return Outcome { verdict: worst, each: false, fields };
    }
    Outcome { verdict: best, each: true, fields: None }
}
