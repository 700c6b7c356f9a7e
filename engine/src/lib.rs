//! Decides requests against a compiled bpol policy.
#![forbid(unsafe_code)]

pub mod ir;
