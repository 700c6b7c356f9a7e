//! What a key is given: each `allow` of its own that decides something.

use std::collections::BTreeMap;

use bpol_engine::ir::{Dimension, Effect, Operation, Rule, Tier};

use crate::analyze::mdd::Id;
use crate::analyze::possible::Possible;
use crate::analyze::standing::{Line, Standing};
use crate::analyze::witness::Witness;
use crate::catalogue::Change;
use crate::check::{Clause, ClauseKind, Expanded};
use crate::diag::Diagnostic;
use crate::lint::context::Context;
use crate::source::FileSpan;

/// An `allow` as it holds for one key.
#[derive(Clone, Copy)]
pub(crate) struct Given<'c> {
    pub(crate) key: usize,
    pub(crate) rule: &'c Expanded<'c>,
    line: &'c Line<'c>,
}

/// All of a policy, key by key; none of a key that is too large.
pub(crate) fn given<'c>(cx: &'c Context<'_>) -> Vec<Given<'c>> {
    let mut out = Vec::new();
    for (key, standings) in cx.keys.iter().enumerate() {
        for (label, line) in (0..).zip(standings.iter().flat_map(|standings| &standings.lines)) {
            let adds = matches!(line.standing, Standing::Decides | Standing::Unasked);
            if line.own
                && line.effect == Effect::Allow
                && adds
                && let Some(rule) = cx.rule(key, label)
            {
                out.push(Given { key, rule, line });
            }
        }
    }
    out
}

/// The same for each key.
pub(crate) fn by_key<'g, 'c>(all: &'g [Given<'c>]) -> impl Iterator<Item = Mine<'g, 'c>> {
    all.chunk_by(|one, other| one.key == other.key).map(|mine| {
        let mut by_operation: BTreeMap<usize, Vec<&Given<'c>>> = BTreeMap::new();
        for given in mine {
            given.operations().into_iter().for_each(|place| by_operation.entry(place).or_default().push(given));
        }
        Mine { key: mine.first().map_or(0, |given| given.key), by_operation }
    })
}

/// What one key is given, operation by operation.
pub(crate) struct Mine<'g, 'c> {
    pub(crate) key: usize,
    pub(crate) by_operation: BTreeMap<usize, Vec<&'g Given<'c>>>,
}

impl<'g, 'c> Mine<'g, 'c> {
    /// The operations that are wanted.
    pub(crate) fn operations(&self, cx: &Context<'_>, wanted: impl Fn(&Operation) -> bool) -> Vec<usize> {
        let all = self.by_operation.keys().copied();
        all.filter(|place| cx.ir.operations.get(*place).is_some_and(&wanted)).collect()
    }

    /// Whether one of these operations is given.
    pub(crate) fn has(&self, operations: &[usize]) -> bool {
        operations.iter().any(|place| self.by_operation.contains_key(place))
    }

    /// The line that gives an operation: the first of those that are named by their ids, else the first.
    pub(crate) fn giver(&self, operation: usize, by: &[String]) -> Option<&'g Given<'c>> {
        let givers = self.by_operation.get(&operation)?;
        givers.iter().find(|given| by.iter().any(|id| id == given.line.id)).or(givers.first()).copied()
    }
}

/// A key's name and the place where it stands.
pub(crate) fn key<'c>(cx: &'c Context<'_>, key: usize) -> Option<(&'c str, FileSpan)> {
    cx.policy.keys.get(key).map(|block| (block.name.as_str(), block.place))
}

/// An operation in the user's words.
pub(crate) fn name(cx: &Context<'_>, operation: usize) -> String {
    cx.ir.operations.get(operation).map_or_else(String::new, |one| format!("{} {}", one.action, one.resource))
}

impl<'c> Given<'c> {
    /// The id of its line.
    pub(crate) fn id(&self) -> &'c str {
        self.line.id
    }

    /// The places of its operations in the compiled table.
    pub(crate) fn operations(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.line.rules.iter().flat_map(|rule| &rule.operations).map(|place| *place as usize).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Its compiled rules.
    pub(crate) fn rules(&self) -> &'c [&'c Rule] {
        &self.line.rules
    }

    /// Its clauses before `unless`, those that `use` adds among them.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = &'c Clause> {
        let rule = self.rule;
        rule.clauses.iter().copied().chain(rule.added.iter().map(|added| added.clause))
    }

    /// The place of the first clause that is wanted.
    pub(crate) fn clause(&self, wanted: impl Fn(&ClauseKind) -> bool) -> Option<FileSpan> {
        self.clauses().find(|clause| wanted(&clause.kind)).map(|clause| clause.place)
    }

    /// Where the key says it: its own statement, or the `use` through which it comes.
    pub(crate) fn place(&self) -> FileSpan {
        self.rule.path.first().copied().unwrap_or(self.rule.statement.place)
    }

    /// The first of its operations that are wanted for which it allows a request there without asking, with the request.
    pub(crate) fn open(
        &self,
        cx: &Context<'_>,
        wanted: impl Fn(&Operation) -> bool,
        there: impl Fn(&mut Possible<'_>) -> Id,
    ) -> Option<(usize, Witness)> {
        self.operations().into_iter().filter(|place| cx.ir.operations.get(*place).is_some_and(&wanted)).find_map(
            |place| {
                let (witness, _) = cx.ask(self.key, &[place], |possible, engine| {
                    let all = vec![possible.open(0), possible.through(self.line.id), there(possible)];
                    let there = possible.all(all);
                    possible.confirmed(there, engine, false, &|_, report| {
                        report.decision == Effect::Allow && report.by.iter().any(|id| id == self.line.id)
                    })
                })?;
                Some((place, witness))
            },
        )
    }
}

/// Whether money can leave by an operation.
pub(crate) fn spends(operation: &Operation) -> bool {
    operation.tier == Tier::Spend
}

/// Whether money leaves by an operation, without somebody saying yes to it by another one first.
pub(crate) fn moves(cx: &Context<'_>, operation: &Operation) -> bool {
    let place = || place_of(cx, &operation.action, &operation.resource);
    spends(operation) && place().is_some_and(|place| approving(cx, place).is_empty())
}

/// The operations by which somebody says yes to what an operation makes.
pub(crate) fn approving(cx: &Context<'_>, made: usize) -> Vec<usize> {
    let bank = &cx.policy.bank;
    let Some(made) = cx.ir.operations.get(made).and_then(|one| bank.find(&one.action, &one.resource)) else {
        return Vec::new();
    };
    let yes = bank.operations.iter().filter(|one| one.approves.contains(&made));
    yes.filter_map(|one| place_of(cx, &one.action, &one.resource)).collect()
}

/// Whether a call can tell a fact of a dimension.
pub(crate) fn tells(operation: &Operation, dimension: Dimension) -> bool {
    operation.dimensions.contains(&dimension) && !operation.untold.contains(&dimension)
}

/// Whether an operation changes something, as the catalogue says.
pub(crate) fn changes(cx: &Context<'_>, operation: &Operation, change: Change) -> bool {
    let bank = &cx.policy.bank;
    let found = bank.find(&operation.action, &operation.resource);
    found.is_some_and(|found| bank.operation(found).changes.contains(&change))
}

/// The operation and all that counts as it, by their places in the compiled table.
pub(crate) fn counting_as(cx: &Context<'_>, operation: usize) -> Vec<usize> {
    let bank = &cx.policy.bank;
    let Some(id) = cx.ir.operations.get(operation).and_then(|one| bank.find(&one.action, &one.resource)) else {
        return Vec::new();
    };
    let all = bank.counting_as(id).iter().map(|id| bank.operation(*id));
    all.filter_map(|one| place_of(cx, &one.action, &one.resource)).collect()
}

/// The place of an operation in the compiled table.
pub(crate) fn place_of(cx: &Context<'_>, action: &str, resource: &str) -> Option<usize> {
    cx.ir.operations.iter().position(|one| one.resource == resource && one.action == action)
}

/// Findings, each place and text once.
pub(crate) fn once(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
    found.dedup_by(|a, b| a.place == b.place && a.message == b.message);
    found
}
