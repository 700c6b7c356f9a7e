//! One integration binary.

mod analyze;
mod catalogue;
mod check;
mod cli;
mod diff;
mod exhaustive;
mod explain;
mod fmt;
mod laws;
mod lint;
mod lower;
mod naive;
mod random;
mod syntax;
