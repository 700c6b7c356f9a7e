//! What a gateway must be able to do to enforce a policy.

use std::collections::BTreeSet;

use bpol_engine::ir::{self, AccountRef, Capability, Clause, Dimension, Effect, Ir, PayeeRef, Tier};

use crate::catalogue::{Dimensions, OpId};
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
        operation.view_of.is_none()
            && (operation.tier == Tier::Base || allowed.get(index.of(id) as usize) == Some(&true))
    })
    .collect()
}

/// The capabilities that a policy needs, sorted: those without which some request of some key could not be decided, or
/// its answer not be cut, as the policy says.
pub(crate) fn requires(policy: &Policy, index: &Index, ir: &Ir, reached: &BTreeSet<OpId>) -> Vec<Capability> {
    let mut out = BTreeSet::new();
    if ir.keys.is_empty() {
        return Vec::new();
    }
    let looked_at = Looked::new(ir);
    for &id in reached {
        let operation = policy.bank.operation(id);
        if !operation.fields.is_empty() {
            out.insert(Capability::ResponseFields);
        }
        let place = index.of(id) as usize;
        let at = looked_at.by_operation.get(place).copied().unwrap_or_default();
        // That a record is the key's own is in the gateway's list, and needs no look-up.
        let by_look_up = operation.lookup.iter().any(|dimension| at.contains(dimension));
        if by_look_up {
            out.insert(Capability::Lookup);
        }
        let own = looked_at.own_records.get(place).copied().unwrap_or_default();
        let openable = [Dimension::Account, Dimension::Payee, Dimension::Amount, Dimension::Method, Dimension::Record];
        let open = openable.into_iter().any(|dimension| {
            operation.dimensions.contains(dimension)
                && !operation.untold.contains(dimension)
                && (at.contains(dimension) || (dimension == Dimension::Record && own))
        });
        // A read whose facts may stand in the answer is decided record by record.
        if operation.action == "read" && open {
            out.insert(Capability::ResponseFilter);
        }
    }
    for rule in rules(ir) {
        if rule.effect == Effect::Ask {
            out.insert(Capability::Approval);
        }
        for clause in clauses(rule) {
            needs(ir, clause, &mut out);
        }
    }
    out.into_iter().collect()
}

fn rules(ir: &Ir) -> impl Iterator<Item = &ir::Rule> {
    ir.keys.iter().flat_map(|key| &key.rules).chain(ir.guardrails.iter().flat_map(|block| &block.rules))
}

fn clauses(rule: &ir::Rule) -> impl Iterator<Item = &Clause> {
    rule.when.iter().chain(rule.unless.iter().flatten())
}

/// Which facts of which operations some clause looks at, by index of the operation.
struct Looked {
    by_operation: Vec<Dimensions>,
    own_records: Vec<bool>,
}

impl Looked {
    fn new(ir: &Ir) -> Self {
        let mut looked = Self {
            by_operation: vec![Dimensions::EMPTY; ir.operations.len()],
            own_records: vec![false; ir.operations.len()],
        };
        for rule in rules(ir) {
            looked.add(ir, &rule.operations, clauses(rule));
        }
        // An entry of the past is told once, so what a counter looks at must be known when it is made.
        for scope in &ir.scopes {
            looked.add(ir, &scope.operations, scope.when.iter().chain(scope.unless.iter().flatten()));
        }
        for counter in ir.counters.iter().filter(|counter| counter.counting != ir::Counting::Times) {
            for scope in counter.scopes.iter().filter_map(|&scope| ir.scopes.get(scope as usize)) {
                for &operation in &scope.operations {
                    if let Some(at) = looked.by_operation.get_mut(operation as usize) {
                        at.insert(Dimension::Amount);
                    }
                }
            }
        }
        looked
    }

    fn add<'c>(&mut self, ir: &Ir, operations: &[u32], clauses: impl Iterator<Item = &'c Clause>) {
        let mut at = Dimensions::EMPTY;
        let mut own = false;
        for clause in clauses {
            match look(ir, clause) {
                Look::Nothing => {}
                Look::OwnRecord => own = true,
                Look::At(dimension) => at.insert(dimension),
            }
        }
        for &operation in operations {
            if let Some(known) = self.by_operation.get_mut(operation as usize) {
                at.iter().for_each(|dimension| known.insert(dimension));
            }
            if let Some(known) = self.own_records.get_mut(operation as usize) {
                *known |= own;
            }
        }
    }
}

/// The fact that a clause looks at; nothing for one that is true whatever the fact.
enum Look {
    Nothing,
    OwnRecord,
    At(Dimension),
}

fn look(ir: &Ir, clause: &Clause) -> Look {
    Look::At(match clause {
        Clause::On(refs) => {
            let any = |reference: &AccountRef| matches!(reference, AccountRef::Any { except } if except.is_empty());
            if refs.iter().any(any) {
                return Look::Nothing;
            }
            Dimension::Account
        }
        Clause::To(refs) if refs.contains(&PayeeRef::Anyone) => return Look::Nothing,
        Clause::To(_) => Dimension::Payee,
        Clause::ToUrl(_) => Dimension::Url,
        Clause::UpTo(_) | Clause::Over(_) => Dimension::Amount,
        Clause::Within(limits) => {
            let mut caps =
                limits.iter().filter_map(|&limit| ir.limits.get(limit as usize)).flat_map(|limit| &limit.caps);
            if !caps.any(|cap| matches!(cap, ir::LimitCap::Money(_))) {
                return Look::Nothing;
            }
            Dimension::Amount
        }
        Clause::Via(_) => Dimension::Method,
        Clause::Repeating(_) => Dimension::Repeat,
        Clause::Since(_) => Dimension::Record,
        Clause::CreatedByThisKey => return Look::OwnRecord,
        Clause::AnyAmount
        | Clause::AtMost(_)
        | Clause::MoreThan(_)
        | Clause::From(_)
        | Clause::During(_)
        | Clause::Starting(_)
        | Clause::Before(_) => return Look::Nothing,
    })
}

/// What a clause needs whatever the operation.
fn needs(ir: &Ir, clause: &Clause, out: &mut BTreeSet<Capability>) {
    let counted = |cap: &ir::MoneyCap| cap.counter.is_some();
    let counts = match clause {
        Clause::UpTo(caps) | Clause::Over(caps) => caps.iter().any(counted),
        Clause::AtMost(_) | Clause::MoreThan(_) => true,
        Clause::Within(limits) => {
            let mut caps =
                limits.iter().filter_map(|&limit| ir.limits.get(limit as usize)).flat_map(|limit| &limit.caps);
            caps.any(|cap| match cap {
                ir::LimitCap::Count(_) => true,
                ir::LimitCap::Money(cap) => counted(cap),
            })
        }
        _ => false,
    };
    if counts {
        out.insert(Capability::Counters);
    }
    match clause {
        Clause::CreatedByThisKey => {
            out.insert(Capability::OwnRecords);
        }
        Clause::From(refs) if !refs.contains(&ir::NetworkRef::Anywhere) => {
            out.insert(Capability::ClientIp);
        }
        _ => {}
    }
}
