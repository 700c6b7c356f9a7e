//! One integration binary.

mod catalogue;
mod check;
mod fmt;
mod naive;
mod random;
mod syntax;
