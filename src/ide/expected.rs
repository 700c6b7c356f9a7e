//! What the grammar expects at a place, and what the line says before it: the words of its subject, which clauses stand.
//! Words that do not fit are passed over, so that a slip takes nothing away behind it.

mod clause;
mod item;

use crate::catalogue::Catalogue;
use crate::check::{Position, Speaker};
use crate::ide::line::{Holder, Line};
use crate::syntax::token::{Kind, Token};
use crate::syntax::words;

/// A thing that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Named {
    /// An account.
    Account,
    /// An account with an IBAN.
    Payable,
    /// A payee or a group of payees.
    Payees,
    /// A payee.
    Payee,
    /// A network.
    Network,
    /// A named limit.
    Limit,
    /// A role.
    Role,
    /// A key.
    Key,
}

/// What may stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// An item.
    Item,
    /// A line of a key, role or guardrail.
    Statement,
    /// A line of a test.
    Expectation,
    /// A line of a group of payees.
    Entry,
    /// A line of a limit.
    Cap,
    /// Words of the grammar.
    Word(&'static str),
    /// `allow`, `ask` or `deny`.
    Effect,
    /// An action.
    Action,
    /// A resource.
    Resource,
    /// `everything` or a tier.
    Group,
    /// A clause.
    Clause,
    /// A fact of an expectation.
    Fact,
    /// A setting of a test.
    Setting,
    /// Of whom something is claimed.
    Who,
    /// What is claimed.
    Verb,
    /// A fact of a declared account.
    AccountFact,
    /// A name, in quotes.
    Name(Named),
    /// Accounts, with the words that lead to their names.
    Accounts,
    /// Payees, with the words that lead to their names.
    Payees,
    /// The payee of an expectation.
    PayeeFact,
    /// Networks, with the words that lead to their names.
    Networks,
    /// What an `except` leaves out, beside names.
    KindAccounts,
    /// An IBAN.
    Iban,
    /// An amount.
    Money,
    /// A currency.
    Currency,
    /// The period of an amount.
    Period,
    /// The period of a number of times.
    CountPeriod,
    /// `day`, `week` and so on, behind `per`.
    PeriodWord,
    /// A method.
    Method,
    /// How often something repeats.
    Repeat,
    /// A part of an answer.
    Field,
    /// How old a record may be.
    Age,
    /// A duration behind `dated`.
    Ago,
    /// A date.
    Date,
    /// An instant.
    Instant,
    /// Days or hours.
    Days,
    /// Hours behind days.
    Hours,
    /// When something happened before.
    Moment,
    /// A time zone, in quotes.
    Zone,
    /// A file to import, in quotes.
    Import,
    /// A bank, in quotes.
    Bank,
}

/// A clause or a fact at a place: its words and which of its parts is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// The words that begin it.
    pub(super) words: &'static str,
    /// Whether it is a fact of a test.
    pub(super) fact: bool,
    /// The part.
    pub(super) part: usize,
}

/// What is known of the line before a place.
#[derive(Debug)]
pub(super) struct Expected<'t> {
    /// What may stand there, most likely first.
    pub(super) wants: Vec<Want>,
    /// Who speaks of the subject.
    pub(super) speaker: Option<Speaker>,
    /// Where clauses stand.
    pub(super) position: Position,
    /// Actions of the subject.
    pub(super) actions: Vec<&'t str>,
    /// Resources of the subject.
    pub(super) resources: Vec<&'t str>,
    /// The clauses or facts that are there already, by their first words; those of one `unless` only inside of it.
    pub(super) there: Vec<&'static str>,
    /// What the list before the place holds.
    pub(super) listed: Vec<&'t str>,
    /// The clause or fact that is being written.
    pub(super) spot: Option<Spot>,
}

/// The line ends here.
struct End;

type Step<T = ()> = Result<T, End>;

/// Reads a line up to its end.
struct Walk<'l, 't> {
    text: &'t str,
    bank: &'l Catalogue,
    tokens: &'l [Token],
    at: usize,
    out: Expected<'t>,
}

/// What the grammar expects behind a line.
pub(super) fn expected<'t>(line: &Line<'t>, bank: &Catalogue) -> Expected<'t> {
    let out = Expected {
        wants: Vec::new(),
        speaker: None,
        position: Position::Take,
        actions: Vec::new(),
        resources: Vec::new(),
        there: Vec::new(),
        listed: Vec::new(),
        spot: None,
    };
    let mut walk = Walk { text: line.text, bank, tokens: &line.tokens, at: 0, out };
    // Where the line ends is what was to be found out.
    let (Ok(()) | Err(End)) = match line.holder {
        Holder::File => walk.item(),
        Holder::Key | Holder::Guardrail => walk.statement(line.holder == Holder::Guardrail),
        Holder::Payees => walk.entry(),
        Holder::Network | Holder::Unknown => Ok(()),
        Holder::Limit => walk.cap(),
        Holder::Test => walk.expectation(),
    };
    walk.out
}

impl<'t> Walk<'_, 't> {
    /// Says what may stand here, if the line ends here.
    fn offer(&mut self, want: Want) {
        if self.at == self.tokens.len() && !self.out.wants.contains(&want) {
            self.out.wants.push(want);
        }
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn ends(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn take(&mut self) -> Step<Token> {
        let token = self.peek().ok_or(End)?;
        self.at += 1;
        Ok(token)
    }

    /// The next token, if it is a word; it is passed in any case.
    fn word(&mut self) -> Step<&'t str> {
        let token = self.take()?;
        Ok(if token.kind == Kind::Word { token.span.of(self.text) } else { "" })
    }

    /// Whether a word comes next.
    fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Word && token.span.of(self.text) == word)
    }

    fn sees_text(&self) -> bool {
        self.peek().is_some_and(|token| matches!(token.kind, Kind::Text | Kind::OpenText | Kind::OtherText))
    }

    fn sees_number(&self) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Number)
    }

    fn sees_mark(&self, mark: char) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// Passes a word if it comes next.
    fn pass(&mut self, word: &str) -> bool {
        let sees = self.sees(word);
        self.at += usize::from(sees);
        sees
    }

    /// A word that has to come.
    fn expect(&mut self, word: &'static str) -> Step {
        self.offer(Want::Word(word));
        if self.ends() {
            return Err(End);
        }
        let first = word.split(' ').next().unwrap_or(word);
        self.pass(first);
        Ok(())
    }

    fn comma(&mut self) -> bool {
        let sees = self.sees_mark(',');
        self.at += usize::from(sees);
        sees
    }

    /// Keeps what a list holds.
    fn keep(&mut self, token: Token) {
        self.out.listed.push(token.span.of(self.text));
    }

    fn list(&mut self, mut one: impl FnMut(&mut Self) -> Step) -> Step {
        self.out.listed.clear();
        loop {
            one(self)?;
            if !self.comma() {
                return Ok(());
            }
        }
    }

    fn part(&mut self, part: usize) {
        if let Some(spot) = &mut self.out.spot {
            spot.part = part;
        }
    }

    /// A list of names.
    fn names(&mut self, kind: Named) -> Step {
        self.list(|walk| walk.name(kind))
    }

    fn name(&mut self, kind: Named) -> Step {
        self.offer(Want::Name(kind));
        if !self.ends() && !self.sees_text() {
            return Ok(());
        }
        let token = self.take()?;
        self.keep(token);
        Ok(())
    }

    /// A list of words.
    fn words(&mut self, want: Want) -> Step {
        self.list(|walk| {
            walk.offer(want);
            let token = walk.take()?;
            walk.keep(token);
            Ok(())
        })
    }

    /// What a rule, claim or expectation is about.
    fn subject(&mut self, speaker: Speaker) -> Step {
        self.out.speaker = Some(speaker);
        let needs_action = matches!(speaker, Speaker::Expect | Speaker::Rule(bpol_engine::ir::Effect::Allow));
        loop {
            if self.out.resources.is_empty() {
                if needs_action || !self.out.actions.is_empty() {
                    self.offer(Want::Action);
                } else {
                    self.offer(Want::Resource);
                    self.offer(Want::Group);
                    self.offer(Want::Action);
                }
            } else {
                self.offer(Want::Resource);
                self.offer(Want::Group);
            }
            let word = self.word()?;
            let second = self.peek().filter(|token| token.kind == Kind::Word).map(|token| token.span.of(self.text));
            let second = second.filter(|second| !is_reserved(second));
            if self.out.resources.is_empty() && (self.bank.is_action(word) || second.is_some()) {
                self.out.actions.push(word);
                self.offer(Want::Resource);
                if self.ends() {
                    return Err(End);
                }
                if let Some(second) = second {
                    self.at += 1;
                    self.out.resources.push(second);
                }
            } else if !word.is_empty() {
                self.out.resources.push(word);
            }
            if !self.comma() {
                return Ok(());
            }
        }
    }
}

/// Whether a word is never one of a subject.
fn is_reserved(word: &str) -> bool {
    words::CLAUSES.contains(&word) || words::FACTS.contains(&word) || ["unless", "and", "except"].contains(&word)
}
