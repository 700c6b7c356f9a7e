//! Sets of dimensions.

use bpol_engine::ir::Dimension;

/// A set of dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimensions(pub(super) u8);

impl Dimensions {
    /// No dimension.
    pub const EMPTY: Self = Self(0);

    const ALL: [Dimension; 8] = [
        Dimension::Account,
        Dimension::Payee,
        Dimension::Amount,
        Dimension::Method,
        Dimension::Record,
        Dimension::Fields,
        Dimension::Repeat,
        Dimension::Url,
    ];

    /// Whether a dimension is in it.
    pub const fn contains(self, dimension: Dimension) -> bool {
        self.0 & bit(dimension) != 0
    }

    /// Adds a dimension.
    pub const fn insert(&mut self, dimension: Dimension) {
        self.0 |= bit(dimension);
    }

    /// The dimensions in it, in their own order.
    pub fn iter(self) -> impl Iterator<Item = Dimension> {
        Self::ALL.into_iter().filter(move |dimension| self.contains(*dimension))
    }

    /// Whether none is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Dimension> for Dimensions {
    fn from_iter<I: IntoIterator<Item = Dimension>>(dimensions: I) -> Self {
        dimensions.into_iter().fold(Self::EMPTY, |mut set, dimension| {
            set.insert(dimension);
            set
        })
    }
}

/// The bit of a dimension: the place of its word in `book::DIMENSIONS`.
const fn bit(dimension: Dimension) -> u8 {
    1 << match dimension {
        Dimension::Account => 0,
        Dimension::Payee => 1,
        Dimension::Amount => 2,
        Dimension::Method => 3,
        Dimension::Record => 4,
        Dimension::Fields => 5,
        Dimension::Repeat => 6,
        Dimension::Url => 7,
    }
}
