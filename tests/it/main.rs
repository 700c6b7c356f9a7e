//! One integration binary.

mod catalogue;
mod naive;
mod syntax;
