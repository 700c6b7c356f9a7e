//! What a request or an entry adds to counters: to all into whose scope it falls, whichever rule lets it through.

use crate::entry::Entry;
use crate::facts::Facts;
use crate::ir::Counting;
use crate::past::Tally;
use crate::policy::Policy;
use crate::request::Request;

/// What is added to one counter.
#[derive(Debug, Clone, Copy)]
pub struct Addition<'p> {
    /// The counter, and whose sum of it.
    pub tally: Tally<'p>,
    /// Minor units of the counter's currency, or how many times; `None` when the amount is not known, which makes the
    /// sum unknown.
    pub sum: Option<i128>,
}

impl Policy {
    /// What a request adds to counters when it is forwarded, all its parts together. A request whose answer is filtered
    /// record by record adds nothing; neither does one that another policy read.
    pub fn additions<'a>(&'a self, request: &'a Request<'_>) -> impl Iterator<Item = Addition<'a>> + use<'a> {
        let key = request.key.filter(|_| request.stamp == self.stamp() && !request.answer);
        let pieces = request.parts.as_deref().unwrap_or(std::slice::from_ref(&request.facts));
        key.into_iter().flat_map(move |key| additions(self, key, request.operation, pieces))
    }

    /// What an entry of the past, read by this policy, added to the counters of this policy.
    pub fn added<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = Addition<'a>> + use<'a> {
        let key = entry.key.filter(|_| entry.is_of(self));
        key.into_iter().flat_map(move |key| additions(self, key, entry.operation, std::slice::from_ref(&entry.facts)))
    }

    /// Whether a request only reads.
    pub fn is_read(&self, request: &Request<'_>) -> bool {
        self.operation(request.operation).is_some_and(|operation| operation.is_read)
    }
}

/// What the pieces of one request add, counter by counter.
pub(crate) fn additions<'a>(
    policy: &'a Policy,
    key: u32,
    operation: u32,
    pieces: &'a [Facts<'a>],
) -> impl Iterator<Item = Addition<'a>> + use<'a> {
    let own = usize::try_from(key).ok().and_then(|key| policy.index.key_counters.get(key));
    let own = own.map(|counters| &**counters).unwrap_or_default();
    own.iter().chain(&policy.index.shared_counters).filter_map(move |counter| {
        let tally = Tally::new(policy, *counter, key);
        let sum = match &tally.counter()?.counting {
            Counting::Times => {
                let covered = pieces.iter().filter(|piece| tally.covers(key, operation, piece)).count();
                i128::try_from(covered).ok()
            }
            Counting::Money(_) => {
                pieces.iter().try_fold(0_i128, |sum, piece| sum.checked_add(tally.spends(key, operation, piece)?))
            }
        };
        (sum != Some(0)).then_some(Addition { tally, sum })
    })
}
