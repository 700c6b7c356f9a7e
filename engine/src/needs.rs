//! What the rules of a document plainly need of a gateway, whatever its `requires` says.
//!
//! The compiler writes `requires`; this keeps a document whose list was cut from being loaded where it cannot be enforced.

use crate::ir::{Capability, Clause, Effect, Ir, LimitCap, MoneyCap, NetworkRef};

/// Whether some rule cannot be enforced without the capability.
pub(crate) fn needs(ir: &Ir, capability: Capability) -> bool {
    let keys = ir.keys.iter().flat_map(|key| &key.rules);
    let mut rules = keys.chain(ir.guardrails.iter().flat_map(|guardrail| &guardrail.rules));
    match capability {
        Capability::Approval => rules.any(|rule| rule.effect == Effect::Ask),
        _ => rules
            .flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten()))
            .any(|clause| clause_needs(ir, clause, capability)),
    }
}

fn clause_needs(ir: &Ir, clause: &Clause, capability: Capability) -> bool {
    let counted = |cap: &MoneyCap| cap.counter.is_some();
    match (capability, clause) {
        (Capability::ClientIp, Clause::From(networks)) => !networks.contains(&NetworkRef::Anywhere),
        (Capability::OwnRecords, Clause::CreatedByThisKey)
        | (Capability::Counters, Clause::AtMost(_) | Clause::MoreThan(_)) => true,
        (Capability::Counters, Clause::UpTo(caps) | Clause::Over(caps)) => caps.iter().any(counted),
        (Capability::Counters, Clause::Within(limits)) => limits.iter().any(|limit| {
            let limit = usize::try_from(*limit).ok().and_then(|limit| ir.limits.get(limit));
            limit.is_some_and(|limit| {
                limit.caps.iter().any(|cap| match cap {
                    LimitCap::Money(cap) => counted(cap),
                    LimitCap::Count(_) => true,
                })
            })
        }),
        _ => false,
    }
}
