//! One integration binary.

mod catalogue;
mod check;
#[cfg(feature = "cli")]
mod cli;
mod naive;
mod random;
mod syntax;
