//! From pieces of text to nodes: the one door to pest.

mod build;
mod item;

use pest::iterators::Pairs;
use pest::{Parser, Token};
use pest_derive::Parser;

use crate::source::Span;
use crate::syntax::cut::span;

pub(crate) use build::Soft;
pub(crate) use item::{Header, Line};

#[derive(Parser)]
#[grammar = "../grammar/bpol.pest"]
struct Grammar;

/// What a piece is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An item that ends with `;`.
    Item,
    /// The beginning of an item with a block.
    Header,
    /// A line of a key, a role or a guardrail.
    Statement,
    /// A line of a test.
    Expectation,
    /// A line of `payees`.
    Payee,
    /// A line of `network`.
    Network,
    /// A line of `limit`.
    Cap,
}

impl Shape {
    const fn rule(self) -> Rule {
        match self {
            Self::Item => Rule::line_item,
            Self::Header => Rule::line_header,
            Self::Statement => Rule::line_statement,
            Self::Expectation => Rule::line_expectation,
            Self::Payee => Rule::line_payee,
            Self::Network => Rule::line_network,
            Self::Cap => Rule::line_cap,
        }
    }
}

/// A piece of text that has a name in the grammar; nodes stand in the order in which they begin, parents first.
#[derive(Debug, Clone, Copy)]
struct Node {
    rule: Rule,
    span: Span,
}

/// Where reading stopped and what would have gone on.
#[derive(Debug)]
pub(crate) struct Stop {
    /// Offset in the text that was read.
    pub(crate) at: usize,
    expected: Vec<Rule>,
}

/// Memory that is used again for each piece.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    nodes: Vec<Node>,
    open: Vec<usize>,
}

impl Reader {
    /// Reads `text` as a line of this shape. `offset` is where it stands in its file; `soft` takes the faults that
    /// do not keep it from being read.
    pub(crate) fn read(&mut self, shape: Shape, text: &str, offset: usize, soft: &mut Vec<Soft>) -> Result<Line, Stop> {
        match Grammar::parse(shape.rule(), text) {
            Ok(pairs) => {
                self.collect(pairs, offset);
                Ok(build::line(&self.nodes, text, offset, soft))
            }
            Err(error) => {
                let at = match error.location {
                    pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
                };
                let expected = match error.variant {
                    pest::error::ErrorVariant::ParsingError { positives, .. } => positives,
                    pest::error::ErrorVariant::CustomError { .. } => Vec::new(),
                };
                Err(Stop { at, expected })
            }
        }
    }

    fn collect(&mut self, pairs: Pairs<'_, Rule>, offset: usize) {
        self.nodes.clear();
        self.open.clear();
        for token in pairs.tokens() {
            match token {
                Token::Start { rule: Rule::EOI | Rule::comment, .. }
                | Token::End { rule: Rule::EOI | Rule::comment, .. } => {}
                Token::Start { rule, pos } => {
                    self.open.push(self.nodes.len());
                    let start = offset + pos.pos();
                    self.nodes.push(Node { rule, span: span(start, start) });
                }
                Token::End { pos, .. } => {
                    if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
                        node.span = Span::new(node.span.start, span(0, offset + pos.pos()).end);
                    }
                }
            }
        }
    }
}
