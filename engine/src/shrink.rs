//! Gives back the room that growing lists left over while a document was read: for thousands of keys it is half of it.

use crate::ir::{AccountRef, Clause, Ir, Rule};

pub(crate) fn shrink(ir: &mut Ir) {
    ir.payees.shrink_to_fit();
    ir.payees.iter_mut().for_each(|payee| payee.ibans.shrink_to_fit());
    ir.counters.shrink_to_fit();
    ir.counters.iter_mut().for_each(|counter| counter.scopes.shrink_to_fit());
    ir.scopes.shrink_to_fit();
    for scope in &mut ir.scopes {
        scope.operations.shrink_to_fit();
        clauses(&mut scope.when);
        blocks(&mut scope.unless);
    }
    ir.keys.shrink_to_fit();
    ir.keys.iter_mut().for_each(|key| rules(&mut key.rules));
    ir.guardrails.iter_mut().for_each(|guardrail| rules(&mut guardrail.rules));
}

fn rules(rules: &mut Vec<Rule>) {
    rules.shrink_to_fit();
    for rule in rules {
        rule.operations.shrink_to_fit();
        rule.hiding.shrink_to_fit();
        rule.showing.iter_mut().for_each(Vec::shrink_to_fit);
        clauses(&mut rule.when);
        blocks(&mut rule.unless);
    }
}

fn blocks(blocks: &mut Vec<Vec<Clause>>) {
    blocks.shrink_to_fit();
    blocks.iter_mut().for_each(clauses);
}

fn clauses(clauses: &mut Vec<Clause>) {
    clauses.shrink_to_fit();
    for clause in clauses {
        match clause {
            Clause::On(list) => {
                list.shrink_to_fit();
                for account in list {
                    if let AccountRef::Kind { except, .. } | AccountRef::Any { except } = account {
                        except.shrink_to_fit();
                    }
                }
            }
            Clause::To(list) => list.shrink_to_fit(),
            Clause::UpTo(list) | Clause::Over(list) => list.shrink_to_fit(),
            Clause::AtMost(list) | Clause::MoreThan(list) => list.shrink_to_fit(),
            Clause::Within(list) => list.shrink_to_fit(),
            Clause::ToUrl(list) | Clause::Via(list) | Clause::Repeating(list) => list.shrink_to_fit(),
            Clause::From(list) => list.shrink_to_fit(),
            Clause::During(list) => list.shrink_to_fit(),
            Clause::AnyAmount
            | Clause::Since(_)
            | Clause::CreatedByThisKey
            | Clause::Starting(_)
            | Clause::Before(_) => {}
        }
    }
}
