//! From nodes to the tree.

mod clause;
mod test;

use super::item::{Header, Line};
use super::{Node, Rule};
use crate::source::Span;
use crate::syntax::tree::{
    AccountFact, AccountFactKind, Claim, Clause, ClauseKind, Effect, ItemKind, PayeeEntry, Rule as RuleTree,
    StatementKind, Str, Subject, Token, Unless, Verb, Who,
};
use crate::syntax::words;

/// A fault of a line that has the right shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Soft {
    /// A clause and the one of its kind before it.
    Twice(Span, Span),
    /// More than one pair of action and resource: the subject, the first pair, a later one.
    TwoActions(Span, Span, Span),
    /// What follows an `except` list in its clause, and the reference with the list.
    AfterExcept(Span, Span),
    /// A word that is reserved where a subject is read.
    Reserved(Span),
    /// Hours behind a comma where days were listed before, and the days of the hours before them.
    AmbiguousHours(Span, Option<Span>),
}

/// The nodes of one line, read from the front.
pub(super) struct Cursor<'n, 't> {
    nodes: &'n [Node],
    text: &'t str,
}

impl<'n, 't> Cursor<'n, 't> {
    pub(super) fn new(nodes: &'n [Node], text: &'t str) -> Self {
        Self { nodes, text }
    }

    /// The next node, if it lies inside its parent.
    fn inside(&mut self, parent: Span) -> Option<Node> {
        let (&node, rest) = self.nodes.split_first()?;
        if node.span.start >= parent.end {
            return None;
        }
        self.nodes = rest;
        Some(node)
    }

    /// The next node inside the parent, if it is of this rule.
    fn inside_if(&mut self, parent: Span, rule: Rule) -> Option<Span> {
        let node = self.nodes.first()?;
        if node.rule == rule { self.inside(parent).map(|node| node.span) } else { None }
    }

    /// The next node, which the grammar promises.
    fn next(&mut self) -> Node {
        let none = Node { rule: Rule::EOI, span: Span::default(), raw: Span::default() };
        let Some((&node, rest)) = self.nodes.split_first() else { return none };
        self.nodes = rest;
        node
    }

    fn token(&mut self) -> Token {
        self.next().span
    }

    fn string(&mut self) -> Str {
        Str { span: self.next().span }
    }

    fn text(&self, node: Node) -> &str {
        node.raw.of(self.text)
    }

    /// All tokens inside the parent.
    fn tokens(&mut self, parent: Span) -> Vec<Token> {
        let mut list = Vec::with_capacity(1);
        while let Some(node) = self.inside(parent) {
            list.push(node.span);
        }
        list
    }

    /// All strings inside the parent.
    fn strings(&mut self, parent: Span) -> Vec<Str> {
        let mut list = Vec::with_capacity(1);
        while let Some(node) = self.inside(parent) {
            list.push(Str { span: node.span });
        }
        list
    }
}

/// Builds the line that the next nodes make.
pub(super) fn line(cursor: &mut Cursor<'_, '_>, soft: &mut Vec<Soft>) -> Line {
    let Node { rule, span, .. } = cursor.next();
    match rule {
        Rule::rule_statement => match rule_statement(cursor, span, soft) {
            Some(rule) => Line::Statement(StatementKind::Rule(rule)),
            None => Line::Bad,
        },
        Rule::use_statement => {
            let role = cursor.string();
            Line::Statement(StatementKind::Use { role, clauses: clauses(cursor, span, soft) })
        }
        Rule::only_statement => Line::Statement(StatementKind::Only(clauses(cursor, span, soft))),
        Rule::key_header => Line::Header(Header::Key(cursor.string())),
        Rule::role_header => Line::Header(Header::Role(cursor.string())),
        Rule::guardrail_header => Line::Header(Header::Guardrail(cursor.strings(span))),
        Rule::payees_header => Line::Header(Header::Payees(cursor.string())),
        Rule::network_header => Line::Header(Header::Network(cursor.string())),
        Rule::limit_header => Line::Header(Header::Limit(cursor.string())),
        Rule::test_header => Line::Header(test::header(cursor, span, soft)),
        Rule::import_item => Line::Item(ItemKind::Import(cursor.string())),
        Rule::bank_item => Line::Item(ItemKind::Bank(cursor.string())),
        Rule::timezone_item => Line::Item(ItemKind::Timezone(cursor.string())),
        Rule::account_item => {
            let name = cursor.string();
            Line::Item(ItemKind::Account { name, facts: account_facts(cursor, span) })
        }
        Rule::payee_item => Line::Item(ItemKind::Payee { name: cursor.string(), iban: cursor.token() }),
        Rule::ensure_item => match claim(cursor, span, soft) {
            Some(claim) => Line::Item(ItemKind::Ensure(Box::new(claim))),
            None => Line::Bad,
        },
        Rule::expectation => match test::expectation(cursor, span, soft) {
            Some(expect) => Line::Expectation(expect),
            None => Line::Bad,
        },
        Rule::entry_named => Line::Payee(PayeeEntry::Named(cursor.strings(span))),
        Rule::bare_iban | Rule::string => Line::Payee(PayeeEntry::Iban(span)),
        Rule::network => Line::Network(span),
        Rule::money_cap | Rule::count_cap => Line::Cap(clause::cap(cursor, rule, span)),
        _ => Line::Bad,
    }
}

fn account_facts(cursor: &mut Cursor<'_, '_>, parent: Span) -> Vec<AccountFact> {
    let mut facts = Vec::with_capacity(1);
    while let Some(Node { rule, span, .. }) = cursor.inside(parent) {
        let fact = match rule {
            Rule::fact_iban => {
                let token = cursor.token();
                AccountFact { span: token, kind: AccountFactKind::Iban(token) }
            }
            Rule::fact_id => {
                let token = cursor.token();
                AccountFact { span: token, kind: AccountFactKind::Id(token) }
            }
            _ => AccountFact { span, kind: AccountFactKind::Kind(span) },
        };
        facts.push(fact);
    }
    facts
}

fn rule_statement(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Option<RuleTree> {
    let word = cursor.next();
    let effect = effect(cursor.text(word));
    let subject = subject(cursor, soft);
    let clauses = clauses(cursor, parent, soft);
    let unless = unless(cursor, parent, soft);
    Some(RuleTree { effect, effect_span: word.span, subject: subject?, clauses, unless })
}

fn effect(word: &str) -> Effect {
    match word {
        "allow" => Effect::Allow,
        "ask" => Effect::Ask,
        _ => Effect::Deny,
    }
}

/// Tells actions from resources: the one segment of two words is the border between them.
fn subject(cursor: &mut Cursor<'_, '_>, soft: &mut Vec<Soft>) -> Option<Subject> {
    let span = cursor.token();
    let (mut actions, mut resources) = (Vec::new(), Vec::with_capacity(1));
    let mut border = None;
    let mut last = span;
    let mut sound = true;
    while let Some(node) = cursor.inside(span) {
        if node.rule == Rule::word {
            if is_reserved(cursor.text(node)) {
                soft.push(Soft::Reserved(node.span));
                sound = false;
            }
            last = node.span;
            resources.push(node.span);
            continue;
        }
        let pair = last.to(node.span);
        if let Some(first) = border {
            soft.push(Soft::TwoActions(span, first, pair));
            sound = false;
        } else {
            border = Some(pair);
            actions = std::mem::replace(&mut resources, Vec::with_capacity(1));
            resources.push(node.span);
        }
    }
    sound.then_some(Subject { span, actions, resources })
}

/// The words that begin a clause or a fact, and the joints.
fn is_reserved(word: &str) -> bool {
    words::CLAUSES.contains(&word) || words::FACTS.contains(&word) || matches!(word, "unless" | "and" | "except")
}

/// The clauses before the first `unless`.
fn clauses(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Vec<Clause> {
    let count = count_clauses(cursor.nodes, parent);
    let mut list: Vec<Clause> = Vec::with_capacity(count);
    while let Some(span) = cursor.inside_if(parent, Rule::clause) {
        let kind = clause::kind(cursor, soft);
        push_clause(&mut list, Clause { span, kind }, soft);
    }
    list
}

fn count_clauses(nodes: &[Node], parent: Span) -> usize {
    let here = nodes.iter().take_while(|node| node.span.start < parent.end && node.rule != Rule::unless);
    here.filter(|node| node.rule == Rule::clause).count()
}

fn push_clause(list: &mut Vec<Clause>, clause: Clause, soft: &mut Vec<Soft>) {
    let kind = std::mem::discriminant::<ClauseKind>(&clause.kind);
    if let Some(first) = list.iter().find(|other| std::mem::discriminant(&other.kind) == kind) {
        soft.push(Soft::Twice(clause.span, first.span));
        // A statement of thousands of clauses must not compare each with each: one of a kind is kept.
        return;
    }
    list.push(clause);
}

fn unless(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Vec<Unless> {
    let mut list = Vec::new();
    while let Some(span) = cursor.inside_if(parent, Rule::unless) {
        if list.is_empty() {
            list.reserve_exact(1);
        }
        list.push(Unless { span, clauses: clauses(cursor, span, soft) });
    }
    list
}

fn claim(cursor: &mut Cursor<'_, '_>, parent: Span, soft: &mut Vec<Soft>) -> Option<Claim> {
    let Node { rule, span, .. } = cursor.next();
    let who = match rule {
        Rule::who_keys => Who::Keys(cursor.strings(span)),
        Rule::who_every => Who::Every(cursor.strings(span)),
        _ => Who::No,
    };
    let verb = cursor.next();
    let verb = match cursor.text(verb) {
        "can" => Verb::Can,
        "cannot" => Verb::Cannot,
        _ => Verb::MustAsk,
    };
    let exactly = cursor.inside_if(parent, Rule::exactly).is_some();
    let subject = subject(cursor, soft);
    let clauses = clauses(cursor, parent, soft);
    let unless = unless(cursor, parent, soft);
    Some(Claim { who, verb, exactly, subject: subject?, clauses, unless })
}
