//! One integration binary.

mod catalogue;
