//! Cases of policies that people would write.
