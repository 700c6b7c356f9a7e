//! Decides requests against a compiled bpol policy.
#![forbid(unsafe_code)]

pub mod amount;
pub mod iban;
pub mod ir;
pub mod url;
