//! One integration binary.

mod catalogue;
mod check;
mod fmt;
mod laws;
mod naive;
mod random;
mod syntax;
