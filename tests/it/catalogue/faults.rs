//! What is wrong with a catalogue file, where, and what to do.
