//! One integration binary.

mod fmt;
mod syntax;
