//! The clauses and facts of the language in words: how each is written, what its parts mean, and an example.

use bpol_engine::ir::Dimension;

use crate::check::ClauseKind;

/// A clause or a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// The words that begin it.
    pub(super) words: &'static str,
    /// How it is written.
    pub(super) form: &'static str,
    /// Its parts: words of the form, and what they mean.
    pub(super) parts: &'static [(&'static str, &'static str)],
    /// What it says, in one line.
    pub(super) doc: &'static str,
    /// An example.
    pub(super) example: &'static str,
}

const fn form(
    words: &'static str,
    form: &'static str,
    parts: &'static [(&'static str, &'static str)],
    doc: &'static str,
    example: &'static str,
) -> Form {
    Form { words, form, parts, doc, example }
}

const FIELDS: &[(&str, &str)] = &[("FIELD", "a part of the answer")];
const MONEY_PARTS: &[(&str, &str)] = &[
    ("MONEY", "an amount such as `50 EUR`, or `any amount`"),
    (
        "each | per PERIOD | in total",
        "`each` is every single one; `per day`, `week`, `month`, `year` are those of the calendar, `per 24h` rolls",
    ),
];
const COUNT_PARTS: &[(&str, &str)] = &[
    ("NUMBER times", "how often"),
    ("per PERIOD | in total", "`per day`, `week`, `month`, `year` are those of the calendar, `per 24h` rolls"),
];

/// All clauses, in the order in which the formatter writes them.
pub(super) const CLAUSES: [Form; 18] = [
    form(
        "on",
        "on ACCOUNT, … [except …]",
        &[
            ("ACCOUNT", "`account \"…\"`, `any account`, or all of a kind such as `joint accounts`"),
            ("except …", "accounts that are left out"),
        ],
        "Which of the holder's accounts it is about.",
        "on account \"Groceries\"",
    ),
    form(
        "to",
        "to PAYEE, …",
        &[(
            "PAYEE",
            "`payee \"…\"`, `payees \"…\"`, `account \"…\"`, `iban …`, `own accounts`, `favorites` or `anyone`",
        )],
        "Whom the money goes to.",
        "to payees \"suppliers\"",
    ),
    form(
        "to url",
        "to url \"URL\", …",
        &[("\"URL\"", "a whole web address")],
        "Which web address the bank reports or returns to.",
        "to url \"https://example.com/hook\"",
    ),
    form(
        "up to",
        "up to MONEY [each | per PERIOD | in total], …",
        MONEY_PARTS,
        "How much it gives; every cap holds, and without a period it is about each one.",
        "up to 50 EUR each, 250 EUR per month",
    ),
    form(
        "over",
        "over MONEY [each | per PERIOD | in total], …",
        MONEY_PARTS,
        "From which amount on it asks or denies.",
        "over 1000 EUR",
    ),
    form(
        "at most",
        "at most NUMBER times per PERIOD | in total, …",
        COUNT_PARTS,
        "How often it gives.",
        "at most 3 times per day",
    ),
    form(
        "more than",
        "more than NUMBER times per PERIOD | in total, …",
        COUNT_PARTS,
        "From how many times on it asks or denies.",
        "more than 10 times per day",
    ),
    form(
        "within limit",
        "within limit \"LIMIT\", …",
        &[("\"LIMIT\"", "the name of a declared limit")],
        "A budget that it shares with all that is within the same limit, over all keys.",
        "within limit \"household\"",
    ),
    form("via", "via METHOD, …", &[("METHOD", "a method of paying")], "How it is paid.", "via transfer"),
    form(
        "repeating",
        "repeating RHYTHM, …",
        &[("RHYTHM", "`once`, `hourly`, `daily`, `weekly`, `monthly`, `yearly` or `anytime`")],
        "How often the bank repeats it by itself.",
        "repeating monthly",
    ),
    form(
        "since",
        "since DURATION | DATE",
        &[("DURATION | DATE", "`30d` is the last thirty days; a date begins in the policy's time zone")],
        "How old the record may be.",
        "since 30d",
    ),
    form("created by this key", "created by this key", &[], "Only what this key made itself.", "created by this key"),
    form(
        "showing",
        "showing FIELD, …",
        FIELDS,
        "The parts of the answer that are shown, and no others.",
        "showing name, iban",
    ),
    form("hiding", "hiding FIELD, …", FIELDS, "Parts that are left out of the usual answer.", "hiding counterparty"),
    form(
        "from",
        "from NETWORK, …",
        &[("NETWORK", "`network \"…\"`, `ip …` or `anywhere`")],
        "Where the call comes from.",
        "from network \"office\"",
    ),
    form(
        "during",
        "during [DAYS] [HOURS], …",
        &[
            ("[DAYS]", "`weekdays`, `weekends`, `mon`, `mon-fri`; several with commas"),
            ("[HOURS]", "`09:00-17:00`, for all the days listed before it; an end before the start is on the next day"),
        ],
        "When in the week, in the policy's time zone.",
        "during weekdays 09:00-17:00",
    ),
    form(
        "starting",
        "starting DATE",
        &[("DATE", "the first day, in the policy's time zone")],
        "From which day on it holds.",
        "starting 2027-01-01",
    ),
    form(
        "before",
        "before DATE",
        &[("DATE", "the first day on which it holds no more")],
        "Until which day it holds; that day is not in it.",
        "before 2027-07-01",
    ),
];

/// All facts of expectations.
pub(super) const FACTS: [Form; 13] = [
    form(
        "of",
        "of MONEY",
        &[("MONEY", "an amount such as `12.50 EUR`")],
        "How much the request is about.",
        "of 12.50 EUR",
    ),
    form(
        "on account",
        "on account \"ACCOUNT\"",
        &[("\"ACCOUNT\"", "an account of the holder")],
        "Which account the request is about.",
        "on account \"Groceries\"",
    ),
    form(
        "to",
        "to PAYEE",
        &[("PAYEE", "`payee \"…\"`, `account \"…\"`, `iban …` or `own accounts`")],
        "Whom the money goes to.",
        "to payee \"Landlord\"",
    ),
    form(
        "to url",
        "to url \"URL\"",
        &[("\"URL\"", "a whole web address")],
        "Which web address the request tells.",
        "to url \"https://example.com/hook\"",
    ),
    form("via", "via METHOD", &[("METHOD", "a method of paying")], "How it is paid.", "via ideal"),
    form(
        "repeating",
        "repeating RHYTHM",
        &[("RHYTHM", "`once`, `hourly`, `daily`, `weekly`, `monthly`, `yearly` or `anytime`")],
        "How often the bank would repeat it.",
        "repeating monthly",
    ),
    form(
        "dated",
        "dated DURATION ago | DATE",
        &[("DURATION", "how long before the test's instant, or a date"), ("ago", "before the test's instant")],
        "When the record was made. Without it a read is about the whole answer.",
        "dated 10d ago",
    ),
    form(
        "created by this key",
        "created by this key",
        &[],
        "The record is one that this key made.",
        "created by this key",
    ),
    form("showing", "showing FIELD, …", FIELDS, "Parts that the answer must show.", "showing name, iban"),
    form(
        "from ip",
        "from ip ADDRESS",
        &[("ADDRESS", "an address such as `203.0.113.7`")],
        "Where the call comes from.",
        "from ip 203.0.113.7",
    ),
    form(
        "at",
        "at INSTANT",
        &[("INSTANT", "a moment with its offset, such as `2027-01-31T09:00:00Z`")],
        "When the request is made.",
        "at 2027-01-31T09:00:00Z",
    ),
    form(
        "after",
        "after (spending MONEY | NUMBER earlier) WHEN",
        &[
            ("spending MONEY | NUMBER earlier", "an amount that was spent, or so many requests like this one"),
            ("WHEN", "`today`, `this week`, `this month`, `this year`, or `3h ago`"),
        ],
        "What happened before.",
        "after spending 40 EUR today",
    ),
    form(
        "after earlier",
        "after NUMBER earlier WHEN",
        &[("NUMBER", "how many"), ("WHEN", "`today`, `this week`, `this month`, `this year`, or `3h ago`")],
        "How many requests like this one came before.",
        "after 3 earlier today",
    ),
];

impl Form {
    /// What it says, with an example, in Markdown.
    pub(super) fn page(&self) -> String {
        format!("{}\n\n```bpol\n{}\n```", self.doc, self.example)
    }

    /// The clause without what it says: enough to ask where it may stand.
    pub(super) fn kind(&self) -> Option<ClauseKind> {
        Some(match self.words {
            "on" => ClauseKind::On(Vec::new()),
            "to" => ClauseKind::To(Vec::new()),
            "to url" => ClauseKind::ToUrl(Vec::new()),
            "up to" => ClauseKind::UpTo(Vec::new()),
            "over" => ClauseKind::Over(Vec::new()),
            "at most" => ClauseKind::AtMost(Vec::new()),
            "more than" => ClauseKind::MoreThan(Vec::new()),
            "within limit" => ClauseKind::Within(Vec::new()),
            "via" => ClauseKind::Via(Vec::new()),
            "repeating" => ClauseKind::Repeating(Vec::new()),
            "since" => ClauseKind::SinceAge(0),
            "created by this key" => ClauseKind::CreatedByThisKey,
            "showing" => ClauseKind::Showing(Vec::new()),
            "hiding" => ClauseKind::Hiding(Vec::new()),
            "from" => ClauseKind::From(Vec::new()),
            "during" => ClauseKind::During(Vec::new()),
            "starting" => ClauseKind::Starting(crate::check::Date::MIN),
            "before" => ClauseKind::Before(crate::check::Date::MAX),
            _ => return None,
        })
    }

    /// What a fact is about; nothing for address, instant and past, which every request has.
    pub(super) fn fact_dimension(&self) -> Option<Dimension> {
        Some(match self.words {
            "of" => Dimension::Amount,
            "on account" => Dimension::Account,
            "to" => Dimension::Payee,
            "to url" => Dimension::Url,
            "via" => Dimension::Method,
            "repeating" => Dimension::Repeat,
            "dated" | "created by this key" => Dimension::Record,
            "showing" => Dimension::Fields,
            _ => return None,
        })
    }
}

/// The form of a clause or fact by its first words.
pub(super) fn find(words: &str, fact: bool) -> Option<&'static Form> {
    let all: &[Form] = if fact { &FACTS } else { &CLAUSES };
    all.iter().find(|form| form.words == words)
}
