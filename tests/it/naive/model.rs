//! A policy as section 2 of the language spells it, for tests: what a person could write.
//!
//! Nothing here comes from the compiler; the two meet only in the text that `print` makes.

/// All items of one file, in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policy {
    pub(crate) items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Timezone(String),
    Account(Account),
    Payee { name: String, iban: String },
    Payees { name: String, entries: Vec<PayeeEntry> },
    Network { name: String, networks: Vec<String> },
    Limit { name: String, caps: Vec<Cap> },
    Role { name: String, statements: Vec<Statement> },
    Key { name: String, statements: Vec<Statement> },
    Every { except: Vec<String>, statements: Vec<Statement> },
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) iban: Option<String>,
    pub(crate) id: Option<u64>,
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PayeeEntry {
    Payee(String),
    Payees(String),
    Iban(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cap {
    Money(MoneyCap),
    Count(CountCap),
}

/// `amount` absent is `any amount`; `period` absent is `each`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MoneyCap {
    pub(crate) amount: Option<Money>,
    pub(crate) period: Option<Period>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountCap {
    pub(crate) times: u32,
    pub(crate) period: Period,
}

/// An amount in the smallest units of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Money {
    pub(crate) minor: i128,
    pub(crate) currency: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Day,
    Week,
    Month,
    Year,
    Rolling(Duration),
    Total,
}

/// A count and one of the letters `s m h d w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Duration {
    pub(crate) count: u32,
    pub(crate) unit: char,
}

impl Duration {
    /// "d = 24 h exactly, w = 7 d; `1m` is a minute".
    pub(crate) fn seconds(self) -> i64 {
        i64::from(self.count)
            * match self.unit {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 24 * 3600,
                'w' => 7 * 24 * 3600,
                other => panic!("`{other}` is no unit of a duration"),
            }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Statement {
    Rule(Rule),
    Use { role: String, clauses: Vec<Clause> },
    Only(Vec<Clause>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Ask,
    Deny,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
    pub(crate) subject: Subject,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) unless: Vec<Vec<Clause>>,
}

/// Words as written: `actions` may be empty, `resources` may be `everything` or tiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clause {
    On(Vec<AccountRef>),
    To(Vec<PayeeRef>),
    ToUrl(Vec<String>),
    UpTo(Vec<MoneyCap>),
    Over(Vec<MoneyCap>),
    AtMost(Vec<CountCap>),
    MoreThan(Vec<CountCap>),
    Within(Vec<String>),
    Via(Vec<String>),
    Repeating(Vec<String>),
    Since(Since),
    CreatedByThisKey,
    Showing(Vec<String>),
    Hiding(Vec<String>),
    From(Vec<NetworkRef>),
    During(Vec<Span>),
    Starting(String),
    Before(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Since {
    Ago(Duration),
    Date(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AccountRef {
    Named(String),
    Kind { kind: String, except: Vec<Excepted> },
    Any { except: Vec<Excepted> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Excepted {
    Named(String),
    Kind(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PayeeRef {
    Payee(String),
    Payees(String),
    Account(String),
    Iban(String),
    OwnAccounts,
    Favorites,
    Anyone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NetworkRef {
    Ip(String),
    Network(String),
    Anywhere,
}

/// Days (none: every day) and hours in minutes from midnight (none: the whole day).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) days: Vec<Days>,
    pub(crate) hours: Option<(u16, u16)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Days {
    Weekdays,
    Weekends,
    Day(u8),
    Range(u8, u8),
}

/// How many decimals the currencies of the tests have (ISO 4217).
pub(crate) fn decimals(currency: &str) -> Option<u32> {
    match currency {
        "EUR" | "USD" | "GBP" => Some(2),
        "JPY" => Some(0),
        "KWD" => Some(3),
        _ => None,
    }
}

impl Statement {
    /// The clauses and exceptions the other way round, which means the same.
    pub(crate) fn reverse_clauses(&mut self) {
        match self {
            Statement::Rule(rule) => {
                rule.clauses.reverse();
                rule.unless.reverse();
                for block in &mut rule.unless {
                    block.reverse();
                }
            }
            Statement::Use { clauses, .. } | Statement::Only(clauses) => clauses.reverse(),
        }
    }
}
