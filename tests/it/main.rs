//! One integration binary.

mod catalogue;
mod check;
#[cfg(feature = "cli")]
mod cli;
mod fmt;
mod laws;
mod naive;
mod random;
mod syntax;
