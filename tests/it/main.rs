//! One integration binary.

mod naive;
