//! Claims: which operations they are about, and their clauses resolved.

use bpol_engine::ir;

use crate::analyze::claim::{self as proof, Area, Keys};
use crate::catalogue::OpId;
use crate::check::{Claim, Clause, ClauseKind, Policy, Target, concerns};
use crate::lower::Index;
use crate::lower::rule::lower_clause;
use crate::syntax::tree::Verb;

/// A claim as analysis decides it.
pub(crate) fn lower(policy: &Policy, index: &Index, claim: &Claim) -> proof::Claim {
    let verb = match claim.verb {
        Verb::Cannot => proof::Verb::Cannot,
        Verb::MustAsk => proof::Verb::MustAsk,
        Verb::Can => proof::Verb::Can,
    };
    let keys = claim.keys.iter().filter_map(|&key| policy.keys.get(key)).map(|key| key.name.clone());
    let mut periods = Vec::new();
    let areas = pieces(policy, claim).into_iter().map(|piece| area(policy, index, claim, piece, &mut periods));
    let areas: Vec<Area> = areas.collect();
    // As for a rule: of `everything` and tiers the operations that it concerns, else all that counts as a named one.
    let mut counted: Vec<u32> = match claim.subject.group {
        true => areas.iter().flat_map(|area| area.operations.iter().copied()).collect(),
        false => {
            let targets = claim.subject.targets.iter();
            targets.flat_map(|target| policy.bank.counting_as(target.operation)).map(|id| index.of(*id)).collect()
        }
    };
    counted.sort_unstable();
    counted.dedup();
    proof::Claim { keys: Keys::Named(keys.collect()), verb, areas, counted, periods }
}

/// Operations that the same clauses concern: by which view they are named, and which `unless` blocks except them.
type Piece = (Option<OpId>, Vec<bool>, Vec<OpId>);

fn pieces(policy: &Policy, claim: &Claim) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for &Target { operation, view } in claim.subject.targets.iter() {
        let about = policy.bank.operation(view.unwrap_or(operation));
        let concerned = |clause: &Clause| !claim.subject.group || concerns(&clause.kind, about, &policy.limits);
        let unless: Vec<bool> = claim.unless.iter().map(|block| block.iter().all(concerned)).collect();
        if !claim.clauses.iter().all(concerned) || (!unless.is_empty() && !unless.contains(&true)) {
            continue;
        }
        match pieces.iter_mut().find(|piece| piece.0 == view && piece.1 == unless) {
            Some((_, _, operations)) => operations.push(operation),
            None => pieces.push((view, unless, vec![operation])),
        }
    }
    pieces
}

fn area(
    policy: &Policy,
    index: &Index,
    claim: &Claim,
    (view, unless, named): Piece,
    periods: &mut Vec<ir::Period>,
) -> Area {
    let takes_in = claim.verb != Verb::Can && !claim.exactly && !claim.subject.group;
    let counting = |&id: &OpId| if takes_in { policy.bank.counting_as(id).to_vec() } else { vec![id] };
    let mut operations: Vec<u32> = named.iter().flat_map(counting).map(|id| index.of(id)).collect();
    operations.sort_unstable();
    operations.dedup();
    let blocks = claim.unless.iter().zip(unless).filter_map(|(block, excepts)| excepts.then_some(block));
    Area {
        operations,
        when: clauses(&claim.clauses, periods),
        unless: blocks.map(|block| clauses(block, periods)).collect(),
        showing: showing(policy, claim, view),
    }
}

/// The fields that the claim names, or those of the view by which it names the operations.
fn showing(policy: &Policy, claim: &Claim, view: Option<OpId>) -> Vec<String> {
    let said = claim.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::Showing(fields) => Some(fields.clone()),
        _ => None,
    });
    let viewed = || Some(policy.bank.operation(view?).fields.iter().map(|field| field.word.clone()).collect());
    said.or_else(viewed).unwrap_or_default()
}

/// Claims ask about sums without a counter of the policy's, so numbers from the end stand for their periods.
fn clauses(written: &[Clause], periods: &mut Vec<ir::Period>) -> Vec<ir::Clause> {
    let mut number = |period: ir::Period, _| {
        let known = periods.iter().position(|known| *known == period);
        let place = known.unwrap_or_else(|| {
            periods.push(period);
            periods.len() - 1
        });
        u32::MAX - u32::try_from(place).unwrap_or_default()
    };
    written.iter().filter_map(|clause| lower_clause(clause, &mut number)).collect()
}
