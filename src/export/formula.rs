//! Conditions of two values over what a request tells, in a form that every target can print: what is unknown makes
//! each atom false, so a missing fact is told apart only by an atom that asks for it.

use bpol_engine::ir::Dimension;

/// What can be asked of a request. Each is false where the fact is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Atom {
    /// Facts about a dimension stand in the answer and are not known yet.
    Open(Dimension),
    /// Whether a fact is told.
    Told(Fact),
    /// A fact is one of these texts, sorted.
    Among(Fact, Vec<String>),
    /// The payee's IBAN is in a group that the policy names.
    InPayees(String),
    /// The payee is the holder's own account, or is not.
    Own(bool),
    /// The payee is on the bank's list, or is not.
    Favorite(bool),
    /// The key made the record, or did not.
    OwnRecord(bool),
    /// The amount is in this currency and at most so many of its smallest units.
    AtMost(String, i64),
    /// The amount is in this currency and more than so many of its smallest units.
    MoreThan(String, i64),
    /// The record is at most so many seconds old.
    Young(u64),
    /// The record was made at or after this second since 1970.
    CreatedFrom(i64),
    /// The caller's address is in one of these blocks.
    From(Vec<String>),
    /// It is this second since 1970, or later.
    NowFrom(i64),
    /// The clock on the wall is within these hours of these days.
    Clock(Hours),
}

/// A fact that is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    /// The account's IBAN.
    AccountIban,
    /// The account's number at the bank, as text.
    AccountId,
    /// The account's name.
    AccountName,
    /// The account's kind.
    AccountKind,
    /// The payee's IBAN.
    PayeeIban,
    /// The METHOD word.
    Method,
    /// The REPEAT word.
    Repeat,
    /// The address to which the bank will report.
    Url,
    /// The caller's address.
    Ip,
    /// When the record was made.
    Created,
}

/// Minutes of some days: `from` inclusive, `until` exclusive and at most 1440.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Words of the days, from Monday.
    pub(crate) days: Vec<&'static str>,
    /// Minutes after midnight.
    pub(crate) from: u16,
    /// Minutes after midnight.
    pub(crate) until: u16,
}

/// A condition; `not` stands before atoms only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Formula {
    /// Always or never.
    Constant(bool),
    /// The atom holds.
    Is(Atom),
    /// The atom does not hold.
    Not(Atom),
    /// Each holds; at least two.
    All(Vec<Self>),
    /// One holds; at least two.
    Any(Vec<Self>),
}

impl Formula {
    pub(crate) const TRUE: Self = Self::Constant(true);
    pub(crate) const FALSE: Self = Self::Constant(false);

    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        join(parts, true)
    }

    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        join(parts, false)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }
}

impl std::ops::Not for Formula {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(!value),
            Self::Is(atom) => Self::Not(atom),
            Self::Not(atom) => Self::Is(atom),
            Self::All(parts) => Self::any(parts.into_iter().map(|part| !part)),
            Self::Any(parts) => Self::all(parts.into_iter().map(|part| !part)),
        }
    }
}

/// Joins parts, flattens and leaves out what says nothing and what is said twice.
fn join(parts: impl IntoIterator<Item = Formula>, conjunction: bool) -> Formula {
    let mut list: Vec<Formula> = Vec::new();
    for part in parts {
        let inner = match part {
            Formula::Constant(value) if value == conjunction => continue,
            Formula::Constant(_) => return Formula::Constant(!conjunction),
            Formula::All(inner) if conjunction => inner,
            Formula::Any(inner) if !conjunction => inner,
            other => vec![other],
        };
        for part in inner {
            if !list.contains(&part) {
                list.push(part);
            }
        }
    }
    match (list.len(), conjunction) {
        (0, _) => Formula::Constant(conjunction),
        (1, _) => list.remove(0),
        (_, true) => Formula::All(list),
        (_, false) => Formula::Any(list),
    }
}

/// What three-valued logic says of a clause, as two conditions; where neither holds it is unknown.
#[derive(Debug, Clone)]
pub(crate) struct Kleene {
    /// It is true.
    pub(crate) yes: Formula,
    /// It is false.
    pub(crate) no: Formula,
}

impl Kleene {
    pub(crate) const TRUE: Self = Self { yes: Formula::TRUE, no: Formula::FALSE };
    pub(crate) const FALSE: Self = Self { yes: Formula::FALSE, no: Formula::TRUE };
    pub(crate) const UNKNOWN: Self = Self { yes: Formula::FALSE, no: Formula::FALSE };

    /// Whether a fact is one of these; unknown where it is not told.
    pub(crate) fn among(fact: Fact, mut texts: Vec<String>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        let yes = Formula::Is(Atom::Among(fact, texts));
        Self { no: Formula::Is(Atom::Told(fact)).and(!yes.clone()), yes }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self { yes: self.yes.or(other.yes), no: self.no.and(other.no) }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self { yes: self.yes.and(other.yes), no: self.no.or(other.no) }
    }
}

impl std::ops::Not for Kleene {
    type Output = Self;

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}
