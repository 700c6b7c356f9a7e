//! The tree of one file: words and where they stand, nothing resolved. Broken pieces are in it, comments too.
//!
//! Values (money, dates, IBANs, networks, durations, integers) are spans of tokens whose shape is about right; whether
//! they are right is for `check` to say. Strings are spans with their quotes; [`Str::value`] reads them.

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::string;

/// A parsed file. Items stand in document order and do not overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// All items, broken ones too.
    pub items: Vec<Item>,
    /// `// …` comments (not doc comments), without the line end, in document order, wherever they stand.
    pub comments: Vec<Span>,
    /// A byte order mark was skipped.
    pub bom: bool,
}

/// A token that is a word of the vocabulary or a value; read its text with [`Span::of`].
pub type Token = Span;

/// A quoted string, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Str {
    /// Where it stands, quotes included.
    pub span: Span,
}

impl Str {
    /// What it says: unescaped, in NFC.
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        string::value(self.span.of(text))
    }
}

/// An item with the doc comment above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// From its first word (doc comment left out) to its `;` or `>`.
    pub span: Span,
    /// The lines of its doc comment (`/// …`), each without the line end.
    pub doc: Vec<Span>,
    /// What it is.
    pub kind: ItemKind,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// `import "…";`
    Import(Str),
    /// `bank "…";`
    Bank(Str),
    /// `timezone "…";`
    Timezone(Str),
    /// `account "…" is …;`
    Account {
        /// Its name.
        name: Str,
        /// What is said of it.
        facts: Vec<AccountFact>,
    },
    /// `payee "…" is IBAN;`
    Payee {
        /// Its name.
        name: Str,
        /// The IBAN, bare or quoted.
        iban: Token,
    },
    /// `payees "…" < … >`
    Payees {
        /// Its name.
        name: Str,
        /// Its members.
        entries: Vec<PayeeEntry>,
    },
    /// `network "…" < … >`
    Network {
        /// Its name.
        name: Str,
        /// Its blocks.
        blocks: Vec<Token>,
    },
    /// `limit "…" < … >`
    Limit {
        /// Its name.
        name: Str,
        /// Its caps.
        caps: Vec<Cap>,
    },
    /// `role "…" < … >`
    Role {
        /// Its name.
        name: Str,
        /// Its statements.
        body: Vec<Statement>,
    },
    /// `key "…" < … >`
    Key {
        /// Its name.
        name: Str,
        /// Its statements.
        body: Vec<Statement>,
    },
    /// `every key … < … >`
    Guardrail {
        /// Names after `except`.
        except: Vec<Str>,
        /// Its statements.
        body: Vec<Statement>,
    },
    /// `ensure …;`
    Ensure(Box<Claim>),
    /// `test "…" for key "…" … < … >`
    Test(Box<Test>),
    /// A piece that could not be read; its fault was reported.
    Bad,
}

/// A fact of a declared account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFact {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub kind: AccountFactKind,
}

/// What a fact of a declared account says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountFactKind {
    /// `iban IBAN`
    Iban(Token),
    /// `id INTEGER`
    Id(Token),
    /// A KIND word.
    Kind(Token),
}

/// A line of a `payees` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayeeEntry {
    /// Names of payees or groups.
    Named(Vec<Str>),
    /// An IBAN, bare or quoted.
    Iban(Token),
}

/// A statement with the doc comment above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// From its first word to its `;`.
    pub span: Span,
    /// The lines of its doc comment, each without the line end.
    pub doc: Vec<Span>,
    /// What it is.
    pub kind: StatementKind,
}

/// What a statement is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementKind {
    /// `allow …;`, `ask …;`, `deny …;`
    Rule(Rule),
    /// `use role "…" …;`
    Use {
        /// The role.
        role: Str,
        /// What is added to its `allow`s.
        clauses: Vec<Clause>,
    },
    /// `only …;`
    Only(Vec<Clause>),
    /// A piece that could not be read; its fault was reported.
    Bad,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its effect.
    pub effect: Effect,
    /// Where the effect word stands.
    pub effect_span: Span,
    /// What it is about.
    pub subject: Subject,
    /// Clauses before `unless`.
    pub clauses: Vec<Clause>,
    /// `unless` blocks.
    pub unless: Vec<Unless>,
}

/// Allow, ask or deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Gives.
    Allow,
    /// Asks the account holder.
    Ask,
    /// Takes.
    Deny,
}

/// Actions and resources. `deny payment` has no actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// From the first word to the last.
    pub span: Span,
    /// Action words.
    pub actions: Vec<Token>,
    /// Resource words, `everything` and tier names among them; never empty.
    pub resources: Vec<Token>,
}

/// An `unless` block: clauses joined by `and`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unless {
    /// From `unless` to its last clause.
    pub span: Span,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// From its keyword to its last word.
    pub span: Span,
    /// What it says.
    pub kind: ClauseKind,
}

/// What a clause says. Lists are in document order and never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClauseKind {
    /// `on …`
    On(Vec<AccountRef>),
    /// `to …` whom
    To(Vec<PayeeRef>),
    /// `to url …`
    ToUrl(Vec<Str>),
    /// `up to …`
    UpTo(Vec<Cap>),
    /// `over …`
    Over(Vec<Cap>),
    /// `at most …`
    AtMost(Vec<Cap>),
    /// `more than …`
    MoreThan(Vec<Cap>),
    /// `within limit …`
    Within(Vec<Str>),
    /// `via …`
    Via(Vec<Token>),
    /// `repeating …`
    Repeating(Vec<Token>),
    /// `since …`: a duration or a date.
    Since(Token),
    /// `created by this key`
    CreatedByThisKey,
    /// `showing …`
    Showing(Vec<Token>),
    /// `hiding …`
    Hiding(Vec<Token>),
    /// `from …`
    From(Vec<NetworkRef>),
    /// `during …`: days and hours as listed.
    During(Vec<DuringPart>),
    /// `starting …`: a date.
    Starting(Token),
    /// `before …`: a date.
    Before(Token),
}

/// Which account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRef {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub kind: AccountRefKind,
}

/// How accounts are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRefKind {
    /// `account "…", "…"`
    Named(Vec<Str>),
    /// `KIND accounts except …`
    Kind {
        /// The KIND word.
        word: Token,
        /// What is left out.
        except: Vec<Excepted>,
    },
    /// `any account except …`
    Any {
        /// What is left out.
        except: Vec<Excepted>,
    },
}

/// What an `except` leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Excepted {
    /// A declared account.
    Account(Str),
    /// `KIND accounts`; the KIND word.
    Kind(Token),
}

/// Whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeeRef {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub kind: PayeeRefKind,
}

/// How payees are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayeeRefKind {
    /// `payee "…", "…"` or `payees …`
    Payees(Vec<Str>),
    /// `account "…", "…"`
    Accounts(Vec<Str>),
    /// `iban IBAN, IBAN`
    Ibans(Vec<Token>),
    /// `own accounts`
    OwnAccounts,
    /// `favorites`
    Favorites,
    /// `anyone`
    Anyone,
}

/// A cap: money, any amount, or a number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// Where it stands.
    pub span: Span,
    /// How much or how often.
    pub kind: CapKind,
    /// The period as written; absent = each.
    pub period: Option<Period>,
}

/// How much or how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CapKind {
    /// `12.50 EUR`: number and currency code.
    Money(Token, Token),
    /// `any amount`
    AnyAmount,
    /// `3 times`: the number.
    Times(Token),
}

/// A period as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Where it stands.
    pub span: Span,
    /// Which it is.
    pub kind: PeriodKind,
}

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodKind {
    /// `each`
    Each,
    /// `per day`
    Day,
    /// `per week`
    Week,
    /// `per month`
    Month,
    /// `per year`
    Year,
    /// `per 24h`: the duration.
    Rolling(Token),
    /// `in total`
    Total,
}

/// Where a call comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkRef {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub kind: NetworkRefKind,
}

/// How networks are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkRefKind {
    /// `ip NETWORK, NETWORK`
    Ip(Vec<Token>),
    /// `network "…", "…"`
    Named(Vec<Str>),
    /// `anywhere`
    Anywhere,
}

/// An element of a `during` list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuringPart {
    /// Where it stands.
    pub span: Span,
    /// What it says. Hours stand without a comma behind the last of their days: `weekdays 09:00-17:00` is two parts.
    pub kind: DuringKind,
    /// Whether a comma stands before it.
    pub comma: bool,
}

/// Days or hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DuringKind {
    /// `weekdays`, `weekends` or a day word.
    Days(Token),
    /// `mon-fri`: first and last day word.
    DayRange(Token, Token),
    /// `09:00-17:00`: start and end.
    Hours(Token, Token),
}

/// A claim about all requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of whom.
    pub who: Who,
    /// What is claimed.
    pub verb: Verb,
    /// `exactly`
    pub exactly: bool,
    /// What it is about.
    pub subject: Subject,
    /// Clauses before `unless`.
    pub clauses: Vec<Clause>,
    /// `unless` blocks.
    pub unless: Vec<Unless>,
}

/// Of whom something is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// `key "…", "…"`
    Keys(Vec<Str>),
    /// `every key except …`
    Every(Vec<Str>),
    /// `no key`
    No,
}

/// What is claimed. `no key can` is [`Who::No`] with [`Verb::Can`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `can`
    Can,
    /// `cannot`
    Cannot,
    /// `must ask to`
    MustAsk,
}

/// A test: expectations of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Its name.
    pub name: Str,
    /// The key.
    pub key: Str,
    /// What holds for all its expectations.
    pub settings: Vec<Fact>,
    /// Its expectations.
    pub expectations: Vec<Expectation>,
}

/// An expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// From `expect` to its `;`.
    pub span: Span,
    /// The lines of its doc comment, each without the line end.
    pub doc: Vec<Span>,
    /// The expected decision; nothing when the expectation could not be read (its fault was reported).
    pub expect: Option<Expect>,
}

/// What an expectation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// The expected decision.
    pub effect: Effect,
    /// Of which operation.
    pub subject: Subject,
    /// The request's facts and its past.
    pub facts: Vec<Fact>,
}

/// A fact of a request in a test, or a setting (`at`, `from ip`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub kind: FactKind,
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// `of MONEY`: number and currency code.
    Of(Token, Token),
    /// `on account "…"`
    OnAccount(Str),
    /// `to payee "…"`
    ToPayee(Str),
    /// `to account "…"`
    ToAccount(Str),
    /// `to iban IBAN`
    ToIban(Token),
    /// `to own accounts`
    ToOwnAccounts,
    /// `to url "…"`
    ToUrl(Str),
    /// `via METHOD`
    Via(Token),
    /// `repeating REPEAT`
    Repeating(Token),
    /// `dated 10d ago`
    DatedAgo(Token),
    /// `dated 2026-11-01`
    DatedOn(Token),
    /// `created by this key`
    CreatedByThisKey,
    /// `showing …`
    Showing(Vec<Token>),
    /// `from ip ADDRESS`
    FromIp(Token),
    /// `at INSTANT`
    At(Token),
    /// `after spending MONEY …`: number, currency code, when.
    AfterSpending(Token, Token, When),
    /// `after N earlier …`: number, when.
    AfterEarlier(Token, When),
}

/// When the past of an expectation happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// `today`
    Today,
    /// `this week`
    ThisWeek,
    /// `this month`
    ThisMonth,
    /// `this year`
    ThisYear,
    /// `3h ago`: the duration.
    Ago(Token),
}
