//! Clauses of a rule, with everything that they name resolved to table indices or plain values.

use serde::{Deserialize, Serialize};

/// A condition of a rule: true, false or unknown for a request (language.md, 6.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Clause {
    /// `on`: some reference holds.
    On(Vec<AccountRef>),
    /// `to`: some reference holds.
    To(Vec<PayeeRef>),
    /// `to url`: the url is one of these.
    ToUrl(Vec<String>),
    /// `up to` with figures: every cap in the amount's currency holds; unknown when none is.
    UpTo(Vec<MoneyCap>),
    /// `up to any amount` without any figure: true.
    AnyAmount,
    /// `over`: some cap in the amount's currency is exceeded; unknown when none is in that currency.
    Over(Vec<MoneyCap>),
    /// `at most`: count + 1 ≤ max for every cap.
    AtMost(Vec<CountCap>),
    /// `more than`: count + 1 > max for some cap.
    MoreThan(Vec<CountCap>),
    /// `within`: indices of limits; every cap of each holds.
    Within(Vec<u32>),
    /// `via`: the method is one of these.
    Via(Vec<String>),
    /// `repeating`: the rhythm is one of `once hourly daily weekly monthly yearly anytime`.
    Repeating(Vec<String>),
    /// `since`: the record was created at or after a moment.
    Since(Since),
    /// `created by this key`: the record is the key's own.
    CreatedByThisKey,
    /// `from`: the address is in one of these.
    From(Vec<NetworkRef>),
    /// `during`: the local time is in one of these spans.
    During(Vec<During>),
    /// `starting`: now is at or after the first instant of the date (`2027-01-31`) in the policy's time zone.
    Starting(String),
    /// `before`: now is before the first instant of the date in the policy's time zone.
    Before(String),
}

/// Which account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum AccountRef {
    /// A declared account, by index.
    Account(u32),
    /// An undeclared account, compared by its name (NFC).
    Name(String),
    /// Accounts of a kind, without those excepted.
    Kind {
        /// The KIND word.
        kind: String,
        /// Accounts and kinds left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<Excepted>,
    },
    /// Any account, without those excepted.
    Any {
        /// Accounts and kinds left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<Excepted>,
    },
}

/// What an `except` leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Excepted {
    /// A declared account, by index.
    Account(u32),
    /// Accounts of a kind.
    Kind(String),
}

/// Whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PayeeRef {
    /// A declared payee or group, by index.
    Payee(u32),
    /// The IBAN of a declared account, by index.
    Account(u32),
    /// An IBAN, without blanks.
    Iban(String),
    /// The holder's own accounts.
    OwnAccounts,
    /// The bank's list of trusted payees.
    Favorites,
    /// Anyone: true.
    Anyone,
}

/// A cap on money: one payment when `counter` is absent, else what the counter has spent plus the payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MoneyCap {
    /// The figure, as in a request's amount, with all the currency's decimals.
    pub value: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Index of the counter of a cap with a period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u32>,
}

/// A cap on how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CountCap {
    /// How many times, this one included.
    pub times: u64,
    /// Index of the counter.
    pub counter: u32,
}

/// A cap of a named limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LimitCap {
    /// How much.
    Money(MoneyCap),
    /// How often.
    Count(CountCap),
}

/// What a counter counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// The sum of amounts in this currency.
    Money(String),
    /// The number of entries.
    Times,
}

/// How old a record may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Since {
    /// At most so many seconds before now.
    Age(u64),
    /// Not before the first instant of this date in the policy's time zone.
    Date(String),
}

/// A set of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NetworkRef {
    /// A CIDR block, always with its prefix length.
    Block(String),
    /// A declared network, by index.
    Network(u32),
    /// Anywhere: true.
    Anywhere,
}

/// A span of the week in the policy's time zone. When `until` is not after `from` it runs into the next day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct During {
    /// The days on which it starts, in week order from Monday, without duplicates.
    pub days: Vec<Day>,
    /// Start, minutes after local midnight, 0 to 1439.
    pub from: u16,
    /// End, minutes after local midnight, exclusive, 0 to 1440; never equal to `from`.
    pub until: u16,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}
