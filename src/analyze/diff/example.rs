//! Requests that two policies decide differently, believed only after the engine has decided them by both.

use std::ops::ControlFlow;

use bpol_engine::ir::{Effect, Ir};
use bpol_engine::{History, Policy, Report};

use crate::analyze::diff::operation::Compared;
use crate::analyze::mdd::{Id, Step};
use crate::analyze::witness::{Aim, Witness};

/// A request, with a past where one is needed, that shows a change. The past is one that brings the sums of both policies
/// to where they differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The request and its past.
    pub witness: Witness,
    /// What the old policy decides about it.
    pub before: Report,
    /// What the new policy decides about it.
    pub after: Report,
}

/// The engine's form of both policies, made when it is first needed.
pub(super) struct Engines<'p> {
    irs: [&'p Ir; 2],
    loaded: Option<Option<[Policy; 2]>>,
    left: usize,
}

/// How many paths are tried for one example.
const PATHS: usize = 24;

/// How many paths are tried for all examples together.
const TRIES: usize = 4_000;

impl<'p> Engines<'p> {
    pub(super) fn new(irs: [&'p Ir; 2]) -> Self {
        Self { irs, loaded: None, left: TRIES }
    }

    /// A request in a box of a region that both policies decide as is said.
    pub(super) fn example(
        &mut self,
        key: &str,
        compared: &mut Compared<'p>,
        there: Id,
        steps: &[Step],
        answer: bool,
        effects: [Effect; 2],
    ) -> Option<Example> {
        let irs = self.irs;
        let load = |ir: &Ir| Policy::from_ir(ir.clone()).ok();
        let loaded = self.loaded.get_or_insert_with(|| Some([load(irs[0])?, load(irs[1])?]));
        let policies = loaded.as_ref()?;
        let inside = compared.diagrams.inside(steps);
        let inside = compared.diagrams.and(there, inside);
        let diagram = if answer { compared.answer } else { compared.plain };
        let mut left = PATHS.min(self.left);
        let mut found = None;
        let mut visit = |steps: &[Step], _: u32| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            self.left = self.left.saturating_sub(1);
            let class = |variable: u32| steps.iter().find(|step| step.variable == variable).map_or(0, Step::first);
            let value = compared.diagrams.at(diagram, class);
            if (value as usize).checked_sub(1).and_then(|place| compared.pairs.get(place)).is_none() {
                return ControlFlow::Continue(());
            }
            found = [1, 0].into_iter().find_map(|side| {
                let aim = Aim { space: &compared.space, side, key, answer, told: false };
                let witness = aim.witness(steps)?;
                let [before, after] = [replayed(&witness, &policies[0])?, replayed(&witness, &policies[1])?];
                let shows = before.decision == effects[0]
                    && after.decision == effects[1]
                    && (effects[0] != effects[1] || before.fields != after.fields || before.each != after.each);
                shows.then_some(Example { witness, before, after })
            });
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        _ = compared.diagrams.paths(inside, &|value| value == 2, &mut visit);
        found
    }
}

/// What a policy decides about a witness; nothing when it cannot take in the past.
fn replayed(witness: &Witness, policy: &Policy) -> Option<Report> {
    let mut history = History::new();
    for entry in &witness.past {
        history.extend(policy.read_entry(&entry.to_string()).ok()?);
    }
    Some(policy.answer(&witness.request.to_string(), &history, witness.now))
}
