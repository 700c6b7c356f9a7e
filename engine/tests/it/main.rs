//! The engine from text to decision, sentence by sentence of section 6 of the language's definition.

mod answers;
mod clauses;
mod counters;
mod decision;
mod fixture;
mod http;
mod load;
mod parts;
mod report;
mod request;
