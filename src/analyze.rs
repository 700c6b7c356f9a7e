//! Regions: what a key may do, as a function over all requests at once.
//!
//! [`Regions::of`] turns the rules that bind a key into one decision diagram per operation, over classes of accounts,
//! payees, amounts, sums spent, addresses and times that no rule tells apart. Claims, comparisons of two policies,
//! overviews and coverage are questions to these diagrams. It reads compiled policies only, and shares no code with the
//! engine that decides requests: the two are set against each other in tests.

pub mod claim;
pub mod cover;
pub mod coverage;
pub mod diff;
pub mod facts;
pub mod mdd;
pub mod meaning;
pub mod past;
pub mod paste;
pub mod phrase;
pub mod region;
pub mod regions;
pub mod space;
pub mod truth;
pub mod witness;

mod decision;
mod feasible;
mod known;
mod malformed;
pub(crate) mod names;
pub(crate) mod possible;
pub(crate) mod standing;
pub(crate) mod window;

pub use facts::Facts;
pub use region::{Outcome, Region};
pub use regions::Regions;
pub use space::History;
pub use witness::Witness;

/// Why a question is not decided: the policy is beyond a stated size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// What is too large, in words.
    pub reason: String,
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for TooLarge {}
