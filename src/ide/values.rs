//! The one walk over what an item says: each name, word of the vocabulary and value, with what it is. From the tree only,
//! so it knows nothing of whether names are declared or words exist.

use crate::source::Span;
use crate::syntax::tree::{
    AccountFactKind, AccountRefKind, Cap, CapKind, Clause, ClauseKind, DuringKind, Excepted, Fact, FactKind, Item,
    ItemKind, NetworkRefKind, PayeeEntry, PayeeRefKind, Period, PeriodKind, StatementKind, Str, Subject, Unless, When,
    Who,
};

/// The kinds of names that a policy declares. Payees and groups of payees share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// `account "…" is …;`
    Account,
    /// `payee "…" is …;` and `payees "…" < … >`
    Payee,
    /// `network "…" < … >`
    Network,
    /// `limit "…" < … >`
    Limit,
    /// `role "…" < … >`
    Role,
    /// `key "…" < … >`
    Key,
    /// `test "…" for key "…" < … >`
    Test,
}

impl Space {
    /// What a thing of it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Payee => "payee",
            Self::Network => "network",
            Self::Limit => "limit",
            Self::Role => "role",
            Self::Key => "key",
            Self::Test => "test",
        }
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A name that the policy declares, where it is declared.
    Declaration(Space),
    /// The same, where it is used.
    Use(Space),
    /// The path of a file, or a bank's name.
    Path,
    /// Another string: a time zone, a URL.
    Text,
    /// An action word.
    Action,
    /// A resource word, or the name of a tier.
    Resource,
    /// A word of the language that stands for one of a list: a kind of account, a method, how often, a day.
    Word,
    /// A part of an answer.
    Field,
    /// An IBAN, bare or quoted.
    Iban,
    /// The code of a currency.
    Currency,
    /// A number, a date, a time, a duration or a network.
    Number,
}

/// Calls for each value of an item, in the order of the text.
pub(super) fn values(item: &Item, each: &mut dyn FnMut(What, Span)) {
    Walk { each }.item(&item.kind);
}

struct Walk<'w> {
    each: &'w mut dyn FnMut(What, Span),
}

impl Walk<'_> {
    fn item(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Import(path) | ItemKind::Bank(path) => self.say(What::Path, path.span),
            ItemKind::Timezone(zone) => self.say(What::Text, zone.span),
            ItemKind::Account { name, facts } => {
                self.declared(Space::Account, name);
                for fact in facts {
                    match fact.kind {
                        AccountFactKind::Iban(token) => self.say(What::Iban, token),
                        AccountFactKind::Id(token) => self.say(What::Number, token),
                        AccountFactKind::Kind(token) => self.say(What::Word, token),
                    }
                }
            }
            ItemKind::Payee { name, iban } => {
                self.declared(Space::Payee, name);
                self.say(What::Iban, *iban);
            }
            ItemKind::Payees { name, entries } => {
                self.declared(Space::Payee, name);
                for entry in entries {
                    match entry {
                        PayeeEntry::Named(names) => self.used(Space::Payee, names),
                        PayeeEntry::Iban(token) => self.say(What::Iban, *token),
                    }
                }
            }
            ItemKind::Network { name, blocks } => {
                self.declared(Space::Network, name);
                self.all(What::Number, blocks);
            }
            ItemKind::Limit { name, caps } => {
                self.declared(Space::Limit, name);
                self.caps(caps);
            }
            ItemKind::Role { name, body } => {
                self.declared(Space::Role, name);
                body.iter().for_each(|statement| self.statement(&statement.kind));
            }
            ItemKind::Key { name, body } => {
                self.declared(Space::Key, name);
                body.iter().for_each(|statement| self.statement(&statement.kind));
            }
            ItemKind::Guardrail { except, body } => {
                self.used(Space::Key, except);
                body.iter().for_each(|statement| self.statement(&statement.kind));
            }
            ItemKind::Ensure(claim) => {
                if let Who::Keys(names) | Who::Every(names) = &claim.who {
                    self.used(Space::Key, names);
                }
                self.conditions(&claim.subject, &claim.clauses, &claim.unless);
            }
            ItemKind::Test(test) => {
                self.declared(Space::Test, &test.name);
                self.used(Space::Key, &[test.key]);
                test.settings.iter().for_each(|fact| self.fact(fact));
                for expect in test.expectations.iter().filter_map(|expectation| expectation.expect.as_ref()) {
                    self.subject(&expect.subject);
                    expect.facts.iter().for_each(|fact| self.fact(fact));
                }
            }
            ItemKind::Bad => {}
        }
    }

    fn say(&mut self, what: What, span: Span) {
        (self.each)(what, span);
    }

    fn all(&mut self, what: What, spans: &[Span]) {
        spans.iter().for_each(|span| self.say(what, *span));
    }

    fn declared(&mut self, space: Space, name: &Str) {
        self.say(What::Declaration(space), name.span);
    }

    fn used(&mut self, space: Space, names: &[Str]) {
        names.iter().for_each(|name| self.say(What::Use(space), name.span));
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Rule(rule) => self.conditions(&rule.subject, &rule.clauses, &rule.unless),
            StatementKind::Use { role, clauses } => {
                self.used(Space::Role, &[*role]);
                clauses.iter().for_each(|clause| self.clause(&clause.kind));
            }
            StatementKind::Only(clauses) => clauses.iter().for_each(|clause| self.clause(&clause.kind)),
            StatementKind::Bad => {}
        }
    }

    fn conditions(&mut self, subject: &Subject, clauses: &[Clause], unless: &[Unless]) {
        self.subject(subject);
        let exceptions = unless.iter().flat_map(|block| &block.clauses);
        clauses.iter().chain(exceptions).for_each(|clause| self.clause(&clause.kind));
    }

    /// Words between commas may come in any order, `read account, pay transaction`: they are told as they stand.
    fn subject(&mut self, subject: &Subject) {
        let actions = subject.actions.iter().map(|token| (What::Action, *token));
        let resources = subject.resources.iter().map(|token| (What::Resource, *token));
        let mut words: Vec<(What, Span)> = actions.chain(resources).collect();
        words.sort_by_key(|(_, token)| token.start);
        words.into_iter().for_each(|(what, token)| self.say(what, token));
    }

    fn clause(&mut self, kind: &ClauseKind) {
        match kind {
            ClauseKind::On(accounts) => accounts.iter().for_each(|account| match &account.kind {
                AccountRefKind::Named(names) => self.used(Space::Account, names),
                AccountRefKind::Kind { word, except } => {
                    self.say(What::Word, *word);
                    self.excepted(except);
                }
                AccountRefKind::Any { except } => self.excepted(except),
            }),
            ClauseKind::To(payees) => payees.iter().for_each(|payee| match &payee.kind {
                PayeeRefKind::Payees(names) => self.used(Space::Payee, names),
                PayeeRefKind::Accounts(names) => self.used(Space::Account, names),
                PayeeRefKind::Ibans(tokens) => self.all(What::Iban, tokens),
                PayeeRefKind::OwnAccounts | PayeeRefKind::Favorites | PayeeRefKind::Anyone => {}
            }),
            ClauseKind::ToUrl(urls) => urls.iter().for_each(|url| self.say(What::Text, url.span)),
            ClauseKind::Within(names) => self.used(Space::Limit, names),
            ClauseKind::UpTo(caps) | ClauseKind::Over(caps) | ClauseKind::AtMost(caps) | ClauseKind::MoreThan(caps) => {
                self.caps(caps);
            }
            ClauseKind::Via(tokens) | ClauseKind::Repeating(tokens) => self.all(What::Word, tokens),
            ClauseKind::Showing(tokens) | ClauseKind::Hiding(tokens) => self.all(What::Field, tokens),
            ClauseKind::Since(token) | ClauseKind::Starting(token) | ClauseKind::Before(token) => {
                self.say(What::Number, *token);
            }
            ClauseKind::CreatedByThisKey => {}
            ClauseKind::From(networks) => networks.iter().for_each(|network| match &network.kind {
                NetworkRefKind::Ip(tokens) => self.all(What::Number, tokens),
                NetworkRefKind::Named(names) => self.used(Space::Network, names),
                NetworkRefKind::Anywhere => {}
            }),
            ClauseKind::During(parts) => parts.iter().for_each(|part| match part.kind {
                DuringKind::Days(token) => self.say(What::Word, token),
                DuringKind::DayRange(first, last) => self.all(What::Word, &[first, last]),
                DuringKind::Hours(start, end) => self.all(What::Number, &[start, end]),
            }),
        }
    }

    fn excepted(&mut self, except: &[Excepted]) {
        except.iter().for_each(|one| match one {
            Excepted::Account(name) => self.used(Space::Account, &[*name]),
            Excepted::Kind(token) => self.say(What::Word, *token),
        });
    }

    fn caps(&mut self, caps: &[Cap]) {
        for cap in caps {
            match cap.kind {
                CapKind::Money(number, code) => self.money(number, code),
                CapKind::AnyAmount => {}
                CapKind::Times(number) => self.say(What::Number, number),
            }
            if let Some(Period { kind: PeriodKind::Rolling(token), .. }) = cap.period {
                self.say(What::Number, token);
            }
        }
    }

    fn money(&mut self, number: Span, code: Span) {
        self.say(What::Number, number);
        self.say(What::Currency, code);
    }

    fn fact(&mut self, fact: &Fact) {
        match &fact.kind {
            FactKind::Of(number, code) => self.money(*number, *code),
            FactKind::OnAccount(name) | FactKind::ToAccount(name) => self.used(Space::Account, &[*name]),
            FactKind::ToPayee(name) => self.used(Space::Payee, &[*name]),
            FactKind::ToUrl(url) => self.say(What::Text, url.span),
            FactKind::ToIban(token) => self.say(What::Iban, *token),
            FactKind::Via(token) | FactKind::Repeating(token) => self.say(What::Word, *token),
            FactKind::DatedAgo(token) | FactKind::DatedOn(token) | FactKind::FromIp(token) | FactKind::At(token) => {
                self.say(What::Number, *token);
            }
            FactKind::Showing(tokens) => self.all(What::Field, tokens),
            FactKind::ToOwnAccounts | FactKind::CreatedByThisKey => {}
            FactKind::AfterSpending(number, code, when) => {
                self.money(*number, *code);
                self.when(*when);
            }
            FactKind::AfterEarlier(number, when) => {
                self.say(What::Number, *number);
                self.when(*when);
            }
        }
    }

    fn when(&mut self, when: When) {
        if let When::Ago(token) = when {
            self.say(What::Number, token);
        }
    }
}
