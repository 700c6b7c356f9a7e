//! Stores of counters: what all of them hold, and what each of them survives.

mod crash;
mod fixture;
mod hammer;
mod law;
#[cfg(feature = "redis")]
mod processes;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod server;
mod suite;
