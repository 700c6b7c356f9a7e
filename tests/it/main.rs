//! One integration binary.

mod catalogue;
mod check;
mod cli;
mod fmt;
mod laws;
mod naive;
mod random;
mod syntax;
