//! One integration binary.

mod catalogue;
mod check;
mod naive;
mod random;
mod syntax;
