//! One integration binary.

mod laws;
mod naive;
mod random;
