//! What one line of a file can be.

use crate::syntax::tree::{Cap, Expect, Fact, ItemKind, PayeeEntry, StatementKind, Str, Token};

/// A line that was read.
#[derive(Debug)]
pub(crate) enum Line {
    /// An item that ends with `;`.
    Item(ItemKind),
    /// The beginning of an item with a block.
    Header(Header),
    /// A statement.
    Statement(StatementKind),
    /// An expectation.
    Expectation(Expect),
    /// A line of `payees`.
    Payee(PayeeEntry),
    /// A line of `network`.
    Network(Token),
    /// A line of `limit`.
    Cap(Cap),
    /// Well-shaped, and yet its faults leave nothing to keep.
    Bad,
}

/// The beginning of an item with a block.
#[derive(Debug)]
pub(crate) enum Header {
    /// `key "…"`
    Key(Str),
    /// `role "…"`
    Role(Str),
    /// `every key except …`
    Guardrail(Vec<Str>),
    /// `payees "…"`
    Payees(Str),
    /// `network "…"`
    Network(Str),
    /// `limit "…"`
    Limit(Str),
    /// `test "…" for key "…" …`
    Test(Str, Str, Vec<Fact>),
}
