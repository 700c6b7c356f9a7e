//! Stores of counters: what all of them hold, and what each of them survives.

mod crash;
mod fixture;
mod hammer;
mod law;
mod suite;
