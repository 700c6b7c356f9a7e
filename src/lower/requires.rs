//! What a gateway must be able to do to enforce a policy.

use std::collections::BTreeSet;

use bpol_engine::ir::{self, Capability, Clause, Dimension, Effect, Ir, Tier};

use crate::catalogue::OpId;
use crate::check::Policy;
use crate::lower::Index;

/// The operations that some key may perform: those of its `allow`s, and the base ones.
pub(crate) fn reached(policy: &Policy, index: &Index, keys: &[ir::Key]) -> BTreeSet<OpId> {
    if keys.is_empty() {
        return BTreeSet::new();
    }
    // By operation of the Ir; there are at most as many as the catalogue has.
    let mut allowed = vec![false; policy.bank.operations.len()];
    let rules = keys.iter().flat_map(|key| &key.rules).filter(|rule| rule.effect == Effect::Allow);
    for &operation in rules.flat_map(|rule| &rule.operations) {
        if let Some(allowed) = allowed.get_mut(operation as usize) {
            *allowed = true;
        }
    }
    let ids = (0..policy.bank.operations.len()).filter_map(|id| u16::try_from(id).ok()).map(OpId);
    ids.filter(|&id| {
        let operation = policy.bank.operation(id);
        operation.view_of.is_none() && (operation.tier == Tier::Base || allowed.get(index.of(id) as usize) == Some(&true))
    })
    .collect()
}

/// The capabilities that a policy needs, sorted. When in doubt one is needed: a gateway that lacks it refuses to load.
pub(crate) fn requires(policy: &Policy, ir: &Ir, reached: &BTreeSet<OpId>) -> Vec<Capability> {
    let mut out = BTreeSet::new();
    for &id in reached {
        let operation = policy.bank.operation(id);
        if !operation.lookup.is_empty() {
            out.insert(Capability::Lookup);
        }
        if !operation.fields.is_empty() {
            out.insert(Capability::ResponseFields);
        }
    }
    let read: Vec<bool> = ir.operations.iter().map(|operation| operation.action == "read").collect();
    let rules = ir.keys.iter().flat_map(|key| &key.rules).chain(ir.guardrails.iter().flat_map(|block| &block.rules));
    for rule in rules {
        if rule.effect == Effect::Ask {
            out.insert(Capability::Approval);
        }
        let reads = rule.operations.iter().any(|&operation| read.get(operation as usize) == Some(&true));
        for clause in rule.when.iter().chain(rule.unless.iter().flatten()) {
            needs(ir, clause, reads, &mut out);
        }
    }
    out.into_iter().collect()
}

fn needs(ir: &Ir, clause: &Clause, reads: bool, out: &mut BTreeSet<Capability>) {
    let counted = |caps: &[ir::MoneyCap]| caps.iter().any(|cap| cap.counter.is_some());
    let dimension = match clause {
        Clause::On(_) => Some(Dimension::Account),
        Clause::To(_) => Some(Dimension::Payee),
        Clause::UpTo(caps) | Clause::Over(caps) => {
            if counted(caps) {
                out.insert(Capability::Counters);
            }
            Some(Dimension::Amount)
        }
        Clause::Within(limits) => {
            let caps = limits.iter().filter_map(|&limit| ir.limits.get(limit as usize)).flat_map(|limit| &limit.caps);
            let mut money = None;
            for cap in caps {
                match cap {
                    ir::LimitCap::Count(_) => {
                        out.insert(Capability::Counters);
                    }
                    ir::LimitCap::Money(cap) => {
                        money = Some(Dimension::Amount);
                        if cap.counter.is_some() {
                            out.insert(Capability::Counters);
                        }
                    }
                }
            }
            money
        }
        Clause::AtMost(_) | Clause::MoreThan(_) => {
            out.insert(Capability::Counters);
            None
        }
        Clause::Via(_) => Some(Dimension::Method),
        Clause::Since(_) => Some(Dimension::Record),
        Clause::CreatedByThisKey => {
            out.insert(Capability::OwnRecords);
            Some(Dimension::Record)
        }
        Clause::From(refs) => {
            if refs.iter().any(|reference| *reference != ir::NetworkRef::Anywhere) {
                out.insert(Capability::ClientIp);
            }
            None
        }
        Clause::AnyAmount
        | Clause::ToUrl(_)
        | Clause::Repeating(_)
        | Clause::During(_)
        | Clause::Starting(_)
        | Clause::Before(_) => None,
    };
    // A read whose facts may stand in the answer is decided record by record.
    if reads && dimension.is_some() {
        out.insert(Capability::ResponseFilter);
    }
}
