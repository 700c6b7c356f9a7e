//! One integration binary.

mod naive;
mod random;
