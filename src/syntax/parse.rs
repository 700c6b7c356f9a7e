//! From pieces of text to nodes: the one door to pest.

mod build;
mod item;

use pest::iterators::Pairs;
use pest::{Parser, Token};
use pest_derive::Parser;

use crate::source::Span;
use crate::syntax::cut::span;
use crate::syntax::repair::Repaired;

use build::Cursor;

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
    /// Where it stands in the file.
    span: Span,
    /// Where it stands in the text that was read.
    raw: Span,
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
                self.collect(pairs, |start, end| span(offset + start, offset + end));
                let line = build::line(&mut Cursor::new(&self.nodes, text), soft);
                reserved(soft, |place| place.start as usize - offset).map_or(Ok(line), Err)
            }
            Err(error) => Err(stop(error)),
        }
    }

    /// Reads `text` as whole items, whose lines can be taken one after the other; nothing when there is a fault in it.
    pub(crate) fn read_items<'n>(&'n mut self, text: &'n str, offset: usize) -> Option<Lines<'n>> {
        let pairs = Grammar::parse(Rule::items, text).ok()?;
        self.collect(pairs, |start, end| span(offset + start, offset + end));
        Some(Lines { cursor: Cursor::new(&self.nodes, text) })
    }

    /// Reads a text that was put right; spans are where its words stand in the file.
    pub(crate) fn reread(&mut self, shape: Shape, repaired: &Repaired, soft: &mut Vec<Soft>) -> Result<Line, Stop> {
        match Grammar::parse(shape.rule(), &repaired.text) {
            Ok(pairs) => {
                self.collect(pairs, |start, end| repaired.back(start, end));
                let line = build::line(&mut Cursor::new(&self.nodes, &repaired.text), soft);
                let raw =
                    |place| self.nodes.iter().find(|node| node.span == place).map_or(0, |node| node.raw.start as usize);
                reserved(soft, raw).map_or(Ok(line), Err)
            }
            Err(error) => Err(stop(error)),
        }
    }

    fn collect(&mut self, pairs: Pairs<'_, Rule>, place: impl Fn(usize, usize) -> Span) {
        self.nodes.clear();
        self.open.clear();
        for token in pairs.tokens() {
            match token {
                Token::Start { rule: Rule::EOI | Rule::comment, .. }
                | Token::End { rule: Rule::EOI | Rule::comment, .. } => {}
                Token::Start { rule, pos } => {
                    self.open.push(self.nodes.len());
                    let raw = span(pos.pos(), pos.pos());
                    self.nodes.push(Node { rule, span: raw, raw });
                }
                Token::End { pos, .. } => {
                    if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
                        node.raw.end = span(0, pos.pos()).end;
                        node.span = place(node.raw.start as usize, pos.pos());
                    }
                }
            }
        }
    }
}

/// The lines of a text, in order.
pub(crate) struct Lines<'n> {
    cursor: Cursor<'n, 'n>,
}

impl Lines<'_> {
    /// The next line, and whether it can be kept: nothing where a reserved word stands in a subject.
    pub(crate) fn next(&mut self, soft: &mut Vec<Soft>) -> Option<Line> {
        let line = build::line(&mut self.cursor, soft);
        reserved(soft, |_| 0).is_none().then_some(line)
    }
}

/// Where reading has to stop since a reserved word stands in a subject; other faults of the line are dropped then.
fn reserved(soft: &mut Vec<Soft>, offset: impl Fn(Span) -> usize) -> Option<Stop> {
    let place = soft.iter().find_map(|soft| if let Soft::Reserved(place) = soft { Some(*place) } else { None })?;
    soft.clear();
    Some(Stop { at: offset(place), expected: vec![Rule::word] })
}

fn stop(error: pest::error::Error<Rule>) -> Stop {
    let at = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    };
    let expected = match error.variant {
        pest::error::ErrorVariant::ParsingError { positives, .. } => positives,
        pest::error::ErrorVariant::CustomError { .. } => Vec::new(),
    };
    Stop { at, expected }
}

impl Stop {
    /// Whether the line could have ended here.
    pub(crate) fn at_end(&self) -> bool {
        self.expected.contains(&Rule::EOI)
    }

    /// What could have gone on, in a few words.
    pub(crate) fn expected(&self, shape: Shape) -> String {
        let mut list: Vec<&str> = self.expected.iter().filter_map(|&rule| phrase(rule, shape)).collect();
        list.sort_unstable();
        list.dedup();
        match list.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }
}

/// What a rule is called in a message; nothing for what would not help.
fn phrase(rule: Rule, shape: Shape) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => match shape {
            Shape::Header => "`<`",
            _ => "`;`",
        },
        Rule::clause => "a clause",
        Rule::unless => "`unless`",
        Rule::fact | Rule::setting => "a fact such as `at 2026-11-24T10:00:00Z`",
        Rule::string => "a name in quotes",
        Rule::word | Rule::second | Rule::subject => "a word of the bank",
        Rule::kind | Rule::kind_accounts => "a kind of account",
        Rule::fact_kind | Rule::fact_iban | Rule::fact_id => "an IBAN, an id or a kind",
        Rule::bare_iban | Rule::ibans => "an IBAN",
        Rule::number | Rule::money_cap => "an amount",
        Rule::count_cap => "a number of times",
        Rule::code => "a currency, as in `50 EUR`",
        Rule::any_amount => "`any amount`",
        Rule::each => "`each`",
        Rule::window => "a period, as in `per day`",
        Rule::duration => "a duration, as in `30d`",
        Rule::time | Rule::hours | Rule::day_hours => "hours, as in `09:00-17:00`",
        Rule::day | Rule::days => "days, as in `mon-fri`",
        Rule::network | Rule::ips => "an address",
        Rule::named_networks => "a network",
        Rule::anywhere => "`anywhere`",
        Rule::named_accounts | Rule::to_accounts => "an account, as in `account \"Groceries\"`",
        Rule::any_account => "`any account`",
        Rule::payees | Rule::entry_named => "a payee, as in `payee \"Landlord\"`",
        Rule::own_accounts => "`own accounts`",
        Rule::favorites => "`favorites`",
        Rule::anyone => "`anyone`",
        Rule::effect => "`allow`, `ask` or `deny`",
        Rule::can => "`can`",
        Rule::verb => "`can`, `cannot` or `must ask to`",
        Rule::who_keys | Rule::who_every | Rule::who_no => "`key`, `every key` or `no key`",
        Rule::moment => "`today`, `this week` or how long ago",
        _ => return None,
    })
}
