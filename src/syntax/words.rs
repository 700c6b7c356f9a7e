//! The words of the grammar, as far as messages need to know them.

/// Words that begin an item with a block.
pub(crate) const HEADERS: [&str; 7] = ["key", "role", "every", "payees", "network", "limit", "test"];

/// Words that begin an item that ends with `;`.
pub(crate) const ITEMS: [&str; 6] = ["import", "bank", "timezone", "account", "payee", "ensure"];

/// Words that begin a statement.
pub(crate) const STATEMENTS: [&str; 5] = ["allow", "ask", "deny", "use", "only"];

/// Words that begin a clause.
pub(crate) const CLAUSES: [&str; 17] = [
    "on",
    "to",
    "up",
    "over",
    "at",
    "more",
    "within",
    "via",
    "repeating",
    "since",
    "created",
    "showing",
    "hiding",
    "from",
    "during",
    "starting",
    "before",
];

/// Words that begin a fact of an expectation.
pub(crate) const FACTS: [&str; 11] =
    ["of", "on", "to", "via", "repeating", "dated", "created", "showing", "from", "at", "after"];

/// Other words of the grammar.
const OTHERS: [&str; 51] = [
    "is",
    "iban",
    "id",
    "except",
    "unless",
    "and",
    "url",
    "limits",
    "accounts",
    "any",
    "own",
    "favorites",
    "anyone",
    "amount",
    "each",
    "per",
    "day",
    "week",
    "month",
    "year",
    "in",
    "total",
    "time",
    "times",
    "most",
    "than",
    "by",
    "this",
    "ip",
    "networks",
    "anywhere",
    "weekdays",
    "weekends",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "can",
    "cannot",
    "must",
    "no",
    "exactly",
    "for",
    "expect",
    "ago",
    "spending",
    "earlier",
    "today",
];

/// Whether a word belongs to the grammar.
pub(crate) fn is_grammar(word: &str) -> bool {
    OTHERS.contains(&word)
        || CLAUSES.contains(&word)
        || FACTS.contains(&word)
        || STATEMENTS.contains(&word)
        || ITEMS.contains(&word)
        || HEADERS.contains(&word)
}

/// Whether a word ends a name that was not quoted: what stands behind it is no part of the name.
pub(crate) fn ends_name(word: &str) -> bool {
    CLAUSES.contains(&word)
        || FACTS.contains(&word)
        || STATEMENTS.contains(&word)
        || ["is", "for", "can", "cannot", "must", "except", "and", "or", "unless", "expect"].contains(&word)
}

/// What people write for an effect.
pub(crate) fn effect_meant(word: &str) -> Option<&'static str> {
    Some(match word {
        "permit" | "permits" | "grant" | "grants" | "allows" | "allowed" | "let" | "enable" | "accept" => "allow",
        "forbid" | "forbids" | "denies" | "denied" | "block" | "blocks" | "prohibit" | "disallow" | "refuse"
        | "reject" => "deny",
        "asks" | "confirm" | "prompt" => "ask",
        _ => return None,
    })
}

/// The word of the list that is nearest to `word`, if one is near.
pub(crate) fn nearest<'w>(word: &str, list: &[&'w str]) -> Option<&'w str> {
    let word = word.to_lowercase();
    if word.len() > 24 {
        return None;
    }
    let near = list.iter().map(|&other| (strsim::damerau_levenshtein(&word, other), other));
    let (distance, other) = near.min()?;
    let allowed = match word.len().max(other.len()) {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    (distance <= allowed).then_some(other)
}

/// What has to follow a word or two of the grammar, as a noun with an example.
pub(crate) fn need(before: &str, last: &str) -> Option<(String, &'static str)> {
    let two = format!("{before} {last}");
    let (word, need) = match two.as_str() {
        "up to" => (two.as_str(), "an amount, as in `up to 250 EUR per month`"),
        "to url" => (two.as_str(), "a URL in quotes, as in `to url \"https://example.com/hook\"`"),
        "at most" => (two.as_str(), "a number of times and a period, as in `at most 3 times per day`"),
        "more than" => (two.as_str(), "a number of times and a period, as in `more than 3 times per day`"),
        "within limit" => (two.as_str(), "the name of a limit in quotes, as in `within limit \"household\"`"),
        "use role" => (two.as_str(), "the name of a role in quotes, as in `use role \"reader\"`"),
        "created by" => (two.as_str(), "`this key`"),
        "by this" => ("created by this", "`key`"),
        "after spending" => (two.as_str(), "an amount, as in `after spending 40 EUR today`"),
        "must ask" => (two.as_str(), "`to`"),
        "for key" => (two.as_str(), "the name of a key in quotes"),
        _ => (
            last,
            match last {
                "on" => "an account, as in `on account \"Groceries\"`, or `any account`",
                "to" => "whom, as in `to payee \"Landlord\"`, or `anyone`",
                "over" => "an amount, as in `over 250 EUR`",
                "up" => "`to` and an amount, as in `up to 250 EUR per month`",
                "at" => "`most` and a number of times, as in `at most 3 times per day`",
                "more" => "`than` and a number of times, as in `more than 3 times per day`",
                "within" => "`limit` and its name, as in `within limit \"household\"`",
                "via" => "a method, as in `via transfer`",
                "repeating" => "how often, as in `repeating monthly`",
                "since" => "a duration or a date, as in `since 30d`",
                "created" => "`by this key`",
                "showing" => "a part of the answer, as in `showing name, iban`",
                "hiding" => "a part of the answer, as in `hiding balance`",
                "from" => "where the call comes from, as in `from network \"office\"` or `from ip 203.0.113.7`",
                "during" => "days or hours, as in `during weekdays 09:00-17:00`",
                "starting" | "before" => "a date, as in `before 2027-01-31`",
                "unless" | "and" => "a clause, as in `unless to own accounts`",
                "except" => "a name in quotes, as in `except \"Savings\"`",
                "allow" | "ask" | "deny" => "what it is about, as in `read transactions`",
                "use" => "`role` and its name, as in `use role \"reader\"`",
                "only" => "a clause, as in `only from network \"office\"`",
                "expect" => "`allow`, `ask` or `deny`",
                "ensure" => "of whom, as in `ensure key \"web\" cannot create payment`",
                "can" | "cannot" => "what it is about, as in `create payment`",
                "must" => "`ask to`",
                "per" => "`day`, `week`, `month`, `year` or a duration, as in `per 24h`",
                "in" => "`total`",
                "time" | "times" => "a period, as in `3 times per day`",
                "any" => "`account` or `amount`",
                "own" => "`accounts`",
                "iban" => "an IBAN, as in `iban NL91ABNA0417164300`",
                "id" => "a number",
                "ip" => "an address, as in `ip 203.0.113.7`",
                "of" => "an amount, as in `of 12.50 EUR`",
                "dated" => "how long ago or a date, as in `dated 10d ago`",
                "after" => "what happened before, as in `after spending 40 EUR today`",
                "this" => "`week`, `month` or `year`",
                "every" | "no" => "`key`",
                "import" => "a path in quotes, as in `import \"names.bpol\"`",
                "timezone" => "a time zone in quotes, as in `timezone \"Europe/Amsterdam\"`",
                "account" | "accounts" | "payee" | "payees" | "network" | "networks" | "limit" | "role" | "key"
                | "test" | "bank" => "a name in quotes",
                _ => return None,
            },
        ),
    };
    Some((word.to_owned(), need))
}
