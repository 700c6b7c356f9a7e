//! One integration binary.

mod analyze;
mod catalogue;
mod check;
mod cli;
mod conformance;
mod coverage;
mod diff;
mod editors;
mod exhaustive;
mod explain;
mod export;
mod fmt;
mod http;
mod ide;
mod laws;
mod lint;
mod lower;
mod meaning;
mod naive;
mod navigate;
mod random;
mod syntax;
mod target;
mod writing;
