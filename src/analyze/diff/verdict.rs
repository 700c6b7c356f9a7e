//! How one policy stands to another.

/// How the new policy stands to the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Both decide alike.
    Equal,
    /// Something is no longer possible and nothing newly so.
    Narrower,
    /// Something is newly possible and nothing no longer so.
    Wider,
    /// Both.
    Incomparable,
}

impl Verdict {
    /// The verdict where something is gained or lost.
    pub fn of(gained: bool, lost: bool) -> Self {
        match (gained, lost) {
            (false, false) => Self::Equal,
            (false, true) => Self::Narrower,
            (true, false) => Self::Wider,
            (true, true) => Self::Incomparable,
        }
    }

    /// Whether something is newly possible.
    pub fn gains(self) -> bool {
        matches!(self, Self::Wider | Self::Incomparable)
    }

    /// Whether something is no longer possible.
    pub fn loses(self) -> bool {
        matches!(self, Self::Narrower | Self::Incomparable)
    }

    /// The verdict about two things together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of(self.gains() || other.gains(), self.loses() || other.loses())
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Incomparable => "incomparable",
        }
    }
}
