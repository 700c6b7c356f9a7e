//! The pieces of a tree in the order of the text: values, what stands between them, comments. Together they are all of
//! the text but its blanks, so a tree can be printed.

use crate::source::Span;
use crate::syntax::tree::{
    AccountFactKind, AccountRefKind, Cap, CapKind, Claim, Clause, ClauseKind, DuringKind, Excepted, Fact, FactKind,
    Item, ItemKind, NetworkRefKind, PayeeEntry, PayeeRefKind, Period, PeriodKind, StatementKind, Str, Subject, Tree,
    Unless, When, Who,
};

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// A string, a word of the vocabulary or a value.
    Value(Span),
    /// Words of the grammar and punctuation, between two pieces of other kinds.
    Glue(Span),
    /// A comment, doc comments included.
    Comment(Span),
}

impl Piece {
    /// Where it stands.
    pub const fn span(self) -> Span {
        match self {
            Self::Value(span) | Self::Glue(span) | Self::Comment(span) => span,
        }
    }
}

/// What can stand on a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A clause and its place in the order of the grammar.
    Clause(Span, u8),
    /// An `unless` block; its clauses follow.
    Unless(Span),
    /// A fact or a setting of a test.
    Fact(Span),
}

/// A tree as the sequence of what is in it.
#[derive(Debug, Default)]
pub struct Pieces {
    /// All pieces, in the order of the text.
    pub pieces: Vec<Piece>,
    /// All parts of lines, in the order of the text.
    pub parts: Vec<Part>,
}

/// All comments of a tree, doc comments included, in the order of the text.
pub fn comments(tree: &Tree) -> Vec<Span> {
    let mut list = tree.comments.clone();
    let plain = list.len();
    for item in &tree.items {
        list.extend(comments_of(item));
    }
    if list.len() > plain {
        list.sort_unstable();
    }
    list
}

/// The lines of the doc comments of an item and of what is in it.
pub(crate) fn comments_of(item: &Item) -> impl Iterator<Item = &Span> {
    let body: &[_] = match &item.kind {
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => body,
        _ => &[],
    };
    let expectations: &[_] = if let ItemKind::Test(test) = &item.kind { &test.expectations } else { &[] };
    let of_lines = body.iter().flat_map(|statement| &statement.doc);
    item.doc.iter().chain(of_lines).chain(expectations.iter().flat_map(|expectation| &expectation.doc))
}

/// The pieces of a tree and of the text that it was read from.
pub fn pieces(tree: &Tree, text: &str) -> Pieces {
    let mut walk = Walk { values: Vec::new(), parts: Vec::new() };
    let comments = comments(tree);
    let mut comments = comments.into_iter().peekable();
    let mut pieces = Vec::new();
    for item in &tree.items {
        while let Some(comment) = comments.next_if(|comment| comment.start < item.span.start) {
            pieces.push(Piece::Comment(comment));
        }
        walk.values.clear();
        walk.item(&item.kind);
        let mut at = item.span.start;
        let mut glue = |pieces: &mut Vec<Piece>, end: u32, next: u32| {
            let between = Span::new(at, end);
            let trimmed = between.of(text).trim();
            if !trimmed.is_empty() {
                let start = at + offset(between.of(text).len() - between.of(text).trim_start().len());
                pieces.push(Piece::Glue(Span::new(start, start + offset(trimmed.len()))));
            }
            at = next;
        };
        for &value in &walk.values {
            while let Some(comment) = comments.next_if(|comment| comment.start < value.start) {
                glue(&mut pieces, comment.start, comment.end);
                pieces.push(Piece::Comment(comment));
            }
            glue(&mut pieces, value.start, value.end);
            pieces.push(Piece::Value(value));
        }
        while let Some(comment) = comments.next_if(|comment| comment.start < item.span.end) {
            glue(&mut pieces, comment.start, comment.end);
            pieces.push(Piece::Comment(comment));
        }
        glue(&mut pieces, item.span.end, item.span.end);
    }
    pieces.extend(comments.map(Piece::Comment));
    Pieces { pieces, parts: walk.parts }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

struct Walk {
    values: Vec<Span>,
    parts: Vec<Part>,
}

impl Walk {
    fn item(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Import(name) | ItemKind::Bank(name) | ItemKind::Timezone(name) => self.string(name),
            ItemKind::Account { name, facts } => {
                self.string(name);
                self.values.extend(facts.iter().map(|fact| match fact.kind {
                    AccountFactKind::Iban(token) | AccountFactKind::Id(token) | AccountFactKind::Kind(token) => token,
                }));
            }
            ItemKind::Payee { name, iban } => {
                self.string(name);
                self.values.push(*iban);
            }
            ItemKind::Payees { name, entries } => {
                self.string(name);
                for entry in entries {
                    match entry {
                        PayeeEntry::Named(names) => self.strings(names),
                        PayeeEntry::Iban(token) => self.values.push(*token),
                    }
                }
            }
            ItemKind::Network { name, blocks } => {
                self.string(name);
                self.values.extend(blocks);
            }
            ItemKind::Limit { name, caps } => {
                self.string(name);
                self.caps(caps);
            }
            ItemKind::Role { name, body } | ItemKind::Key { name, body } => {
                self.string(name);
                body.iter().for_each(|statement| self.statement(&statement.kind));
            }
            ItemKind::Guardrail { except, body } => {
                self.strings(except);
                body.iter().for_each(|statement| self.statement(&statement.kind));
            }
            ItemKind::Ensure(claim) => self.claim(claim),
            ItemKind::Test(test) => {
                self.string(&test.name);
                self.string(&test.key);
                self.facts(&test.settings);
                for expect in test.expectations.iter().filter_map(|expectation| expectation.expect.as_ref()) {
                    self.subject(&expect.subject);
                    self.facts(&expect.facts);
                }
            }
            ItemKind::Bad => {}
        }
    }

    fn string(&mut self, string: &Str) {
        self.values.push(string.span);
    }

    fn strings(&mut self, strings: &[Str]) {
        self.values.extend(strings.iter().map(|string| string.span));
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Rule(rule) => {
                self.subject(&rule.subject);
                self.clauses(&rule.clauses);
                self.unless(&rule.unless);
            }
            StatementKind::Use { role, clauses } => {
                self.string(role);
                self.clauses(clauses);
            }
            StatementKind::Only(clauses) => self.clauses(clauses),
            StatementKind::Bad => {}
        }
    }

    fn claim(&mut self, claim: &Claim) {
        if let Who::Keys(names) | Who::Every(names) = &claim.who {
            self.strings(names);
        }
        self.subject(&claim.subject);
        self.clauses(&claim.clauses);
        self.unless(&claim.unless);
    }

    fn subject(&mut self, subject: &Subject) {
        self.values.extend(&subject.actions);
        self.values.extend(&subject.resources);
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            self.parts.push(Part::Clause(clause.span, rank(&clause.kind)));
            self.clause(&clause.kind);
        }
    }

    fn unless(&mut self, blocks: &[Unless]) {
        for block in blocks {
            self.parts.push(Part::Unless(block.span));
            self.clauses(&block.clauses);
        }
    }

    fn clause(&mut self, kind: &ClauseKind) {
        match kind {
            ClauseKind::On(accounts) => {
                for account in accounts {
                    match &account.kind {
                        AccountRefKind::Named(names) => self.strings(names),
                        AccountRefKind::Kind { word, except } => {
                            self.values.push(*word);
                            self.excepted(except);
                        }
                        AccountRefKind::Any { except } => self.excepted(except),
                    }
                }
            }
            ClauseKind::To(payees) => {
                for payee in payees {
                    match &payee.kind {
                        PayeeRefKind::Payees(names) | PayeeRefKind::Accounts(names) => self.strings(names),
                        PayeeRefKind::Ibans(tokens) => self.values.extend(tokens),
                        PayeeRefKind::OwnAccounts | PayeeRefKind::Favorites | PayeeRefKind::Anyone => {}
                    }
                }
            }
            ClauseKind::ToUrl(strings) | ClauseKind::Within(strings) => self.strings(strings),
            ClauseKind::UpTo(caps) | ClauseKind::Over(caps) | ClauseKind::AtMost(caps) | ClauseKind::MoreThan(caps) => {
                self.caps(caps);
            }
            ClauseKind::Via(tokens)
            | ClauseKind::Repeating(tokens)
            | ClauseKind::Showing(tokens)
            | ClauseKind::Hiding(tokens) => self.values.extend(tokens),
            ClauseKind::Since(token) | ClauseKind::Starting(token) | ClauseKind::Before(token) => {
                self.values.push(*token);
            }
            ClauseKind::CreatedByThisKey => {}
            ClauseKind::From(networks) => {
                for network in networks {
                    match &network.kind {
                        NetworkRefKind::Ip(tokens) => self.values.extend(tokens),
                        NetworkRefKind::Named(names) => self.strings(names),
                        NetworkRefKind::Anywhere => {}
                    }
                }
            }
            ClauseKind::During(parts) => {
                for part in parts {
                    match part.kind {
                        DuringKind::Days(token) => self.values.push(token),
                        DuringKind::DayRange(first, last) | DuringKind::Hours(first, last) => {
                            self.values.extend([first, last]);
                        }
                    }
                }
            }
        }
    }

    fn excepted(&mut self, except: &[Excepted]) {
        self.values.extend(except.iter().map(|excepted| match excepted {
            Excepted::Account(name) => name.span,
            Excepted::Kind(token) => *token,
        }));
    }

    fn caps(&mut self, caps: &[Cap]) {
        for cap in caps {
            match cap.kind {
                CapKind::Money(number, code) => self.values.extend([number, code]),
                CapKind::AnyAmount => {}
                CapKind::Times(number) => self.values.push(number),
            }
            if let Some(Period { kind: PeriodKind::Rolling(token), .. }) = cap.period {
                self.values.push(token);
            }
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        for fact in facts {
            self.parts.push(Part::Fact(fact.span));
            match &fact.kind {
                FactKind::Of(number, code) => self.values.extend([*number, *code]),
                FactKind::OnAccount(name)
                | FactKind::ToPayee(name)
                | FactKind::ToAccount(name)
                | FactKind::ToUrl(name) => self.string(name),
                FactKind::ToIban(token)
                | FactKind::Via(token)
                | FactKind::Repeating(token)
                | FactKind::DatedAgo(token)
                | FactKind::DatedOn(token)
                | FactKind::FromIp(token)
                | FactKind::At(token) => self.values.push(*token),
                FactKind::Showing(tokens) => self.values.extend(tokens),
                FactKind::ToOwnAccounts | FactKind::CreatedByThisKey => {}
                FactKind::AfterSpending(number, code, when) => {
                    self.values.extend([*number, *code]);
                    self.when(*when);
                }
                FactKind::AfterEarlier(number, when) => {
                    self.values.push(*number);
                    self.when(*when);
                }
            }
        }
    }

    fn when(&mut self, when: When) {
        if let When::Ago(token) = when {
            self.values.push(token);
        }
    }
}

/// The place of a clause in the order of the grammar.
const fn rank(kind: &ClauseKind) -> u8 {
    match kind {
        ClauseKind::On(_) => 0,
        ClauseKind::To(_) => 1,
        ClauseKind::ToUrl(_) => 2,
        ClauseKind::UpTo(_) => 3,
        ClauseKind::Over(_) => 4,
        ClauseKind::AtMost(_) => 5,
        ClauseKind::MoreThan(_) => 6,
        ClauseKind::Within(_) => 7,
        ClauseKind::Via(_) => 8,
        ClauseKind::Repeating(_) => 9,
        ClauseKind::Since(_) => 10,
        ClauseKind::CreatedByThisKey => 11,
        ClauseKind::Showing(_) => 12,
        ClauseKind::Hiding(_) => 13,
        ClauseKind::From(_) => 14,
        ClauseKind::During(_) => 15,
        ClauseKind::Starting(_) => 16,
        ClauseKind::Before(_) => 17,
    }
}
