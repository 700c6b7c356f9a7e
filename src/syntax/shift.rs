//! Every span of an item, for moving it with its text.

use crate::source::Span;
use crate::syntax::tree::{
    AccountFact, AccountFactKind, AccountRef, AccountRefKind, Cap, CapKind, Claim, Clause, ClauseKind, DuringKind,
    DuringPart, Excepted, Expect, Expectation, Fact, FactKind, Item, ItemKind, NetworkRef, NetworkRefKind, PayeeEntry,
    PayeeRef, PayeeRefKind, Period, PeriodKind, Rule, Statement, StatementKind, Str, Subject, Test, Unless, When, Who,
};

/// Moves an item by so many bytes; one that would leave the text stays at its start.
pub(crate) fn shift(item: &mut Item, by: i64) {
    item.each(By(by));
}

/// How far to move.
#[derive(Clone, Copy)]
struct By(i64);

impl By {
    fn offset(self, offset: u32) -> u32 {
        u32::try_from(i64::from(offset) + self.0).unwrap_or(0)
    }
}

trait Shift {
    fn each(&mut self, by: By);
}

impl Shift for Span {
    fn each(&mut self, by: By) {
        *self = Self::new(by.offset(self.start), by.offset(self.end));
    }
}

impl<T: Shift> Shift for Vec<T> {
    fn each(&mut self, by: By) {
        self.iter_mut().for_each(|one| one.each(by));
    }
}

impl<T: Shift> Shift for Option<T> {
    fn each(&mut self, by: By) {
        self.iter_mut().for_each(|one| one.each(by));
    }
}

impl<T: Shift + ?Sized> Shift for Box<T> {
    fn each(&mut self, by: By) {
        (**self).each(by);
    }
}

/// Structures, of which the named fields are moved. All fields are named, so that none is forgotten when one is added.
macro_rules! structures {
    ($($name:ident { $($moved:ident),* $(; $($left:ident),*)? })*) => {
        $(impl Shift for $name {
            fn each(&mut self, by: By) {
                let Self { $($moved,)* $($($left: _,)*)? } = self;
                $($moved.each(by);)*
            }
        })*
    };
}

structures! {
    Str { span }
    Item { span, doc, kind }
    AccountFact { span, kind }
    Statement { span, doc, kind }
    Rule { effect_span, subject, clauses, unless; effect }
    Subject { span, actions, resources }
    Unless { span, clauses }
    Clause { span, kind }
    AccountRef { span, kind }
    PayeeRef { span, kind }
    Cap { span, kind, period }
    Period { span, kind }
    NetworkRef { span, kind }
    DuringPart { span, kind; comma }
    Claim { who, subject, clauses, unless; verb, exactly }
    Test { name, key, settings, expectations }
    Expectation { span, doc, expect }
    Expect { subject, facts; effect }
    Fact { span, kind }
}

impl Shift for ItemKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Import(string) | Self::Bank(string) | Self::Timezone(string) => string.each(by),
            Self::Account { name, facts } => (name.each(by), facts.each(by)).1,
            Self::Payee { name, iban } => (name.each(by), iban.each(by)).1,
            Self::Payees { name, entries } => (name.each(by), entries.each(by)).1,
            Self::Network { name, blocks } => (name.each(by), blocks.each(by)).1,
            Self::Limit { name, caps } => (name.each(by), caps.each(by)).1,
            Self::Role { name, body } | Self::Key { name, body } => (name.each(by), body.each(by)).1,
            Self::Guardrail { except, body } => (except.each(by), body.each(by)).1,
            Self::Ensure(claim) => claim.each(by),
            Self::Test(test) => test.each(by),
            Self::Bad => {}
        }
    }
}

impl Shift for AccountFactKind {
    fn each(&mut self, by: By) {
        let (Self::Iban(token) | Self::Id(token) | Self::Kind(token)) = self;
        token.each(by);
    }
}

impl Shift for PayeeEntry {
    fn each(&mut self, by: By) {
        match self {
            Self::Named(names) => names.each(by),
            Self::Iban(token) => token.each(by),
        }
    }
}

impl Shift for StatementKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Rule(rule) => rule.each(by),
            Self::Use { role, clauses } => (role.each(by), clauses.each(by)).1,
            Self::Only(clauses) => clauses.each(by),
            Self::Bad => {}
        }
    }
}

impl Shift for ClauseKind {
    fn each(&mut self, by: By) {
        match self {
            Self::On(list) => list.each(by),
            Self::To(list) => list.each(by),
            Self::ToUrl(list) | Self::Within(list) => list.each(by),
            Self::UpTo(list) | Self::Over(list) | Self::AtMost(list) | Self::MoreThan(list) => list.each(by),
            Self::Via(list) | Self::Repeating(list) | Self::Showing(list) | Self::Hiding(list) => list.each(by),
            Self::Since(token) | Self::Starting(token) | Self::Before(token) => token.each(by),
            Self::From(list) => list.each(by),
            Self::During(list) => list.each(by),
            Self::CreatedByThisKey => {}
        }
    }
}

impl Shift for AccountRefKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Named(names) => names.each(by),
            Self::Kind { word, except } => (word.each(by), except.each(by)).1,
            Self::Any { except } => except.each(by),
        }
    }
}

impl Shift for Excepted {
    fn each(&mut self, by: By) {
        match self {
            Self::Account(name) => name.each(by),
            Self::Kind(token) => token.each(by),
        }
    }
}

impl Shift for PayeeRefKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Payees(names) | Self::Accounts(names) => names.each(by),
            Self::Ibans(tokens) => tokens.each(by),
            Self::OwnAccounts | Self::Favorites | Self::Anyone => {}
        }
    }
}

impl Shift for CapKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Money(number, code) => (number.each(by), code.each(by)).1,
            Self::Times(number) => number.each(by),
            Self::AnyAmount => {}
        }
    }
}

impl Shift for PeriodKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Rolling(token) => token.each(by),
            Self::Each | Self::Day | Self::Week | Self::Month | Self::Year | Self::Total => {}
        }
    }
}

impl Shift for NetworkRefKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Ip(tokens) => tokens.each(by),
            Self::Named(names) => names.each(by),
            Self::Anywhere => {}
        }
    }
}

impl Shift for DuringKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Days(token) => token.each(by),
            Self::DayRange(first, last) | Self::Hours(first, last) => (first.each(by), last.each(by)).1,
        }
    }
}

impl Shift for Who {
    fn each(&mut self, by: By) {
        match self {
            Self::Keys(names) | Self::Every(names) => names.each(by),
            Self::No => {}
        }
    }
}

impl Shift for FactKind {
    fn each(&mut self, by: By) {
        match self {
            Self::Of(number, code) => (number.each(by), code.each(by)).1,
            Self::OnAccount(name) | Self::ToPayee(name) | Self::ToAccount(name) | Self::ToUrl(name) => name.each(by),
            Self::ToIban(token)
            | Self::Via(token)
            | Self::Repeating(token)
            | Self::DatedAgo(token)
            | Self::DatedOn(token)
            | Self::FromIp(token)
            | Self::At(token) => token.each(by),
            Self::Showing(tokens) => tokens.each(by),
            Self::AfterSpending(number, code, when) => (number.each(by), code.each(by), when.each(by)).2,
            Self::AfterEarlier(number, when) => (number.each(by), when.each(by)).1,
            Self::ToOwnAccounts | Self::CreatedByThisKey => {}
        }
    }
}

impl Shift for When {
    fn each(&mut self, by: By) {
        match self {
            Self::Ago(token) => token.each(by),
            Self::Today | Self::ThisWeek | Self::ThisMonth | Self::ThisYear => {}
        }
    }
}
