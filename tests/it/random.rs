//! Random policies without an error, and requests that meet them at their edges, made from a seed.

mod allow;
mod clause;
mod facts;
mod policy;
mod request;
pub(crate) mod rng;
mod role;
pub(crate) mod small;
mod smaller;
pub(crate) mod take;
#[cfg(test)]
mod tests;
pub(crate) mod universe;

pub(crate) use request::Situation;
pub(crate) use smaller::smallest;

use rng::Rng;
use universe::Universe;

use crate::naive::decide;
use crate::naive::model::Policy;
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;

/// A policy and something to decide by it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) policy: Policy,
    pub(crate) universe: Universe,
    pub(crate) situation: Situation,
}

/// A policy and `several` things to decide by it.
pub(crate) fn cases(rng: &mut Rng, several: usize) -> Vec<Case> {
    let vocabulary = Vocabulary::bunq();
    let (policy, universe) = policy::policy(rng, vocabulary);
    (0..several)
        .map(|_| {
            let mut situation = request::situation(rng, &policy, &universe, vocabulary);
            // What nothing grants teaches little: most such requests are drawn again.
            for _ in 0..4 {
                let Situation { request, past, now } = &situation;
                if decide(&policy, vocabulary, request, past, *now)["reason"] != "default" {
                    break;
                }
                situation = request::situation(rng, &policy, &universe, vocabulary);
            }
            Case { policy: policy.clone(), universe: universe.clone(), situation }
        })
        .collect()
}

impl std::fmt::Display for Case {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Situation { request, past, now } = &self.situation;
        writeln!(formatter, "{}", print(&self.policy))?;
        writeln!(formatter, "now      {now}")?;
        for entry in past {
            writeln!(formatter, "entry    {entry}")?;
        }
        writeln!(formatter, "request  {request}")
    }
}
