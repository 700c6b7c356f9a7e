//! Kleene's three truth values.

use crate::analyze::mdd::Id;

/// What a clause says about facts. The order makes `and` the smaller and `or` the greater of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be told.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// The value of a comparison that is known or not.
    pub fn of(known: Option<bool>) -> Self {
        known.map_or(Self::Unknown, Self::from)
    }

    /// The diagram that says so everywhere.
    pub fn leaf(self) -> Id {
        match self {
            Self::False => Id::FALSE,
            Self::Unknown => Id::UNKNOWN,
            Self::True => Id::TRUE,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}
