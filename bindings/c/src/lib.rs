//! bpol-engine for C, and for WebAssembly: the functions of `include/bpol.h`, which says what a caller has to keep.
//!
//! Handles are owned boxes that a caller sees as pointers, so null is the only wrong handle that can be told. Every function
//! gives a status, none unwinds into its caller, and whatever is written for a caller is written first as a denial.

mod call;
mod fault;
mod history;
mod known;
mod policy;
mod text;
