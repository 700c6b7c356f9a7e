//! One integration binary.

mod analyze;
mod catalogue;
mod check;
#[cfg(feature = "cli")]
mod cli;
mod fmt;
mod laws;
mod naive;
mod random;
mod syntax;
